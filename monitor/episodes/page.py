"""What every page about a participant shows round its own part."""

from typing import Any

from django.http import HttpRequest

from monitor.episodes.queries import identity_of
from monitor.trials.models import Cycle
from monitor.trials.permissions import granted


def about(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    """Whom the page is about, the bar that says so, and what the person may do."""
    site = cycle.participant.site
    return {
        "participant": cycle.participant,
        "site": site,
        "cycle": cycle,
        "identity": identity_of(cycle, request.user),
        "may": granted(request.user, site),
    }
