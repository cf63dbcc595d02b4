"""Looking behind the neutral label, in an emergency."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from monitor import flow
from monitor.episodes.page import about_participant
from monitor.notices import unblinding
from monitor.refusal import REFUSED, Refused
from monitor.trials import actions, queries
from monitor.trials.blinding import level_shown, seeing
from monitor.trials.forms import ImpactForm, UnblindForm
from monitor.trials.models import Participant
from monitor.trials.permissions import Permission, check


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def unblind(request: HttpRequest, code: str) -> HttpResponse:
    """An emergency: look behind the neutral label, with reason and password."""
    participant = queries.participant_for(request.user, code)
    check(request.user, Permission.UNBLIND, participant.site)
    form = UnblindForm(request.POST or None, initial={"key": uuid4()})
    if form.is_bound and form.is_valid() and unblinded(request, participant, form):
        return redirect("unblind", code=code)
    return page(request, participant, form, ImpactForm())


@login_required
@require_POST
def assess(request: HttpRequest, code: str) -> HttpResponse:
    """What an unblinding did to the trial, by who sees the level."""
    participant = queries.participant_for(request.user, code)
    check(request.user, Permission.UNBLIND, participant.site)
    impact = ImpactForm(request.POST)
    if impact.is_valid():
        told = impact.cleaned_data
        rows = queries.unblindings_of(participant)
        row = get_object_or_404(rows, pk=told["unblinding"])
        try:
            actions.assess_unblinding(
                unblinding=row, text=told["text"], by=request.user
            )
        except Refused as refused:
            impact.add_error("text", refused.sentence)
        else:
            messages.success(request, _("Kept."))
            return redirect("unblind", code=code)
    return page(request, participant, UnblindForm(initial={"key": uuid4()}), impact)


def page(
    request: HttpRequest,
    participant: Participant,
    form: UnblindForm,
    impact: ImpactForm,
) -> HttpResponse:
    if sees := seeing(request.user)(participant):
        level_shown(participant)
    context = about_participant(request, participant) | {
        "form": form,
        "impact": impact,
        "sees": sees,
        "unblindings": queries.unblindings_of(participant),
        "listed": unblinding.listed(queries.current_cycle(participant)),
    }
    status = REFUSED if form.errors or impact.errors else 200
    return render(request, "trials/unblind.html", context, status=status)


def unblinded(
    request: HttpRequest, participant: Participant, form: UnblindForm
) -> bool:
    try:
        flow.unblind(participant=participant, by=request.user, **form.cleaned_data)
    except Refused as refused:
        known = refused.field in form.fields
        form.add_error(refused.field if known else None, refused.sentence)
        return False
    return True
