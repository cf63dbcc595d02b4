"""What was entered, mended: corrected, confirmed, compared."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from monitor import flow
from monitor.bedside import queries
from monitor.bedside.forms import (
    CorrectionForm,
    SettlingForm,
)
from monitor.bedside.models import Reading
from monitor.bedside.slips import mended_until
from monitor.bedside.slots import twins
from monitor.episodes.assessing import protocol_of
from monitor.episodes.page import about
from monitor.refusal import Refused, status_of
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for
from monitor.trials.wording import wording_of


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One value: as it should have been, or struck out. The old one stays readable."""
    cycle = cycle_for(request.user, code)
    reading = reading_in(request, cycle, pk)
    check(request.user, Permission.CORRECT, cycle.participant.site)
    grace = protocol_of(reading.observation.cycle).lines["own_slip_minutes"]
    until = mended_until(reading, request.user, grace)
    words = wording_of(protocol_of(cycle).ctcae)
    form = CorrectionForm(reading, request.POST or None, until, words)
    if form.is_bound and form.is_valid() and corrected(request, form):
        messages.success(request, _("Corrected. The value before stays readable."))
        return redirect("participant", code=code)
    history = queries.history_of(reading)
    page = about(request, cycle) | {"form": form, "history": history}
    standing = history[-1]
    # Typed beside a value that somebody changed meanwhile: it is kept, for the new one.
    mends = not standing.voided and (reading == standing or form.is_bound)
    page |= {"reading": reading, "standing": standing, "mends": mends}
    return render(request, "bedside/correct.html", page, status=status_of(form))


def reading_in(request: HttpRequest, cycle: Cycle, pk: int) -> Reading:
    """A reading of the participant whom the address names. Raises Http404."""
    reading = queries.reading_for(request.user, pk)
    if reading.observation.cycle.participant_id != cycle.participant_id:
        raise Http404(_("There is no such value."))
    return reading


def corrected(request: HttpRequest, form: CorrectionForm) -> bool:
    told = {"reading": form.reading, "by": request.user, "reason": form.reason}
    try:
        if form.is_whole_set:
            told["observation"] = told.pop("reading").observation
            flow.void_set(**told)
        elif form.new is None:
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


@login_required
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, code: str, first: int, second: int) -> HttpResponse:
    """Two sets of one slot, field by field: which value counts, and why."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.CORRECT, cycle.participant.site)
    found = twins(cycle, first, second)
    if found is None:
        raise Http404(_("There are no such two sets."))
    form = SettlingForm(found, request.POST or None)
    if form.is_bound and form.is_valid() and settled(request, form):
        messages.success(request, _("Settled. What was left out stays readable."))
        return redirect("participant", code=code)
    page = about(request, cycle) | {"form": form, "twins": found}
    return render(request, "bedside/compare.html", page, status=status_of(form))


def settled(request: HttpRequest, form: SettlingForm) -> bool:
    told = {"first": form.twins.first, "second": form.twins.second}
    told |= {"strike": form.strike, "reason": form.reason}
    try:
        key = form.cleaned_data["key"]
        flow.settle_sets(**told, by=request.user, key=key)
    except Refused as refused:
        form.refuse(refused)
        return False
    return True
