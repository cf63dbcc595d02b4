"""What every page of this room shows round its own part."""

from typing import Any

from django.http import HttpRequest

from monitor.episodes import queries as episodes
from monitor.trials.models import Cycle
from monitor.trials.permissions import granted

REFUSED = 422


def about(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    """What every page about a participant shows round its own part."""
    return {
        "participant": cycle.participant,
        "site": cycle.participant.site,
        "cycle": cycle,
        "identity": episodes.identity_of(cycle, request.user),
        "may": granted(request.user, cycle.participant.site),
    }


def status_of(*forms: Any) -> int:
    return REFUSED if any(form.is_bound for form in forms) else 200
