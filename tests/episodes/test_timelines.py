"""From rows to the frame of facts that the core takes."""

from datetime import timedelta
from uuid import uuid4

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitor import clock, flow
from monitor.bedside.entry import not_done, read_reading, unrecordable
from monitor.bedside.models import Reading
from monitor.clinical.facts.chartfile import SCHEMA
from monitor.episodes.timelines import facts_of
from monitor.trials.models import Cycle
from tests.acts import WELL, enter
from tests.cast import open_cycle, plan

HOUR = timedelta(hours=1)


def told(facts, kind):
    rows = facts.filter(pl.col("kind") == kind)
    return list(rows.select("code", "value", "unit").iter_rows())


def record(cast, at, *readings):
    return flow.record_set(
        cycle=cast.cycle, observed_at=at, readings=readings, by=cast.reyes, key=uuid4()
    )


def test_the_frame_has_the_columns_of_the_chart_file(cast, now):
    enter(cast, now, WELL)
    assert facts_of(cast.cycle).schema == pl.Schema(SCHEMA)


def test_a_value_stands_as_it_was_typed(cast, now):
    record(cast, now, read_reading("TEMP", "102.4", "[degF]"))
    assert told(facts_of(cast.cycle), "reading") == [("TEMP", "102.4", "[degF]")]


def test_a_shorthand_is_written_out(cast, now):
    record(cast, now, read_reading("TEMP", "391"))
    assert told(facts_of(cast.cycle), "reading") == [("TEMP", "39.1", "Cel")]


def test_who_recorded_it_is_in_the_margin(cast, now):
    record(cast, now, read_reading("HR", "80"))
    facts = facts_of(cast.cycle)
    assert facts.filter(pl.col("code") == "HR")["by"].to_list() == ["AR"]


def test_the_day_is_the_day_at_the_site(cast, now):
    late_evening = now.replace(hour=3, minute=30)  # Still 18 November in Boston.
    record(cast, late_evening, read_reading("HR", "80"))
    row = facts_of(cast.cycle).filter(pl.col("code") == "HR")
    assert str(row["day"][0]) == "2026-11-18"


def test_what_was_not_done_is_a_decision(cast, now):
    record(cast, now, not_done("TEMP", "asleep"), unrecordable("SYSBP"))
    decisions = told(facts_of(cast.cycle), "decision")
    assert decisions == [("not_done", "TEMP", ""), ("unrecordable", "SYSBP", "")]


def test_a_held_value_feeds_nothing_until_it_is_confirmed(cast, now):
    record(cast, now, read_reading("SYSBP", "35"))
    assert told(facts_of(cast.cycle), "reading") == []
    flow.confirm_reading(reading=Reading.objects.get(), by=cast.reyes)
    facts = facts_of(cast.cycle)
    assert told(facts, "reading") == [("SYSBP", "35", "mm[Hg]")]
    assert told(facts, "decision") == [("confirmed", "SYSBP", "")]


def test_a_questioned_value_feeds(cast, now):
    record(cast, now, read_reading("INR", "5.2"))
    assert Reading.objects.get().check_state == "questioned"
    assert [row[1] for row in told(facts_of(cast.cycle), "reading")] == ["5.2"]


def test_what_was_taken_feeds_although_an_earlier_value_came_later(cast, now):
    record(cast, now, read_reading("TEMP", "36.8"))
    record(cast, now - HOUR, read_reading("TEMP", "40.4"))
    facts = facts_of(cast.cycle)
    assert len(told(facts, "reading")) == 2
    assert ("confirmed", "TEMP", "") in told(facts, "decision")


def test_a_correction_stands_in_place_of_what_it_corrects(cast, now):
    reading = record(cast, now, read_reading("HR", "80")).row.readings.get()
    flow.correct_reading(
        reading=reading, typed="88", unit=None, by=cast.reyes, reason="misread"
    )
    assert [row[1] for row in told(facts_of(cast.cycle), "reading")] == ["88"]


def test_what_is_struck_out_feeds_nothing(cast, now):
    reading = record(cast, now, read_reading("HR", "80")).row.readings.get()
    flow.void_reading(reading=reading, by=cast.reyes, reason="another bed")
    assert told(facts_of(cast.cycle), "reading") == []


def test_doses_are_given_planned_or_held(cast, now):
    third = plan(cast.cycle, 3, now + timedelta(days=2), cast.okafor)
    flow.record_dose(dose=third, status="held", reason="low pressure", by=cast.reyes)
    assert told(facts_of(cast.cycle), "dose") == [
        ("NARA", "1200", "[iU]/kg"),
        ("NARA", "", ""),
        ("NARA", "held", ""),
    ]


def test_sex_is_a_fact(cast):
    assert told(facts_of(cast.cycle), "fact") == [("SEX", "F", "")]


def treat(cast, cycle, at):
    with clock.freeze(max(at, clock.now())):
        return flow.log_treatment(
            cycle=cycle,
            code="tocilizumab",
            form="amount",
            amount=560,
            unit="mg",
            at=at,
            by=cast.reyes,
            key=uuid4(),
        )


