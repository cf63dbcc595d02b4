"""The clocks of serious events from their rows: one query for each kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from monitor.clinical.protocol import Protocol
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.review import choices, clocks
from monitor.review.clocks import Clock, Kind, Rules, Said, Sent
from monitor.review.events import SafetyReport
from monitor.review.models import Review


def clocks_of(episodes: Iterable[Episode]) -> dict[int, list[Clock]]:
    """Episode id -> its clocks, soonest first; only of events that are serious.

    The episodes come with their cycle, its protocol and its participant's site.
    """
    by_id = {one.pk: one for one in episodes}
    serious = Review.objects.filter(episode__in=list(by_id)).exclude(serious=[])
    wanted = set(serious.values_list("episode", flat=True))
    if not wanted:
        return {}
    said = said_of(wanted)
    sent = sent_of(wanted)
    return {
        pk: clocks.clocks(
            clocks.awareness(
                Said(one.serious, one.aware_at, one.recorded_at) for one in rows
            ),
            sent.get(pk, ()),
            rules_of(by_id[pk]),
            expedited=why_not(rows[-1], protocol_of(by_id[pk].cycle)) == "",
        )
        for pk, rows in said.items()
    }


def told(review: Review) -> Said:
    return Said(review.serious, review.aware_at, review.recorded_at)


def said_of(ids: Iterable[int]) -> Mapping[int, list[Review]]:
    """Episode id -> its decisions, oldest first."""
    found: dict[int, list[Review]] = defaultdict(list)
    for row in Review.objects.filter(episode__in=list(ids)).order_by("pk"):
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
