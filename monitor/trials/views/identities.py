"""Who a participant is: the page says whether it is kept, and shows it when asked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from monitor.episodes.page import about_participant
from monitor.refusal import REFUSED, Refused
from monitor.trials import actions, identities, queries
from monitor.trials.forms import IdentityForm, ReasonForm
from monitor.trials.models import Participant
from monitor.trials.permissions import Permission, check


@never_cache
@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, code: str) -> HttpResponse:
    """By GET whether it is kept; sent: to show it, to keep it, or to erase it."""
    participant = queries.participant_for(request.user, code)
    check(request.user, Permission.SEE_IDENTITY, participant.site)
    act = ACTS.get(request.POST.get("act", ""))
    if act is not None:
        return act(request, participant)
    return page(request, participant, status=REFUSED if request.POST else 200)


def page(
    request: HttpRequest, participant: Participant, status: int = 200, **more: Any
) -> HttpResponse:
    context = about_participant(request, participant) | {
        "kept": queries.identity_kept(participant),
        "has_key": identities.can_be_kept(),
        "form": IdentityForm(),
        "erase": ReasonForm(),
        "refusal": ReasonForm(prefix="refusal"),
    }
    return render(request, "trials/identity.html", context | more, status=status)


def show(request: HttpRequest, participant: Participant) -> HttpResponse:
    try:
        person = actions.look_at_identity(participant=participant, by=request.user)
    except Refused as refused:
        return page(request, participant, REFUSED, fault=refused.sentence)
    if person is None:
        return page(request, participant)
    told = {"person": person, "form": IdentityForm(initial=person.__dict__)}
    return page(request, participant, **told)


def keep(request: HttpRequest, participant: Participant) -> HttpResponse:
    form = IdentityForm(request.POST)
    if form.is_valid():
        try:
            actions.keep_identity(
                participant=participant, person=form.person(), by=request.user
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("identity", code=participant.code)
    return page(request, participant, REFUSED, form=form)


def erase(request: HttpRequest, participant: Participant) -> HttpResponse:
    done = _("Erased. The record under the code stays.")
    form = ReasonForm(request.POST)
    return with_reason(request, participant, actions.forget_identity, form, done)


def refuse(request: HttpRequest, participant: Participant) -> HttpResponse:
    done = _("Kept in the audit trail: the request was refused.")
    form = ReasonForm(request.POST, prefix="refusal")
    return with_reason(request, participant, actions.refuse_erasure, form, done)


def with_reason(
    request: HttpRequest,
    participant: Participant,
    act: Callable[..., None],
    form: ReasonForm,
    done: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            act(participant=participant, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            messages.success(request, done)
            return redirect("identity", code=participant.code)
    return page(request, participant, REFUSED, **{form.prefix or "erase": form})


ACTS = {"show": show, "keep": keep, "erase": erase, "refuse": refuse}
