"""Reads `knowledge/*.toml` into the values of `model`, and refuses faults in words.

A key that nothing reads, a unit that no list names, an entry without a source: each is
a typing error in the knowledge and stops the program before a patient is judged by it.
"""

import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from monitor.clinical.items.model import (
    Conversion,
    Grading,
    Item,
    Jump,
    Limits,
    Mask,
    Option,
    Over,
    TreatmentKind,
    Validity,
)

KNOWLEDGE = Path(__file__).parents[1] / "knowledge"
KINDS = ("number", "coded", "symptom", "period")
FORMS = ("amount", "rate", "scheduled", "action")
OUTCOMES = ("held", "questioned")

Table = dict[str, Any]


class KnowledgeError(ValueError):
    """The knowledge files contradict themselves; the sentence says where."""


def read_toml(path: Path) -> Table:
    with path.open("rb") as file:
        return tomllib.load(file)


def units(path: Path = KNOWLEDGE / "units.toml") -> Mapping[str, str]:
    """UCUM code -> how it reads on a screen."""
    return read_toml(path)


def items(folder: Path = KNOWLEDGE) -> dict[str, Item]:
    """Every item of `items_*.toml`, in file order. Raises KnowledgeError."""
    labels = units(folder / "units.toml")
    found: dict[str, Item] = {}
    for path in sorted(folder.glob("items_*.toml")):
        tables = read_toml(path)
        defaults = tables.pop("defaults", {})
        for code, table in tables.items():
            _refuse(code in found, code, "stands twice")
            found[code] = read_item(code, defaults | table, labels)
    for item in found.values():
        _check_links(item, found)
    return found


def read_item(code: str, table: Table, labels: Mapping[str, str]) -> Item:
    """One item from its table, defaults already joined. Raises KnowledgeError."""
    keys = Keys(code, table)
    kind = keys.one_of("kind", KINDS)
    unit, decimals = keys.text("unit"), keys.whole("decimals")
    label = keys.text("label")
    made = Item(
        code=code,
        label=label,
        short=keys.take("short", label),
        kind=kind,
        group=keys.text("group"),
        order=keys.whole("order"),
        unit=unit,
        decimals=decimals,
        units=_conversions(keys, unit, decimals, labels),
        worse=keys.one_of("worse", ("low", "high", ""), ""),
        hard=_limits(code, keys.take("hard", {})),
        confirm=_limits(code, keys.take("confirm", {})),
        soft=_limits(code, keys.take("soft", {})),
        jumps=tuple(_jump(code, row) for row in keys.take("jump", [])),
        validity=_validity(keys),
        options=_options(code, keys.take("options", [])),
        grading=_grading(keys) if kind == "symptom" else None,
        loinc=keys.take("loinc", ""),
        source=keys.text("source"),
        verified=keys.take("verified", False),
        project=keys.take("project", False),
        whole=keys.take("whole", False) or kind == "symptom",
        unrecordable=keys.take("unrecordable", False),
        shorthand=keys.take("shorthand", False),
        not_above=keys.take("not_above", ""),
        refuse_both=keys.take("refuse_both", False),
    )
    keys.finish()
    _check_item(made)
    return made


def treatments(path: Path = KNOWLEDGE / "treatments.toml") -> dict[str, TreatmentKind]:
    """The closed list of the management log. Raises KnowledgeError."""
    tables, labels = read_toml(path), units(path.parent / "units.toml")
    found: dict[str, TreatmentKind] = {}
    for name, shared in tables.pop("classes").items():
        plain = {code: {"label": text} for code, text in shared.pop("codes").items()}
        others = {
            code: {k: v for k, v in row.items() if k != "class"}
            for code, row in tables["agents"].items()
            if row.get("class") == name
        }
        for code, row in (plain | others).items():
            _refuse(code in found, code, "stands twice")
            found[code] = _treatment(code, name, shared, row, labels)
    lost = set(tables.pop("agents")) - set(found)
    _refuse(bool(lost), ", ".join(sorted(lost)), "name a class that is not there")
    _refuse(bool(tables), ", ".join(tables), "is no part of the treatments")
    return found


