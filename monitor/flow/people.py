"""Who may see what: an account is locked, a participant unblinded in an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import story
from monitor.bedside.models import Observation, Reading
from monitor.door import actions as door
from monitor.notices import unblinding
from monitor.refusal import Refused
from monitor.review import actions as reviews
from monitor.trials import actions as trials
from monitor.trials.blinding import hidden_items, hidden_patterns
from monitor.trials.models import Participant, Trial, Unblinding, User
from monitor.trials.queries import current_cycle


def lock_account(*, user: User, by: User, reason: str) -> User:
    """The account opens nothing from now on, and every session of it ends."""
    with transaction.atomic():
        locked = trials.lock_account(user=user, by=by, reason=reason)
        door.end_all_of(user=user, by=by)
        return locked


def set_blinding(
    *, trial: Trial, blinding: Mapping[str, Any], by: User, reason: str
) -> Trial:
    """What the trial hides, and from whom. See trials.actions.set_blinding.

    Raises Refused for an item that has a value, and for a pattern once a set was
    entered: people have seen them, and what was seen cannot be hidden.
    """
    before = hidden_patterns(trial)
    with transaction.atomic():
        made = trials.set_blinding(trial=trial, blinding=blinding, by=by, reason=reason)
        if seen := seen_already(made, before):
            said = _("%(seen)s stood open to everybody in this trial until now.")
            raise Refused(said % {"seen": ", ".join(seen)}, "blinding")
        return made


def seen_already(trial: Trial, hidden_before: frozenset[str]) -> list[str]:
    """Of what the trial is to hide, what somebody blinded may have seen."""
    readings = Reading.objects.filter(
        observation__cycle__participant__site__trial=trial,
        item__in=hidden_items(trial),
    )
    found = set(readings.values_list("item", flat=True).distinct())
    newly = hidden_patterns(trial) - hidden_before
    if (
        newly
        and Observation.objects.filter(cycle__participant__site__trial=trial).exists()
    ):
        found |= newly
    return sorted(found)


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
