"""Who may see what: an account is locked, a participant unblinded in an emergency."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import story
from monitor.door import actions as door
from monitor.notices import unblinding
from monitor.refusal import Refused
from monitor.review import actions as reviews
from monitor.trials import actions as trials
from monitor.trials.models import Participant, Unblinding, User
from monitor.trials.queries import current_cycle


def lock_account(*, user: User, by: User, reason: str) -> User:
    """The account opens nothing from now on, and every session of it ends."""
    with transaction.atomic():
        locked = trials.lock_account(user=user, by=by, reason=reason)
        door.end_all_of(user=user, by=by)
        return locked


def unblind(
    *, participant: Participant, by: User, password: str, reason: str, key: UUID
) -> Unblinding:
    """An emergency: the person learns the dose level. See trials.actions.unblind.

    The people whom the protocol lists are told that it was done, not what was seen.
    With a wrong password nothing but that is kept. Raises WrongPassword or Refused.
    """
    cycle = current_cycle(participant)
    if cycle is None:
        raise Refused(_("This participant has no cycle yet: nothing was given."))
    try:
        with transaction.atomic():
            cycle = story.lock(cycle)
            reviews.check_password(by, password)
            made, created = trials.unblind(
                participant=cycle.participant, by=by, reason=reason, key=key
            )
            if created:
                unblinding.told(cycle, made)
                transaction.on_commit(story.nudge)
            return made
    except reviews.WrongPassword:
        trials.unblinding_refused(participant=participant, by=by)
        raise
