"""What lasts: places, what is usual, a site's limits and units."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor import clock, flow
from monitor.bedside import limits, queries
from monitor.bedside.forms import (
    AskingForm,
    CultureForm,
    PlaceForm,
    RangesForm,
    UnitsForm,
    UsualForm,
)
from monitor.episodes.leaving import Leaving, leaving
from monitor.episodes.page import about
from monitor.refusal import Refused, status_of
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for


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
    culture = CultureForm(site, request.POST if which == "culture" else None)
    asked = asked_of(cycle, place)
    for form in (place, usual, culture):
        waits = form is place and asked is not None
        known = form.is_bound and form.is_valid() and not waits
        if known and kept_fact(request, cycle, form):
            return redirect("participant", code=code)
    page = about(request, cycle) | {"place": place, "usual": usual, "leaving": asked}
    page |= {"culture": culture, "facts": queries.facts_of(cycle)}
    status = status_of(place, usual, culture)
    return render(request, "bedside/facts.html", page, status=status)


def asked_of(cycle: Cycle, place: PlaceForm) -> Leaving | None:
    """What is said before the participant leaves, unless it was said already."""
    if not place.is_bound or not place.is_valid() or place.is_sure:
        return None
    code, at = place.cleaned_data["code"], place.cleaned_data["at"]
    return leaving(cycle, code, at or clock.now(), clock.now())


def kept_fact(request: HttpRequest, cycle: Cycle, form: AskingForm) -> bool:
    try:
        flow.record_fact(cycle=cycle, by=request.user, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def ranges(request: HttpRequest, code: str) -> HttpResponse:
    """The limits of the site's laboratories, by which laboratory values are read."""
    cycle = cycle_for(request.user, code)
    site = cycle.participant.site
    check(request.user, Permission.RECORD_OBSERVATION, site)
    now = clock.now()
    names = limits.laboratories_of(site)
    chosen = request.GET.get("laboratory") or limits.last_laboratory(cycle)
    known = (limits.units_of(site), request.POST or None)
    form = RangesForm(site, *known, laboratory=chosen or (names[:1] or [""])[0])
    if form.is_bound and form.is_valid() and kept_ranges(request, cycle, form):
        return redirect(f"{reverse('observe', args=[code])}?panel=labs")
    page = about(request, cycle) | {"form": form, "laboratories": names}
    page["own"] = limits.own_at(cycle, now)
    page["held"] = limits.held(cycle.participant, now)
    return render(request, "bedside/ranges.html", page, status=status_of(form))


def kept_ranges(request: HttpRequest, cycle: Cycle, form: RangesForm) -> bool:
    """Every range that was typed; those that cannot be are said, the others kept."""
    site, by = cycle.participant.site, request.user
    for arguments in form.arguments():
        try:
            if form.is_own:
                flow.record_range(cycle=cycle, by=by, **arguments)
            else:
                flow.record_laboratory_range(site=site, by=by, **arguments)
        except Refused as refused:
            form.refuse(refused)
    return not form.errors


@login_required
@require_http_methods(["GET", "POST"])
def units(request: HttpRequest, code: str) -> HttpResponse:
    """With which unit each field begins at the participant's site."""
    cycle = cycle_for(request.user, code)
    site = cycle.participant.site
    check(request.user, Permission.RECORD_OBSERVATION, site)
    form = UnitsForm(site, limits.units_of(site), request.POST or None)
    if form.is_bound and form.is_valid():
        for arguments in form.arguments():
            flow.choose_unit(site=site, by=request.user, **arguments)
        messages.success(request, _("Saved."))
        return redirect("units", code=code)
    page = about(request, cycle) | {"form": form}
    return render(request, "bedside/units.html", page, status=status_of(form))
