"""Who may do what, what the program knows, and whether it is well."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monitor import clock
from monitor.clinical.ctcae import VERSION_NAMES, VERSIONS, Version
from monitor.clinical.thresholds import knowledge_version
from monitor.notices import reach
from monitor.notices.queries import heartbeat
from monitor.trials import ctcae_limits, knowledge, knowledge_files, queries
from monitor.trials.tables import permission_rows, role_labels
from monitor.trials.wording import wording_of


@require_safe
@login_required
def permissions(request: HttpRequest) -> HttpResponse:
    """Who may do what, for people."""
    context = {
        "roles": role_labels(),
        "rows": permission_rows(),
        "mine": queries.memberships_for(request.user),
    }
    return render(request, "trials/permissions.html", context)


@require_safe
@login_required
def known(request: HttpRequest) -> HttpResponse:
    """Every threshold with source and trust, items, treatments."""
    protocols = queries.protocols_in_force(request.user)
    sought = request.GET.get("q", "").strip()
    context = {
        "themes": knowledge.themes(protocols, sought),
        "items": knowledge.items(sought, protocols),
        "treatments": knowledge.treatments(sought),
        "files": [
            *knowledge_files.of_protocols(protocols, sought),
            *knowledge_files.files(sought),
        ],
        "sources": knowledge.sources(sought),
        "protocols": protocols,
        "sought": sought,
        "version": knowledge_version(),
    }
    return render(request, "trials/knowledge.html", context)


@require_safe
@login_required
def ctcae(request: HttpRequest) -> HttpResponse:
    """The CTCAE limits of one version: asked for, else the first trial's, else 5."""
    protocols = queries.protocols_in_force(request.user)
    fixed = ctcae_limits.fixed(protocols)
    asked = request.GET.get("version")
    usual: Version = fixed[0].version if fixed else "v5"
    words = wording_of(next((one for one in VERSIONS if one == asked), usual))
    sought = request.GET.get("q", "").strip()
    context = {
        "families": ctcae_limits.families(words, protocols, sought),
        "fixed": fixed,
        "wording": words,
        "versions": VERSION_NAMES.items(),
        "sought": sought,
        "version": knowledge_version(),
    }
    return render(request, "trials/ctcae_limits.html", context)


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and the sweep runs, else 503.

    `failing` names the channels that do not work: no other program mends those by
    starting this one again.
    """
    try:
        pulse, failing = heartbeat(), reach.failing(clock.now())
    except DatabaseError:
        return JsonResponse({"database": "unreachable", "sweep": None}, status=503)
    state = {"database": "ok", "sweep": pulse.at, "late": pulse.late}
    state["failing"] = [one.channel for one in failing]
    return JsonResponse(state, status=503 if pulse.late else 200)
