"""From what a person typed to a reading, with the sentence beside the field."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.bedside import entry
from monitor.bedside.entry import NewReading, agreed, read_reading, refusals
from monitor.clinical.items.entry import Previous
from monitor.refusal import Refused

AT = datetime(2026, 11, 19, 19, 22, tzinfo=UTC)
BEFORE = AT - timedelta(minutes=47)


def refused(make, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Refused) as error:
        make(*args, **kwargs)
    return error.value.field, error.value.sentence


@pytest.mark.parametrize(
    ("item", "typed", "unit", "number", "stored"),
    [
        ("TEMP", "39.1", None, 39.1, "Cel"),
        ("TEMP", "39,1", "Cel", 39.1, "Cel"),
        ("TEMP", "391", "Cel", 39.1, "Cel"),
        ("TEMP", "100.4", "[degF]", 38.0, "Cel"),
        ("TEMP", "100.3", "[degF]", 37.944444, "Cel"),
        ("WEIGHT", "160", "[lb_av]", 72.574779, "kg"),
    ],
)
def test_a_number_is_kept_as_typed_beside_the_canonical_one(
    item, typed, unit, number, stored
):
    reading = read_reading(item, typed, unit)
    assert (reading.number, reading.unit) == (number, stored)
    assert reading.typed == typed
    assert reading.check_state == "accepted"


def test_a_coded_answer_is_its_code():
    reading = read_reading("ACVPU", "c", "")
    assert (reading.choice, reading.number, reading.unit) == ("C", None, "")


@pytest.mark.parametrize(
    ("item", "typed", "said"),
    [
        ("OXYSAT", "101", "SpO₂ is 0 to 100 %. Type it again."),
        ("TEMP", "hot", "hot is not a number. Type Temperature in digits."),
        ("TEMP", "", "Temperature is empty. Type a value, or say why it was not done."),
        ("TEMP", "nan", "nan is not a number. Type Temperature in digits."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(item, typed, said):
    assert refused(read_reading, item, typed) == (item, said)


def test_another_unit_that_would_make_sense_is_suggested_never_taken():
    field, said = refused(read_reading, "TEMP", "102.4")
    assert field == "TEMP"
    assert said.endswith("Was it °F? Then choose that unit.")


def test_an_unknown_item_is_refused():
    assert refused(read_reading, "MOOD", "5") == ("MOOD", "There is no item MOOD.")


def test_a_rare_value_waits_for_a_yes():
    held = read_reading("SYSBP", "38")
    assert held.needs_confirmation
    assert not held.feeds
    assert "rare" in held.check_reason
    confirmed = read_reading("SYSBP", "38", confirmed=True)
    assert (confirmed.check_state, confirmed.feeds) == ("confirmed", True)


def test_a_yes_to_an_ordinary_value_changes_nothing():
    assert read_reading("SYSBP", "118", confirmed=True).check_state == "accepted"


def test_a_jump_asks_with_both_values():
    before = Previous(37.0, BEFORE)
    reading = read_reading("TEMP", "39.1", None, before, at=AT)
    assert reading.check_state in ("held", "questioned")
    assert reading.check_reason.startswith("39.1 is 2.1 °C above 37.0")


def test_an_amount_covers_its_period():
    start = AT - timedelta(hours=6)
    urine = read_reading("URINE_OUTPUT", "0", "mL", at=start, until=AT)
    assert (urine.number, urine.until) == (0, AT)
    _, said = refused(read_reading, "URINE_OUTPUT", "200", "mL", at=AT)
    assert "the time it began" in said


def test_not_done_has_a_reason_of_the_list():
    reading = entry.not_done("RESP", "refused")
    assert (reading.state, reading.feeds) == ("not_done", False)
    assert refused(entry.not_done, "RESP", "lazy") == (
        "RESP",
        "Choose why it was not done.",
    )


def test_unrecordable_is_an_answer_for_pressure_saturation_and_pulse_alone():
    assert entry.unrecordable("SYSBP").state == "unrecordable"
    field, said = refused(entry.unrecordable, "TEMP")
    assert field == "TEMP"
    assert said.startswith("Temperature cannot be unrecordable.")


# Values of one instant


def pressures(high: str, low: str) -> list[NewReading]:
    return [read_reading("SYSBP", high), read_reading("DIABP", low)]


def test_a_diastolic_above_the_systolic_refuses_both():
    sentences = refusals(pressures("80", "90"))
    assert sorted(sentences) == ["DIABP", "SYSBP"]
    with pytest.raises(Refused, match="which cannot be"):
        agreed(pressures("80", "90"))


def test_equal_pressures_are_let_be():
    assert refusals(pressures("80", "80")) == {}


def test_a_low_flow_by_mask_is_asked_about_and_counts():
    mask = read_reading("OXYGEN_DEVICE", "simple_mask", "")
    flow = read_reading("OXYGEN_FLOW", "4", "L/min")
    device, asked = agreed([mask, flow])
    assert device.check_state == "accepted"
    assert asked.is_questioned
    assert asked.feeds
    assert "takes 5 L/min or more" in asked.check_reason


def test_a_held_value_is_not_compared_with():
    held = read_reading("SYSBP", "38")
    assert refusals([held, read_reading("DIABP", "60")]) == {}
