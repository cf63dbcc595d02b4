"""What a person was told, and what nobody has answered. Constant queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http import Http404
from django.utils.translation import gettext as _

from monitor import clock
from monitor.clinical.study.escalation import Policy
from monitor.episodes.shapes import Answered
from monitor.notices.models import (
    Acknowledgement,
    Delivery,
    Escalation,
    Heartbeat,
    Notice,
    Snooze,
)
from monitor.notices.replacing import replaced
from monitor.trials.models import Membership, Participant, User
from monitor.trials.queries import participants_for

SWEEP = "sweep"
# So long without a sweep: the worker has stopped.
SILENCE = timedelta(minutes=2)
ACKNOWLEDGED = Acknowledgement.Kind.ACKNOWLEDGED
Kind = Notice.Kind
#: Notices of the paper about a participant: nobody was told how the person does.
ABOUT_THE_RECORD = (
    Kind.QUESTION,
    Kind.REFERRED,
    Kind.OPINION,
    Kind.DISPUTED,
    Kind.REPORT,
)


@dataclass(frozen=True)
class NoticeRow:
    """A notice as its reader sees it. `mine`: the reader acknowledged it.

    `path` is empty for who may not read the participant. `needed` people must take it.
    `replaced_by`: the later notice with which it is told on, and which settles it too.
    """

    id: int
    participant: Participant
    kind: str
    kind_word: str
    level: str
    lines: list[str]
    path: str
    at: datetime
    happened_at: datetime
    acknowledged: Answered | None
    taken_by: list[str]
    needed: int
    mine: bool
    ended_at: datetime | None
    snooze: Snooze | None
    snooze_minutes: float | None
    replaced_by: int | None = None

    @property
    def open(self) -> bool:
        return self.acknowledged is None and self.ended_at is None


@dataclass(frozen=True)
class ToldRow:
    name: str
    role: str
    at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class Told:
    """Who was told of one event; `waiting`: it is on its way and has reached nobody."""

    rows: list[ToldRow]
    waiting: bool


@dataclass(frozen=True)
class Pulse:
    """When the sweep last ran; `late` when it should have run again by now."""

    at: datetime | None
    late: bool


OPEN = Q(notice__answered_at__isnull=True, notice__ended_at__isnull=True)


def open_deliveries(user: User) -> QuerySet[Delivery]:
    """What the person was told, still is so, and nobody has taken."""
    return Delivery.objects.filter(OPEN, user=user)


def unread(user: User) -> int:
    """How many notices to the person nobody has acknowledged."""
    return open_deliveries(user).count()


def inbox(user: User, limit: int = 50) -> list[NoticeRow]:
    """The person's notices, newest first; open ones before the others."""
    told = (
        Delivery.objects.filter(user=user)
        .annotate(closed=Case(When(OPEN, then=Value(0)), default=Value(1)))
        .select_related("notice__participant__site")
        .order_by("closed", "-notice__created_at", "-pk")
    )
    return listed([one.notice for one in told[:limit]], user)


def newest(user: User) -> NoticeRow | None:
    """The newest notice to the person that nobody has acknowledged."""
    return _last(open_deliveries(user), user)


def open_about(user: User, participant: Participant) -> NoticeRow | None:
    """The newest notice to the person about a participant that nobody has taken."""
    told = open_deliveries(user).filter(notice__participant=participant)
    return _last(told, user)


def _last(told: QuerySet[Delivery], user: User) -> NoticeRow | None:
    rows = told.select_related("notice__participant__site")
    last = rows.order_by("-notice__created_at", "-pk").first()
    return notice_rows([last.notice], user)[0] if last else None


def listed(notices: Sequence[Notice], user: User) -> list[NoticeRow]:
    """Rows that say by which later notice each was replaced, to who may read that."""
    later = replaced(notices)
    rows = notice_rows(notices, user)
    return [
        replace(row, replaced_by=later.get(row.id) if row.path else None)
        for row in rows
    ]


def notice_rows(notices: Iterable[Notice], user: User) -> list[NoticeRow]:
    every = list(notices)
    taken, asleep = answers_of(every), snoozed(every)
    readable = set(
        participants_for(user)
        .filter(pk__in={one.participant_id for one in every})
        .order_by()
        .values_list("pk", flat=True)
    )
    return [
        _row(
            one, taken[one.pk], asleep.get(one.pk), user, one.participant_id in readable
        )
        for one in every
    ]


def _row(
    notice: Notice,
    answers: list[Acknowledgement],
    asleep: Snooze | None,
    user: User,
    readable: bool,
) -> NoticeRow:
    policy = Policy.thawed(notice.policy)
    return NoticeRow(
        id=notice.pk,
        participant=notice.participant,
        kind=notice.kind,
        kind_word=str(notice.get_kind_display()),
        level=notice.level,
        lines=list(notice.lines),
        path=notice.path if readable else "",
        at=notice.created_at,
        happened_at=notice.happened_at,
        acknowledged=answered(answers[0]) if notice.answered_at and answers else None,
        taken_by=[one.user.get_full_name() for one in answers],
        needed=policy.acknowledgements,
        mine=any(one.user_id == user.pk for one in answers),
        ended_at=notice.ended_at,
        snooze=asleep,
        snooze_minutes=policy.snooze_minutes,
    )


