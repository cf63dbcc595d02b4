"""What the audit trail says to a person."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

import monitor
from monitor.audit.models import Event
from monitor.audit.sentences import SENTENCES, line_of

AT = datetime(2026, 11, 19, 19, 22, 31, tzinfo=UTC)


def event(**given) -> Event:
    told = {
        "sequence": 1,
        "at": AT,
        "time_zone": "America/New_York",
        "actor": "reyes",
        "actor_name": "A. Reyes, RN",
        "action": "reading.corrected",
        "object_type": "Reading",
        "changes": [],
    }
    return Event(**told | given)


def changed(field: str, old: str | None, new: str | None, **given) -> str:
    changes = [{"field": field, "old": old, "new": new}]
    (told,) = line_of(event(changes=changes, **given), unblinded=True).changes
    return str(told)


@pytest.mark.requirement("R3")
def test_a_line_says_who_did_what_and_when_with_the_offset():
    line = line_of(event(reason="read from wrong meter"))
    assert line.sentence == "A. Reyes, RN corrected a value."
    assert line.when == "Thu 19 Nov 2026, 14:22:31 −05:00"
    assert line.reason == "read from wrong meter"


def test_who_has_no_printed_name_is_called_by_the_account():
    assert line_of(event(actor="sweep", actor_name="")).who == "sweep"


def test_an_action_without_a_sentence_is_still_said():
    line = line_of(event(action="dossier.printed_twice"))
    assert line.sentence == "A. Reyes, RN: dossier printed twice."


@pytest.mark.parametrize(
    ("field", "old", "new", "said"),
    [
        ("OXYGEN_FLOW", "5 L/min", "4 L/min", "Oxygen flow: 5 L/min → 4 L/min"),
        ("TEMP", None, "102.4 [degF]", "Temperature: 102.4 °F"),
        ("TEMP", None, "39.1 Cel (typed 391)", "Temperature: 39.1 °C (typed 391)"),
        ("OXYGEN_DEVICE", "room_air", None, "Oxygen: Room air → none"),
        ("OXYSAT", None, "tried, unrecordable", "SpO₂: tried, unrecordable"),
        ("code", None, "fluid_bolus", "code: Fluid bolus"),
        ("unit", None, "ug/kg/min", "unit: µg/kg/min"),
        ("body_site", None, "neck, left", "site of injection: neck, left"),
        (
            "observed_at",
            None,
            "2026-11-19T19:22:00+00:00",
            "observed at: Thu 19 Nov 2026, 14:22 −05:00",
        ),
        ("note", None, "Told at T", "note: Told at T"),
        ("note", None, "{what she said", "note: {what she said"),
        ("status", "resolved", "needs_review", "status: resolved → needs review"),
        ("treatment", None, "fluid_bolus", "treatment: Fluid bolus"),
        ("serious", None, "[]", "serious: none"),
        ("as_needed", None, "true", "as needed: yes"),
        (
            "attribution",
            None,
            '{"disease": "unrelated", "study_drug": "likely", "of": ["a_b", 2]}',
            "attribution: disease: unrelated; study drug: likely; of: a b, 2",
        ),
        ("note", None, "2026-11-19T14:22", "note: 2026-11-19T14:22"),
    ],
)
def test_values_are_said_as_a_person_reads_them(field, old, new, said):
    assert changed(field, old, new) == said


@pytest.mark.requirement("R7")
def test_a_blinded_person_is_not_told_the_dose():
    dose = event(
        action="dose.planned",
        object_type="Dose",
        changes=[
            {"field": "agent", "old": None, "new": "NARA"},
            {"field": "amount", "old": None, "new": "1200"},
        ],
    )
    assert [one.label for one in line_of(dose).changes] == ["agent"]
    unblinded = line_of(dose, unblinded=True)
    assert [str(one) for one in unblinded.changes] == ["agent: NARA", "amount: 1200"]


def test_what_a_treatment_amounted_to_is_told_to_everybody():
    changes = [{"field": "amount", "old": None, "new": "500"}]
    line = line_of(event(object_type="Treatment", changes=changes))
    assert [str(one) for one in line.changes] == ["amount: 500"]


# Every action has its sentence


def actions_in(source: str) -> set[str]:
    """Texts that are an action by their form: "reading.corrected"."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and is_action(node.value)
    }


def is_action(text: str) -> bool:
    noun, dot, verb = text.partition(".")
    return bool(dot) and noun in NOUNS and verb.replace("_", "").isalpha()


#: What the trail is about. `of` a new noun begins here.
NOUNS = {action.partition(".")[0] for action in SENTENCES}


@pytest.mark.requirement("R1")
def test_every_action_of_the_rooms_has_a_sentence():
    rooms = Path(monitor.__path__[0])
    recorded = set().union(
        *(actions_in(path.read_text()) for path in rooms.rglob("actions*/**/*.py")),
        *(actions_in(path.read_text()) for path in rooms.rglob("actions.py")),
    )
    assert "reading.corrected" in recorded
    assert recorded - set(SENTENCES) == set()


def test_a_planted_action_without_a_sentence_is_found():
    assert actions_in('tell(row, cycle, "reading.burned", [])') == {"reading.burned"}
