"""What an answer rests on: values as typed, and the lines they are held to.

Everything here reads one row of the answered timeline, for display.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from monitor.clinical.instants import infusions
from monitor.clinical.instants.rates import COUNTED_IN, PER_MINUTE
from monitor.clinical.items import catalogue, loading
from monitor.clinical.items.watched import LIVES_LIKE
from monitor.clinical.patterns import PATTERNS
from monitor.clinical.rows import Row
from monitor.clinical.signs import SIGNS, Sign
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.thresholds import SOURCES, THRESHOLDS

# Cycle, item and time in microseconds -> value, unit and author as typed, and the check
# that questions the value.
Typed = Mapping[tuple[int, str, int], tuple[str, str, str, str]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# As a screen says them; a grade and a ratio stand alone.
UNITS = {**loading.units(), "{CTCAE}": "", "1": ""}
HEART = "cardiopulmonary"
# The release itself is a grade: what it is graded by, whatever the scale (R10, R11).
RELEASE = "crs"
GRADED_BY = ("fever", "low_pressure", "on_oxygen", "spo2_very_low_on_air")
# Said where something was tried in vain: there is no value, and nothing to say of them
# where it was not.
IN_VAIN = ("sbp_unrecordable", "pulse_unrecordable", "spo2_unrecordable")
UNTYPED = (None, None, "", "")
# Values of which any one makes a sign true.
ALIKE = (
    *(("ALT", "AST"), ("TROPONI", "TROPONT"), ("TSH", "FT4")),
    ("SITE_GROWTH", "SITE_GROWTH_LEFT", "SITE_GROWTH_RIGHT"),
)
DERIVED = {"WEIGHT_RISE": "WEIGHT", "URINE_8H": "URINE_OUTPUT"}
# Values that nobody types: who typed what they were made from stands for them.
PARTS = {
    **{name: (part,) for name, part in LIVES_LIKE.items()},
    "SHOCK_INDEX": ("HR", "SYSBP"),
    "HEMO_RATIO": ("HCT", "HGB"),
}


@cache
def typed_items() -> frozenset[str]:
    """The items whose readings stand behind a sign."""
    shown = _shown(Protocol.default().lines).values()
    parts = (part for one in shown for part in PARTS.get(one.item, ()))
    return frozenset(
        {one.typed_as for one in shown}
        | {code for one in shown for code in one.others}
        | set(parts)
    )


def iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


@lru_cache(maxsize=4096)
def iso_of(moment: int | None) -> str | None:
    """The same of a time in microseconds: one reading is named by many lines."""
    return None if moment is None else iso(EPOCH + timedelta(microseconds=moment))


def sign_of(name: str) -> Sign:
    return SIGNS[name]


def threshold_text(key: str, lines: Lines) -> str:
    """The line as it is compared: '< 90 mm[Hg]'; a ratio and a count have no unit."""
    one = THRESHOLDS[key]
    unit = "" if one.unit == "1" else one.unit
    return f"{one.direction} {lines[key]:g} {unit}".strip()


def of_pattern(
    name: str, row: Row, typed: Typed, protocol: Protocol
) -> list[dict[str, Any]]:
    """An entry a sign of the pattern, true ones first (keys: contracts.md).

    `questioned` is the soft check that asks about the value, which counts. `by`, `says`
    and `line` are for the screen: who typed it, the sign in words, and the threshold's
    key.
    """
    pattern, shown = PATTERNS[name], _shown(protocol.lines)
    made = [_entry(pattern.key, shown[one], row, typed) for one in pattern.signs]
    told = [one for one in made if one["answer"] or one["sign"] not in IN_VAIN]
    return sorted(told, key=_not_true)


def of_release(row: Row, typed: Typed, protocol: Protocol) -> list[dict[str, Any]]:
    """The same of the release, whose pattern is a grade."""
    shown = _shown(protocol.lines)
    made = [_entry(RELEASE, shown[one], row, typed) for one in GRADED_BY]
    return sorted(made, key=_not_true)


def restates(entry: Mapping[str, Any]) -> bool:
    """Whether it lists again what other rows of the line say: no answer rests on it."""
    return entry.get("pattern") == RELEASE and entry.get("sign") in GRADED_BY


def _not_true(entry: dict[str, Any]) -> bool:
    return entry["answer"] is not True


def of_sign(
    key: str, one: Sign, row: Row, typed: Typed, protocol: Protocol
) -> dict[str, Any]:
    """One sign's entry, under the key of the pattern that it belongs to."""
    return _entry(key, _shown(protocol.lines)[one.name], row, typed)


