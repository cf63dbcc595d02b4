"""Letting in again who cannot come in: a lost password, a lock-out, a lost device.

An administrator does it on the person's page; whoever has a shell of the machine does
it for an owner who is alone, by `manage.py let_in`. The person hears of it next time.
"""

from __future__ import annotations

from datetime import datetime

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import record
from monitor.audit.models import Event
from monitor.door import actions
from monitor.door.models import SecondFactor
from monitor.refusal import Refused
from monitor.trials.actions.people import check_looks_after
from monitor.trials.models import User
from monitor.trials.people import LOCKED


def check_lets_in(by: User | str, user: User, reason: str) -> None:
    if not isinstance(by, str):
        check_looks_after(by, user)
        if by.pk == user.pk:
            raise Refused(_("Nobody does this for themselves: another administrator."))
    if not reason.strip():
        raise Refused(_("Give the reason."), "reason")


@transaction.atomic
def give_password(*, user: User, by: User | str, password: str, reason: str) -> User:
    """A password to hand over, which the person changes before anything else opens.

    Every session of the account ends, and a lock-out with it. Raises Refused.
    """
    check_lets_in(by, user, reason)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "password") from error
    row = User.objects.select_for_update().get(pk=user.pk)
    row.set_password(password)
    row.password_given_at = clock.now()
    row.save(update_fields=["password", "password_given_at"])
    reset(username=row.username)
    record(action="user.password_given", by=by, of=row, reason=reason.strip())
    actions.end_all_of(user=row, by=by)
    return row


@transaction.atomic
def lift_lock_out(*, user: User, by: User | str, reason: str) -> User:
    """After too many failures the person may try again at once. Raises Refused."""
    check_lets_in(by, user, reason)
    reset(username=user.username)
    record(action=actions.LIFTED, by=by, of=user, reason=reason.strip())
    return user


@transaction.atomic
def take_lost_factor(*, user: User, by: User | str, reason: str) -> User:
    """The device is lost: the second factor goes, and a new one is added next.

    By the owner or the operator. Raises Refused.
    """
    check_lets_in(by, user, reason)
    if not isinstance(by, str) and not by.is_superuser:
        raise Refused(_("Only the owner takes away somebody else's second factor."))
    row = SecondFactor.objects.select_for_update().filter(user=user).first()
    if row is None:
        raise Refused(_("This person has no second factor."))
    record(action="user.factor_taken", by=by, of=user, reason=reason.strip())
    row.delete()
    return user


def locked_out(users: list[User]) -> dict[int, datetime]:
    """Until when sign-in is locked for which of these accounts: two queries."""
    now, lasts = clock.now(), actions.GUESSING
    ids = {str(user.pk): user.pk for user in users}
    events = Event.objects.filter(
        object_type="User", object_id__in=list(ids), at__gt=now - lasts
    )
    last = {
        action: dict(
            events.filter(action__in=ends)
            .values_list("object_id")
            .annotate(last=Max("sequence"))
        )
        for action, ends in (
            ("locked", [LOCKED]),
            ("lifted", [actions.LIFTED, "user.password_given", "door.signed_in"]),
        )
    }
    still = [
        sequence
        for found, sequence in last["locked"].items()
        if sequence > last["lifted"].get(found, 0)
    ]
    rows = Event.objects.filter(sequence__in=still).values_list("object_id", "at")
    return {ids[found]: at + lasts for found, at in rows}
