"""Of which death a participant's signed decisions speak.

The last signed decision on an event counts, also where a later change has withdrawn its
signature or a draft stands: nobody comes alive because a value was corrected. Only
another signature says otherwise.
"""

from __future__ import annotations

from datetime import datetime

from monitor.review.models import Review
from monitor.trials.models import Participant

FATAL = "FATAL"


def died_at(participant: Participant) -> datetime | None:
    """The time of death as signed; None where no signed decision says one."""
    signed = Review.objects.filter(
        episode__cycle__participant=participant, signature__isnull=False
    )
    told = signed.order_by("pk").values_list("episode", "outcome", "died_at")
    last = {episode: (outcome, at) for episode, outcome, at in told}
    said = [at for outcome, at in last.values() if outcome == FATAL and at]
    return min(said, default=None)
