"""What stands though no reading shows it now: the readings in which it was last seen.

A lapsed value counts no more, and is still the last that anybody knows.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from monitor.clinical import evidence
from monitor.clinical.patterns import pattern_of
from monitor.clinical.protocol import Protocol
from monitor.clinical.rows import Row, rows
from monitor.clinical.signs import SIGNS
from monitor.clinical.tables import Sheet
from monitor.clinical.topics import RANK, Topic, dangers_of

Line = dict[str, Any]


class Standing(NamedTuple):
    """Something that stands: its key as evidence names it, its signs, since when."""

    key: str
    signs: Sequence[str]
    since: datetime | None


def unseen(
    topic: Topic,
    line: Line,
    row: Row,
    found: Sheet,
    typed: evidence.Typed,
    protocol: Protocol,
) -> list[Line]:
    """Entries like those of the evidence, as they were when each sign was last true.

    `answer` is the sign's answer now: false, or null where its value has lapsed. The
    worst danger comes first; where a danger says a sign, its pattern does not.
    """
    said = {one["sign"] for one in line["evidence"] if one["answer"]}
    made: dict[str, Line] = {}
    for one in (*_dangers(topic, row), *_patterns(topic, line, row)):
        for sign in one.signs:
            then = None if sign in (*said, *made) else _last_true(sign, row, found)
            if then is not None and (one.since is None or then["at"] >= one.since):
                entry = evidence.of_sign(one.key, SIGNS[sign], then, typed, protocol)
                made[sign] = entry | {"answer": row.get(f"sign:{sign}")}
    return list(made.values())


def _dangers(topic: Topic, row: Row) -> Iterator[Standing]:
    for key, sign in _worst_first(topic):
        name = f"danger:{key}"
        here = row[f"standing:{name}"] and row[f"here:{topic.name}:{key}"]
        if here and not row[f"sign:{sign}"]:
            yield Standing(name, (sign,), row.get(f"since:{name}"))


@cache
def _worst_first(topic: Topic) -> tuple[tuple[str, str], ...]:
    """The danger signs of a topic that one reading answers, and their signs."""
    found = [one for one in dangers_of(topic) if one[1] in SIGNS]
    ordered = sorted(found, key=lambda one: -RANK[one[2]])
    return tuple((key, sign) for key, sign, _, _ in ordered)


def _patterns(topic: Topic, line: Line, row: Row) -> Iterator[Standing]:
    """Patterns that are true and of which no sign is: those whose values lapsed."""
    for key, stands in line["patterns"].items():
        own = [one for one in line["evidence"] if one["pattern"] == key]
        if not stands or key == "crs" or any(one["answer"] for one in own):
            continue
        lapsed = [one["sign"] for one in own if one["answer"] is None]
        since = row.get(f"since:{pattern_of(topic.name, key).name}")
        yield Standing(key, lapsed, since)


def _last_true(sign: str, row: Row, found: Sheet) -> Row | None:
    """The last instant of the cycle at which the sign was true."""
    name = f"sign:{sign}"
    if found.says(name, False) or found.says(name, None):
        return None
    begin, end = (found["g"].search_sorted(row["g"], one) for one in ("left", "right"))
    places = found[name][begin:end].arg_true()
    return rows(found, places[-1:] + begin)[0] if len(places) else None
