"""What a topic lacks, by name and why.

Everything here reads one row of the answered timeline, already a dict. Why is
never, stale, not_done, unrecordable or no_baseline (contracts.md). Where these say too
little a `detail` stands beside them: a value that waits for a person (`held`), one
without its range of normal (`no_range`), a culture that is not read yet (`pending`), a
result past the laboratory's limit (`beyond`), or a baseline that is (`base_beyond`),
one that a drug or a state makes mean nothing (`hidden`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from monitor.clinical.answers.topics import Topic
from monitor.clinical.instants.beyond import CHANGE_OF
from monitor.clinical.instants.derived import MADE_FROM
from monitor.clinical.items.watched import LIVES_LIKE
from monitor.clinical.patterns import PATTERNS
from monitor.clinical.rows import Row
from monitor.clinical.said.evidence import iso_of
from monitor.clinical.signs import SIGNS
from monitor.clinical.signs.leak import UNDATED
from monitor.clinical.study.protocol import Protocol

Gap = dict[str, Any]
CULTURE = "said:culture_positive"
# A site has one of two assays. (Not FT4 for TSH: both are asked for.)
INSTEAD = {"TROPONI": ("TROPONT",)}
# What a sign is called where a second reading, or the hours before, answer it, too.
LATER = ("_twice", "_lasting", "_lately", "_within_day", "_for_long")


def missing(topic: Topic, row: Row) -> list[Gap]:
    """What keeps the topic from an answer, each item once.

    `since` is the time of the last value, or of the answer that it was not.
    """
    found: dict[str, Gap] = {}
    for item in topic.needs:
        _note(found, gap_of(item, row))
    for item in topic.baselines:
        if item not in found:
            _note(found, _no_baseline(item, row))
    for key in topic.asked:
        if key in PATTERNS and row[f"pattern:{key}"] is None:
            _behind(key, row, found)
    if topic.name == "cls" and row["asked:edema_undated"]:
        for item in UNDATED:
            if row.get(f"last:{item}"):
                _note(found, _no_baseline(item, row))
    return list(found.values())


def _note(found: dict[str, Gap], gap: Gap | None) -> None:
    if gap:
        found.setdefault(gap["item"], gap)


def _behind(key: str, row: Row, found: dict[str, Gap]) -> None:
    """What the pattern needs and has not; if it has it all, what its signs rest on."""
    gaps = [_gap_of_need(key, need, row) for need in _needs_of(key)]
    for gap in gaps if any(gaps) else _behind_signs(key, row):
        _note(found, gap)


@cache
def _needs_of(key: str) -> tuple[str, ...]:
    return tuple(map(_typed, PATTERNS[key].needs))


def _gap_of_need(key: str, item: str, row: Row) -> Gap | None:
    """None where another assay of the same thing is there, which answers for it."""
    gap = _gap_for(key, item, row)
    if gap is None or item not in INSTEAD or _taken(item, row):
        return gap
    # The site uses the other: it is that one which is too old, or has no range.
    of_others = [_gap_for(key, one, row) for one in INSTEAD[item] if _taken(one, row)]
    if not of_others:
        return gap
    return of_others[0] if all(of_others) else None


def _taken(item: str, row: Row) -> bool:
    return row.moment(f"at:{item}") is not None


def _gap_for(key: str, item: str, row: Row) -> Gap | None:
    gap = gap_of(item, row) or _no_range(key, item, row)
    if gap is None and item in _rests_on(key).based:
        gap = _no_baseline(item, row)
    return gap


def _behind_signs(key: str, row: Row) -> Iterator[Gap]:
    """The gaps of each sign that is unknown, and of those beneath it that are."""
    rests = _rests_on(key)
    todo, done = list(rests.top), set[str]()
    while todo:
        name = todo.pop(0)
        if name in done or row.get(f"sign:{name}") is not None:
            continue
        done.add(name)
        if name not in rests.signs:
            todo.append(_first_of(name))
            continue
        sign = rests.signs[name]
        todo += sign.beneath
        gaps = [gap for one in sign.items if (gap := _of_sign(key, sign, one, row))]
        if sign.cultured:
            gaps.append(_no_culture(row))
        if sign.may_hide and not gaps:
            hidden = ((one, row.moment(f"at:{one}")) for one in sign.items)
            gaps = [_gap(one, "stale", at, "hidden") for one, at in hidden]
        yield from gaps


def _of_sign(key: str, sign: "Leaf", item: str, row: Row) -> Gap | None:
    gap = gap_of(item, row) or _no_range(key, item, row)
    if gap is None and item in sign.based:
        gap = _no_baseline(item, row)
    if gap is None and sign.since_start:
        gap = _before_the_start(item, row)
    return gap or _beyond(item, row, item in sign.based)


def _beyond(item: str, row: Row, based: bool) -> Gap | None:
    """A result past the laboratory's limit: how far past it, nobody can say.

    Nor how far it has changed from an earlier one, or from a baseline, that is.
    """
    value, furthest = row.get(f"now:{item}"), row.get(f"far:{item}")
    if value is None:
        return None
    if furthest not in (None, value) or _is_open(f"now:{CHANGE_OF.get(item)}", row):
        return _gap(item, "unrecordable", row.moment(f"at:{item}"), "beyond")
    if based and _is_open(f"base:{item}", row):
        return _gap(item, "no_baseline", detail="base_beyond")
    return None


def _is_open(name: str, row: Row) -> bool:
    """Whether the truth lies between two ends."""
    return bool(row.get(f"least:{name}") != row.get(f"most:{name}"))


def gap_of(item: str, row: Row) -> Gap | None:
    """Why the item has no current value; None where it has one."""
    if row.get(f"now:{item}") is not None:
        return None
    if item == "OXYGEN_DEVICE" and row.get("now:SUPPORT") is not None:
        return None
    at = row.moment(f"at:{item}")
    for why in ("unrecordable", "not_done"):
        said = row.moment(f"{why}:{item}")
        if said is not None and (at is None or said > at):
            return _gap(item, why, said)
    waits = row.moment(f"held:{item}")
    held = "held" if waits is not None and (at is None or waits > at) else ""
    return _gap(item, "never" if at is None else "stale", at, held)


def _gap(item: str, why: str, since: int | None = None, detail: str = "") -> Gap:
    """`since`: a moment in microseconds of the epoch."""
    made = {"item": item, "why": why, "since": iso_of(since)}
    return {**made, "detail": detail} if detail else made


def _no_baseline(item: str, row: Row) -> Gap | None:
    if row.moment("first_dose") is None or row.get(f"base:{item}") is not None:
        return None
    return _gap(item, "no_baseline")


def _no_range(key: str, item: str, row: Row) -> Gap | None:
    """A value without the limit that it is compared with: it has no base to lie on."""
    ends = _rests_on(key).ranged.get(item, frozenset())
    if row.get(f"now:{item}") is None or all(row.get(one) is not None for one in ends):
        return None
    return _gap(item, "no_baseline", detail="no_range")


def _before_the_start(item: str, row: Row) -> Gap | None:
    """Asked before the agent began, and not since: it says nothing of a reaction."""
    at, began = row.moment(f"at:{item}"), row.moment("dose_at")
    before = at is not None and began is not None and at < began
    return _gap(item, "stale", at) if before else None


def _no_culture(row: Row) -> Gap:
    pending = "pending" if row["state:culture_pending"] else ""
    return _gap("CULTURE", "never", detail=pending)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The items that a sign reads; `based`: those compared with a baseline; `beneath`:

    the signs that it rests on.
    """

    beneath: tuple[str, ...]
    items: tuple[str, ...]
    based: frozenset[str]
    since_start: bool
    cultured: bool
    may_hide: bool


