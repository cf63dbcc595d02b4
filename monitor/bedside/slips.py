"""A slip of one's own: seen at once, mended at once, and asked no reason for.

The value before stays readable all the same, with a sentence in place of the reason.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from monitor import clock
from monitor.bedside.models import Reading
from monitor.trials.models import User


def mended_until(reading: Reading, by: User, minutes: float) -> datetime | None:
    """Until when its author may mend a reading without a reason; None: a reason is due.

    `minutes` is the protocol's. A correction begins no grace of its own.
    """
    own = reading.recorded_by_id == by.pk and not reading.supersedes_id
    if not own or minutes <= 0:
        return None
    until = reading.recorded_at + timedelta(minutes=minutes)
    return until if clock.now() <= until else None


def reason_for(reading: Reading, by: User, minutes: float, typed: str) -> str:
    """The reason that was typed, or within the grace the sentence that stands for it.

    "" when a reason is due and none was typed.
    """
    if typed.strip() or mended_until(reading, by, minutes) is None:
        return typed.strip()
    said = _("A slip of the author's own, mended within %(minutes)g min.")
    return said % {"minutes": minutes}
