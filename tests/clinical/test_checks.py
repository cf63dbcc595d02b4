"""A whole file is checked as one value is: same rules, same answers."""

import time
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clinical.facts.checks import check, feeds
from monitor.clinical.items import entry
from monitor.clinical.items.catalogue import ITEMS, item

START = datetime(2026, 11, 19, 8, tzinfo=UTC)
SCHEMA = {
    "participant": pl.String,
    "cycle": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "code": pl.String,
    "value": pl.String,
    "unit": pl.String,
    "until": pl.Datetime("us", "UTC"),
    "line": pl.Int64,
    "confirmed": pl.Boolean,
}


def chart(*rows: tuple, participant: str = "p") -> pl.DataFrame:
    """Rows of (minutes, code, value, unit[, minutes until[, confirmed]])."""
    full = []
    for line, (minutes, code, value, unit, *rest) in enumerate(rows):
        until, confirmed = (*rest, None, None)[:2] if rest else (None, None)
        end = None if until is None else START + timedelta(minutes=until)
        at = START + timedelta(minutes=minutes)
        full.append((participant, "1", at, code, value, unit, end, line, confirmed))
    return pl.DataFrame(full, schema=SCHEMA, orient="row")


def outcomes(*rows: tuple) -> list[tuple[str, str]]:
    return check(chart(*rows)).select("outcome", "check").rows()


def test_the_rows_come_back_in_order_with_what_became_of_them():
    rows = chart(
        (0, "TEMP", "100.4", "[degF]"),
        (0, "ACVPU", "a", ""),
        (0, "TEMP", "97.2", "Cel"),
        (0, "PULS", "80", "/min"),
    )
    found = check(rows)
    assert found.columns == [
        *rows.columns,
        "number",
        "choice",
        "outcome",
        "check",
        "reason",
    ]
    assert found["number"].to_list() == [38.0, None, None, None]
    assert found["choice"].to_list() == [None, "A", None, None]
    expected = ["accepted", "accepted", "refused", "error"]
    assert found["outcome"].to_list() == expected
    assert found["reason"][3] == "There is no item PULS."


def test_a_file_without_rows_has_none_afterwards():
    assert check(chart()).is_empty()


def test_a_frame_needs_neither_until_nor_confirmed():
    rows = chart((0, "SYSBP", "0", "mm[Hg]")).drop("until", "confirmed")
    assert check(rows)["outcome"].to_list() == ["held"]


def test_an_empty_value_and_an_empty_unit_are_errors():
    assert outcomes((0, "TEMP", None, "Cel"), (0, "TEMP", "38", None)) == [
        ("error", "empty"),
        ("error", "unknown_unit"),
    ]


def test_a_confirmed_row_is_accepted():
    rows = (0, "SYSBP", "0", "mm[Hg]", None, True), (0, "TEMP", "46", "Cel", None, True)
    assert [outcome for outcome, _ in outcomes(*rows)] == ["accepted", "refused"]


def test_a_held_jump_is_not_compared_with():
    assert outcomes(
        (0, "TEMP", "37.0", "Cel"),
        (30, "TEMP", "39.5", "Cel"),
        (50, "TEMP", "37.2", "Cel"),
        (55, "TEMP", "39.6", "Cel"),
    ) == [("accepted", ""), ("held", "jump"), ("accepted", ""), ("held", "jump")]


def test_a_confirmed_jump_is_compared_with():
    assert outcomes(
        (0, "TEMP", "37.0", "Cel"),
        (30, "TEMP", "39.5", "Cel", None, True),
        (50, "TEMP", "39.6", "Cel"),
    ) == [("accepted", ""), ("accepted", "jump"), ("accepted", "")]


def test_a_refused_value_is_no_value_to_jump_from():
    assert outcomes(
        (0, "TEMP", "37.0", "Cel"),
        (10, "TEMP", "98.6", "Cel"),
        (20, "TEMP", "37", "Cel"),
    ) == [("accepted", ""), ("refused", "hard_high"), ("accepted", "")]


def test_a_jump_stays_within_one_participant_and_cycle():
    one = chart((0, "TEMP", "36.0", "Cel"))
    other = chart((10, "TEMP", "39.9", "Cel"), participant="q")
    later = other.with_columns(participant=pl.lit("p"), cycle=pl.lit("2"))
    found = check(pl.concat([one, other, later]))
    assert found["outcome"].to_list() == ["accepted"] * 3


def test_rows_out_of_order_in_the_file_are_compared_in_order_of_time():
    assert outcomes(
        (30, "TEMP", "39.5", "Cel"),
        (0, "TEMP", "37.0", "Cel"),
        (90, "HR", "80", "/min"),
    ) == [("held", "jump"), ("accepted", ""), ("accepted", "")]


def test_a_diastolic_above_the_systolic_of_its_instant_refuses_both():
    assert outcomes(
        (0, "SYSBP", "80", "mm[Hg]"),
        (0, "DIABP", "90", "mm[Hg]"),
        (60, "SYSBP", "120", "mm[Hg]"),
        (60, "DIABP", "80", "mm[Hg]"),
    ) == [("refused", "pair"), ("refused", "pair"), ("accepted", ""), ("accepted", "")]


