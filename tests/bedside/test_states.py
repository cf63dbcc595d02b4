"""States that last, decisions, and the laboratory's limits."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from monitor.audit.models import Event
from monitor.bedside import actions, queries
from monitor.bedside.models import Fact, ReferenceRange
from monitor.clinical.facts.coded import USUAL_OXYGEN
from monitor.refusal import Refused
from tests.cast import NOW


def state(cast, code, **given):
    told = {"cycle": cast.cycle, "code": code, "at": NOW, "by": cast.reyes}
    return actions.record_fact(**told | {"key": uuid4()} | given)


def refusal(verb, *args, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        verb(*args, **given)
    return refused.value.field, refused.value.sentence


def test_presence_is_the_state_that_began_last(cast):
    assert queries.presence_of(cast.cycle) is None
    state(cast, "INPATIENT", at=NOW - timedelta(days=1))
    state(cast, "USUAL_SBP", value="104", unit="mm[Hg]")
    home, _ = state(cast, "AT_HOME", at=NOW - timedelta(hours=2))
    assert queries.presence_of(cast.cycle) == home
    earlier = queries.presence_of(cast.cycle, NOW - timedelta(hours=3))
    assert earlier.code == "INPATIENT"


def test_a_presence_that_ended_is_no_presence(cast):
    ended = NOW - timedelta(hours=1)
    state(cast, "IN_CLINIC", at=NOW - timedelta(hours=5), until=ended)
    assert queries.presence_of(cast.cycle) is None
    assert queries.presence_of(cast.cycle, ended - timedelta(seconds=1)) is not None


def test_the_same_state_sent_twice_is_one(cast):
    key = uuid4()
    first = state(cast, "INPATIENT", key=key)
    assert first[1]
    assert state(cast, "INPATIENT", key=key) == (first[0], False)
    assert Event.objects.filter(action="fact.recorded").count() == 1


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"code": "ON_THE_MOON"}, "code", "ON_THE_MOON is not on the list."),
        ({"code": "confirmed"}, "code", "confirmed is not on the list."),
        (
            {"code": "INPATIENT", "kind": "rumor"},
            "code",
            "INPATIENT is not on the list.",
        ),
        (
            {"code": "INPATIENT", "at": NOW + timedelta(minutes=1)},
            "at",
            "This time lies in the future. Type it again.",
        ),
        (
            {"code": "INPATIENT", "until": NOW},
            "until",
            "The end comes before the start. Type both again.",
        ),
        (
            {"code": "BASELINE_OXYGEN", "value": "home_oxygen a little"},
            "value",
            USUAL_OXYGEN,
        ),
        (
            {"code": "CULTURE", "value": "grew E. coli"},
            "value",
            "A culture is pending, negative, final_negative, or positive with what "
            "grew.",
        ),
        (
            {"code": "hypotension_confirmed", "kind": "decision"},
            "value",
            "hypotension_confirmed is yes or no.",
        ),
    ],
)
def test_what_is_no_state_is_refused(cast, given, field, said):
    assert refusal(state, cast, **given) == (field, said)


def test_a_usual_pressure_is_a_pressure(cast):
    field, said = refusal(state, cast, "USUAL_SBP", value="low")
    assert field == "value"
    assert said.startswith("low is not a number.")


def test_a_decision_is_for_those_who_may_confirm(cast):
    decision, _ = state(cast, "hypotension_confirmed", value="yes", kind="decision")
    assert decision.kind == Fact.Kind.DECISION
    assert Event.objects.filter(action="decision.recorded").count() == 1
    with pytest.raises(PermissionDenied, match="confirm a value"):
        state(
            cast, "hypotension_confirmed", value="yes", kind="decision", by=cast.haddad
        )


def test_a_state_that_never_was_is_struck_out_with_a_reason(cast):
    fact, _ = state(cast, "AT_HOME")
    assert refusal(actions.void_fact, fact=fact, by=cast.reyes, reason="")[0] == (
        "reason"
    )
    actions.void_fact(fact=fact, by=cast.reyes, reason="wrong participant")
    assert queries.presence_of(cast.cycle) is None
    assert Fact.objects.count() == 2


def test_another_sites_nurse_records_no_state(cast):
    with pytest.raises(PermissionDenied):
        state(cast, "AT_HOME", by=cast.lindqvist)


# Ranges


def limits(cast, typed, unit="g/dL", item="ALB", **given):
    told = {"cycle": cast.cycle, "since": NOW, "by": cast.reyes, "key": uuid4()}
    told |= {"item": item, "typed": typed, "unit": unit}
    return actions.record_range(**told | given)


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("3.5..5.2", 35.0, 52.0),
        ("3,5 – 5,2", 35.0, 52.0),
        ("..5.2", None, 52.0),
        ("3.5..", 35.0, None),
    ],
)
def test_a_range_is_kept_in_the_items_own_unit(cast, typed, low, high):
    row, created = limits(cast, typed)
    assert created
    assert (row.low, row.high, row.typed, row.typed_unit) == (low, high, typed, "g/dL")


@pytest.mark.parametrize(
    ("typed", "unit", "said"),
    [
        ("..", "g/dL", "Type the range as low..high, such as 3.5..5.2."),
        ("normal", "g/dL", "Type the range as low..high, such as 3.5..5.2."),
        ("5.2..3.5", "g/dL", "The low end is above the high end. Type both again."),
        ("5.2..5.2", "g/dL", "Both ends are the same. Type both again."),
        (
            "0..0",
            "g/dL",
            "With an upper limit of 0 nothing is normal. Type both again.",
        ),
        ("3.5..5.2", "mmol/L", "ALB is read in g/L, g/dL, not mmol/L."),
    ],
)
def test_what_is_no_range_is_refused_at_its_item(cast, typed, unit, said):
    assert refusal(limits, cast, typed, unit) == ("ALB", said)


def test_a_range_sent_twice_is_one_and_can_be_struck_out(cast):
    key = uuid4()
    row, _ = limits(cast, "3.5..5.2", key=key)
    assert limits(cast, "3.5..5.2", key=key) == (row, False)
    actions.void_range(range_=row, by=cast.reyes, reason="other laboratory")
    assert list(queries.ranges_of(cast.cycle)) == []
    assert ReferenceRange.objects.count() == 2
