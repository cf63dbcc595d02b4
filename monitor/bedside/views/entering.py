"""Entering a set: one panel, as it was typed."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor import flow, localtime
from monitor.bedside import queries
from monitor.bedside.forms import (
    SetForm,
)
from monitor.bedside.models import Observation
from monitor.bedside.panels import PRESSURES, panel
from monitor.bedside.reasons import FOR_ALL
from monitor.clinical.items import catalogue
from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.beside import beside_fields, with_line
from monitor.episodes.due import due_of
from monitor.episodes.fluids import fluids_of
from monitor.episodes.page import about
from monitor.refusal import Refused, status_of
from monitor.templatetags.log_ui import treatment_line
from monitor.treatments import queries as treatments
from monitor.treatments.beside import MASKING, LinesForm, is_of
from monitor.treatments.models import Treatment
from monitor.trials.blinding import hidden_items
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for
from monitor.trials.wording import wording_of

RECENT = 4
#: What makes a set one of the last five: blood and weights are none.
IN_THE_RAIL = ("TEMP", "HR", *PRESSURES, "OXYSAT", "RESP")


@login_required
@require_http_methods(["GET", "POST"])
def observe(request: HttpRequest, code: str) -> HttpResponse:
    """One panel: the vital signs, or the one that the address names."""
    cycle = cycle_for(request.user, code)
    hidden = hidden_items(cycle.participant.site.trial)
    chosen = panel(request.GET.get("panel")).without(hidden)
    protocol = protocol_of(cycle)
    words = wording_of(protocol.ctcae)
    form = SetForm(cycle, chosen, protocol.lines, request.POST or None, words)
    running = SimpleLazyObject(lambda: treatments.running_now(cycle))
    lines = LinesForm(cycle, running, form.key, request.POST)
    if request.method == "POST" and is_valid(form, lines):
        saved = record(request, form, lines)
        if saved is not None:
            found = f"{reverse('participant', args=[code])}?saved={saved}"
            # Sent by the page's script, which then goes there itself.
            by_script = "X-Draft" in request.headers
            return JsonResponse({"url": found}) if by_script else redirect(found)
    # The verb asks for itself; here before anything is shown.
    check(request.user, Permission.RECORD_OBSERVATION, cycle.participant.site)
    return render(
        request,
        "bedside/observe.html",
        entry_page(request, cycle, form, lines, running),
        status=status_of(form),
    )


def is_valid(form: SetForm, lines: LinesForm) -> bool:
    """Both are read, so that everything there is to say is said at once."""
    sound = lines.is_valid(form.observed_at, form.now)
    valid = form.is_valid(lines=bool(lines.lines) or not sound)
    if not sound:
        form.errors |= lines.complaints
    return valid and sound


def record(request: HttpRequest, form: SetForm, lines: LinesForm) -> int | None:
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
            **(form.draw.arguments if form.draw else {}),
            given=lines.lines,
        )
    except Refused as refused:
        form.refuse(refused)
        return None
    if not saved.created:
        messages.info(request, _("This set was already saved. Nothing was added."))
    if saved.created and form.panel.period:
        say_overlaps(request, form, saved.row)
    return saved.row.pk


def say_overlaps(request: HttpRequest, form: SetForm, row: Observation) -> None:
    """Once, and only said: a person knows whether the one amount holds the other."""
    words = [
        _("%(item)s %(start)s to %(end)s")
        % {
            "item": catalogue.item(one.item).label,
            "start": localtime.say(one.observation.observed_at, form.zone),
            "end": localtime.say(one.until, form.zone),
        }
        for one in queries.overlapping(row)
        if one.until
    ]
    if words:
        said = _("This period overlaps others; all amounts are added: %(others)s.")
        messages.warning(request, said % {"others": "; ".join(words)})


def entry_page(
    request: HttpRequest,
    cycle: Cycle,
    form: SetForm,
    lines: LinesForm,
    running: list[Treatment],
) -> dict[str, Any]:
    page = about(request, cycle)
    summary = episodes.state_of(cycle).summary
    form.say_beside(beside_fields(summary))
    form.say_regimens(regimens(running))
    return page | {
        "form": form,
        "lines": lines,
        "identity": replace(page["identity"], facts=facts_in_view(cycle, page)),
        "due": due_of(cycle, summary, form.now),
        "fluids": fluids_of(cycle, form.now) if form.panel.period else None,
        "sets": episodes.sets_table(cycle, 5, having=IN_THE_RAIL),
        "running": running,
        "recent": recent(cycle, running),
        "reasons_for_all": FOR_ALL,
    }


def facts_in_view(cycle: Cycle, page: dict[str, Any]) -> list[tuple[str, str]]:
    """The bar's facts with the pressure line in force."""
    protocol = protocol_of(cycle)
    usual = None
    if protocol.pressure_line != "fixed":
        usual = queries.usual_pressure(cycle, protocol.lines["sbp_usual_readings"])
    return with_line(page["identity"].facts, protocol, usual)


def regimens(running: list[Treatment]) -> str:
    """`Paracetamol 1000 mg`: what is scheduled and may hide a fever."""
    scheduled = [one for one in running if one.form == Treatment.Form.SCHEDULED]
    return ", ".join(treatment_line(one) for one in scheduled if is_of(one, MASKING))


def recent(cycle: Cycle, running: list[Treatment]) -> list[Treatment]:
    """The last lines of the log, without what runs and is named above them."""
    known = {line.pk for line in running}
    log = treatments.log_of(cycle)[: RECENT + len(known)]
    return [line for line in log if line.pk not in known][:RECENT]