@dataclass(frozen=True, slots=True)
class Rests:
    """What a pattern rests on, from its own signs (`top`) down; `ranged`: the items

    that are compared with their range, and the columns of its ends.
    """

    top: tuple[str, ...]
    signs: Mapping[str, Leaf]
    ranged: Mapping[str, frozenset[str]]
    based: frozenset[str]


@cache
def _rests_on(key: str) -> Rests:
    """What the rules read, whatever the protocol's lines."""
    lines = Protocol.default().lines
    top = _signs_in(PATTERNS[key].rule(lines))
    todo, leaves = list(top), dict[str, Leaf]()
    ranged: dict[str, frozenset[str]] = {}
    while todo:
        name = _first_of(todo.pop())
        if name in leaves or name not in SIGNS:
            continue
        rule = SIGNS[name].rule(lines)
        leaves[name] = _leaf(rule)
        todo += leaves[name].beneath
        for one in rule.meta.root_names():
            if one.startswith(("high:", "low:")):
                item = one.partition(":")[2]
                ranged[item] = ranged.get(item, frozenset()) | {one}
    # What has a range is compared with its baseline only where that lay over it.
    based = {item for leaf in leaves.values() for item in leaf.based} - set(ranged)
    return Rests(top, leaves, ranged, frozenset(based))


def _leaf(rule: pl.Expr) -> Leaf:
    reads = rule.meta.root_names()
    kinds = {one.partition(":")[0] for one in reads}
    return Leaf(
        _signs_in(rule),
        tuple(dict.fromkeys(one for name in _of("now", reads) for one in _made(name))),
        frozenset(_of("base", reads)),
        "dose_at" in reads,
        CULTURE in reads,
        kinds == {"now", "state"},
    )


def _signs_in(rule: pl.Expr) -> tuple[str, ...]:
    """The signs that it reads, those of another pattern with them."""
    reads = rule.meta.root_names()
    lines = Protocol.default().lines
    others = [PATTERNS[one].rule(lines) for one in _of("pattern", reads)]
    return (*_of("sign", reads), *(one for other in others for one in _signs_in(other)))


def _first_of(sign: str) -> str:
    """The sign that a second reading confirms, or that was true of late."""
    ends = (sign.removesuffix(end) for end in LATER if sign.endswith(end))
    return next(ends, sign)


def _of(kind: str, reads: list[str]) -> list[str]:
    return [one.partition(":")[2] for one in reads if one.startswith(f"{kind}:")]


def _made(name: str) -> list[str]:
    """The items that somebody types of a value that is read."""
    return [_typed(part) for part in MADE_FROM.get(name, (name,))]


def _typed(item: str) -> str:
    return "OXYGEN_DEVICE" if item == "SUPPORT" else LIVES_LIKE.get(item, item)
