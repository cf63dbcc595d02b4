"""The audit trail of a participant, in plain words."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitor.audit import queries
from monitor.audit.forms import AuditForm
from monitor.episodes.page import about_participant
from monitor.trials.blinding import level_shown, seeing
from monitor.trials.permissions import Permission, check, may
from monitor.trials.queries import participant_for

PAGE = 100


@require_safe
@login_required
def trail(request: HttpRequest, code: str) -> HttpResponse:
    """Who did what with this participant's record, newest first."""
    participant = participant_for(request.user, code)
    check(request.user, Permission.SEE_AUDIT, participant.site)
    form = AuditForm(request.GET)
    if unblinded := seeing(request.user)(participant):
        level_shown(participant)
    events = queries.events_for(code, unblinded=unblinded, **form.query())
    pages = Paginator(events, PAGE)
    context = about_participant(request, participant) | {
        "page": pages.get_page(request.GET.get("page")),
        "query": form.query(),
        "people": queries.people_of(code, unblinded=unblinded),
        "unblinded": unblinded,
        "may_export": may(request.user, Permission.EXPORT, participant.site),
        "may_unblind": not unblinded
        and may(request.user, Permission.UNBLIND, participant.site),
    }
    return render(request, "audit/trail.html", context)
