"""The clocks of events that are reported, from their rows: one query for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from monitor.clinical.study.protocol import Protocol
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode, Step
from monitor.review import choices, clocks, special
from monitor.review.adverse import CONFIRMING
from monitor.review.clocks import Clock, Kind, Rules, Said, Sent
from monitor.review.events import SafetyReport
from monitor.review.models import Review

#: A decision on a topic that can be of special interest.
ON_SPECIAL = reduce(
    or_,
    (
        Q(episode__family=family, episode__topic=topic)
        for family, topic in special.LINES
    ),
)
#: What a clock needs of a decision.
ASKED = ("episode_id", "verdict", "grade", "serious", "aware_at", "recorded_at")
ASKED += ("expected", "attribution")
#: A decision that can start a clock.
REPORTED = ~Q(serious=[]) | (Q(verdict__in=CONFIRMING) & ON_SPECIAL)


def clocks_of(episodes: Iterable[Episode]) -> dict[int, list[Clock]]:
    """Episode id -> its clocks, soonest first; only of events that are reported.

    The episodes come with their cycle, its protocol and its participant's site.
    """
    by_id = {one.pk: one for one in episodes}
    decided = Review.objects.filter(REPORTED, episode__in=list(by_id))
    wanted = set(decided.values_list("episode", flat=True))
    if not wanted:
        return {}
    said = said_of(wanted)
    sent = sent_of(wanted)
    known = known_at({pk: least_of(by_id[pk]) for pk in wanted})
    made = {
        pk: clocks.clocks(
            clocks.awareness(told(by_id[pk], one, known.get(pk)) for one in rows),
            sent.get(pk, ()),
            rules_of(by_id[pk]),
            expedited=why_not(rows[-1], protocol_of(by_id[pk].cycle)) == "",
        )
        for pk, rows in said.items()
    }
    return {pk: found for pk, found in made.items() if found}


def waiting() -> QuerySet[Review]:
    """The decisions in force whose events may have a report to come.

    Of special interest alone, an event is through with it once the site has reported.
    """
    current = Review.objects.current().filter(REPORTED)
    through = SafetyReport.objects.filter(kind=Kind.SITE).values("episode")
    return current.exclude(serious=[], episode__in=through)


def least_of(episode: Episode) -> float | None:
    lines = protocol_of(episode.cycle).lines
    return special.least_of(episode.family, episode.topic, lines)


def known_at(least: Mapping[int, float | None]) -> dict[int, datetime]:
    """Episode id -> since when the record shows a grade of special interest."""
    asked = [pk for pk, line in least.items() if line is not None]
    steps = Step.objects.filter(
        episode__in=asked,
        max_grade__isnull=False,
        withdraws__isnull=True,
        withdrawn_by__isnull=True,
    )
    found: dict[int, datetime] = {}
    wanted = ("episode", "max_grade", "recorded_at")
    for pk, grade, at in steps.order_by("-recorded_at").values_list(*wanted):
        if grade >= least[pk]:
            found[pk] = at
    return found


def told(episode: Episode, review: Review, known: datetime | None) -> Said:
    """What the decision says. It is no sooner known to be of special interest than

    the record shows it; where a person alone says so, since the decision.
    """
    at = review.recorded_at
    counts = special.confirms(review.verdict, review.grade, least_of(episode))
    since = min(known or at, at) if counts else None
    return Said(review.serious, review.aware_at, at, since)


def said_of(ids: Iterable[int]) -> Mapping[int, list[Review]]:
    """Episode id -> its decisions, oldest first."""
    found: dict[int, list[Review]] = defaultdict(list)
    rows = Review.objects.filter(episode__in=list(ids)).only(*ASKED)
    for row in rows.order_by("pk"):
        found[row.episode_id].append(row)
    return found


def sent_of(ids: Iterable[int]) -> Mapping[int, list[Sent]]:
    found: dict[int, list[Sent]] = defaultdict(list)
    for row in SafetyReport.objects.filter(episode__in=list(ids)):
        found[row.episode_id].append(Sent(Kind(row.kind), row.rank, row.sent_at))
    return found


def rules_of(episode: Episode) -> Rules:
    protocol = protocol_of(episode.cycle)
    site = episode.cycle.participant.site
    return Rules.of(protocol.lines, protocol.sponsor_zone, site.time_zone)


def why_not(review: Review, protocol: Protocol) -> str:
    """Why the sponsor owes no expedited report; "" where it does, or nobody knows.

    It owes one for what is suspected and unexpected. What was not said counts as so.
    """
    if review.expected == "expected":
        return "expected"
    agents = set(choices.agents_of(protocol))
    told = {who: how for who, how in review.attribution.items() if who in agents}
    if set(told) == agents and not set(told.values()) & set(choices.RELATED):
        return "unrelated"
    return ""
