"""The plain yardstick of the benchmarks and the core give the same answers."""

import polars as pl
import pytest

from monitor.clinical.assess import answer
from monitor.clinical.facts.intake import take_in
from monitor.clinical.instants import timeline
from monitor.clinical.study.protocol import Protocol
from tests.benchmarks.charts import facts
from tests.benchmarks.plain import ANSWERS, COLUMNS, evaluate


def compared(chart: pl.DataFrame) -> tuple[list[tuple], list[tuple]]:
    protocol = Protocol.default()
    frame = timeline.build(take_in(chart), protocol).frame
    core = answer(frame, protocol).select(ANSWERS).rows()
    return core, evaluate(frame.select(COLUMNS).to_dicts(), protocol.lines)


def test_plain_python_and_the_core_agree_on_the_grade_and_the_leak_rules() -> None:
    core, plain = compared(facts(24, days=9.0, seed=3))
    assert plain == core


@pytest.mark.parametrize("place", range(len(ANSWERS)))
def test_the_charts_compared_hold_every_answer(place: int) -> None:
    core, _ = compared(facts(24, days=9.0, seed=3))
    found = {row[place] for row in core}
    assert {None, 0, 1} <= found
