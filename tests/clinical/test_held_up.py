"""A vasopressor holds the pressure up: it is low pressure, whatever it reads (R11)."""

import io

from monitor.clinical.assess import assess
from monitor.clinical.facts.chartfile import read_chart

HEAD = "participant,cycle,at,kind,code,value,unit,until\n"
DOSE = "A,1,2026-11-16T08:00:00Z,dose,aldesleukin,600000,[iU]/kg,\n"


def well(at: str) -> str:
    """A set in which nothing is low."""
    told = (
        ("TEMP", "37.1", "Cel"),
        ("HR", "80", "/min"),
        ("SYSBP", "120", "mm[Hg]"),
        ("DIABP", "70", "mm[Hg]"),
        ("RESP", "16", "/min"),
        ("OXYSAT", "98", "%"),
        ("OXYGEN_DEVICE", "room_air", ""),
        ("ACVPU", "A", ""),
    )
    return "".join(f"A,1,{at},reading,{c},{v},{u},\n" for c, v, u in told)


def last(rows: str, topic: str) -> dict:
    chart = HEAD + well("2026-11-16T07:00:00Z") + DOSE + well("2026-11-16T11:00:00Z")
    found = assess(read_chart(io.StringIO(chart + rows)).facts).lines
    return [line for line in found if line["topic"] == topic][-1]


def test_a_pressor_without_fever_is_low_pressure_and_a_warning():
    rows = "A,1,2026-11-16T11:10:00Z,treatment,norepinephrine,4,ug/min,\n"
    line = last(rows, "cls")
    assert (line["patterns"]["hypotension"], line["level"]) == (True, "warning")
    assert [e["item"] for e in line["evidence"] if e["answer"]] == ["norepinephrine"]


def test_without_a_pressor_the_same_sets_are_no_low_pressure():
    assert last("", "cls")["patterns"]["hypotension"] is False


def test_a_pressor_under_an_antipyretic_is_a_masked_fever_at_warning():
    rows = (
        "A,1,2026-11-16T10:00:00Z,treatment,paracetamol,1000,mg,\n"
        "A,1,2026-11-16T11:10:00Z,treatment,norepinephrine,4,ug/min,\n"
    )
    line = last(rows, "crs")
    assert (line["patterns"]["masked_fever"], line["level"]) == (True, "warning")


def test_a_pressor_in_an_operation_is_not_the_participants_pressure():
    rows = (
        "A,1,2026-11-16T11:05:00Z,fact,PROCEDURE,operation,,2026-11-16T13:00:00Z\n"
        "A,1,2026-11-16T11:10:00Z,treatment,norepinephrine,4,ug/min,"
        "2026-11-16T12:00:00Z\n"
    )
    assert last(rows, "cls")["patterns"]["hypotension"] is False
