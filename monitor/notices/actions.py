"""Writes of the outbox. The row is the truth, a task only a hint.

A notice is queued in the transaction of what it is about, claimed by a conditional
UPDATE, and delivered in-app: one Delivery per person, so that nothing shows twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from monitor import clock
from monitor.audit import actions as audit
from monitor.notices.models import Acknowledgement, Delivery, Heartbeat, Notice
from monitor.trials.models import Participant, User
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import people_in

logger = logging.getLogger(__name__)

# A worker that died gives its claim back after this long.
CLAIM = timedelta(seconds=60)
ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=30)
BATCH = 100
IN_APP = "in_app"
SWEEP = "sweep"


class NobodyToTell(RuntimeError):
    """No account has one of the notice's roles at the site."""


@transaction.atomic
def queue(
    *,
    participant: Participant,
    kind: str,
    level: str,
    roles: Iterable[str],
    lines: Sequence[str],
    path: str,
    happened_at: datetime,
    key: str,
    due_at: datetime | None = None,
    spare: User | None = None,
) -> Notice:
    """Put a notice into the outbox; the same `key` a second time adds nothing.

    `spare` saw it on the screen and is not told again.
    """
    now = clock.now()
    notice, _created = Notice.objects.get_or_create(
        key=key,
        defaults={
            "participant": participant,
            "kind": kind,
            "level": level,
            "roles": [str(role) for role in roles],
            "lines": list(lines),
            "path": path,
            "happened_at": happened_at,
            "created_at": now,
            "due_at": due_at or now,
            "spared": spare,
        },
    )
    return notice


@transaction.atomic
def call_off(*, participant: Participant, kind: str) -> int:
    """Notices of a kind that nobody was told of yet, and that are no longer true."""
    waiting = Notice.objects.filter(
        participant=participant, kind=kind, state=Notice.State.WAITING
    )
    return waiting.filter(deliveries__isnull=True).delete()[0]


# Delivery


def deliver_due(now: datetime) -> int:
    """Deliver what is due, each notice in its own transaction; how many went out.

    1. Find the waiting notices that nobody holds.
    2. Claim one by a conditional UPDATE: one row changed means that it is ours.
    3. Tell its people, and settle it; or note the failure, for a later attempt.
    """
    free = Notice.objects.filter(_free(now)).order_by("due_at", "pk")
    ids = list(free.values_list("pk", flat=True)[:BATCH])
    return sum(_deliver_one(pk, now) for pk in ids)


def _free(now: datetime) -> Q:
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    return unclaimed & Q(state=Notice.State.WAITING, due_at__lte=now)


def claim(pk: int, now: datetime) -> bool:
    """Whether the notice is ours to deliver, for as long as CLAIM lasts."""
    mine = Notice.objects.filter(_free(now), pk=pk).update(
        claimed_until=now + CLAIM, attempts=F("attempts") + 1
    )
    return mine == 1


def _deliver_one(pk: int, now: datetime) -> bool:
    if not claim(pk, now):
        return False
    try:
        with transaction.atomic():
            deliver(notice=Notice.objects.get(pk=pk), at=now)
    except Exception:
        logger.exception("A notice could not be delivered.")
        _put_back(pk, now)
        return False
    return True


@transaction.atomic
def deliver(*, notice: Notice, at: datetime) -> list[Delivery]:
    """Show the notice to everyone who has one of its roles at the site now.

    Raises NobodyToTell when there is none at all.
    """
    people = list(people_in(notice.participant.site, notice.roles))
    if not people:
        raise NobodyToTell
    told = [
        Delivery(notice=notice, user=user, channel=IN_APP, at=at)
        for user in people
        if user.pk != notice.spared_id
    ]
    Delivery.objects.bulk_create(told, ignore_conflicts=True)
    Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING).update(
        state=Notice.State.DELIVERED, settled_at=at, claimed_until=None
    )
    _audit(notice, "notice.delivered", SWEEP, [user.user.username for user in told])
    return told


def _put_back(pk: int, now: datetime) -> None:
    """Wait twice as long each time; after ATTEMPTS it is undeliverable, and says so."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(pk=pk)
        notice.claimed_until = None
        notice.due_at = now + FIRST_PAUSE * 2 ** (notice.attempts - 1)
        if notice.attempts >= ATTEMPTS:
            notice.state, notice.settled_at = Notice.State.FAILED, now
        notice.save()
        if notice.state == Notice.State.FAILED:
            _audit(notice, "notice.failed", SWEEP)


# Answers


@transaction.atomic
def acknowledge(*, notice: Notice, by: User) -> Acknowledgement:
    """A person takes it. The first one counts; each person answers once."""
    check(by, Permission.ACKNOWLEDGE, notice.participant.site)
    answer, created = _answer(notice, by, Acknowledgement.Kind.ACKNOWLEDGED)
    if created:
        _audit(notice, "notice.acknowledged", by)
    return answer


@transaction.atomic
def mark_read(*, notice: Notice, by: User) -> Acknowledgement:
    """A person has seen it; nobody has taken it by that."""
    return _answer(notice, by, Acknowledgement.Kind.READ)[0]


def _answer(notice: Notice, by: User, kind: str) -> tuple[Acknowledgement, bool]:
    return Acknowledgement.objects.get_or_create(
        notice=notice, user=by, kind=kind, defaults={"at": clock.now()}
    )


def _audit(
    notice: Notice, action: str, by: User | str, people: Iterable[str] = ()
) -> None:
    names = ", ".join(people)
    audit.record(
        action=action,
        by=by,
        of=notice,
        site=notice.participant.site,
        participant=notice.participant.code,
        changes=[audit.change("told", None, names)] if names else [],
    )


def beat(*, name: str, at: datetime) -> Heartbeat:
    """The sweep ran: when this stops, the board says so."""
    return Heartbeat.objects.update_or_create(name=name, defaults={"at": at})[0]
