"""The dossier of an event: what it will say, its narrative, and the file."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.refusal import Refused, status_of
from monitor.review import narrative
from monitor.review.actions.dossiers import export_dossier
from monitor.review.actions.narratives import write_narrative
from monitor.review.dossier.minimum import minimum
from monitor.review.dossier.source import source_of
from monitor.review.narrative_forms import NarrativeForm
from monitor.trials.permissions import Permission, check, granted

PDF = "application/pdf"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """What the dossier holds and still lacks; sent, the PDF itself."""
    found = episodes.episode_for(request.user, pk)
    if request.method == "POST":
        return taken(request, found)
    return render(request, "review/dossier.html", about(request, found))


def about(request: HttpRequest, found: Episode) -> dict[str, Any]:
    source = source_of(found, request.user)
    sentences = narrative.draft(source)
    written = source.written
    return {
        "source": source,
        "row": source.row,
        "participant": source.participant,
        "site": source.site,
        "identity": episodes.identity_of(found.cycle, request.user),
        "may": granted(request.user, source.site),
        "minimum": minimum(source),
        "sentences": sentences,
        "written": written,
        "moved": narrative.moved(written[0].basis, sentences) if written else None,
    }


def taken(request: HttpRequest, found: Episode) -> HttpResponse:
    made = export_dossier(episode=found, by=request.user)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(made.content, content_type=PDF, headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version of the narrative; the ones before it stay readable."""
    found = episodes.episode_for(request.user, pk)
    check(request.user, Permission.REVIEW, found.cycle.participant.site)
    context = about(request, found)
    posted = request.POST or None
    form = NarrativeForm(context["written"], context["sentences"], posted)
    if form.is_bound and form.is_valid() and kept(request, found, form):
        return redirect("dossier", pk=pk)
    status = status_of(form)
    context |= {"form": form}
    return render(request, "review/narrative.html", context, status=status)


def kept(request: HttpRequest, found: Episode, form: NarrativeForm) -> bool:
    try:
        write_narrative(episode=found, by=request.user, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Kept. The version before stays readable."))
    return True
