"""What a person was told, and what nobody has answered. Constant queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from monitor import clock
from monitor.episodes.shapes import Answered
from monitor.notices.models import Acknowledgement, Delivery, Heartbeat, Notice
from monitor.trials.models import Membership, Participant, User
from monitor.trials.queries import participants_for

SWEEP = "sweep"
# Three sweeps that did not come: the worker has stopped.
SILENCE = timedelta(seconds=90)
ACKNOWLEDGED = Acknowledgement.Kind.ACKNOWLEDGED


@dataclass(frozen=True)
class NoticeRow:
    """A notice as its reader sees it. `mine`: the reader acknowledged it."""

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
    mine: bool


@dataclass(frozen=True)
class ToldRow:
    name: str
    role: str
    at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class Pulse:
    """When the sweep last ran; `late` when it should have run again by now."""

    at: datetime | None
    late: bool


def open_deliveries(user: User) -> QuerySet[Delivery]:
    """What the person was told and nobody has acknowledged."""
    taken = Acknowledgement.objects.filter(notice=OuterRef("notice"), kind=ACKNOWLEDGED)
    return Delivery.objects.filter(~Exists(taken), user=user)


def unread(user: User) -> int:
    """How many notices to the person nobody has acknowledged."""
    return open_deliveries(user).count()


def inbox(user: User, limit: int = 50) -> list[NoticeRow]:
    """The person's notices, newest first; open ones before answered ones."""
    taken = Exists(
        Acknowledgement.objects.filter(notice=OuterRef("notice"), kind=ACKNOWLEDGED)
    )
    told = (
        Delivery.objects.filter(user=user)
        .annotate(taken=taken)
        .select_related("notice__participant__site")
        .order_by("taken", "-notice__created_at", "-pk")
    )
    return notice_rows([one.notice for one in told[:limit]], user)


def newest(user: User) -> NoticeRow | None:
    """The newest notice to the person that nobody has acknowledged."""
    told = open_deliveries(user).select_related("notice__participant__site")
    last = told.order_by("-notice__created_at", "-pk").first()
    return notice_rows([last.notice], user)[0] if last else None


def open_about(user: User, participant: Participant) -> NoticeRow | None:
    """The newest notice to the person about a participant that nobody has taken."""
    told = open_deliveries(user).filter(notice__participant=participant)
    told = told.select_related("notice__participant__site")
    last = told.order_by("-notice__created_at", "-pk").first()
    return notice_rows([last.notice], user)[0] if last else None


def notice_rows(notices: Iterable[Notice], user: User) -> list[NoticeRow]:
    every = list(notices)
    taken = first_answers(every)
    return [_row(notice, taken.get(notice.pk), user) for notice in every]


def _row(notice: Notice, answer: Acknowledgement | None, user: User) -> NoticeRow:
    return NoticeRow(
        id=notice.pk,
        participant=notice.participant,
        kind=notice.kind,
        kind_word=str(notice.get_kind_display()),
        level=notice.level,
        lines=list(notice.lines),
        path=notice.path,
        at=notice.created_at,
        happened_at=notice.happened_at,
        acknowledged=answered(answer),
        mine=answer is not None and answer.user_id == user.pk,
    )


def answered(answer: Acknowledgement | None) -> Answered | None:
    if answer is None:
        return None
    return Answered(by=answer.user.get_full_name(), at=answer.at)


def first_answers(notices: Iterable[Notice]) -> dict[int, Acknowledgement]:
    """Notice id -> the acknowledgement that came first."""
    answers = Acknowledgement.objects.filter(notice__in=notices, kind=ACKNOWLEDGED)
    latest_first = answers.select_related("user").order_by("-at", "-pk")
    return {answer.notice_id: answer for answer in latest_first}


def answers(user: User) -> dict[int, Answered | None]:
    """Participant id -> who took the last notice of a level there; None: nobody yet.

    Participants without such a notice are left out. For `episodes.queries.board`.
    """
    last = Notice.objects.filter(
        participant=OuterRef("pk"), kind=Notice.Kind.LEVEL
    ).order_by("-created_at", "-pk")
    people = (
        participants_for(user).order_by().annotate(last=Subquery(last.values("pk")[:1]))
    )
    wanted = dict(people.filter(last__isnull=False).values_list("pk", "last"))
    taken = first_answers(Notice.objects.filter(pk__in=wanted.values()))
    return {who: answered(taken.get(notice)) for who, notice in wanted.items()}


def told(participant: Participant, limit: int = 6) -> list[ToldRow]:
    """Who was told of the participant's last notices, newest first."""
    deliveries = (
        Delivery.objects.filter(notice__participant=participant)
        .select_related("user")
        .prefetch_related("notice__answers")
        .order_by("-at", "-pk")[:limit]
    )
    every = list(deliveries)
    roles = _roles({one.user_id for one in every}, participant)
    return [_told(one, roles.get(one.user_id, "")) for one in every]


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
    """A notice about a participant whom the person may read. Raises Http404."""
    people = participants_for(user).order_by().values("pk")
    notices = Notice.objects.filter(participant__in=people)
    found = notices.select_related("participant__site").filter(pk=pk).first()
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
