"""The on-call rota: who has which duty at a site, handed over, overridden, planned."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from monitor import clock
from monitor.notices import actions, rota
from monitor.notices.forms import DUTY_FORMS, DutyForm
from monitor.notices.models import OnCall
from monitor.notices.views import back
from monitor.refusal import REFUSED, Refused
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check, may
from monitor.trials.queries import sites_for

#: Which verb each form of the page is for.
VERBS: dict[str, Any] = {
    "hand_over": actions.hand_over,
    "override": actions.override,
    "plan": actions.plan_shift,
}


@require_safe
@login_required
def everywhere(request: HttpRequest) -> HttpResponse:
    """Who is on call at each site of the person; at the only one, its own page."""
    sites = list(sites_for(request.user))
    if len(sites) == 1:
        return redirect("site-rota", sites[0].pk)
    context = {"rotas": rota.rotas(sites, clock.now())}
    return render(request, "notices/on_call.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def at_site(request: HttpRequest, pk: int) -> HttpResponse:
    """The rota of a site, and for who keeps it, its forms."""
    site = rota.site_of(request.user, pk)
    if request.method == "POST":
        check(request.user, Permission.KEEP_ROTA, site)
    found = rota.rotas([site], clock.now())[0]
    forms = forms_of(request, found)
    chosen = forms.get(request.POST.get("form", ""))
    if chosen and chosen.is_valid() and (made := kept(request.user, found, chosen)):
        messages.success(request, rota.saved_words(made, found, clock.now()))
        return redirect("site-rota", pk)
    return page(request, found, forms)


def page(
    request: HttpRequest,
    found: rota.SiteRota,
    forms: dict[str, DutyForm],
    struck: dict[str, Any] | None = None,
) -> HttpResponse:
    """`struck`: the shift that was to come off, and why it has not."""
    context = {
        "rota": found,
        "site": found.site,
        "forms": forms,
        "struck": struck,
        "may_keep": may(request.user, Permission.KEEP_ROTA, found.site),
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "notices/rota.html", context, status=status)


def forms_of(request: HttpRequest, found: rota.SiteRota) -> dict[str, DutyForm]:
    """The forms of the page by prefix, the one that was sent bound."""
    which = request.POST.get("form")
    made = [
        form(found.site, found.duties, request.POST if form.prefix == which else None)
        for form in DUTY_FORMS
    ]
    return {str(form.prefix): form for form in made}


def kept(by: User, found: rota.SiteRota, form: DutyForm) -> list[OnCall]:
    """The shifts it made; or none, and said beside the field why not."""
    try:
        made = VERBS[str(form.prefix)](site=found.site, by=by, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        return []
    return made if isinstance(made, list) else [made]


@login_required
@require_http_methods(["GET", "POST"])
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    """The shift goes off the rota, for the reason that was typed, which is kept."""
    shift = rota.shift_of(request.user, pk)
    if request.method != "POST":
        said = _("Not struck yet. Do it again.")
        return back(request, said, "site-rota", shift.site_id)
    told = {name: request.POST.get(name, "") for name in ("reason", "agreed")}
    try:
        actions.strike_shift(shift=shift, by=request.user, **told)
    except Refused as refused:
        found = rota.rotas([shift.site], clock.now())[0]
        struck = told | {"shift": shift.pk, "field": refused.field}
        return page(
            request,
            found,
            forms_of(request, found),
            struck | {"says": refused.sentence},
        )
    messages.success(request, _("The shift is off the rota."))
    return redirect("site-rota", shift.site_id)
