"""Charts that real wards kept: no error, and nothing rests on a slip of the hand.

The MIMIC-IV demo and 150 stays of PhysioNet 2012. No person confirmed anything there.
"""

import gzip
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from monitor.clinical.assess import Assessment, assess
from monitor.clinical.facts.chartfile import read_chart

from .charts import DOSE, assessed

CHARTS = Path(__file__).parents[3] / "shared" / "data" / "charts"
NAMES = ("mimic_iv_demo", "physionet2012")
needs_charts = pytest.mark.skipif(
    not CHARTS.is_dir(), reason=f"the public charts are not at {CHARTS}"
)


@cache
def typed(name: str) -> pl.DataFrame:
    with gzip.open(CHARTS / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        chart = read_chart(file)
    assert chart.errors == []
    return chart.facts


@cache
def of(name: str) -> Assessment:
    return assess(typed(name))


def stands_on(found: Assessment, item: str) -> list[float]:
    """Every value of the item that a line of any topic names as its reason."""
    return [
        reason["value"]
        for line in (*found.lines, *found.latest)
        for reason in line["evidence"]
        if reason["item"] == item and reason["value"] is not None
    ]


@pytest.mark.requirement("I3.3")
@needs_charts
@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_read(name):
    assert of(name).errors == []


@needs_charts
@pytest.mark.parametrize("name", NAMES)
def test_no_line_rests_on_a_pressure_of_20_or_less(name):
    pressures = stands_on(of(name), "SYSBP")
    assert len(pressures) > 100
    assert [value for value in pressures if value <= 20] == []


@needs_charts
@pytest.mark.parametrize("name", NAMES)
def test_no_line_rests_on_a_temperature_that_nobody_survives(name):
    temperatures = stands_on(of(name), "TEMP")
    assert len(temperatures) > 100
    assert [value for value in temperatures if not 30 <= value <= 43] == []


@needs_charts
def test_such_pressures_are_in_the_charts_and_are_queried():
    rows = typed("physionet2012").filter(
        (pl.col("kind") == "reading")
        & (pl.col("code") == "SYSBP")
        & (pl.col("value").cast(pl.Float64, strict=False) <= 20)
    )
    queries = of("physionet2012").queries
    queried = {(query["participant"], query["line"]) for query in queries}
    here = set(rows.select("participant", "line").iter_rows())
    assert here
    assert here <= queried


@pytest.mark.parametrize("value", ["97.2", "98.6", "100.4", "104"])
def test_fahrenheit_typed_as_celsius_is_queried_and_raises_no_fever(value):
    found = assessed(
        f"-1:00,reading,TEMP,36.6,Cel\n{DOSE}2:00,reading,TEMP,{value},Cel\n"
        "2:00,reading,HR,80,/min"
    )
    asked = [query["code"] for query in (*found.queries, *found.errors)]
    assert asked == ["TEMP"]
    assert found.episodes == []
    assert all(value <= 43 for value in stands_on(found, "TEMP"))