def test_a_held_systolic_does_not_refuse_its_diastolic():
    assert outcomes((0, "SYSBP", "0", "mm[Hg]"), (0, "DIABP", "60", "mm[Hg]")) == [
        ("held", "confirm_low"),
        ("accepted", ""),
    ]


def test_cuff_and_arterial_line_may_stand_at_one_instant():
    assert (
        outcomes(
            (0, "SYSBP", "150", "mm[Hg]"),
            (0, "SYSBP", "85", "mm[Hg]"),
            (0, "DIABP", "90", "mm[Hg]"),
            (0, "DIABP", "50", "mm[Hg]"),
        )
        == [("accepted", "")] * 4
    )


def test_a_flow_on_room_air_refuses_both():
    assert outcomes(
        (0, "OXYGEN_DEVICE", "room_air", ""),
        (0, "OXYGEN_FLOW", "2", "L/min"),
        (60, "OXYGEN_DEVICE", "nasal_cannula", ""),
        (60, "OXYGEN_FLOW", "7", "L/min"),
    ) == [
        ("refused", "flow_on_air"),
        ("refused", "flow_on_air"),
        ("accepted", ""),
        ("questioned", "flow_high"),
    ]


def test_a_questioned_row_keeps_its_number_and_feeds():
    found = check(chart((0, "LACTICAC", "4.4", "mmol/L")))
    assert found.filter(feeds())["number"].to_list() == [4.4]


typed = st.one_of(
    st.decimals("-5", "400", places=1).map(str),
    st.sampled_from(["", "x", "nan", "1e2", "38,5", "0", "0.97", "V", "room_air"]),
)


@st.composite
def values(draw):
    code = draw(st.sampled_from(sorted(ITEMS)))
    unit = draw(st.sampled_from(["", "K", *ITEMS[code].units]))
    return code, draw(typed), unit


@given(st.lists(values(), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_each_value_by_itself_gets_the_answer_of_the_entry_page(drawn):
    rows = [
        (i * 6000, code, v, unit, i * 6000 + 60)
        for i, (code, v, unit) in enumerate(drawn)
    ]
    found = check(chart(*rows)).rows(named=True)
    for (code, value, unit), row in zip(drawn, found, strict=True):
        said = entry.judge(code, value, unit)
        if item(code).kind == "period":
            said = entry.judge_period(said, 1.0)
        if row["check"] not in ("jump", "unit_mixup"):
            assert (row["number"], row["outcome"], row["check"], row["reason"]) == (
                said.number,
                said.outcome,
                said.check,
                said.sentence if said.check else "",
            )


@given(
    st.sampled_from(["TEMP", "WEIGHT", "HGB", "CRP", "TROPONT", "LVEF"]),
    st.lists(
        st.tuples(st.integers(5, 900), st.decimals("0", "130", places=1)),
        min_size=2,
        max_size=12,
    ),
)
@settings(max_examples=150, deadline=None)
def test_a_series_gets_the_answers_of_the_entry_page_one_by_one(code, steps):
    minute, last, rows, expected = 0, None, [], []
    for minutes, value in steps:
        minute += minutes
        at = START + timedelta(minutes=minute)
        rows.append((minute, code, str(value), item(code).unit))
        said = entry.judge(code, str(value), item(code).unit)
        if last is not None:
            hours = round((at - last[1]).total_seconds() / 3600, 6)
            said = entry.judge_jump(said, last[0], hours)
        if said.feeds:
            last = (said.number, at)
        expected.append((said.outcome, said.check, said.number))
    found = check(chart(*rows)).select("outcome", "check", "number").rows()
    assert found == expected


@pytest.fixture(params=["mimic_iv_demo", "physionet2012"])
def icu(request, shared_data) -> pl.DataFrame:
    path = shared_data / "charts" / f"{request.param}.csv.gz"
    rows = pl.read_csv(path, infer_schema=False).with_row_index("line", offset=2)
    times = pl.col("at", "until").str.to_datetime(time_zone="UTC", strict=False)
    return rows.filter(pl.col("kind") == "reading").with_columns(times)


def test_on_real_intensive_care_data_nothing_impossible_feeds(icu):
    found = check(icu)
    fed = found.filter(feeds())
    temperature = fed.filter(pl.col("code") == "TEMP")["number"]
    assert fed.filter(pl.col("code") == "SYSBP")["number"].min() > 20
    assert temperature.is_between(30, 43).all()
    assert "error" not in found["outcome"]


def test_on_real_intensive_care_data_few_rows_are_queries(icu):
    found = check(icu)
    queried = found.filter(pl.col("outcome") != "accepted")
    assert queried["reason"].str.len_chars().min() > 0
    assert 0 < len(queried) < len(found) / 50


def test_a_million_rows_take_seconds(icu):
    copies = -(-1_000_000 // len(icu))
    many = pl.concat(
        [
            icu.with_columns(participant=pl.col("participant") + f"-{copy}")
            for copy in range(copies)
        ]
    )
    started = time.perf_counter()
    check(many)
    assert time.perf_counter() - started < 20  # about 2 s on two quiet cores
