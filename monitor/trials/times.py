"""When something may have happened: not in the future, not long before enrollment."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from monitor import clock
from monitor.refusal import Refused
from monitor.trials.models import Participant

SCREENING = timedelta(days=30)


def check_moment(
    at: datetime, participant: Participant, field: str, imported: bool = False
) -> None:
    """Raises Refused for a moment that cannot be meant.

    `imported` rows keep the times of their file: charts without identity are moved to
    other years, and histories begin before the trial.
    """
    check_aware(at, field)
    if imported:
        return
    if at > clock.now():
        raise Refused(_("This time lies in the future. Type it again."), field)
    if at < participant.enrolled_at - SCREENING:
        said = _("This is more than 30 days before enrollment. Check the date.")
        raise Refused(said, field)


def check_order(start: datetime, end: datetime | None, field: str) -> None:
    """Raises Refused when the end does not come after the start."""
    if end is None:
        return
    check_aware(end, field)
    if end <= start:
        raise Refused(_("The end comes before the start. Type both again."), field)


def check_aware(at: datetime, field: str) -> None:
    if at.tzinfo is None:
        raise Refused(_("This time has no time zone."), field)