class Keys:
    """A table that is read key by key, so that what nobody read can be refused."""

    def __init__(self, name: str, table: Table) -> None:
        self.name = name
        self.rest = dict(table)

    def take(self, key: str, default: Any = None) -> Any:
        value = self.rest.pop(key, default)
        _refuse(value is None, self.name, f"has no {key}")
        return value

    def text(self, key: str) -> str:
        value = self.take(key)
        empty = key != "unit" and value == ""
        _refuse(not isinstance(value, str) or empty, self.name, f"has no {key}")
        return value

    def whole(self, key: str) -> int:
        value = self.take(key)
        _refuse(not isinstance(value, int), self.name, f"{key} is no whole number")
        return value

    def one_of(self, key: str, known: Iterable[str], default: Any = None) -> Any:
        value = self.take(key, default)
        _refuse(value not in known, self.name, f"{key} is {value!r}, which is unknown")
        return value

    def hours(self, key: str) -> tuple[float | None, str]:
        """(hours, "") or (None, the rule that stands instead); "" is neither."""
        value = self.rest.pop(key, "")
        return (None, value) if isinstance(value, str) else (float(value), "")

    def finish(self) -> None:
        unread = ", ".join(self.rest)
        _refuse(bool(self.rest), self.name, f"has keys that nothing reads: {unread}")


def _refuse(wrong: bool, name: str, why: str) -> None:
    if wrong:
        raise KnowledgeError(f"{name}: {why}.")


def _conversions(
    keys: Keys, unit: str, decimals: int, labels: Mapping[str, str]
) -> Mapping[str, Conversion]:
    rows: list[Table] = keys.take("accept", [])
    if unit:
        rows = [{"unit": unit, "factor": "1", "decimals": decimals}, *rows]
    found = {}
    for row in rows:
        made = _conversion(Keys(f"{keys.name} accept", row), labels)
        _refuse(made.unit in found, keys.name, f"accepts {made.unit} twice")
        found[made.unit] = made
    return MappingProxyType(found)


def _conversion(row: Keys, labels: Mapping[str, str]) -> Conversion:
    unit = row.text("unit")
    _refuse(unit not in labels, row.name, f"names the unknown unit {unit}")
    made = Conversion(
        unit=unit,
        label=labels[unit],
        factor=Fraction(row.text("factor")),
        offset=Fraction(row.take("offset", "0")),
        decimals=row.take("decimals", 0),
    )
    row.finish()
    _refuse(made.factor <= 0, row.name, f"{unit} has no positive factor")
    return made


def _numbers(name: str, table: Table, known: Iterable[str]) -> dict[str, float]:
    keys = Keys(name, table)
    given = {key: float(keys.take(key)) for key in known if key in table}
    keys.finish()
    return given


def _limits(code: str, table: Table) -> Limits:
    parts = ("low", "high", "per_hour", "zero_hours", "nonzero_low")
    return Limits(**_numbers(f"{code} limits", table, parts))


def _jump(code: str, table: Table) -> Jump:
    row = dict(table)
    outcome = row.pop("outcome", "held")
    _refuse(outcome not in OUTCOMES, code, f"a jump cannot be {outcome}")
    parts = (
        "hours",
        "by",
        "percent",
        "fall",
        "times",
        "below",
        "previous_above",
    )
    numbers = _numbers(f"{code} jump", row, parts)
    _refuse("hours" not in numbers, code, "a jump has no hours")
    return Jump(**numbers, outcome=outcome)


