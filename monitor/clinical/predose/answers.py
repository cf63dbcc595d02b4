"""Each criterion's answer at a moment, with the values that decide it.

A value that is older than the dose accepts is *stale*: it never reads as proceed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import polars as pl

from monitor.clinical.criteria.library import DERIVED, TWICE, Criterion, tests_in
from monitor.clinical.instants.beyond import ENDS, furthest
from monitor.clinical.items import catalogue
from monitor.clinical.predose.asked import Asker, ranged_by_sign, read_by
from monitor.clinical.predose.inputs import ASK, PERSONAL, Inputs, Moment
from monitor.clinical.said.evidence import threshold_text
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.thresholds import SOURCES

MET, NOT_MET, UNKNOWN, STALE = "met", "not_met", "unknown", "stale"
WORDS = {True: MET, False: NOT_MET, None: UNKNOWN}
OF_BASELINE = ("fall", "rise", "rise_percent")


@dataclass(frozen=True)
class Value:
    """A value that decides: as typed, when, by whom, how old, and if young enough.

    `age`: fresh, stale, never, not_done, unrecordable, no_baseline, no_range, or beyond
    (past the laboratory's limit, so that the criterion may be met or not). `gate`: the
    oldest age in hours that a dose accepts, or `gate_rule` where that is no number.
    """

    item: str
    value: float | str | None
    unit: str
    typed: str
    at: datetime | None
    by: str
    age: str
    hours: float | None
    gate: float | None
    gate_rule: str


@dataclass(frozen=True)
class Answer:
    """A criterion at the moment. `standing`: met before, its restart line not reached.

    `last_met`: what the last values say whatever their age. `restart`: met, not_met,
    unknown; "" where only a person can say it.
    """

    criterion: Criterion
    state: str
    values: tuple[Value, ...]
    threshold: str
    source: str
    standing: bool = False
    last_met: bool | None = None
    restart: str = ""


def answers(
    criteria: Iterable[Criterion], inputs: Inputs, protocol: Protocol, moment: Moment
) -> tuple[Answer, ...]:
    """The answer of every criterion that this occasion asks for."""
    occasions = occasions_of(inputs, protocol, moment)
    asked = [one for one in criteria if one.when in occasions]
    if not asked:
        return ()
    found = _Answered(inputs, protocol, moment, asked)
    return tuple(found.answer(one) for one in asked)


def occasions_of(inputs: Inputs, protocol: Protocol, moment: Moment) -> set[str]:
    """Which of the library's occasions this dose is."""
    begun = inputs.row.get("first_dose")
    first = moment.cycle == "1" and begun is None
    said = inputs.taken.states.filter(pl.col("code") == "SEX")["value"].to_list()
    doses = inputs.taken.doses
    days = doses.filter(pl.col("at") == begun)["day"].to_list() if begun else []
    daily = protocol.pre_dose.dosing == "daily"
    found = {
        "always": True,
        "first_dose": first,
        "later_dose": not first,
        "cycle_first_dose": begun is None,
        "cycle_first_dose_unless_male": begun is None and "M" not in said,
        "cycle_begun": begun is not None,
        "daily_dosing": begun is not None and daily and moment.day not in days,
        "later_cycle": bool(moment.first),
    }
    return {name for name, so in found.items() if so}


class _Answered:
    """Every test asked at once: over the values that a dose accepts, and over all."""

    def __init__(
        self,
        inputs: Inputs,
        protocol: Protocol,
        moment: Moment,
        criteria: Iterable[Criterion],
    ) -> None:
        self.inputs, self.protocol, self.moment = inputs, protocol, moment
        asker = Asker(inputs.taken, protocol, moment.at)
        tests = [asker.answer(one.test).alias(f"met:{one.key}") for one in criteria]
        restarts = [one for one in criteria if one.restart is not None]
        tests += [
            asker.answer(one.restart).alias(f"restart:{one.key}")
            for one in restarts
            if one.restart is not None
        ]
        whole = inputs.whole.select(tests)
        self.now = inputs.gated.select(tests).row(0, named=True)
        self.last = whole.tail(1).row(0, named=True)
        self.standing = _standing(whole, [one.key for one in restarts])
        self.beyond = self._doubted(criteria, tests)

    def _doubted(
        self, criteria: Iterable[Criterion], tests: list[pl.Expr]
    ) -> set[tuple[str, str]]:
        """(answer, item) that nobody knows, for the result lies past what was measured.

        Each test is asked at the other end of it, too; see `clinical.beyond`.
        """
        read = (test for one in criteria for test in tests_in(one.test))
        found = set()
        for item in dict.fromkeys(item for test in read for item in read_by(test)):
            for there in self._at_its_ends(item):
                for name, answer in there.select(tests).row(0, named=True).items():
                    if answer != self.now[name]:
                        found.add((name, item))
        self.now |= {name: None for name, _item in found}
        return found

    def _at_its_ends(self, item: str) -> Iterable[pl.DataFrame]:
        """The values with this one where it may lie, too, or its baseline."""
        gated, at = self.inputs.gated, self.inputs.row.get(f"at:{item}")
        typed = self.inputs.typed.get((item, at), {}) if at else {}
        end, base = furthest(str(typed.get("value") or "")), f"base:{item}"
        bounds = [name for one in ENDS if (name := f"{one}:{base}") in gated]
        value = gated[f"now:{item}"][0]
        if value is None or (end is None and not bounds):
            return
        values = [value] if end is None else [value, end]
        bases = [gated[name][0] for name in bounds or [base]]
        for value, before in product(values, bases):
            ends = {f"now:{item}": value, base: before}
            yield gated.with_columns(
                pl.lit(one, pl.Float64).alias(name) for name, one in ends.items()
            )

    def answer(self, one: Criterion) -> Answer:
        met, last = self.now[f"met:{one.key}"], self.last[f"met:{one.key}"]
        restart = self.now.get(f"restart:{one.key}")
        stands = self.standing.get(one.key) is True
        waits = stands and met is False and restart is not True
        values = tuple(self._values(one))
        state = WORDS[met]
        if state == UNKNOWN and any(value.age == STALE for value in values):
            state = STALE
        return Answer(
            criterion=one,
            state=MET if waits else state,
            values=values,
            threshold=self._threshold(one),
            source=SOURCES[one.source].short,
            standing=waits,
            last_met=True if stands else last,
            restart=WORDS[restart] if one.restart is not None else "",
        )

    def _threshold(self, one: Criterion) -> str:
        """Every line of it as it is compared; the person's own where it is."""
        if any(test.personal for test in tests_in(one.test)):
            return f"< {self.inputs.gated[PERSONAL][0]:g} mm[Hg]"
        return ", ".join(threshold_text(key, self.protocol.lines) for key in one.lines)

    def _values(self, one: Criterion) -> Iterable[Value]:
        tests = list(tests_in(one.test))
        based = {test.what for test in tests if test.measure in OF_BASELINE}
        weighed = {test.what for test in tests if test.measure == "per_weight"}
        ranged = {test.what for test in tests if test.measure == "times_normal"}
        for test in tests:
            if test.of == "sign":
                ranged |= ranged_by_sign(test.what.removesuffix(TWICE))
        for item in dict.fromkeys(item for test in tests for item in read_by(test)):
            lacks = ""
            before = "WEIGHT" if item in weighed else item
            compared = item in based or item in weighed
            if compared and self.inputs.row.get(f"base:{before}") is None:
                lacks = "no_baseline"
            if item in ranged and self.inputs.row.get(f"high:{item}") is None:
                lacks = "no_range"
            if (f"met:{one.key}", item) in self.beyond:
                lacks = "beyond"
            yield self._value(item, lacks)

    def _value(self, item: str, lacks: str) -> Value:
        row, like = self.inputs.row, DERIVED.get(item, item)
        at = row.get(f"at:{item}")
        typed = self.inputs.typed.get((like, at), {}) if at else {}
        hours, rule = self.protocol.pre_dose.gate(item.removeprefix(ASK))
        age = self._age(item, at)
        return Value(
            item=item,
            value=row.get(f"last:{item}"),
            unit=_unit(item, like),
            typed=_as_typed(typed),
            at=at,
            by=typed.get("by") or "",
            age=lacks if lacks and age == "fresh" else age,
            hours=round((self.moment.at - at) / timedelta(hours=1), 4) if at else None,
            gate=hours,
            gate_rule=rule,
        )

    def _age(self, item: str, at: datetime | None) -> str:
        for why in ("unrecordable", "not_done"):
            said = self.inputs.row.get(f"{why}:{item}")
            if said and (at is None or said > at):
                return why
        return self.inputs.ages.get(item, "fresh")


def _standing(whole: pl.DataFrame, keys: list[str]) -> Mapping[str, bool | None]:
    """What was met and has not come to its restart line since, by key."""
    if not keys:
        return {}
    found = whole.select(
        pl.when(pl.col(f"met:{key}").fill_null(False))
        .then(True)
        .when(pl.col(f"restart:{key}").fill_null(False))
        .then(False)
        .forward_fill()
        .last()
        .alias(key)
        for key in keys
    )
    return found.row(0, named=True)


def _as_typed(row: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (row.get("value"), row.get("unit"))))


def _unit(item: str, like: str) -> str:
    if item == "PHENYLEPHRINE":
        return "ug/kg/min"
    if item.startswith("URINE_HOURLY"):
        return "mL/h"
    return catalogue.ITEMS[like].unit if like in catalogue.ITEMS else ""
