"""The board, the sheet that is handed over with it, and the participant's page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from monitor.bedside import queries as bedside
from monitor.bedside.models import Observation
from monitor.clinical.thresholds import knowledge_version
from monitor.episodes import queries
from monitor.episodes.forms import BoardForm
from monitor.notices import queries as notices
from monitor.treatments import queries as treatments
from monitor.trials.models import Cycle
from monitor.trials.permissions import granted
from monitor.trials.queries import cycle_for, doses_of

SETS = 12


@require_safe
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Every participant on treatment; to htmx the part below the head alone."""
    form = BoardForm(request.GET)
    told = notices.answers(request.user)
    context = {
        "board": queries.board(request.user, form.filters(), answers=told),
        "query": form.query(),
        "newest": notices.newest(request.user),
        "pulse": notices.heartbeat(),
    }
    part = "episodes/board_rows.html" if request.htmx else "episodes/board.html"
    return render(request, part, context)


@require_safe
@login_required
def handover(request: HttpRequest) -> HttpResponse:
    """The board on paper, with room for what is said beside it."""
    context = {
        "board": queries.board(request.user, BoardForm(request.GET).filters()),
        "version": knowledge_version(),
    }
    return render(request, "episodes/handover.html", context)


@require_safe
@login_required
def participant(request: HttpRequest, code: str) -> HttpResponse:
    """One participant: what was found first, then the chart, then sets and log."""
    cycle = cycle_for(request.user, code)
    context = participant_page(request, cycle) | found_page(cycle)
    if saved := request.GET.get("saved", ""):
        context["saved"] = saved_set(request, cycle, saved)
    return render(request, "episodes/participant.html", context)


def saved_set(request: HttpRequest, cycle: Cycle, number: str) -> Observation:
    """The set that was saved just now. Raises Http404 for anybody else's."""
    pk = int(number) if number.isdecimal() else 0
    found = bedside.observation_for(request.user, pk)
    if found.cycle.participant_id != cycle.participant_id:
        raise Http404(_("There is no such set."))
    return found


def participant_page(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    limit = None if "sets" in request.GET else SETS
    return {
        "participant": cycle.participant,
        "site": cycle.participant.site,
        "cycle": cycle,
        "identity": queries.identity_of(cycle, request.user),
        "may": granted(request.user, cycle.participant.site),
        "sets": queries.sets_table(cycle, limit),
        "sets_total": queries.sets_count(cycle),
        "chart": queries.chart_data(cycle),
    }


def found_page(cycle: Cycle) -> dict[str, Any]:
    return {
        "result": queries.result_of(cycle),
        "told": notices.told(cycle.participant),
        "episodes": queries.episodes_of(cycle),
        "histories": queries.histories(cycle),
        "log": treatments.log_of(cycle),
        "doses": doses_of(cycle).select_related("recorded_by"),
        "links": queries.links_of(cycle),
    }
