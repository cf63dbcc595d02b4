"""Looking behind the neutral label, in an emergency."""

from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from monitor import flow
from monitor.notices import unblinding
from monitor.refusal import Refused
from monitor.trials import queries
from monitor.trials.blinding import level_shown, seeing
from monitor.trials.forms import UnblindForm
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
    if sees := seeing(request.user)(participant):
        level_shown(participant)
    context = {
        "participant": participant,
        "site": participant.site,
        "form": form,
        "sees": sees,
        "unblindings": queries.unblindings_of(participant),
        "listed": unblinding.listed(queries.current_cycle(participant)),
    }
    status = 422 if form.errors else 200
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
