"""What every page about a participant shows round its own part."""

from typing import Any

from django.http import HttpRequest

from monitor.episodes.queries import identity_of, identity_without_cycle
from monitor.trials.models import Cycle, Participant
from monitor.trials.permissions import granted
from monitor.trials.queries import current_cycle


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


def about_participant(request: HttpRequest, participant: Participant) -> dict[str, Any]:
    """The same for a page that is about no cycle: also before the first one."""
    cycle = current_cycle(participant)
    if cycle is not None:
        return about(request, cycle) | {"participant": participant}
    return {
        "participant": participant,
        "site": participant.site,
        "identity": identity_without_cycle(participant, request.user),
        "may": granted(request.user, participant.site),
    }
