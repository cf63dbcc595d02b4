"""The adverse event records: of a participant, of all within reach, and as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from monitor import flow
from monitor.episodes.page import about_participant
from monitor.episodes.queries import episode_for
from monitor.refusal import REFUSED, Refused
from monitor.review.actions import reports
from monitor.review.adverse_csv import too_few
from monitor.review.adverse_rows import rows_for
from monitor.review.desk import case_of, opened
from monitor.review.report_forms import EventsForm, ReportForm
from monitor.trials.permissions import Permission, check, granted, may
from monitor.trials.queries import participant_for, sites_for

PAGE = "review/adverse.html"


@require_safe
@login_required
def adverse_events(request: HttpRequest) -> HttpResponse:
    """Every record of the participants whom the person may read, or of one site."""
    sites = list(sites_for(request.user))
    chosen = EventsForm(request.GET).query().get("site", "")
    rows = rows_for(request.user, site=chosen)
    context: dict[str, Any] = {
        "rows": rows,
        "too_few": too_few(rows),
        "sites": [(one.code, f"{one.code} {one.name}") for one in sites],
        "query": {"site": chosen} if chosen else {},
        "may_export": may(request.user, Permission.EXPORT, None),
    }
    return render(request, PAGE, context)


@require_safe
@login_required
def of_participant(request: HttpRequest, code: str) -> HttpResponse:
    """The records of one participant."""
    found = participant_for(request.user, code)
    rows = rows_for(request.user, code=code)
    context = about_participant(request, found) | {
        "rows": rows,
        "too_few": too_few(rows),
        "query": {"participant": code},
        "may_export": may(request.user, Permission.EXPORT, found.site),
    }
    return render(request, PAGE, context)


@require_safe
@login_required
def adverse_events_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file with CDISC names; `?by=grade` has a row for each interval."""
    check(request.user, Permission.EXPORT, None)
    asked = EventsForm(request.GET).query()
    text = flow.export_events(
        by=request.user,
        code=asked.get("participant", ""),
        site=asked.get("site", ""),
        by_grade=asked.get("by") == "grade",
    )
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="adverse-events.csv"'
    return answer


@login_required
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """An event was reported: its clock stops. What was typed is kept when refused."""
    found = episode_for(request.user, pk)
    site = found.cycle.participant.site
    if not reports.reportable(granted(request.user, site)):
        check(request.user, Permission.REPORT, site)
    form = ReportForm(request.POST, zone=site.time_zone)
    if form.is_valid():
        try:
            flow.report_event(episode=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept: the report is out, its clock stands."))
            return redirect("episode", pk=pk)
        except Refused as refused:
            form.refuse(refused)
    for sentence in form.elsewhere:
        messages.error(request, sentence)
    context = opened(request.user, case_of(found)) | {"report_form": form}
    return render(request, "review/episode.html", context, status=REFUSED)
