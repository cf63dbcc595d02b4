"""A concern at the bedside is watched; a second one within hours is a warning (B3)."""

from monitor.clinical.said.evidence import iso

from .casefile import moment
from .charts import assessed, line

WELL = "T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,{WELL}\n0:00,dose,aldesleukin,600000,[iU]/kg\n"
CONCERN = "{},reading,NURSE_CONCERN,y,\n"
NO_CONCERN = "{},reading,NURSE_CONCERN,n,\n"


def concern(text: str, time: str) -> dict:
    return line(assessed(BEGIN + text), "concern", time)


def test_a_concern_is_watched_and_opens_no_episode():
    found = assessed(BEGIN + CONCERN.format("2:00"))
    one = line(found, "concern", "2:00")
    assert (one["family"], one["level"]) == ("other_cause", "watch")
    assert one["patterns"] == {"nurse_concern": True}
    assert found.episodes == []


def test_nobody_asked_is_unknown_and_no_is_no():
    assert concern("2:00,reading,TEMP,36.8,Cel\n", "2:00")["patterns"] == {
        "nurse_concern": None
    }
    one = concern(NO_CONCERN.format("2:00"), "2:00")
    assert (one["level"], one["patterns"]) == ("clear", {"nurse_concern": False})


def test_a_second_one_within_four_hours_is_a_warning_and_opens_an_episode():
    text = CONCERN.format("2:00") + NO_CONCERN.format("3:00") + CONCERN.format("6:00")
    found = assessed(BEGIN + text)
    assert line(found, "concern", "3:00")["level"] == "watch"
    one = line(found, "concern", "6:00")
    assert one["level"] == "warning"
    assert [entry["sign"] for entry in one["evidence"]] == [
        "person_concerned",
        "concerned_again",
    ]
    assert one["explanation"] == (
        "Criteria met: Concern at the bedside, because a person is concerned, "
        "a person is concerned again."
    )
    assert [(one.family, one.topic) for one in found.episodes] == [
        ("other_cause", "concern")
    ]


def test_two_people_concerned_at_one_instant_are_one_concern():
    assert concern(CONCERN.format("2:00") * 2, "2:00")["level"] == "watch"


def test_silence_takes_no_concern_back_and_two_answers_of_no_do():
    quiet = assessed(BEGIN + CONCERN.format("2:00"), now="9:00").latest
    held = next(one for one in quiet if one["topic"] == "concern")
    assert (held["level"], held["held_since"]) == ("watch", iso(moment("2:00")))
    one_no = CONCERN.format("2:00") + NO_CONCERN.format("3:00")
    assert concern(one_no, "3:00")["level"] == "watch"
    assert concern(one_no + NO_CONCERN.format("4:59"), "4:59")["level"] == "watch"
    assert concern(one_no + NO_CONCERN.format("5:00"), "5:00")["level"] == "clear"


def test_a_person_may_say_that_it_is_over():
    text = CONCERN.format("2:00") + NO_CONCERN.format("3:00")
    assert (
        concern(text + "3:10,decision,resolved,concern\n", "3:10")["level"] == "clear"
    )