def answered(answer: Acknowledgement | None) -> Answered | None:
    if answer is None:
        return None
    return Answered(by=answer.user.get_full_name(), at=answer.at)


def answers_of(notices: Iterable[Notice]) -> dict[int, list[Acknowledgement]]:
    """Notice id -> who took it in its present turn, first come first."""
    found: dict[int, list[Acknowledgement]] = defaultdict(list)
    rows = Acknowledgement.objects.filter(
        notice__in=list(notices), kind=ACKNOWLEDGED, turn=F("notice__turn")
    )
    for row in rows.select_related("user").order_by("at", "pk"):
        found[row.notice_id].append(row)
    return found


def snoozed(notices: Iterable[Notice]) -> dict[int, Snooze]:
    """Notice id -> the snooze that holds it back now."""
    running = Escalation.objects.filter(
        notice=OuterRef("notice"),
        purpose=Escalation.Purpose.RESUME,
        state=Escalation.State.WAITING,
        due_at=OuterRef("until"),
    )
    rows = Snooze.objects.filter(
        Exists(running), notice__in=list(notices), until__gt=clock.now()
    )
    return {row.notice_id: row for row in rows.select_related("user").order_by("pk")}


def answers(user: User) -> dict[int, Answered | None]:
    """Participant id -> who took the last notice of a level there, or put it off; None:

    nobody yet. Participants without such a notice, or whose last is over and was never
    taken, are left out. For `episodes.queries.board`.
    """
    last = Notice.objects.filter(
        participant=OuterRef("pk"), kind=Notice.Kind.LEVEL
    ).order_by("-created_at", "-pk")
    people = (
        participants_for(user).order_by().annotate(last=Subquery(last.values("pk")[:1]))
    )
    wanted = people.filter(last__isnull=False).values_list("last", flat=True)
    return _answers(Notice.objects.in_bulk(wanted).values())


def answer_about(participant: Participant) -> Answered | None:
    """The same of one participant, whom the caller may read."""
    told = Notice.objects.filter(participant=participant, kind=Notice.Kind.LEVEL)
    last = told.order_by("-created_at", "-pk")[:1]
    return _answers(last).get(participant.pk)


def _answers(last: Iterable[Notice]) -> dict[int, Answered | None]:
    every = list(last)
    taken = answers_of(one for one in every if one.answered_at)
    asleep = snoozed(one for one in every if not one.answered_at)
    return {
        one.participant_id: answered(taken[one.pk][0])
        if one.pk in taken
        else put_off(asleep, one.pk)
        for one in every
        if one.pk in taken or one.ended_at is None
    }


def put_off(asleep: Mapping[int, Snooze], notice: int) -> Answered | None:
    """Who put the notice off, and until when; None where nobody did."""
    one = asleep.get(notice)
    if one is None:
        return None
    return Answered(by=one.user.get_full_name(), at=one.at, until=one.until)


def told(participant: Participant, since: datetime | None, limit: int = 6) -> Told:
    """Who was told of what has happened to the participant since then, newest first.

    `since` is when what stands last rose: what was told of earlier events says nothing
    of it. None: nothing stands of which anybody is told.
    """
    if since is None:
        return Told([], False)
    here = Notice.objects.filter(
        participant=participant, happened_at__gte=since
    ).exclude(kind__in=ABOUT_THE_RECORD)
    deliveries = (
        Delivery.objects.filter(notice__in=here)
        .select_related("user")
        .prefetch_related("notice__answers")
        .order_by("-at", "-pk")[:limit]
    )
    every = list(deliveries)
    if not every:
        return Told([], here.filter(state=Notice.State.WAITING).exists())
    roles = _roles({one.user_id for one in every}, participant)
    return Told([_told(one, roles.get(one.user_id, "")) for one in every], False)


def _told(one: Delivery, role: str) -> ToldRow:
    own = {
        answer.kind: answer.at
        for answer in one.notice.answers.all()
        if answer.user_id == one.user_id
    }
    return ToldRow(
        name=one.user.get_full_name(),
        role=role,
        at=one.at,
        read_at=own.get(Acknowledgement.Kind.READ),
        acknowledged_at=own.get(ACKNOWLEDGED),
    )


def _roles(users: set[int], participant: Participant) -> dict[int, str]:
    rows = Membership.objects.filter(
        user__in=users, trial_id=participant.site.trial_id
    ).order_by("pk")
    return {row.user_id: str(row.get_role_display()) for row in rows}


def notice_for(user: User, pk: int) -> Notice:
    """A notice about a participant whom the person may read, or that they were told.

    Raises Http404.
    """
    people = participants_for(user).order_by().values("pk")
    own = Delivery.objects.filter(notice=OuterRef("pk"), user=user)
    notices = Notice.objects.filter(Q(participant__in=people) | Exists(own))
    found = notices.select_related("participant__site__trial").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such notice."))
    return found


def undelivered(user: User) -> int:
    """Notices about the person's participants that could reach nobody."""
    people = participants_for(user).order_by().values("pk")
    failed = Notice.objects.filter(state=Notice.State.FAILED)
    return failed.filter(participant__in=people).count()


def heartbeat(now: datetime | None = None) -> Pulse:
    """Whether the sweep runs."""
    at = Heartbeat.objects.filter(name=SWEEP).values_list("at", flat=True).first()
    now = now or clock.now()
    return Pulse(at=at, late=at is None or now - at > SILENCE)
