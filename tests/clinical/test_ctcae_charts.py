"""CTCAE grades of a chart: ranges, baselines, second values, symptoms, versions."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest

from monitor.clinical.assess import assess
from monitor.clinical.facts.chartfile import read_chart
from monitor.clinical.scores.charted import standing, terms
from monitor.clinical.study.protocol import BadProtocol, Protocol

from .casefile import DOSE, Row, Variant, moment, rows

HEAD = "at,kind,code,value,unit,until\n"
DOSED = "0:00,dose,aldesleukin,600000,[iU]/kg\n"


def chart(text: str) -> Any:
    lines = tuple(rows(HEAD + text))
    variant = Variant({"id": "C01"}, "planted", lines, {}, {})
    read = read_chart(variant.chart())
    assert not read.errors
    return read.facts


def at(text: str, time: str, term: str, version: str = "v5", **protocol: Any) -> Any:
    found = terms(chart(text), Protocol(**protocol))
    return standing(found, moment(time)).get((term, version), "nothing")


def why(text: str, time: str, term: str, version: str = "v5") -> str:
    found = terms(chart(text)).filter(at=moment(time), term=term, version=version)
    return str(found["why"].item())


def test_a_range_counts_from_its_own_time_on() -> None:
    text = "-1:00,reading,K,5.2,mmol/L\n0:00,range,K,3.5..5.0,mmol/L\n" + DOSED
    text += "1:00,reading,K,5.2,mmol/L\n2:00,range,K,3.5..5.5,mmol/L\n"
    text += "3:00,reading,K,5.2,mmol/L\n"
    seen = [at(text, time, "HYPERKALEMIA") for time in ("-1:00", "1:00", "3:00")]
    assert seen == [None, 1, 0]
    assert why(text, "-1:00", "HYPERKALEMIA") == "cannot be graded: no ULN"


def test_a_range_in_another_unit_is_converted() -> None:
    text = "-1:00,range,CREAT,0.6..1.2,mg/dL\n-1:00,reading,CREAT,80,umol/L\n" + DOSED
    assert (
        at(text + "1:00,reading,CREAT,107,umol/L\n", "1:00", "CREATININE_INCREASED")
        == 1
    )


def test_a_baseline_older_than_three_days_is_none() -> None:
    text = "-1:00,range,ALT,..40,U/L\n{},reading,ALT,30,U/L\n" + DOSED
    text += "1:00,reading,ALT,130,U/L\n"
    assert at(text.format("-72:00"), "1:00", "ALT_INCREASED") == 2
    assert at(text.format("-72:01"), "1:00", "ALT_INCREASED") is None


def test_before_the_first_dose_everything_is_baseline() -> None:
    text = "-3:00,range,ALT,..40,U/L\n-2:00,reading,ALT,80,U/L\n"
    assert at(text, "-2:00", "ALT_INCREASED", "v6") is None
    assert why(text, "-2:00", "ALT_INCREASED", "v6") == (
        "cannot be graded: the value is the baseline itself"
    )
    normal = "-3:00,range,ALT,..40,U/L\n-2:00,reading,ALT,40,U/L\n"
    assert at(normal, "-2:00", "ALT_INCREASED", "v6") == 0


@pytest.mark.parametrize(
    ("neutrophils", "at_hour", "temperature", "expected"),
    [
        ("0.99", "0:30", "38.4", 3),
        ("1.0", "0:30", "38.4", 0),
        ("0.99", "0:30", "37.9", 0),
        ("0.99", "0:30", "38.3", None),  # for over an hour?
        ("0.99", "-40:00", "38.4", None),  # the count is older than 36 hours
        ("0.99", "3:00", "38.4", 3),  # the count arrives after the fever
    ],
)
def test_febrile_neutropenia_needs_a_current_count(
    neutrophils: str, at_hour: str, temperature: str, expected: int | None
) -> None:
    text = f"{at_hour},reading,NEUT,{neutrophils},10*9/L\n" + DOSED
    text += f"1:00,reading,TEMP,{temperature},Cel\n"
    assert at(text, "3:00", "FEBRILE_NEUTROPENIA") == expected


@pytest.mark.parametrize(
    ("rhythm", "rate", "expected"),
    [
        ("", 100, 0),
        ("", 101, 1),
        ("1:00,reading,RHYTHM,sinus,\n", 101, 1),
        ("1:00,reading,RHYTHM,af,\n", 140, 0),
    ],
)
def test_a_fast_heart_is_sinus_unless_an_arrhythmia_is_charted(
    rhythm: str, rate: int, expected: int
) -> None:
    text = DOSED + rhythm + f"1:00,reading,HR,{rate},/min\n"
    assert at(text, "1:00", "SINUS_TACHYCARDIA") == expected


def test_fever_over_forty_is_a_floor_until_its_length_is_said() -> None:
    found = terms(chart(DOSED + "1:00,reading,TEMP,40.1,Cel\n"))
    row = found.filter(term="FEVER", version="v5").row(0, named=True)
    assert (row["grade"], row["at_least"]) == (3, True)
    assert row["why"].endswith("may be higher: for more than 24 hours?")


def test_calcium_is_graded_as_corrected_for_albumin() -> None:
    text = DOSED + "0:30,range,CA,2.15..2.55,mmol/L\n1:00,reading,CA,1.9,mmol/L\n"
    assert at(text, "1:00", "HYPOCALCEMIA") is None
    assert "no albumin" in why(text, "1:00", "HYPOCALCEMIA")
    assert at(text + "0:30,reading,ALB,25,g/L\n", "1:00", "HYPOCALCEMIA") == 0
    assert at(text + "0:30,reading,ALB,40,g/L\n", "1:00", "HYPOCALCEMIA") == 2


def test_urine_is_graded_over_eight_hours_and_over_a_day() -> None:
    hours = (0, 8, 16)
    text = DOSED + "".join(
        f"{hour}:00,reading,URINE_OUTPUT,79,mL,{hour + 8}:00\n" for hour in hours
    )
    seen = [at(text, f"{hour + 8}:00", "URINE_OUTPUT_DECREASED") for hour in hours]
    assert seen == [3, 3, 4]


def test_a_symptom_is_graded_in_the_version_of_the_trial() -> None:
    text = DOSED + "1:00,reading,DIARRHEA,1,{CTCAE}\n1:00,reading,CHILLS,2,{CTCAE}\n"
    assert at(text, "1:00", "CHILLS", "v6") == 2
    assert (at(text, "1:00", "DIARRHEA"), at(text, "1:00", "DIARRHEA", "v6")) == (
        1,
        None,
    )
    six = [
        at(text, "1:00", "DIARRHEA", version, ctcae="v6") for version in ("v5", "v6")
    ]
    assert six == [None, 1]


def test_a_pneumonitis_has_the_same_grade_in_both_versions() -> None:
    text = DOSED + "1:00,reading,PNEUMONITIS,2,{CTCAE}\n"
    assert [at(text, "1:00", "PNEUMONITIS", one) for one in ("v5", "v6")] == [2, 2]


def test_what_is_later_than_now_is_left_out() -> None:
    text = DOSED + "1:00,reading,TEMP,38.5,Cel\n2:00,reading,TEMP,39.5,Cel\n"
    found = terms(chart(text), now=DOSE + timedelta(hours=1))
    assert found.filter(term="FEVER", version="v5")["grade"].to_list() == [1]


def test_an_empty_chart_has_no_terms() -> None:
    head = "participant,cycle,at,kind,code,value,unit,until\n"
    assert terms(read_chart(io.StringIO(head)).facts).is_empty()


def test_a_protocol_fixes_its_version() -> None:
    plain = {"name": "N", "version": "1"}
    assert Protocol.from_document(plain).ctcae == "v5"
    assert Protocol.from_document(plain | {"scale": "ctcae_v6"}).ctcae == "v6"
    assert Protocol.from_document(plain | {"ctcae": "v6"}).ctcae == "v6"
    with pytest.raises(BadProtocol, match="ctcae is one of v5, v6"):
        Protocol.from_document(plain | {"ctcae": "v4"})


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("40..7", "The low end is above the high end. Type both again."),
        ("40..40", "Both ends are the same. Type both again."),
        ("0..0", "With an upper limit of 0 nothing is normal. Type both again."),
        ("-7..40", "A limit below 0 cannot be. Type both again."),
        ("7-40", "A range is written low..high."),
        ("7,5..40", "7,5..40 has a comma: write it with a point."),
    ],
)
def test_what_is_no_range_of_normal_is_an_error_and_grades_nothing(
    value: str, reason: str
) -> None:
    row = Row(moment("-1:00"), "range", "ALT", value, "U/L")
    told = (row, *rows(HEAD + DOSED + "1:00,reading,ALT,50,U/L\n"))
    read = read_chart(Variant({"id": "C01"}, "planted", told, {}, {}).chart())
    made = assess(read.facts)
    assert [error["reason"] for error in made.errors] == [reason]
    assert standing(terms(read.facts), moment("1:00"))["ALT_INCREASED", "v5"] is None