@pytest.mark.parametrize(("days", "there"), [(13, True), (20, False)])
def test_an_earlier_cycle_gives_its_treatments_of_14_days(cast, now, days, there):
    treat(cast, cast.cycle, now)
    later = now + timedelta(days=days)
    with clock.freeze(later):
        second = open_cycle(cast, "02-014", 2)
        codes = {code for code, _value, _unit in told(facts_of(second), "treatment")}
    assert ("tocilizumab" in codes) is there


def test_an_earlier_cycle_gives_no_readings(cast, now):
    enter(cast, now, WELL)
    with clock.freeze(now + timedelta(days=5)):
        assert told(facts_of(open_cycle(cast, "02-014", 2)), "reading") == []


def queries_of(cycle):
    fresh = Cycle.objects.select_related("participant__site").get(pk=cycle.pk)
    with CaptureQueriesContext(connection) as captured:
        facts_of(fresh)
    return len(captured)


def test_the_number_of_queries_is_the_same_for_one_and_for_three(cast, now):
    enter(cast, now - 3 * HOUR, WELL)
    treat(cast, cast.cycle, now - HOUR)
    one = queries_of(cast.cycle)
    for hours in (2, 1):
        enter(cast, now - hours * HOUR, WELL)
        treat(cast, cast.cycle, now - hours * HOUR / 2)
    assert queries_of(cast.cycle) == one


@pytest.mark.parametrize(
    ("code", "amount", "unit", "weight", "counts"),
    [
        ("norepinephrine", 0.1, "ug/kg/min", 80, ("8", "ug/min")),
        ("norepinephrine", 0.1, "ug/kg/min", None, ("0.1", "ug/kg/min")),
        ("norepinephrine", 8, "ug/min", 80, ("8", "ug/min")),
        ("dopamine", 400, "ug/min", 80, ("5", "ug/kg/min")),
        ("dopamine", 5, "ug/kg/min", 80, ("5", "ug/kg/min")),
        ("angiotensin_ii", 0.02, "ug/kg/min", 80, ("0.02", "ug/kg/min")),
    ],
)
def test_a_rate_per_kg_counts_by_the_weight_of_the_pump(
    cast, now, code, amount, unit, weight, counts
):
    line = {"code": code, "form": "rate", "amount": amount, "unit": unit}
    flow.log_treatment(
        cycle=cast.cycle, by=cast.reyes, key=uuid4(), at=now, weight=weight, **line
    )
    assert told(facts_of(cast.cycle), "treatment") == [(code, *counts)]


@pytest.mark.parametrize(
    ("amount", "unit", "weight", "said"),
    [
        (0.1, "ug/kg/min", 80, "0.1 ug/kg/min × 80 kg"),
        (0.1, "ug/kg/min", None, None),
        (8, "ug/min", 80, None),
    ],
)
def test_a_rate_that_counts_otherwise_is_kept_as_it_was_set(
    cast, now, amount, unit, weight, said
):
    line = {"code": "norepinephrine", "form": "rate", "amount": amount, "unit": unit}
    flow.log_treatment(
        cycle=cast.cycle, by=cast.reyes, key=uuid4(), at=now, weight=weight, **line
    )
    facts = facts_of(cast.cycle).filter(pl.col("kind") == "treatment")
    assert facts["as_set"].to_list() == [said]


@pytest.mark.parametrize(("opened", "there"), [([], False), ([1], True), ([3], True)])
def test_the_dose_level_is_a_fact_where_windows_are_opened_by_level(
    cast, opened, there
):
    """Nobody else needs it: who is blinded is shown no level (R21)."""
    told = [{"level": one, "on": "2026-11-20", "by": "Safety group"} for one in opened]
    cast.cycle.protocol.document = {"expected": {"on": True, "opened": told}}
    level = str(cast.cycle.participant.cohort.number)
    facts = {code: value for code, value, _unit in told_of(cast.cycle)}
    assert facts.get("DOSE_LEVEL") == (level if there else None)


def told_of(cycle):
    return told(facts_of(cycle), "fact")


def test_a_later_cycle_is_told_the_pressures_of_before_the_study(cast, now):
    """What is usual is known from before the first dose, not from within an episode."""
    given = cast.dose.given_at
    for minutes, sbp in ((90, "124"), (60, "126"), (30, "128"), (-30, "84")):
        at = given - timedelta(minutes=minutes)
        record(cast, at, read_reading("SYSBP", sbp), read_reading("DIABP", "60"))
    cast.cycle = open_cycle(cast, "02-014", number=2)
    record(cast, now, read_reading("SYSBP", "86"), read_reading("DIABP", "50"))
    facts = facts_of(cast.cycle).filter(pl.col("code") == "SCREENING_SBP")
    assert facts["value"].to_list() == ["124", "126", "128"]
    assert facts["at"].to_list() == [facts["at"].min()] * 3
