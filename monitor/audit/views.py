"""The audit trail of a participant, in plain words."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitor import flow
from monitor.audit import queries
from monitor.audit.forms import AuditForm
from monitor.audit.sentences import line_of
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
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    context = {
        "participant": participant,
        "site": participant.site,
        "page": page,
        "lines": [line_of(event, unblinded=unblinded) for event in page],
        "query": form.query(),
        "people": queries.people_of(code, unblinded=unblinded),
        "may_export": may(request.user, Permission.EXPORT, participant.site),
        "may_unblind": not unblinded
        and may(request.user, Permission.UNBLIND, participant.site),
    }
    return render(request, "audit/trail.html", context)


@require_safe
@login_required
def record(request: HttpRequest, code: str) -> HttpResponse:
    """The whole record on one page, to read and to print."""
    participant = participant_for(request.user, code)
    copy = flow.export_record(participant=participant, by=request.user)
    context = {"participant": participant, "site": participant.site, "copy": copy}
    return render(request, "audit/record.html", context)


@require_safe
@login_required
def record_file(request: HttpRequest, code: str) -> HttpResponse:
    """The same for machines."""
    participant = participant_for(request.user, code)
    copy = flow.export_record(participant=participant, by=request.user)
    answer = HttpResponse(copy.as_json(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="record-{code}.json"'
    return answer
