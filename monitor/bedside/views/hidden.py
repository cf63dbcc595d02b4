"""The page of hidden values: for who sees the dose level, and each look is kept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from monitor import clock, flow
from monitor.bedside.forms import HiddenForm
from monitor.episodes import hidden as hiding
from monitor.episodes.page import about
from monitor.refusal import Refused, status_of
from monitor.trials.blinding import check_seeing, hidden_items, hidden_patterns
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for


@login_required
@require_http_methods(["GET", "POST"])
def hidden(request: HttpRequest, code: str) -> HttpResponse:
    """The values, what they add to what everybody is shown, and a form for one more."""
    cycle = cycle_for(request.user, code)
    trial = cycle.participant.site.trial
    items = hidden_items(trial)
    form = HiddenForm(cycle.participant.site, items, request.POST or None)
    if request.method == "POST":
        check(request.user, Permission.KEEP_HIDDEN, cycle.participant.site)
        check_seeing(request.user, cycle.participant)
        if form.is_valid() and kept(request, cycle, form):
            return redirect("hidden", code=code)
    flow.look_at_hidden(participant=cycle.participant, by=request.user)
    page = about(request, cycle) | {
        "form": form if items else None,
        "readings": hiding.hidden_readings(cycle.participant),
        "added": hiding.added(cycle, clock.now()),
        "patterns": sorted(hidden_patterns(trial)),
    }
    return render(request, "bedside/hidden.html", page, status=status_of(form))


def kept(request: HttpRequest, cycle: Cycle, form: HiddenForm) -> bool:
    try:
        flow.record_hidden(cycle=cycle, by=request.user, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Saved."))
    return True


@require_POST
@login_required
def strike(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A hidden value was entered in error."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.KEEP_HIDDEN, cycle.participant.site)
    check_seeing(request.user, cycle.participant)
    found = hiding.hidden_readings(cycle.participant).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such value."))
    try:
        reason = request.POST.get("reason", "")
        flow.void_hidden(reading=found, by=request.user, reason=reason)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("hidden", code=code)
