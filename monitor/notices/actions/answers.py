"""What people answer: they take a notice, put it off, act on it, call it useful."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit import together
from monitor.clinical.study.escalation import Policy
from monitor.episodes.shapes import rank
from monitor.notices.actions.firing import followed
from monitor.notices.actions.log import record
from monitor.notices.actions.outbox import stop_timers, unanswered
from monitor.notices.models import (
    Acknowledgement,
    Escalation,
    Notice,
    Snooze,
    Usefulness,
)
from monitor.notices.replacing import replaced
from monitor.refusal import Refused
from monitor.trials.models import Participant, User
from monitor.trials.permissions import Permission, check

Kind, Via = Acknowledgement.Kind, Acknowledgement.Via
#: What may follow a notice. A re-check answers it; the others are actions.
RECHECK, TREATMENT, DOSE, REVIEW = "recheck", "treatment", "dose", "review"


@transaction.atomic
def acknowledge(
    *, notice: Notice, by: User, via: str = Via.LIST, address: str | None = None
) -> Acknowledgement:
    """A person takes it, and with it what was told before it and nobody has taken.

    The answer counts once as many people gave it as the policy asks for; from then on
    nobody is told on, unless nothing follows in the policy's time.
    """
    audit.hold()
    check(by, Permission.ACKNOWLEDGE, notice.participant.site)
    now = clock.now()
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    answer = _take(locked, by, now, via, address)
    for one in _taken_along(locked):
        _take(one, by, now, via, address)
    notice.refresh_from_db()
    return answer


def _taken_along(notice: Notice) -> list[Notice]:
    """Earlier news of the same participant, no worse than what was taken."""
    if notice.kind != Notice.Kind.LEVEL:
        return []
    earlier = unanswered(notice.participant).filter(
        kind=Notice.Kind.LEVEL, created_at__lte=notice.created_at
    )
    every = earlier.exclude(pk=notice.pk).select_for_update()
    return [one for one in every if rank(one.level) <= rank(notice.level)]


def _take(
    notice: Notice, by: User, now: datetime, via: str, address: str | None
) -> Acknowledgement:
    answer, created = Acknowledgement.objects.get_or_create(
        notice=notice,
        user=by,
        kind=Kind.ACKNOWLEDGED,
        turn=notice.turn,
        what="",
        defaults={"at": now, "via": via, "address": address},
    )
    if created:
        where = f"{answer.get_via_display()} {address or ''}".strip()
        record(notice, "notice.acknowledged", by, [audit.change("from", None, where)])
    if notice.answered_at is None:
        _settle_answers(notice, now)
    return answer


def _settle_answers(notice: Notice, now: datetime) -> None:
    policy = Policy.thawed(notice.policy)
    taken = notice.answers.filter(kind=Kind.ACKNOWLEDGED, turn=notice.turn)
    if taken.count() < policy.acknowledgements:
        return
    notice.answered_at = now
    notice.save(update_fields=["answered_at"])
    stop_timers(notice, now, "acknowledged")
    if policy.act_within_minutes and not followed(notice):
        Escalation.objects.create(
            notice=notice,
            turn=notice.turn,
            purpose=Escalation.Purpose.CHECK,
            due_at=now + timedelta(minutes=policy.act_within_minutes),
        )


@transaction.atomic
def mark_read(*, notice: Notice, by: User) -> Acknowledgement:
    """A person has seen it; nobody has taken it by that."""
    return Acknowledgement.objects.get_or_create(
        notice=notice,
        user=by,
        kind=Kind.READ,
        turn=notice.turn,
        what="",
        defaults={"at": clock.now()},
    )[0]


@together.joins
def acted(*, participant: Participant, what: str, at: datetime, by: User) -> int:
    """Something was done or measured at `at`: notices of what came before were heeded.

    An acknowledgement that waited for it stands from now on. Returns how many of them
    the person had not heeded in this way before.
    """
    known = Acknowledgement.objects.filter(
        notice=OuterRef("pk"),
        user=by,
        kind=Kind.ACTED,
        turn=OuterRef("turn"),
        what=what,
    )
    about = Notice.objects.filter(
        participant=participant,
        kind=Notice.Kind.LEVEL,
        acted_at__isnull=True,
        happened_at__lt=at,
    ).exclude(Exists(known))
    found = list(about)
    if not found:
        return 0
    audit.hold()
    now = clock.now()
    Acknowledgement.objects.bulk_create(
        (
            Acknowledgement(
                notice=one,
                user=by,
                kind=Kind.ACTED,
                turn=one.turn,
                at=now,
                via=Via.RECORD,
                what=what,
            )
            for one in found
        ),
        ignore_conflicts=True,
    )
    if what != RECHECK:
        Notice.objects.filter(pk__in=[one.pk for one in found]).update(acted_at=now)
    return len(found)


@transaction.atomic
def snooze(*, notice: Notice, by: User, until: datetime, reason: str) -> Snooze:
    """Nobody is told on before `until`; then everybody is again.

    A rise is a notice of its own, which no snooze holds back. Raises Refused, with the
    field: without a reason, for a time past or too far, for what was answered.
    """
    audit.hold()
    check(by, Permission.ACKNOWLEDGE, notice.participant.site)
    now = clock.now()
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    longest = Policy.thawed(locked.policy).snooze_minutes
    if locked.answered_at or locked.ended_at:
        raise Refused(_("Nobody is told on already: there is nothing to snooze."))
    if longest is None:
        raise Refused(_("This cannot be snoozed."))
    if later := replaced([locked]).get(locked.pk):
        said = _("Notice %(n)d has replaced this one and is told on: snooze that one.")
        raise Refused(said % {"n": later})
    if not reason.strip():
        raise Refused(_("Say why it can wait."), "reason")
    if not now < until <= now + timedelta(minutes=longest):
        said = _("Choose an end within the next %(n)d minutes.")
        raise Refused(said % {"n": longest}, "until")
    made = Snooze.objects.create(
        notice=locked, user=by, at=now, until=until, reason=reason.strip()
    )
    stop_timers(locked, now, "snoozed")
    Escalation.objects.create(
        notice=locked,
        turn=locked.turn,
        purpose=Escalation.Purpose.RESUME,
        step=Snooze.objects.filter(notice=locked).count(),
        due_at=until,
    )
    told = [audit.change("until", None, until)]
    record(locked, "notice.snoozed", by, told, reason.strip())
    return made


@transaction.atomic
def say_useful(*, notice: Notice, by: User, useful: bool) -> Usefulness:
    """One click: was this useful? The same answer again adds nothing."""
    audit.hold()
    check(by, Permission.ACKNOWLEDGE, notice.participant.site)
    last = notice.opinions.filter(user=by).order_by("pk").last()
    if last is not None and last.useful == useful:
        return last
    made = Usefulness.objects.create(
        notice=notice, user=by, useful=useful, at=clock.now()
    )
    before = None if last is None else last.useful
    record(notice, "notice.judged", by, [audit.change("useful", before, useful)])
    return made
