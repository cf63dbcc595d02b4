"""An episode that is open when the next cycle begins goes on in its own cycle (R9).

It keeps the baselines and the protocol of the cycle in which it opened: that cycle is
read on, with what is recorded in the later ones, until the episode is over. Meanwhile
the later cycle opens no second episode of the same topic, and shows the earlier one's
level where that is higher. Without such an episode no other cycle is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from monitor.episodes.models import CycleState, Episode, Step
from monitor.episodes.shapes import rank
from monitor.episodes.standing import Span
from monitor.trials.models import Cycle

Topic = tuple[str, str]
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Onward:
    """What a cycle has to do with those before and after it.

    `later`: cycles that are read with it, for an episode of its own is open. `until`:
    what begins from then on belongs to them. `meanwhile`: topic -> when the earlier
    cycle's episode of it was over; None, it is open.
    """

    later: tuple[Cycle, ...] = ()
    until: datetime | None = None
    meanwhile: Mapping[Topic, datetime | None] = field(default_factory=dict)

    def opens(self, topic: Topic, span: Span) -> bool:
        """Whether a finding of this cycle is an episode of its own."""
        if self.until is not None and span.opened_at >= self.until:
            return False
        if topic not in self.meanwhile:
            return True
        over = self.meanwhile[topic]
        return over is not None and span.end > over


def standing() -> QuerySet[Step]:
    return Step.objects.filter(withdraws__isnull=True, withdrawn_by__isnull=True)


def not_over(begins: Any) -> Q:
    """A condition on episodes: there, and not over when a later cycle began."""
    steps = standing().filter(episode=OuterRef("pk"))
    return Exists(steps) & ~Exists(steps.filter(closed=True, at__lte=begins))


def has_earlier() -> Exists:
    """A condition on states: an episode of an earlier cycle was open at the start."""
    earlier = Episode.objects.filter(
        cycle__participant=OuterRef("cycle__participant"),
        cycle__number__lt=OuterRef("cycle__number"),
    )
    return Exists(earlier.filter(not_over(OuterRef(OuterRef("cycle__opened_at")))))


def has_later() -> Exists:
    """A condition on states: another cycle has begun since."""
    return Exists(
        Cycle.objects.filter(
            participant=OuterRef("cycle__participant"),
            number__gt=OuterRef("cycle__number"),
        )
    )


def known(state: Any) -> tuple[bool, bool]:
    """What the two conditions said of a state that was loaded with them."""
    return state.has_earlier, state.has_later


def earlier_of(cycle: Cycle) -> list[int]:
    """The cycles before this one whose episodes go on into it, oldest first."""
    found = _unfinished(cycle).order_by("cycle__number")
    return list(dict.fromkeys(found.values_list("cycle", flat=True)))


def _unfinished(cycle: Cycle) -> QuerySet[Episode]:
    earlier = Episode.objects.filter(
        cycle__participant=cycle.participant_id, cycle__number__lt=cycle.number
    )
    return earlier.filter(not_over(cycle.opened_at))


def of(cycle: Cycle, *, earlier: bool, later: bool) -> Onward:
    """`earlier`, `later`: whether there are such episodes or cycles at all."""
    meanwhile = _meanwhile(cycle) if earlier else {}
    if not later:
        return Onward(meanwhile=meanwhile)
    after = Cycle.objects.filter(
        participant=cycle.participant_id, number__gt=cycle.number
    )
    needed = ("participant__site", "participant__cohort", "protocol")
    cycles = list(after.select_related(*needed).order_by("number"))
    until = cycles[0].opened_at
    open_ = cycle.episodes.filter(not_over(until)).exists()
    return Onward(tuple(cycles) if open_ else (), until, meanwhile)


def _meanwhile(cycle: Cycle) -> dict[Topic, datetime | None]:
    ends = standing().filter(episode=OuterRef("pk"), closed=True).order_by("-at")
    found = _unfinished(cycle).annotate(over=Subquery(ends.values("at")[:1]))
    rows = found.order_by("opened_at").values_list("family", "topic", "over")
    return {(family, topic): over for family, topic, over in rows}


def read_on(episode: Episode, over_at: datetime | None) -> QuerySet[Cycle]:
    """The later cycles whose rows counted in the episode too, oldest first.

    `over_at`: when it closed; None, it goes on.
    """
    cycle = episode.cycle
    later = Cycle.objects.filter(
        participant=cycle.participant_id, number__gt=cycle.number
    )
    if over_at is not None:
        later = later.filter(opened_at__lt=over_at)
    return later.select_related("protocol").order_by("number")


def span_of(episode: Episode) -> QuerySet[Cycle]:
    """Its cycle and the later ones that had begun when it was over: one condition."""
    cycle = episode.cycle
    over = standing().filter(
        episode=episode.pk, closed=True, at__lte=OuterRef("opened_at")
    )
    own = Cycle.objects.filter(
        participant=cycle.participant_id, number__gte=cycle.number
    )
    return own.filter(Q(pk=cycle.pk) | ~Exists(over))


def spans_of(found: Collection[Episode]) -> dict[int, set[int]]:
    """Episode id -> the ids of `span_of`, in two queries; one without later cycles."""
    people = {one.cycle.participant_id for one in found}
    begun: dict[int, list[tuple[int, int, datetime]]] = defaultdict(list)
    told = ("participant", "pk", "number", "opened_at")
    for who, *cycle in Cycle.objects.filter(participant__in=people).values_list(*told):
        begun[who].append((cycle[0], cycle[1], cycle[2]))
    later = {
        one.pk: [
            (pk, at)
            for pk, number, at in begun[one.cycle.participant_id]
            if number > one.cycle.number
        ]
        for one in found
    }
    over = _over_at([pk for pk, cycles in later.items() if cycles])
    return {
        one.pk: {one.cycle_id}
        | {pk for pk, at in later[one.pk] if one.pk not in over or over[one.pk] > at}
        for one in found
    }


def _over_at(ids: Collection[int]) -> dict[int, datetime]:
    """Episode id -> when it first closed, of those that have."""
    if not ids:
        return {}
    closed = standing().filter(episode__in=ids, closed=True).order_by()
    return dict(closed.values_list("episode").annotate(Min("at")))


def joined(
    own: Iterable[Line], earlier: Iterable[Line], meanwhile: Mapping[Topic, Any]
) -> Iterator[Line]:
    """A cycle's lines, each the earlier cycle's where its open episode is worse."""
    open_ = {topic for topic, over in meanwhile.items() if over is None}
    before: dict[Topic, Line] = {}
    for line in earlier:
        topic = (line["family"], line["topic"])
        if topic in open_ and rank(line["level"]) >= rank(
            before.get(topic, line)["level"]
        ):
            before[topic] = line
    for line in own:
        topic = (line["family"], line["topic"])
        other = before.pop(topic, line)
        yield other if rank(other["level"]) > rank(line["level"]) else line
    yield from before.values()


def look_again(cycle: Cycle, now: datetime) -> None:
    """An earlier cycle changed: the one after it, which shows its level, is asked

    again by the next sweep. Not in one transaction: locks go from later to earlier.
    """
    later = CycleState.objects.filter(
        cycle__participant=cycle.participant_id, cycle__number__gt=cycle.number
    )
    later.update(due_at=now)
