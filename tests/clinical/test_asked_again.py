"""One reading asks for another, or for a person: silence is no answer (R1, R2, R3)."""

import pytest

from monitor.clinical.signs.leak import EDEMA

from .charts import DOSE, assessed, line

WELL = "T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,{WELL}\n{DOSE}"
FALLEN = f"4:00,set,{WELL.replace('124/76', '98/60')}\n"
FAST = f"4:00,set,{WELL.replace('HR 78', 'HR 100')}\n"
# A pressure of 96 is usual for this person, and 84 is no fall of a fifth from it.
USUAL = f"-30:00,fact,USUAL_SBP,96,\n-1:00,set,{WELL.replace('124/76', '96/60')}\n"
LOW = f"4:00,set,{WELL.replace('124/76', '84/56')}\n"

# A fall of 40 from the usual pressure, which is the one before the first dose.
HIGH = f"-1:00,set,{WELL.replace('124/76', '150/80')}\n{DOSE}"
FAR = f"4:00,set,{WELL.replace('124/76', '110/70')}\n"


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("rows", "topic"),
    [
        (BEGIN + FALLEN, "crs"),
        (BEGIN + FAST, "crs"),
        (USUAL + DOSE + LOW, "cls"),
        (HIGH + FAR, "cls"),
    ],
    ids=[
        "a pressure that falls",
        "a fast heart",
        "a pressure low for this person?",
        "a pressure far under the usual one",
    ],
)
def test_what_one_reading_asked_is_watched_until_another_answers(rows, topic):
    read = line(assessed(rows, now="4:00"), topic, "4:00")
    assert (read["level"], read["held_since"]) == ("watch", None)
    later = next(
        one for one in assessed(rows, now="20:00").latest if one["topic"] == topic
    )
    assert (later["level"], later["held_since"]) == ("watch", read["at"])
    rest = "-1:00,reading,ALB,4,g/dL\n-1:00,reading,WEIGHT,70,kg\n"
    rest += "".join(f"-1:00,reading,{one},0,{{CTCAE}}\n" for one in EDEMA)
    answered = assessed(rows + rest + f"12:00,set,{WELL}\n", now="12:00")
    assert line(answered, topic, "12:00")["level"] == "clear"


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("first", "second", "levels"),
    [
        ("111/70", "110/70", ["unknown", "watch"]),
        ("110/70", "111/70", ["watch", "unknown"]),
        ("110/70", "110/70", ["watch", "warning"]),
        ("88/60", "120/70", ["warning", "warning"]),
    ],
)
def test_the_first_far_fall_is_watched_and_the_second_warns(first, second, levels):
    """R2: unknown after the first, the level at least watch. Under the line one reading

    is enough, and it is held.
    """
    sets = [
        f"{time},set,{WELL.replace('124/76', BP)}\n"
        for time, BP in (("4:00", first), ("4:15", second))
    ]
    found = assessed(HIGH + "".join(sets), now="4:15")
    assert [line(found, "cls", at)["level"] for at in ("4:00", "4:15")] == levels
    told = line(found, "cls", "4:00")["explanation"]
    assert ("seen once, a second reading confirms" in told) is (levels[0] == "watch")


def test_a_reading_that_lapsed_is_said_with_what_it_asks():
    later = line(assessed(BEGIN + FALLEN, now="20:00"), "crs", "20:00")
    assert later["explanation"] == (
        "CRS not gradable on ASTCT: no current temperature, seen once, a second "
        "reading confirms: pressure falling, not yet low (SBP 98 mmHg, baseline 124), "
        "missing: T, SBP, O₂, SpO₂, HR, RR, ACVPU too old to count."
    )
    asked = line(assessed(USUAL + DOSE + LOW, now="20:00"), "cls", "20:00")
    assert (
        "SBP 84 mmHg with a usual one of 96: low for this person?"
        in (asked["explanation"])
    )


def test_a_pattern_that_a_second_reading_confirmed_waits_for_no_other():
    rows = FALLEN + FALLEN.replace("4:00", "4:30")
    later = line(assessed(BEGIN + rows, now="20:00"), "crs", "20:00")
    assert (later["level"], later["patterns"]["falling_pressure"]) == ("watch", True)
    assert "seen once" not in later["explanation"]


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("answer", "level", "said"),
    [
        ("no", "unknown", ""),
        ("yes", "watch", "SBP 84 mmHg with a usual one of 96, low for this person,"),
    ],
)
def test_a_person_answers_of_a_pressure_that_has_lapsed(answer, level, said):
    """30 min after a low reading it counts no longer; the answer is still of it."""
    rows = USUAL + DOSE + LOW + f"5:00,decision,hypotension_confirmed,{answer}\n"
    asked = line(assessed(rows, now="4:59"), "cls", "4:59")
    assert asked["level"] == "watch"
    found = assessed(rows, now="5:00").latest
    one = next(one for one in found if one["topic"] == "cls")
    assert one["level"] == level
    assert said in one["explanation"]
    assert "?" not in one["explanation"]
