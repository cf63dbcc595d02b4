"""The tests of a criterion as Polars answers: true, false, or null for unknown."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache

import polars as pl

from monitor.clinical.criteria.library import TWICE, Criterion, Test, tests_in
from monitor.clinical.facts.intake import Intake
from monitor.clinical.items import catalogue
from monitor.clinical.predose.inputs import ASK, PERSONAL
from monitor.clinical.signs import SIGNS
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.thresholds import THRESHOLDS
from monitor.clinical.words import (
    fall,
    is_one_of,
    known,
    now,
    ratio,
    rise,
    rise_percent,
    times_normal,
)

# What a sign says under another name, and the item that is looked at for it.
SAID_BY = {"SUPPORT": "OXYGEN_DEVICE", "FIO2_USED": "FIO2"}


def items_of(criterion: Criterion) -> set[str]:
    """Every item that a criterion reads, its restart line too."""
    tests = (*tests_in(criterion.test), *tests_in(criterion.restart))
    return {item for test in tests for item in read_by(test)}


def read_by(test: Test) -> tuple[str, ...]:
    """The items of one comparison; an answer of a person is `ask:CODE`."""
    if test.of == "item":
        return (test.what,)
    if test.of == "ask":
        return (f"{ASK}{test.what}",)
    if test.of == "recorded":
        return test.choices
    if test.of == "sign":
        return read_by_sign(test.what.removesuffix(TWICE))
    return ()


@cache
def read_by_sign(name: str) -> tuple[str, ...]:
    """The items behind a sign and the signs that it rests on, in a steady order."""
    rule = SIGNS[name].rule({key: one.value for key, one in THRESHOLDS.items()})
    found = {SIGNS[name].item: None} if SIGNS[name].item in catalogue.ITEMS else {}
    for root in sorted(rule.meta.root_names()):
        kind, _, what = root.partition(":")
        if kind == "now":
            found[SAID_BY.get(what, what)] = None
        elif kind == "sign":
            found |= dict.fromkeys(read_by_sign(what))
    return tuple(found)


@cache
def ranged_by_sign(name: str) -> frozenset[str]:
    """The items that a sign compares with their upper limit itself."""
    rule = SIGNS[name].rule({key: one.value for key, one in THRESHOLDS.items()})
    ends = [one for one in rule.meta.root_names() if one.startswith("high:")]
    return frozenset(one.removeprefix("high:") for one in ends)


def signs_of(criterion: Criterion) -> set[str]:
    """Every sign that a criterion asks, and those on which these rest."""
    found: set[str] = set()
    for one in (*tests_in(criterion.test), *tests_in(criterion.restart)):
        if one.of == "sign":
            found |= {one.what, *_below(one.what.removesuffix(TWICE))}
    return found


@cache
def _below(name: str) -> frozenset[str]:
    rule = SIGNS[name].rule({key: one.value for key, one in THRESHOLDS.items()})
    roots = rule.meta.root_names()
    below = [one.removeprefix("sign:") for one in roots if one.startswith("sign:")]
    return frozenset({name}).union(*(_below(one) for one in below))


class Asker:
    """Turns tests into expressions, with the treatments and times of one dose."""

    def __init__(self, taken: Intake, protocol: Protocol, at: datetime) -> None:
        self.taken, self.protocol, self.at = taken, protocol, at

    def answer(self, test: Test) -> pl.Expr:
        """Kleene: `any` is true when one part is, unknown when none is and one may."""
        if test.parts:
            parts = [self.answer(part) for part in test.parts]
            joined = pl.all_horizontal if test.of == "all" else pl.any_horizontal
            return joined(parts)
        made = self._single(test)
        if test.if_recorded:
            made = known(made)
        return ~made if test.negated else made

    def _single(self, test: Test) -> pl.Expr:
        if test.of == "item":
            return self._compared(test)
        if test.of == "sign":
            return pl.col(f"sign:{test.what}")
        if test.of == "ask":
            return is_one_of(f"{ASK}{test.what}", *test.choices)
        if test.of == "state":
            return pl.col(f"state:{test.what}")
        if test.of == "given":
            return pl.lit(self._was_given(test))
        if test.of == "earlier":
            return pl.lit(self._was_read(test), pl.Boolean)
        return self._all_recorded(test.choices)

    def _compared(self, test: Test) -> pl.Expr:
        if test.choices:
            return is_one_of(test.what, *test.choices)
        value, line = measured(test), pl.lit(self.protocol.lines[test.line])
        if test.personal:
            line = pl.col(PERSONAL)
        return {
            "<": value < line,
            "<=": value <= line,
            ">=": value >= line,
            ">": value > line,
            "=": value == line,
        }[THRESHOLDS[test.line].direction]

    def _was_given(self, test: Test) -> bool:
        """Logged within so many hours before the dose, or a regimen that goes on."""
        hours = timedelta(hours=self.protocol.lines[test.line])
        rows = self.taken.treatments.filter(pl.col("code").is_in(list(test.choices)))
        for row in rows.iter_rows(named=True):
            endless = row["form"] == "scheduled" and row["until"] is None
            end = self.at if endless else (row["until"] or row["at"])
            if row["at"] <= self.at and self.at - end <= hours:
                return True
        return False

    def _was_read(self, test: Test) -> bool | None:
        """Not met once it was read in time; unknown as long as it was not."""
        lines = self.protocol.lines
        nearest, farthest = (
            self.at - timedelta(hours=lines[key]) for key in (test.line, test.until)
        )
        rows = self.taken.readings.filter(pl.col("code") == test.what)
        read = any(farthest <= at <= nearest for at in rows["at"])
        return False if read else None

    @staticmethod
    def _all_recorded(items: Iterable[str]) -> pl.Expr:
        there = pl.all_horizontal([now(item).is_not_null() for item in items])
        return pl.when(there).then(pl.lit(False))


def measured(test: Test) -> pl.Expr:
    """The number that is compared, rounded once."""
    item, value = test.what, now(test.what)
    before = pl.col(f"first:{item}")
    # Before the cycle's first dose its baseline is the value of now.
    standing = value
    if test.measure.endswith("_first"):
        standing = pl.coalesce(f"base:{item}", f"now:{item}")
    measures: Mapping[str, pl.Expr] = {
        "value": value,
        "fall": fall(item),
        "rise": rise(item),
        "rise_percent": rise_percent(item),
        "times_normal": times_normal(item),
        "per_weight": ratio(value, pl.col("base:WEIGHT")),
        "fall_first": (before - standing).round(6),
        "rise_first": (standing - before).round(6),
        "times_first": ratio(standing, before),
    }
    return measures[test.measure]
