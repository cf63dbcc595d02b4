"""Immune cells beside the dose level: for who sees it, and each look is kept."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitor import flow
from monitor.episodes.cells import cells_of
from monitor.episodes.page import about
from monitor.trials.blinding import check_seeing, hidden_items, level_shown
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for


@require_safe
@login_required
def cells(request: HttpRequest, code: str) -> HttpResponse:
    """Each sample with its fold over the baseline, under the level that was given."""
    cycle = cycle_for(request.user, code)
    participant = cycle.participant
    check(request.user, Permission.SEE_COHORT, participant.site)
    check_seeing(request.user, participant)
    level_shown(participant)
    if hidden_items(participant.site.trial):
        flow.look_at_hidden(participant=participant, by=request.user)
    page = about(request, cycle) | {"cells": cells_of(cycle)}
    page["level"] = participant.cohort.name
    return render(request, "bedside/cells.html", page)
