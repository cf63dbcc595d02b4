"""Pages about the trial itself: what the program knows, and what the trial sets."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitor.clinical.thresholds import SOURCES, knowledge_version
from monitor.trials import knowledge, queries


@require_safe
@login_required
def known(request: HttpRequest) -> HttpResponse:
    """Every threshold with source and trust, items, treatments."""
    protocols = queries.protocols_in_force(request.user)
    context = {
        "themes": knowledge.themes(protocols),
        "items": knowledge.items(),
        "treatments": knowledge.treatments(),
        "sources": SOURCES.values(),
        "protocols": protocols,
        "version": knowledge_version(),
    }
    return render(request, "trials/knowledge.html", context)