def _entry(key: str, shown: "Shown", row: Row, typed: Typed) -> dict[str, Any]:
    answer = row.get(shown.answer)
    if answer and shown.others:
        shown = _by(_worst_of(shown, row), shown)
    g, at = row["g"], row.moment(shown.at)
    said = UNTYPED if at is None else typed.get((g, shown.typed_as, at), UNTYPED)
    written, unit, by, questioned = said
    if at is not None and not by and shown.item in PARTS:
        by = _authors(PARTS[shown.item], g, at, typed)
    return {
        "pattern": key,
        "sign": shown.name,
        "answer": answer,
        "item": shown.item,
        "value": row.get(shown.last),
        "unit": shown.unit,
        "typed": f"{written} {unit}".strip() if written is not None else None,
        "at": iso_of(at),
        "threshold": shown.threshold,
        "source": shown.source,
        "by": by,
        "questioned": questioned,
        "says": shown.says,
        "line": shown.line,
    }


def _authors(parts: Iterable[str], g: int, at: int, typed: Typed) -> str:
    """Who typed at that moment what a value was made from, each once."""
    said = (typed.get((g, part, at), UNTYPED)[2] for part in parts)
    return ", ".join(dict.fromkeys(one for one in said if one))


@dataclass(frozen=True, slots=True)
class Shown:
    """What an entry of a sign says whatever the row, and the columns it is read from.

    `typed_as`: the item as it was typed, where the sign's own is derived; `others`: the
    items of which any one may make the sign true, its own being the first.
    """

    name: str
    item: str
    says: str
    line: str
    typed_as: str
    unit: str
    threshold: str
    source: str
    answer: str
    at: str
    last: str
    others: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def _by(item: str, shown: Shown) -> Shown:
    """The same sign, made true by another of its items."""
    if item == shown.item:
        return shown
    known = catalogue.ITEMS.get(item)
    unit = known.unit if known else shown.unit
    at, last = f"at:{item}", f"last:{item}"
    return replace(shown, item=item, typed_as=item, unit=unit, at=at, last=last)


@lru_cache(maxsize=32)
def _shown(lines: Lines) -> dict[str, Shown]:
    return {name: _shown_of(one, lines) for name, one in SIGNS.items()}


def _shown_of(one: Sign, lines: Lines) -> Shown:
    like = DERIVED.get(one.item, one.item)
    vain = one.name in IN_VAIN
    return Shown(
        one.name,
        one.item,
        one.says,
        one.line,
        like,
        catalogue.ITEMS[like].unit if like in catalogue.ITEMS else _own_unit(one),
        threshold_text(one.line, lines),
        SOURCES[THRESHOLDS[one.line].source].short,
        f"sign:{one.name}",
        f"unrecordable:{one.item}" if vain else f"at:{one.item}",
        "" if vain else f"last:{one.item}",
        _others(one, lines),
    )


def _others(one: Sign, lines: Lines) -> tuple[str, ...]:
    """The items that its rule reads as it reads its own; () where there is but one."""
    item = catalogue.ITEMS.get(one.item)
    alike = next((pair for pair in ALIKE if one.item in pair), ())
    if not alike and (item is None or item.kind != "symptom"):
        return ()
    read = [name.partition(":")[2] for name in one.rule(lines).meta.root_names()]
    found = [code for code in dict.fromkeys(read) if _is_like(code, alike)]
    others = [code for code in found if code != one.item]
    return (one.item, *others) if others else ()


def _is_like(code: str, alike: tuple[str, ...]) -> bool:
    if alike:
        return code in alike
    return code in catalogue.ITEMS and catalogue.ITEMS[code].kind == "symptom"


def _worst_of(shown: Shown, row: Row) -> str:
    """The item that lies furthest out: the highest grade, the most times its limit."""
    return max(shown.others, key=lambda item: _how_far(item, row))


def _how_far(item: str, row: Row) -> float:
    value: float | None = row.get(f"now:{item}")
    if value is None:
        return -1
    high, low = row.get(f"high:{item}"), row.get(f"low:{item}")
    over = value / high if high else value
    return max(over, low / value) if low and value else over


def _own_unit(one: Sign) -> str:
    """The unit of a value made from others is its line's; ratio and count have none."""
    unit = THRESHOLDS[one.line].unit
    return "" if unit == "1" or unit.startswith("{") else unit


def of_pressors(key: str, row: Row) -> list[dict[str, Any]]:
    """Each vasopressor that runs, with its rate: it decides a grade like a value.

    `typed` is the rate as it was set, with the weight used, where it counts otherwise.

    Of the heart it is each inotrope.
    """
    found, heart = [], key == HEART
    for agent in infusions.INOTROPES if heart else infusions.AGENTS:
        if not row[f"on:{agent}"]:
            continue
        unit = COUNTED_IN.get(agent, PER_MINUTE)
        found.append(
            {
                "pattern": key,
                "sign": "inotrope_running" if heart else "vasopressor_running",
                "answer": True,
                "item": agent,
                "value": row[f"rate:{agent}"],
                "unit": unit,
                "typed": row[f"as_set:{agent}"],
                "at": iso_of(row.moment("at")),
                "threshold": "running",
                "source": SOURCES["S1"].short,
                "by": "",
                "questioned": "",
                "says": "inotrope running" if heart else "vasopressor running",
                "line": "",
            }
        )
    return found
