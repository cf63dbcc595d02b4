"""NEWS2 by one definition, for a timeline's frame and for a file of sets alike.

The definition is `knowledge/scores.toml`. With a parameter missing there is no total:
what is known so far is a floor, and what is missing is named. SpO2 scale 2 is used only
where a person has documented a target of 88-92 %.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, BadKnowledge
from monitor.clinical.words import known

NUMBERS = ("RESP", "OXYSAT", "TEMP", "SYSBP", "HR")
OXYGEN, MIND = "OXYGEN_DEVICE", "ACVPU"
# In the order in which the chart is printed.
PARAMETERS = ("RESP", "OXYSAT", OXYGEN, "SYSBP", "HR", MIND, "TEMP")
ALERT = "A"
NO_POINTS = pl.lit(None, dtype=pl.Int32)


@dataclass(frozen=True, slots=True)
class Band:
    """Points up to and including a value; `to` is None in the last band."""

    points: int
    to: float | None = None


Bands = tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """The chart as data: bands by item, and what the totals ask for."""

    title: str
    source: str
    verified: bool
    red: int
    urgent: int
    emergency: int
    oxygen: int
    not_alert: int
    points: Mapping[str, Bands]
    scale_2: Mapping[str, Bands]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the parameters stand in a frame. `oxygen`: any oxygen at all, unknown

    where nobody said; `scale_2` is never unknown.
    """

    numbers: Mapping[str, pl.Expr]
    oxygen: pl.Expr
    mind: pl.Expr
    scale_2: pl.Expr

    def of(self, parameter: str) -> pl.Expr:
        if parameter == OXYGEN:
            return self.oxygen
        return self.mind if parameter == MIND else self.numbers[parameter]


def definition_of(table: Mapping[str, Any]) -> Definition:
    """The chart of a table. Raises BadKnowledge where a band is out of order."""
    try:
        points = {item: _bands(rows) for item, rows in table["points"].items()}
        scale_2 = {air: _bands(rows) for air, rows in table["scale_2"].items()}
        made = Definition(**{**table, "points": points, "scale_2": scale_2})
    except (KeyError, TypeError) as fault:
        raise BadKnowledge(f"scores.toml, news2: {fault}.") from fault
    if set(points) != set(NUMBERS) or set(scale_2) != {"air", "oxygen"}:
        raise BadKnowledge("scores.toml, news2: a parameter is missing or unknown.")
    if made.source not in SOURCES:
        raise BadKnowledge(f"scores.toml, news2: no source {made.source}.")
    return made


def _bands(rows: Sequence[Mapping[str, Any]]) -> Bands:
    made = tuple(Band(**row) for row in rows)
    ends = [band.to for band in made[:-1]]
    rising = [end for end in ends if end is not None]
    if made[-1].to is not None or len(rising) < len(ends):
        raise BadKnowledge("scores.toml, news2: only the last band has no end.")
    if rising != sorted(set(rising)):
        raise BadKnowledge("scores.toml, news2: the bands do not rise.")
    return made


@cache
def definition() -> Definition:
    text = (KNOWLEDGE / "scores.toml").read_text(encoding="utf-8")
    return definition_of(tomllib.loads(text)["news2"])


def score(frame: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Adds `news2:` total (null if anything is missing), at_least, single_red, on (a

    total of 5, or one red: null where what is missing could decide it), and
    `news2:points:` and `news2:missing:` of each parameter.
    """
    for step in steps(inputs):
        frame = frame.with_columns(step)
    return frame


def steps(inputs: Inputs) -> tuple[tuple[pl.Expr, ...], ...]:
    """The answers in the order of their use: what was given, points, sums."""
    given = Inputs(
        inputs.numbers, pl.col("news2:oxygen"), inputs.mind, pl.col("news2:scale_2")
    )
    each = points(given)
    return (
        (
            inputs.oxygen.alias("news2:oxygen"),
            inputs.scale_2.alias("news2:scale_2"),
        ),
        (
            *(one.alias(f"news2:points:{name}") for name, one in each.items()),
            *(
                given.of(name).is_null().alias(f"news2:missing:{name}")
                for name in PARAMETERS
            ),
        ),
        _sums(),
    )


def _sums() -> tuple[pl.Expr, ...]:
    chart = definition()
    columns = {name: pl.col(f"news2:points:{name}") for name in PARAMETERS}
    at_least = pl.sum_horizontal([one.fill_null(0) for one in columns.values()])
    gone = pl.any_horizontal([f"news2:missing:{name}" for name in PARAMETERS])
    # Oxygen by itself is never red, so that not knowing it hides none.
    red = pl.any_horizontal(
        [one == chart.red for name, one in columns.items() if name != OXYGEN]
    )
    urgent = pl.when(at_least >= chart.urgent).then(True).when(~gone).then(False)
    return (
        pl.when(~gone).then(at_least).alias("news2:total"),
        at_least.alias("news2:at_least"),
        red.alias("news2:single_red"),
        (urgent | red).alias("news2:on"),
    )


def points(inputs: Inputs) -> dict[str, pl.Expr]:
    """The points of each parameter; null where it is missing, or not decided yet."""
    chart = definition()
    numbers = {
        item: banded(inputs.numbers[item], chart.points[item])
        for item in NUMBERS
        if item != "OXYSAT"
    }
    oxygen = pl.when(inputs.oxygen).then(chart.oxygen).when(~inputs.oxygen).then(0)
    alert = inputs.mind == ALERT
    mind = pl.when(alert).then(0).when(~alert).then(chart.not_alert)
    found = {
        **numbers,
        "OXYSAT": _saturation(inputs, chart),
        OXYGEN: oxygen.cast(pl.Int32),
        MIND: mind.cast(pl.Int32),
    }
    return {name: found[name] for name in PARAMETERS}


def _saturation(inputs: Inputs, chart: Definition) -> pl.Expr:
    """On scale 2 a good saturation is too much oxygen, where there is oxygen."""
    value = inputs.numbers["OXYSAT"]
    air = banded(value, chart.scale_2["air"])
    oxygen = banded(value, chart.scale_2["oxygen"])
    second = (
        pl.when(inputs.oxygen)
        .then(oxygen)
        .when(known(~inputs.oxygen) | (air == oxygen))
        .then(air)
    )
    first = banded(value, chart.points["OXYSAT"])
    return pl.when(inputs.scale_2).then(second).otherwise(first)


def banded(value: pl.Expr, bands: Bands) -> pl.Expr:
    """The points of the band in which a value lies; null where there is none."""
    found = pl.lit(bands[-1].points, pl.Int32)
    for band in reversed(bands[:-1]):
        mark = pl.lit(band.points, pl.Int32)
        found = pl.when(value <= band.to).then(mark).otherwise(found)
    return pl.when(value.is_null()).then(NO_POINTS).otherwise(found)
