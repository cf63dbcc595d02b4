"""The management log: a closed list, its forms and units, and what runs now."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from monitor.audit.models import Event
from monitor.clinical.items.catalogue import TREATMENTS
from monitor.refusal import Refused
from monitor.treatments import actions, queries
from monitor.treatments.checks import agents_of, units_of
from monitor.treatments.models import Treatment
from tests.cast import NOW

BOLUS = {"code": "fluid_bolus", "form": "amount", "amount": 500, "unit": "mL"}
NOREPINEPHRINE = {"code": "norepinephrine", "form": "rate", "unit": "ug/kg/min"}


def ago(**span) -> dict:
    return {"at": NOW - timedelta(**span)}


def log(cast, **given):
    told = {"cycle": cast.cycle, "at": NOW, "by": cast.reyes, "key": uuid4()}
    return actions.log(**told | given)


def pressor(cast, rate: float, **given) -> Treatment:
    return log(cast, **NOREPINEPHRINE | {"amount": rate} | given)[0]


def refusal(verb, *args, **given) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        verb(*args, **given)
    return refused.value.field, refused.value.sentence


def last_event() -> Event:
    return Event.objects.order_by("sequence").last()


# Logging


def test_a_bolus_is_logged_with_what_it_was_for(cast):
    row, created = log(cast, **BOLUS, indication="CRS", ordered_by="C. Okafor, MD")
    assert created
    assert (row.amount, row.unit, row.recorded_by) == (500, "mL", cast.reyes)
    assert last_event().action == "treatment.logged"
    assert {one["field"]: one["new"] for one in last_event().changes} == {
        "code": "fluid_bolus",
        "form": "amount",
        "amount": "500",
        "unit": "mL",
        "at": "2026-11-19T19:30:00+00:00",
        "indication": "CRS",
        "ordered_by": "C. Okafor, MD",
    }


def test_the_same_line_sent_twice_is_one(cast):
    key = uuid4()
    first = log(cast, key=key, **BOLUS)
    assert log(cast, key=key, **BOLUS) == (first[0], False)
    assert Treatment.objects.count() == 1
    assert Event.objects.filter(action="treatment.logged").count() == 1


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"code": "aspirine"}, "code", "aspirine is not on the list of treatments."),
        ({"form": "rate", "unit": "kg"}, "unit", "Fluid bolus is logged in mL/h."),
        ({"unit": "mg"}, "unit", "Fluid bolus is logged in mL, L."),
        ({"unit": "mL/h"}, "unit", "Fluid bolus is logged in mL, L."),
        ({"form": "scheduled"}, "form", "Fluid bolus is logged as: "),
        ({"amount": None}, "amount", "How much, or how fast? Type the amount."),
        ({"amount": 0}, "amount", "0 was given? Log what was given, or nothing."),
        ({"amount": -1}, "amount", "An amount is a number, 0 or more."),
        ({"amount": float("nan")}, "amount", "An amount is a number, 0 or more."),
        ({"amount": float("inf")}, "amount", "An amount is a number, 0 or more."),
        ({"at": NOW + timedelta(seconds=1)}, "at", "This time lies in the future."),
        ({"at": NOW - timedelta(days=41)}, "at", "This is more than 30 days before"),
        ({"until": NOW}, "until", "The end comes before the start."),
        ({"response": "perhaps"}, "response", "Choose one of the answers."),
    ],
)
def test_what_cannot_be_logged_is_refused_at_its_field(cast, given, field, said):
    refused = refusal(log, cast, **BOLUS | given)
    assert refused[0] == field
    assert refused[1].startswith(said)
    assert Treatment.objects.count() == 0


def test_an_action_has_no_amount(cast):
    call = {"code": "call", "form": "action"}
    assert log(cast, **call, called="on-call physician", note="answered")[1]
    assert refusal(log, cast, **call, amount=1)[0] == "amount"


def test_a_regimen_says_until_when_it_is_planned(cast):
    regimen = {"code": "paracetamol", "form": "scheduled", "as_needed": False}
    assert refusal(log, cast, **regimen)[0] == "until"
    row, _ = log(cast, **regimen, until=NOW + timedelta(days=2))
    assert row.amount is None
    told = {one["field"]: one["new"] for one in last_event().changes}
    assert told["as_needed"] == "no"


def test_every_treatment_of_the_list_can_be_logged_in_each_of_its_forms(cast):
    for kind in TREATMENTS.values():
        for form in kind.forms:
            accepted = units_of(kind, form)
            if form in ("amount", "rate"):
                assert accepted, (kind.code, form)


def test_who_may_not_log_logs_nothing(cast):
    for person in (cast.moreau, cast.iyer, cast.haddad, cast.lindqvist, cast.vance):
        with pytest.raises(PermissionDenied):
            log(cast, **BOLUS, by=person)


# Corrections


def test_a_correction_names_what_differs_and_why(cast):
    row, _ = log(cast, **BOLUS)
    made = actions.correct(
        treatment=row, by=cast.reyes, reason="second bag not given", amount=250
    )
    assert (made.amount, made.code, made.supersedes) == (250, "fluid_bolus", row)
    assert made.key != row.key
    assert list(queries.log_of(cast.cycle)) == [made]
    assert queries.history_of(made) == [row, made]
    assert last_event().changes == [{"field": "amount", "old": "500", "new": "250"}]
    assert last_event().reason == "second bag not given"


def test_a_correction_is_checked_like_a_new_line(cast):
    row, _ = log(cast, **BOLUS)
    given = {"treatment": row, "by": cast.reyes, "reason": "x"}
    assert refusal(actions.correct, **given, unit="mg")[0] == "unit"
    assert refusal(actions.correct, **given | {"reason": ""}, amount=1)[0] == "reason"
    with pytest.raises(TypeError, match="has no color"):
        actions.correct(**given, color="red")


def test_the_same_correction_sent_twice_is_one(cast):
    row, _ = log(cast, **BOLUS)
    given = {"treatment": row, "by": cast.reyes, "reason": "typing"}
    first = actions.correct(**given, amount=250)
    assert actions.correct(**given, amount=250) == first
    _, said = refusal(actions.correct, **given, amount=300)
    assert said.startswith("This was changed in the meantime.")


def test_a_struck_out_line_stays_readable(cast):
    row, _ = log(cast, **BOLUS)
    actions.void(treatment=row, by=cast.reyes, reason="wrong participant")
    assert list(queries.log_of(cast.cycle)) == []
    assert [one.voided for one in queries.history_of(row)] == [False, True]


def test_the_database_refuses_too(cast):
    log(cast, **BOLUS)
    for sql in ("DELETE FROM {}", "UPDATE {} SET amount = 1"):
        with (
            pytest.raises(IntegrityError, match="never changed or deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql.format("monitor_treatment"))


# What runs


def test_a_rate_runs_until_the_next_line_of_its_code(cast):
    pressor(cast, 0.05, **ago(hours=2))
    faster = pressor(cast, 0.08, **ago(hours=1))
    assert queries.running_now(cast.cycle) == [faster]
    earlier = queries.running_now(cast.cycle, NOW - timedelta(minutes=90))
    assert [one.amount for one in earlier] == [0.05]


def test_a_rate_of_0_ends_it(cast):
    pressor(cast, 0.05, **ago(hours=2))
    pressor(cast, 0, **ago(minutes=5))
    assert queries.running_now(cast.cycle) == []


def test_a_rate_ends_at_its_own_end(cast):
    pressor(cast, 0.05, **ago(hours=2), until=NOW)
    assert queries.running_now(cast.cycle) == []
    assert queries.running_now(cast.cycle, NOW - timedelta(seconds=1)) != []


def test_a_regimen_is_on_board_throughout(cast):
    regimen, _ = log(
        cast,
        code="indomethacin",
        form="scheduled",
        until=NOW + timedelta(days=10),
        **ago(days=1),
    )
    running = pressor(cast, 0.05)
    assert queries.running_now(cast.cycle) == [running, regimen]
    assert queries.running_now(cast.cycle, NOW + timedelta(days=11)) == [running]


def test_a_struck_out_rate_does_not_run(cast):
    row = pressor(cast, 0.05)
    actions.void(treatment=row, by=cast.reyes, reason="not started")
    assert queries.running_now(cast.cycle) == []


@pytest.mark.parametrize("lines", [1, 3])
def test_the_log_costs_one_query(cast, django_assert_num_queries, lines):
    for number in range(lines):
        log(cast, **BOLUS, **ago(minutes=number))
    with django_assert_num_queries(1):
        found = list(queries.log_of(cast.cycle))
        assert {one.recorded_by.username for one in found} == {"reyes"}
    assert found[0].at == NOW


def test_another_sites_line_is_not_there(cast):
    row, _ = log(cast, **BOLUS)
    assert queries.treatment_for(cast.okafor, row.pk) == row
    for person in (cast.lindqvist, cast.novak, cast.vance):
        with pytest.raises(Http404):
            queries.treatment_for(person, row.pk)


# Orders and calls


def test_a_verbal_order_is_kept_with_its_read_back_and_countersignature(cast):
    told = {"ordered_by": "C. Okafor, MD", "order": "read_back"}
    row, _created = log(cast, **BOLUS, **told, **ago(minutes=30), countersigned_at=NOW)
    assert row.get_order_display() == "verbal, read back"
    assert row.countersigned_at == NOW
    said = {one["field"]: one["new"] for one in last_event().changes}
    assert said["order"] == "read_back"


def test_a_call_is_kept_with_who_was_called_answered_and_came(cast):
    called = {"code": "call", "form": "action", "called": "ICU, Dr Lang"}
    came = {"answered_at": NOW, "arrived_at": NOW}
    row, _created = log(cast, **called, **came, **ago(minutes=9))
    assert row.answered_at - row.at == timedelta(minutes=9)
    assert (row.called, row.arrived_at) == ("ICU, Dr Lang", NOW)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"order": "written"}, "ordered_by"),
        ({"order": "shouted", "ordered_by": "X"}, "order"),
        ({"countersigned_at": NOW}, "countersigned_at"),
        (
            {"order": "written", "ordered_by": "X", "countersigned_at": NOW},
            "countersigned_at",
        ),
        ({"called": "ICU"}, "called"),
        ({"answered_at": NOW}, "answered_at"),
    ],
)
def test_an_order_has_its_giver_and_only_a_call_is_answered(cast, told, field):
    assert refusal(log, cast, **BOLUS, **told)[0] == field
    assert not Treatment.objects.exists()


@pytest.mark.parametrize("name", ["answered_at", "arrived_at"])
def test_nobody_answers_before_the_call(cast, name):
    told = {"code": "call", "form": "action", name: NOW - timedelta(minutes=1)}
    assert refusal(log, cast, **told)[0] == name


def test_a_correction_can_add_the_countersignature(cast):
    told = {"ordered_by": "C. Okafor, MD", "order": "verbal"}
    row, _created = log(cast, **BOLUS, **told, **ago(minutes=30))
    mended = actions.correct(
        treatment=row, by=cast.reyes, reason="signed now", countersigned_at=NOW
    )
    assert (mended.order, mended.countersigned_at) == ("verbal", NOW)


# What R19 adds


def test_a_line_keeps_its_fluid_target_source_and_whether_it_deviates(cast):
    told = {"fluid": "balanced", "target": "SBP over 90", "read_from": "pump"}
    row, _created = log(cast, **BOLUS, **told, deviation="no")
    assert (row.get_fluid_display(), row.target) == (
        "balanced crystalloid",
        "SBP over 90",
    )
    said = {one["field"]: one["new"] for one in last_event().changes}
    assert {name: said[name] for name in (*told, "deviation")} == {
        **told,
        "deviation": "no",
    }


def test_what_nobody_said_stays_unsaid(cast):
    row, _created = log(cast, **BOLUS)
    assert (row.fluid, row.read_from, row.deviation) == ("", "", "")


def test_a_study_drug_is_stopped_for_one_agent(cast):
    cast.cycle.protocol.document["agents"] = [{"code": "irx_2", "label": "IRX-2"}]
    assert agents_of(cast.cycle) == ["IRX-2"]
    told = {"code": "study_drug_interrupt", "form": "action", "agent": "IRX-2"}
    row, _created = log(cast, **told)
    assert row.agent == "IRX-2"
    assert refusal(log, cast, **told | {"agent": "another"})[0] == "agent"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (BOLUS | {"fluid": "tea"}, "fluid"),
        (BOLUS | {"read_from": "hearsay"}, "read_from"),
        (BOLUS | {"deviation": "perhaps"}, "deviation"),
        (BOLUS | {"deviation": "yes"}, "note"),
        (BOLUS | {"deviation": "yes", "note": " "}, "note"),
        (BOLUS | {"agent": "IRX-2"}, "agent"),
        (NOREPINEPHRINE | {"amount": 0.1, "fluid": "saline"}, "fluid"),
        *(
            ({"code": code, "form": "action"}, "note")
            for code in (
                *("no_action", "other_action", "offered_not_done"),
                *("ceiling_of_care", "study_drug_rate", "icu_declined"),
            )
        ),
    ],
)
def test_what_says_nothing_or_goes_elsewhere_is_refused(cast, told, field):
    assert refusal(log, cast, **told)[0] == field
    assert not Treatment.objects.exists()


@pytest.mark.parametrize("code", ["offered_not_done", "ceiling_of_care"])
def test_what_was_not_done_is_kept_with_its_reason(cast, code):
    words = "Intubation: declined by the participant."
    row, _created = log(cast, code=code, form="action", note=words)
    assert (row.amount, row.note) == (None, words)


def test_a_chart_file_has_no_words_to_give(cast):
    row, created = log(cast, code="no_action", form="action", imported=True)
    assert (created, row.note) == (True, "")


# The weight that was used


@pytest.mark.parametrize(
    ("weight", "kept"),
    [
        (19.9, False),
        (20, True),
        (84.5, True),
        (350, True),
        (350.1, False),
        (0, False),
        (-80, False),
        (float("nan"), False),
        (float("inf"), False),
    ],
)
def test_a_weight_is_one_that_a_person_can_have(cast, weight, kept):
    if kept:
        assert pressor(cast, 0.1, weight=weight).weight == weight
    else:
        told = NOREPINEPHRINE | {"amount": 0.1, "weight": weight}
        assert refusal(log, cast, **told)[0] == "weight"


def test_a_weight_goes_with_an_amount(cast):
    told = {"code": "call", "form": "action", "weight": 80}
    assert refusal(log, cast, **told)[0] == "weight"


def test_a_dose_per_kg_is_asked_about_by_the_weight_that_was_used(cast):
    told = {"code": "tocilizumab", "form": "amount", "amount": 640, "unit": "mg"}
    row, _created = log(cast, **told, weight=80)
    assert row.check_reason == ""
    row, _created = log(cast, **told, weight=60, **ago(hours=9))
    assert "10.67 mg/kg is more than 10 mg/kg" in row.check_reason
