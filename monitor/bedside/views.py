"""Entering, correcting and striking out what was seen at the bedside."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from monitor import flow
from monitor.bedside import queries
from monitor.bedside.forms import (
    CorrectionForm,
    PlaceForm,
    RangesForm,
    SetForm,
    UsualForm,
)
from monitor.bedside.models import Reading
from monitor.bedside.panels import panel
from monitor.bedside.reasons import FOR_ALL
from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.beside import beside_fields, with_line
from monitor.episodes.due import due_of
from monitor.refusal import Refused
from monitor.treatments import queries as treatments
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for

REFUSED = 422
RECENT = 4


@login_required
@require_http_methods(["GET", "POST"])
def observe(request: HttpRequest, code: str) -> HttpResponse:
    """One panel: the vital signs, or the one that the address names."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.RECORD_OBSERVATION, cycle.participant.site)
    chosen = panel(request.GET.get("panel"))
    form = SetForm(cycle, chosen, protocol_of(cycle).lines, request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = record(request, form)
        if saved is not None:
            return redirect(f"{reverse('participant', args=[code])}?saved={saved}")
    return render(
        request,
        "bedside/observe.html",
        entry_page(request, cycle, form),
        status=REFUSED if form.is_bound else 200,
    )


def record(request: HttpRequest, form: SetForm) -> int | None:
    """The id of the set, kept; nothing when the verb refused, which is then said."""
    try:
        saved = flow.record_set(
            cycle=form.cycle,
            observed_at=form.observed_at,
            readings=form.readings,
            by=request.user,
            key=form.key,
            source=form.source,
            panel=form.panel.key,
            note=form.note,
        )
    except Refused as refused:
        form.refuse(refused)
        return None
    if not saved.created:
        messages.info(request, _("This set was already saved. Nothing was added."))
    return saved.row.pk


def about(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    """What every page about a participant shows round its own part."""
    return {
        "participant": cycle.participant,
        "site": cycle.participant.site,
        "cycle": cycle,
        "identity": episodes.identity_of(cycle, request.user),
    }


def entry_page(request: HttpRequest, cycle: Cycle, form: SetForm) -> dict[str, Any]:
    page = about(request, cycle)
    summary = episodes.state_of(cycle).summary
    running = treatments.running_now(cycle)
    form.say_beside(beside_fields(summary, running))
    facts = with_line(page["identity"], protocol_of(cycle))
    return page | {
        "form": form,
        "identity": replace(page["identity"], facts=facts),
        "due": due_of(cycle, summary, form.now),
        "sets": episodes.sets_table(cycle, 5),
        "running": running,
        "recent": recent(cycle, running),
        "reasons_for_all": FOR_ALL.items(),
    }


def recent(cycle: Cycle, running: list[Treatment]) -> list[Treatment]:
    """The last lines of the log, without what runs and is named above them."""
    known = {line.pk for line in running}
    log = treatments.log_of(cycle)[: RECENT + len(known)]
    return [line for line in log if line.pk not in known][:RECENT]


# What was entered, mended


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One value: as it should have been, or struck out. The old one stays readable."""
    cycle = cycle_for(request.user, code)
    reading = reading_in(request, cycle, pk)
    check(request.user, Permission.CORRECT, cycle.participant.site)
    form = CorrectionForm(reading, request.POST or None)
    if form.is_bound and form.is_valid() and corrected(request, form):
        messages.success(request, _("Corrected. The value before stays readable."))
        return redirect("participant", code=code)
    history = queries.history_of(reading)
    page = about(request, cycle) | {"form": form, "history": history}
    page |= {"reading": reading, "standing": history[-1]}
    status = REFUSED if form.is_bound else 200
    return render(request, "bedside/correct.html", page, status=status)


def reading_in(request: HttpRequest, cycle: Cycle, pk: int) -> Reading:
    """A reading of the participant whom the address names. Raises Http404."""
    reading = queries.reading_for(request.user, pk)
    if reading.observation.cycle.participant_id != cycle.participant_id:
        raise Http404(_("There is no such value."))
    return reading


def corrected(request: HttpRequest, form: CorrectionForm) -> bool:
    told = {"reading": form.reading, "by": request.user, "reason": form.reason}
    try:
        if form.new is None:
            flow.void_reading(**told)
        else:
            flow.replace_reading(new=form.new, **told)
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@login_required
@require_POST
def confirm(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A held value is right, says a person: from now on it counts."""
    cycle = cycle_for(request.user, code)
    reading = reading_in(request, cycle, pk)
    check(request.user, Permission.CONFIRM, cycle.participant.site)
    try:
        flow.confirm_reading(reading=reading, by=request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("participant", code=code)


# States that last


@login_required
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, code: str) -> HttpResponse:
    """Where the participant is, and what is usual for them."""
    cycle = cycle_for(request.user, code)
    site = cycle.participant.site
    check(request.user, Permission.RECORD_OBSERVATION, site)
    which = request.POST.get("form")
    place = PlaceForm(site, request.POST if which == "place" else None)
    usual = UsualForm(site, request.POST if which == "usual" else None)
    for form in (place, usual):
        if form.is_bound and form.is_valid() and kept_fact(request, cycle, form):
            return redirect("participant", code=code)
    page = about(request, cycle) | {"place": place, "usual": usual}
    page["facts"] = queries.facts_of(cycle)
    return render(request, "bedside/facts.html", page, status=status_of(place, usual))


def kept_fact(request: HttpRequest, cycle: Cycle, form: PlaceForm | UsualForm) -> bool:
    try:
        flow.record_fact(cycle=cycle, by=request.user, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def ranges(request: HttpRequest, code: str) -> HttpResponse:
    """The laboratory's limits, which the grades of laboratory values are read by."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.RECORD_OBSERVATION, cycle.participant.site)
    standing = queries.ranges_of(cycle)
    form = RangesForm(cycle.participant.site, standing, request.POST or None)
    if form.is_bound and form.is_valid() and kept_ranges(request, cycle, form):
        return redirect(f"{reverse('observe', args=[code])}?panel=labs")
    page = about(request, cycle) | {"form": form}
    return render(request, "bedside/ranges.html", page, status=status_of(form))


def kept_ranges(request: HttpRequest, cycle: Cycle, form: RangesForm) -> bool:
    """Every range that was typed; those that cannot be are said, the others kept."""
    for arguments in form.arguments():
        try:
            flow.record_range(cycle=cycle, by=request.user, **arguments)
        except Refused as refused:
            form.refuse(refused)
    return not form.errors


def status_of(*forms: Any) -> int:
    return REFUSED if any(form.is_bound for form in forms) else 200