def _validity(keys: Keys) -> Validity:
    current, rule = keys.hours("current")
    tight, _ = keys.hours("tight")
    tight_low, _ = keys.hours("tight_low")
    gate, _ = keys.hours("gate")
    gate_weekly, _ = keys.hours("gate_weekly")
    rule = keys.take("current_rule", rule)
    _refuse(current is None and not rule, keys.name, "does not say how long it counts")
    return Validity(
        current=current,
        tight=tight,
        tight_low=tight_low,
        gate=gate,
        gate_weekly=gate_weekly,
        rule=rule,
        gate_rule=keys.take("gate_rule", ""),
        follows=keys.take("follows", ""),
    )


def _options(code: str, rows: list[Table]) -> tuple[Option, ...]:
    found = []
    for rank, row in enumerate(rows):
        keys = Keys(f"{code} option", row)
        made = Option(
            code=keys.text("code"),
            label=keys.text("label"),
            rank=rank,
            group=keys.take("group", ""),
            flow=_limits(f"{code} flow", keys.take("flow", {})),
        )
        keys.finish()
        found.append(made)
    return tuple(found)


def _grading(keys: Keys) -> Grading:
    term, grades = keys.text("term"), tuple(keys.take("grades"))
    grades_v6 = tuple(keys.take("grades_v6", grades))
    _refuse(not 1 <= len(grades) <= 5, keys.name, "needs one to five grade texts")
    _refuse(len(grades_v6) > 5, keys.name, "has more than five grade texts")
    return Grading(
        term, keys.take("term_v6", term), keys.text("none"), grades, grades_v6
    )


def _check_item(item: Item) -> None:
    coded = item.kind == "coded"
    _refuse(coded != bool(item.options), item.code, "only a coded item has options")
    _refuse(coded == bool(item.unit), item.code, "a number has a unit, a code none")
    for inner, outer in ((item.confirm, item.hard), (item.soft, item.hard)):
        low = None not in (inner.low, outer.low) and inner.low < outer.low  # type: ignore[operator]
        high = None not in (inner.high, outer.high) and inner.high > outer.high  # type: ignore[operator]
        _refuse(low or high, item.code, "a limit lies beyond the hard one")


def _check_links(item: Item, found: Mapping[str, Item]) -> None:
    for other in (item.not_above, item.validity.follows):
        lost = bool(other) and other not in found
        _refuse(lost, item.code, f"names the unknown item {other}")


def _treatment(
    code: str, klass: str, shared: Table, row: Table, labels: Mapping[str, str]
) -> TreatmentKind:
    keys = Keys(code, {**shared, "class_label": shared["label"], **row})
    masks = tuple(_mask(code, mask) for mask in keys.take("masks", []))
    counts_from = keys.take("counts_from", {})
    made = TreatmentKind(
        code=code,
        label=keys.text("label"),
        klass=klass,
        class_label=keys.text("class_label"),
        forms=tuple(keys.take("forms")),
        units=tuple(keys.take("units")),
        source=keys.text("source"),
        masks=masks,
        counts_as_pressor=keys.take("counts_as_pressor", False),
        counts_from=_over(code, counts_from) if counts_from else None,
    )
    keys.finish()
    lost = [unit for unit in made.units if unit not in labels]
    _refuse(bool(lost), code, f"names the unknown unit {', '.join(lost)}")
    _refuse(not set(made.forms) <= set(FORMS), code, "has a form that is unknown")
    return made


def _mask(code: str, table: Table) -> Mask:
    keys = Keys(f"{code} mask", table)
    over, hours = keys.take("over", {}), keys.hours("hours")[0]
    made = Mask(
        items=tuple(keys.take("items")),
        hours=hours,
        while_running=keys.take("while_running", False),
        until=keys.take("until", ""),
        over=_over(code, over) if over else None,
    )
    keys.finish()
    _refuse(hours is None and not made.until, code, "masks without an end")
    return made


def _over(code: str, table: Table) -> Over:
    keys = Keys(f"{code} amount", table)
    made = Over(
        value=float(keys.text("value")),
        unit=keys.text("unit"),
        per=keys.one_of("per", ("dose", "24h", "rate")),
        strictly=keys.take("strictly", False),
    )
    keys.finish()
    return made
