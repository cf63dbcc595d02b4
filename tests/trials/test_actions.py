"""What can happen to a trial, and what is refused with a sentence."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from monitor.audit.models import Event
from monitor.audit.queries import lines_for
from monitor.refusal import Refused
from monitor.trials import actions
from monitor.trials.models import ProtocolVersion, Role
from tests.cast import GIVEN, NOW, PASSWORD, PROTOCOL, hire, plan


def refusal(verb, **given) -> tuple[str, str]:
    """The field and the sentence with which a verb refuses."""
    with pytest.raises(Refused) as refused:
        verb(**given)
    return refused.value.field, refused.value.sentence


def last_event() -> Event:
    return Event.objects.order_by("sequence").last()


# People


def test_there_is_one_first_account(cast):
    _, said = refusal(
        actions.create_owner, username="x", printed_name="X", password=PASSWORD
    )
    assert said == "There are accounts already. Ask an administrator for one."


def test_only_who_manages_people_creates_accounts(cast):
    with pytest.raises(PermissionDenied, match="Who may: trial administrator"):
        actions.create_user(
            username="new", printed_name="New", password=PASSWORD, by=cast.okafor
        )


def test_a_weak_password_is_refused_where_it_is_typed(cast):
    field, said = refusal(
        actions.create_user,
        username="new",
        printed_name="N. New",
        password="12345",
        by=cast.vance,
    )
    assert field == "password"
    assert "Choose a longer password" in said


@pytest.mark.requirement("S4")
def test_a_name_is_never_given_twice(cast):
    field, said = refusal(
        actions.create_user,
        username="reyes",
        printed_name="Another Reyes",
        password=PASSWORD,
        by=cast.vance,
    )
    assert (field, said) == ("username", "This Username is taken. Choose another.")


def test_no_password_is_written_to_the_trail(cast):
    assert not Event.objects.filter(changes__icontains="password").exists()
    assert not Event.objects.filter(changes__icontains=PASSWORD).exists()


@pytest.mark.requirement("R1")
def test_a_role_is_granted_and_ended_on_the_record(cast):
    membership = cast.reyes.memberships.get()
    granted = Event.objects.get(
        action="membership.granted", object_id=str(membership.pk)
    )
    assert {one["field"]: one["new"] for one in granted.changes} == {
        "user": "reyes",
        "trial": "NARA-2",
        "role": "nurse",
        "starts_at": "2026-09-20T19:30:00+00:00",
    }
    assert (granted.actor, granted.site) == ("vance", "NARA-2 02")
    actions.end_membership(membership=membership, by=cast.vance, reason="left the ward")
    assert last_event().action == "membership.ended"
    assert last_event().reason == "left the ward"


def test_a_role_that_ended_can_be_granted_again(cast):
    membership = cast.reyes.memberships.get()
    actions.end_membership(membership=membership, by=cast.vance, reason="left")
    again = actions.grant(
        user=cast.reyes,
        trial=cast.trial,
        site=cast.boston,
        role=Role.NURSE,
        by=cast.vance,
    )
    assert again == membership
    assert (again.starts_at, again.ends_at) == (NOW, None)


def test_a_role_ends_with_a_reason(cast):
    membership = cast.reyes.memberships.get()
    assert refusal(
        actions.end_membership, membership=membership, by=cast.vance, reason=" "
    ) == ("reason", "Say why this role ends.")


def test_a_role_is_not_granted_at_another_trials_site(cast):
    owner = cast.vance
    assert refusal(
        actions.grant,
        user=cast.reyes,
        trial=cast.trial,
        site=cast.elsewhere,
        role=Role.NURSE,
        by=owner,
    ) == ("site", "This site belongs to another trial.")


def test_nobody_grants_roles_without_the_permission(cast):
    with pytest.raises(PermissionDenied):
        actions.grant(
            user=cast.reyes,
            trial=cast.trial,
            site=cast.boston,
            role=Role.INVESTIGATOR,
            by=cast.okafor,
        )


# The trial


def test_only_the_owner_opens_a_trial(cast):
    _, said = refusal(actions.open_trial, code="T-3", title="Third", by=cast.okafor)
    assert said == "Only the owner of the program opens a trial."


def test_a_code_in_use_is_refused(cast):
    field, said = refusal(
        actions.open_trial, code="NARA-2", title="Again", by=cast.vance
    )
    assert (field, said) == ("code", "This Code is taken. Choose another.")


def test_a_site_needs_a_time_zone_of_this_world(cast):
    assert refusal(
        actions.add_site,
        trial=cast.trial,
        code="04",
        name="Lund",
        time_zone="Europe/Lund",
        by=cast.vance,
    ) == (
        "time_zone",
        "There is no time zone Europe/Lund. Write it as Europe/Stockholm.",
    )


@pytest.mark.requirement("V2")
def test_a_protocol_that_cannot_be_used_is_refused_with_what_to_mend(cast):
    field, said = refusal(
        actions.draft_protocol,
        trial=cast.trial,
        number="2.0",
        document=PROTOCOL | {"scale": "mine"},
        by=cast.vance,
    )
    assert field == "document"
    assert said.startswith("scale is one of astct")


def test_an_approved_protocol_is_not_approved_twice(cast):
    _, said = refusal(actions.approve_protocol, protocol=cast.protocol, by=cast.vance)
    assert said == "This version is approved already."


@pytest.mark.requirement("V2")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE monitor_protocolversion SET number = '9.9'",
        "UPDATE monitor_protocolversion SET status = 'draft'",
        "DELETE FROM monitor_protocolversion",
    ],
)
def test_the_database_keeps_an_approved_protocol_as_it_is(cast, sql):
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_a_draft_can_still_be_changed_and_dropped(cast):
    draft = actions.draft_protocol(
        trial=cast.trial, number="2.0", document=PROTOCOL, by=cast.vance
    )
    ProtocolVersion.objects.filter(pk=draft.pk).update(number="2.1")
    draft.delete()
    assert not ProtocolVersion.objects.filter(number="2.1").exists()


# Participants and cycles


def test_enrolling_names_the_neutral_label_alone(cast):
    lines = lines_for("02-015", unblinded=True)
    told = [str(one) for one in lines[-1].changes]
    assert "cohort: Cohort D" in told
    assert not any("1200" in one for one in told)


def test_a_nurse_does_not_enroll(cast):
    with pytest.raises(PermissionDenied):
        actions.enroll(
            code="02-020", site=cast.boston, cohort=cast.cohort, by=cast.reyes
        )


def test_a_participant_code_is_never_given_twice(cast):
    field, said = refusal(
        actions.enroll,
        code="02-014",
        site=cast.boston,
        cohort=cast.cohort,
        by=cast.okafor,
    )
    assert field == "code"
    assert said == "This Participant code is taken. Choose another."


def test_a_cohort_of_another_trial_is_refused(cast):
    assert refusal(
        actions.enroll,
        code="X1-002",
        site=cast.elsewhere,
        cohort=cast.cohort,
        by=cast.silva,
    ) == ("cohort", "This cohort belongs to another trial.")


def test_a_cycle_is_judged_by_an_approved_protocol_of_its_trial(cast):
    draft = actions.draft_protocol(
        trial=cast.trial, number="2.0", document=PROTOCOL, by=cast.vance
    )
    given = {"participant": cast.participants["02-015"], "number": 1}
    assert refusal(actions.open_cycle, protocol=draft, by=cast.okafor, **given) == (
        "protocol",
        "This protocol version is not approved yet.",
    )
    other = cast.other_trial.protocol_versions.get()
    assert refusal(actions.open_cycle, protocol=other, by=cast.okafor, **given) == (
        "protocol",
        "This protocol belongs to another trial.",
    )


def test_a_bed_moves_with_both_beds_on_the_record(cast):
    one = cast.participants["02-014"]
    actions.move_to_bed(participant=one, bed="14", by=cast.reyes)
    assert last_event().changes == [{"field": "bed", "old": "12", "new": "14"}]


# Doses


def test_a_given_dose_keeps_the_plan_it_supersedes(cast):
    assert cast.dose.amount == 1200
    assert cast.dose.given_at == GIVEN
    assert cast.dose.supersedes.status == "planned"
    assert last_event().changes == [
        {"field": "status", "old": "planned", "new": "given"},
        {"field": "given_at", "old": None, "new": "2026-11-19T15:05:00+00:00"},
    ]


def record(cast, **given):
    return actions.record_dose(dose=cast.next_dose, by=cast.reyes, **given)


@pytest.mark.parametrize("status", ["held", "omitted"])
def test_a_dose_that_is_not_given_has_a_reason_and_no_time(cast, status):
    assert refusal(record, cast=cast, status=status) == (
        "reason",
        "Say why this is changed.",
    )
    dose = record(cast, status=status, reason="fever")
    assert (dose.given_at, dose.reason) == (None, "fever")


@pytest.mark.parametrize("status", ["given", "reduced"])
def test_a_dose_of_0_is_asked_about(cast, status):
    given = {"status": status, "given_at": NOW, "reason": "hypotension"}
    assert refusal(record, cast=cast, amount=0, **given) == (
        "amount",
        "0 was given? Choose omitted or held, or type how much was given.",
    )
    assert record(cast, amount=0.5, **given).amount == 0.5


def test_a_reduced_dose_is_less_than_planned(cast):
    given = {"status": "reduced", "given_at": NOW, "reason": "hypotension"}
    assert refusal(record, cast=cast, **given) == (
        "amount",
        "Say how much was given.",
    )
    assert refusal(record, cast=cast, amount=1200, **given) == (
        "amount",
        "A reduced dose is less than the 1200 planned. Type it again.",
    )
    assert record(cast, amount=900, **given).amount == 900


@pytest.mark.requirement("A4")
def test_who_does_not_see_amounts_learns_no_plan_by_trying(cast):
    hides = {"roles": ["pharmacist"], "amounts": True}
    told = {"by": cast.vance, "reason": "As in protocol 1.0"}
    actions.set_blinding(trial=cast.trial, blinding=hides, **told)
    cast.next_dose.refresh_from_db()
    given = {"status": "reduced", "given_at": NOW, "reason": "hypotension"}
    assert refusal(record, cast=cast, amount=1200, **given) == (
        "amount",
        "A reduced dose is less than was planned. Ask who sees the plan.",
    )


@pytest.mark.parametrize(
    ("given_at", "field"),
    [
        (None, "given_at"),
        (NOW + timedelta(seconds=1), "given_at"),
        (NOW - timedelta(days=41), "given_at"),
        (NOW.replace(tzinfo=None), "given_at"),
    ],
)
def test_a_dose_is_given_at_a_time_that_can_be(cast, given_at, field):
    assert refusal(record, cast=cast, status="given", given_at=given_at)[0] == field


@pytest.mark.parametrize("status", ["planned", "lost", ""])
def test_an_outcome_is_one_of_four(cast, status):
    assert refusal(record, cast=cast, status=status) == (
        "status",
        "Choose given, reduced, held or omitted.",
    )


def test_an_infusion_ends_after_it_begins(cast):
    field, _ = refusal(record, cast=cast, status="given", given_at=NOW, until=NOW)
    assert field == "until"


def test_a_dose_recorded_twice_is_recorded_once(cast):
    record(cast, status="given", given_at=NOW)
    _, said = refusal(record, cast=cast, status="given", given_at=NOW)
    assert said.startswith("This was changed in the meantime.")


def test_what_was_recorded_is_corrected_with_a_reason(cast):
    moved = GIVEN - timedelta(minutes=2)
    given = {"dose": cast.dose, "status": "given", "given_at": moved}
    assert refusal(actions.record_dose, by=cast.reyes, **given)[0] == "reason"
    made = actions.record_dose(by=cast.reyes, reason="clock was fast", **given)
    assert made.supersedes == cast.dose
    assert last_event().action == "dose.corrected"


def test_a_dose_number_is_planned_once(cast):
    field, said = refusal(
        plan, cycle=cast.cycle, number=2, planned_at=NOW, by=cast.okafor
    )
    assert (field, said) == ("number", "Dose 2 of NARA is planned already.")


@pytest.mark.parametrize(
    ("amount", "unit", "field"),
    [(-1, "mg", "amount"), (float("nan"), "mg", "amount"), (5, "", "unit")],
)
def test_a_planned_amount_is_a_number_with_a_unit(cast, amount, unit, field):
    refused = refusal(
        actions.plan_dose,
        cycle=cast.cycle,
        agent="NARA",
        number=3,
        planned_at=NOW,
        amount=amount,
        unit=unit,
        by=cast.okafor,
    )
    assert refused[0] == field


def test_another_sites_nurse_records_no_dose(cast):
    with pytest.raises(PermissionDenied):
        actions.record_dose(
            dose=cast.next_dose, status="given", given_at=NOW, by=cast.lindqvist
        )


def test_who_drafted_a_version_does_not_approve_it_where_another_may(cast):
    second = hire(cast, "quinn", "D. Quinn", Role.ADMINISTRATOR)
    told = {"trial": cast.trial, "number": "3.0", "document": PROTOCOL}
    draft = actions.draft_protocol(**told, by=cast.vance)
    with pytest.raises(Refused) as refused:
        actions.approve_protocol(protocol=draft, by=cast.vance)
    assert refused.value.sentence == (
        "You drafted this version, so another person approves it: D. Quinn."
    )
    made = actions.approve_protocol(protocol=draft, by=second)
    assert (made.created_by, made.approved_by) == (cast.vance, second)
    assert Event.objects.filter(action="protocol.approved").last().reason == ""


def test_where_nobody_else_may_one_person_approves_and_the_trail_says_so(cast):
    told = {"trial": cast.trial, "number": "3.0", "document": PROTOCOL}
    draft = actions.draft_protocol(**told, by=cast.vance)
    actions.approve_protocol(protocol=draft, by=cast.vance)
    event = Event.objects.filter(action="protocol.approved").order_by("sequence").last()
    assert event.reason == "Nobody else may approve in this trial."
