"""Whether the tables still say what the trail was told, whoever wrote past it."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from monitor import agreeing, clock, flow
from monitor.audit import triggers
from monitor.audit.models import Event
from monitor.bedside.models import Observation, Reading, ReferenceRange
from monitor.notices.actions import plan_shift
from monitor.treatments.models import Treatment
from monitor.trials.models import Dose
from tests.acts import LOW, baseline, enter_at
from tests.cast import open_cycle
from tests.notices.told import agreed

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.requirement("R1")


@pytest.fixture
def told(cast, now):
    """A course of 02-014 with each kind of record, one corrected and one struck out."""
    cycle, by = cast.cycle, cast.reyes
    baseline(cast)
    enter_at(cast, now - 8 * MINUTE, LOW)
    standing = Reading.objects.current().filter(observation__observed_at__lt=now)
    heart, pressure = (standing.filter(item=one).last() for one in ("HR", "DIABP"))
    flow.correct_reading(reading=heart, typed="122", unit=None, reason="Misread", by=by)
    flow.void_reading(reading=pressure, reason="Other patient", by=by)
    with clock.freeze(now):
        pressor = flow.log_treatment(
            cycle=cycle,
            by=by,
            key=uuid4(),
            code="norepinephrine",
            form="rate",
            amount=5.0,
            unit="ug/min",
            at=now - 6 * MINUTE,
        ).row
        flow.correct_treatment(
            treatment=pressor, by=by, reason="Was stopped", amount=0.0
        )
        flow.record_range(
            cycle=cycle,
            by=by,
            key=uuid4(),
            item="ALB",
            typed="3.5..5.2",
            unit="g/dL",
            since=now - 7 * MINUTE,
        )
    return cast


def differing() -> list[str]:
    return [str(one) for one in agreeing.differing()]


@contextmanager
def past_the_program():
    """Somebody takes the triggers away, writes, and puts them back."""
    with connection.cursor() as cursor:
        for guard in triggers.expected(connection):
            cursor.execute(guard.drop)
        yield cursor
    triggers.install()


def write(sql: str, *values: object) -> None:
    with past_the_program() as cursor:
        cursor.execute(sql, values)


def last_event(action: str) -> int:
    return Event.objects.filter(action=action).latest("sequence").sequence


def verified() -> list[str]:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue().splitlines()


def test_what_the_program_wrote_agrees_with_its_trail(told):
    assert differing() == []
    assert verified() == [
        f"The audit trail is whole: {Event.objects.count()} events.",
        "Every row says what the trail was told of it.",
    ]


@pytest.mark.parametrize(
    "change", ["typed = '37.1', number = 37.1", "number = 37.1", "typed = '37.1'"]
)
def test_a_reading_that_was_changed_behind_the_program_is_named(told, change):
    row = Reading.objects.filter(item="TEMP").latest("pk")
    write(f"UPDATE monitor_reading SET {change} WHERE id = %s", row.pk)
    event = last_event("observation.recorded")
    said = f"Observation {row.observation_id} says otherwise of TEMP than event {event}"
    assert differing() == [said]


def test_the_command_says_that_the_chain_is_whole_and_the_table_is_not(told):
    row = Reading.objects.filter(item="TEMP").latest("pk")
    write("UPDATE monitor_reading SET number = 37.1 WHERE id = %s", row.pk)
    with pytest.raises(CommandError) as refused:
        verified()
    assert refused.value.returncode == 1
    assert "events is whole, but the tables do not say what it was told" in str(
        refused.value
    )
    assert "37.1" not in str(refused.value)


def test_a_correction_that_was_changed_is_named(told):
    row = Reading.objects.get(item="HR", supersedes__isnull=False)
    write("UPDATE monitor_reading SET typed = '80', number = 80 WHERE id = %s", row.pk)
    event = last_event("reading.corrected")
    assert differing() == [f"Reading {row.pk} says otherwise of HR than event {event}"]


def test_a_reading_that_was_struck_out_past_the_program_is_named(told):
    row = Reading.objects.get(item="HR", supersedes__isnull=False)
    write("UPDATE monitor_reading SET voided = %s WHERE id = %s", True, row.pk)
    event = last_event("reading.corrected")
    found = [f"Reading {row.pk} says otherwise of voided than event {event}"]
    assert differing() == found


def test_a_value_put_into_a_set_is_named(told):
    row = Observation.objects.latest("pk")
    copied = Reading.objects.filter(observation=row, item="TEMP").values().get()
    copied |= {"id": copied["id"] + 1000, "item": "WEIGHT"}
    names = ", ".join(copied)
    places = ", ".join(["%s"] * len(copied))
    write(f"INSERT INTO monitor_reading ({names}) VALUES ({places})", *copied.values())
    event = last_event("observation.recorded")
    assert differing() == [
        f"Observation {row.pk} says otherwise of WEIGHT than event {event}"
    ]


def test_a_successor_that_nobody_wrote_is_named(told):
    row = Reading.objects.current().filter(item="TEMP").latest("pk")
    copied = Reading.objects.filter(pk=row.pk).values().get()
    copied |= {
        "id": row.pk + 1000,
        "supersedes_id": row.pk,
        "reason": "Misread",
        "typed": "36.9",
        "number": 36.9,
    }
    names = ", ".join(copied)
    places = ", ".join(["%s"] * len(copied))
    write(f"INSERT INTO monitor_reading ({names}) VALUES ({places})", *copied.values())
    assert differing() == [f"no event tells of Reading {row.pk + 1000}"]


def test_a_set_that_was_moved_to_another_participant_is_named(told):
    other = open_cycle(told, "02-015")
    row = Observation.objects.latest("pk")
    write(
        "UPDATE monitor_observation SET cycle_id = %s WHERE id = %s", other.pk, row.pk
    )
    found = differing()
    event = last_event("observation.recorded")
    said = f"Observation {row.pk} says otherwise of participant than event {event}"
    assert said in found


@pytest.mark.parametrize("field", ["amount", "unit", "code", "note"])
def test_a_treatment_that_was_changed_is_named_by_its_field(told, field):
    row = Treatment.objects.current().get()
    value = 5.0 if field == "amount" else "x"
    write(f"UPDATE monitor_treatment SET {field} = %s WHERE id = %s", value, row.pk)
    event = last_event("treatment.corrected")
    assert differing() == [
        f"Treatment {row.pk} says otherwise of {field} than event {event}"
    ]


def test_a_dose_that_was_changed_is_named(told):
    row = Dose.objects.filter(status="given").latest("pk")
    write("UPDATE monitor_dose SET amount = amount * 2 WHERE id = %s", row.pk)
    event = last_event("dose.recorded")
    assert differing() == [f"Dose {row.pk} says otherwise of amount than event {event}"]


@pytest.mark.parametrize("change", ["typed = '1..5.2'", "low = 10"])
def test_limits_that_were_changed_are_named(told, change):
    row = ReferenceRange.objects.get()
    write(f"UPDATE monitor_referencerange SET {change} WHERE id = %s", row.pk)
    event = last_event("range.recorded")
    assert differing() == [
        f"ReferenceRange {row.pk} says otherwise of ALB than event {event}"
    ]


def test_a_row_that_was_taken_out_is_named(told):
    row = ReferenceRange.objects.get()
    write("DELETE FROM monitor_referencerange WHERE id = %s", row.pk)
    event = last_event("range.recorded")
    assert differing() == [
        f"ReferenceRange {row.pk} says otherwise of anything: it is gone "
        f"than event {event}"
    ]


def test_a_rate_of_zero_is_told_to_the_trail(cast, now):
    with clock.freeze(now):
        flow.log_treatment(
            cycle=cast.cycle,
            by=cast.reyes,
            key=uuid4(),
            code="norepinephrine",
            form="rate",
            amount=0.0,
            unit="ug/min",
            at=now - 6 * MINUTE,
        )
    event = Event.objects.get(action="treatment.logged")
    assert {"field": "amount", "old": None, "new": "0"} in event.changes
    assert differing() == []


def test_what_an_event_says_beside_its_row_is_not_asked_of_it(cast, now):
    """Of a shift on call the trail also keeps what its planner was asked and said."""
    with clock.freeze(now):
        agreed(
            plan_shift,
            site=cast.boston,
            duty="investigator_on_call",
            user=cast.okafor,
            starts_at=now + 60 * MINUTE,
            ends_at=now + 120 * MINUTE,
            by=cast.chen,
        )
    event = Event.objects.get(action="rota.planned")
    assert "agreed" in {one["field"] for one in event.changes}
    assert differing() == []
