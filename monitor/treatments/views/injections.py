"""The sites of a dose that is injected: each added by itself, or struck out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor import flow
from monitor.episodes.assessing import protocol_of
from monitor.episodes.page import about
from monitor.refusal import Refused, status_of
from monitor.treatments.forms import InjectionForm, refuse_all
from monitor.treatments.sites import injection_in, of_dose, sites_of
from monitor.trials.blinding import shown
from monitor.trials.models import Cycle, Dose
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for, doses_of


@login_required
@require_http_methods(["GET", "POST"])
def injections(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Where a dose went, site by site, beside the sites of the cycle before it."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.RECORD_DOSE, cycle.participant.site)
    dose = doses_of(cycle).filter(pk=pk).first()
    if dose is None:
        raise Http404(_("There is no such dose."))
    if "strike" in request.POST:
        struck(request, cycle)
        return redirect("injections", code=code, pk=pk)
    sites = sites_of(cycle)
    last = sites[0].injection if sites else None
    form = InjectionForm(cycle.participant.site, dose, last, request.POST or None)
    if form.is_bound and form.is_valid() and logged(request, form, dose):
        return redirect("injections", code=code, pk=pk)
    (said,) = shown(request.user, cycle.participant, [dose])
    page = about(request, cycle) | {"form": form, "dose": said}
    page |= parted(sites, dose) | {"given": dose.status in Dose.GIVEN_STATES}
    page["agent"] = protocol_of(cycle).agent_label(dose.agent)
    return render(request, "treatments/injections.html", page, status=status_of(form))


def parted(sites: list[Any], dose: Dose) -> dict[str, Any]:
    mine = of_dose(sites, dose)
    return {"sites": mine, "others": [one for one in sites if one not in mine]}


def logged(request: HttpRequest, form: InjectionForm, dose: Dose) -> bool:
    try:
        flow.log_injection(dose=dose, by=request.user, **form.arguments())
    except Refused as refused:
        return refuse_all(form, refused)
    messages.success(request, _("Site kept. Add the next one, or leave the page."))
    return True


def struck(request: HttpRequest, cycle: Cycle) -> None:
    pk = request.POST["strike"]
    found = injection_in(cycle, int(pk)) if pk.isdecimal() else None
    if found is None:
        raise Http404(_("There is no such site in the log."))
    reason = request.POST.get("reason", "")
    try:
        flow.strike_injection(injection=found, by=request.user, reason=reason)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Struck out. It stays readable in the trail."))
