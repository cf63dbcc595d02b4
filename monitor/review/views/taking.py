"""What can be taken out of one participant's record, as files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from monitor import flow
from monitor.episodes.page import about_participant
from monitor.refusal import REFUSED, Refused
from monitor.trials.blinding import seeing
from monitor.trials.models import Participant
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import participant_for

CSV, ZIP = "text/csv; charset=utf-8", "application/zip"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, code: str) -> HttpResponse:
    """The record, the chart, the trail: what there is; sent, the one asked for."""
    participant = participant_for(request.user, code)
    check(request.user, Permission.EXPORT, participant.site)
    refusal = ""
    if request.method == "POST":
        try:
            return taken(request, participant)
        except Refused as refused:
            refusal = str(refused)
    context = about_participant(request, participant) | {
        "sees": seeing(request.user)(participant),
        "refusal": refusal,
    }
    status = REFUSED if refusal else 200
    return render(request, "record/files.html", context, status=status)


def taken(request: HttpRequest, participant: Participant) -> HttpResponse:
    told = {"participant": participant, "by": request.user}
    wanted, code = request.POST.get("file", ""), participant.code
    if wanted == "record":
        return file(flow.export_record(**told), f"{code}-record.zip", ZIP)
    if wanted == "trail":
        return file(flow.export_trail_of(**told), f"{code}-trail.csv", CSV)
    moved = wanted == "chart-moved"
    name = f"{code}-chart{'-moved' if moved else ''}.csv"
    return file(flow.export_chart(**told, moved=moved).text, name, CSV)


def file(content: bytes | str, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
