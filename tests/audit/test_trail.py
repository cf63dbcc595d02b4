"""The audit trail in the database: who wrote it, and that nobody can change it."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from monitor import clock
from monitor.audit import queries, triggers
from monitor.audit.actions import AnonymousAuditError, change, record
from monitor.audit.models import AppendOnly, AppendOnlyError, ChainHead, Event
from monitor.models import ProtocolVersion, Trial, User

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)


@pytest.fixture
def nurse() -> User:
    return User(pk=7, username="reyes", printed_name="A. Reyes, RN")


@pytest.fixture
def three_events(nurse):
    with clock.freeze(NOON):
        return [
            record(
                action="reading.corrected",
                by=nurse,
                of=nurse,
                participant="02-014",
                changes=[change("OXYGEN_FLOW", 5.0, f"{number} L/min")],
                reason="read from wrong meter",
            )
            for number in range(3)
        ]


@contextmanager
def without_triggers():
    with connection.cursor() as cursor:
        for guard in triggers.expected(connection):
            cursor.execute(guard.drop)
    yield
    triggers.install()


def tamper(sql: str) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(sql)


def verified() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue().splitlines(keepends=True)[0]


# Writing


@pytest.mark.requirement("R1")
def test_an_event_says_who_what_and_when(nurse, three_events):
    event = Event.objects.get(sequence=2)
    assert (event.actor, event.actor_name) == ("reyes", "A. Reyes, RN")
    assert (event.object_type, event.object_id) == ("User", "7")
    assert (event.at, event.reason) == (NOON, "read from wrong meter")
    assert event.changes == [{"field": "OXYGEN_FLOW", "old": "5", "new": "1 L/min"}]
    assert event.previous == three_events[0].digest


@pytest.mark.parametrize("nobody", [AnonymousUser(), None, "", " "])
def test_nobody_cannot_be_the_author(nobody):
    with pytest.raises(AnonymousAuditError):
        record(action="trial.opened", by=nobody, of=Trial)
    assert Event.objects.count() == 0


def test_a_part_of_the_program_signs_by_its_name():
    event = record(action="cycle.reassessed", by="sweep", of=Trial)
    assert (event.actor, event.actor_name, event.object_id) == ("sweep", "", "")


def test_what_is_rolled_back_leaves_no_event_and_no_gap(nurse, three_events):
    with transaction.atomic():
        record(action="trial.opened", by=nurse, of=Trial)
        transaction.set_rollback(True)
    assert record(action="trial.opened", by=nurse, of=Trial).sequence == 4
    assert verified() == "The audit trail is whole: 4 events.\n"


def test_numbers_that_a_database_would_spell_anew_keep_their_digest(nurse):
    values = [1e22, 1e-07, 100000.0, True, None, NOON, {"b": 1, "a": [2]}]
    changes = [change("x", old, "new") for old in values]
    record(action="trial.opened", by=nurse, of=Trial, changes=changes)
    assert verified() == "The audit trail is whole: 1 events.\n"


# Nobody changes it


def test_python_refuses_first(three_events):
    event = three_events[0]
    for refused in (
        event.save,
        event.delete,
        lambda: Event.objects.update(reason=""),
        Event.objects.all().delete,
        lambda: Event.objects.bulk_update([event], ["reason"]),
    ):
        with pytest.raises(AppendOnlyError):
            refused()


@pytest.mark.requirement("R2")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE monitor_event SET reason = 'other' WHERE sequence = 2",
        "DELETE FROM monitor_event WHERE sequence = 3",
        pytest.param("TRUNCATE monitor_event", marks=pytest.mark.only_on("postgres")),
    ],
)
def test_the_database_refuses_what_goes_round_python(three_events, sql):
    with (
        pytest.raises(IntegrityError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert verified() == "The audit trail is whole: 3 events.\n"


@pytest.mark.only_on("sqlite")
def test_replacing_a_row_does_not_go_round_the_triggers_of_sqlite(three_events):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT OR REPLACE INTO monitor_event "
            "SELECT * FROM monitor_event WHERE sequence = 2"
        )


def test_a_queryset_that_skips_our_manager_is_refused_by_the_database(three_events):
    from django.db.models import QuerySet

    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(Event).update(reason="other")


@pytest.mark.requirement("R2")
def test_every_append_only_table_is_guarded():
    tables = {model._meta.db_table for model in triggers.guarded_models()}
    assert {"monitor_event", "monitor_reading", "monitor_signature"} < tables
    assert {guard.table for guard in triggers.expected(connection)} == tables
    assert triggers.missing(connection) == []
    assert all(
        issubclass(model, AppendOnly) or model is ProtocolVersion
        for model in triggers.guarded_models()
    )


def test_installing_twice_changes_nothing():
    before = triggers.standing(connection)
    triggers.install()
    assert triggers.standing(connection) == before


# The system check


def failures() -> list[str]:
    found = run_checks(tags=[Tags.database], databases=["default"])
    return [message.msg for message in found if message.id == "monitor.E001"]


def test_the_check_is_silent_while_every_trigger_stands():
    assert failures() == []


def test_the_check_names_a_trigger_that_was_dropped():
    guards = {guard.name: guard for guard in triggers.guards(connection)}
    with connection.cursor() as cursor:
        cursor.execute(guards["monitor_reading_refuses_delete"].drop)
    assert failures() == [
        "monitor_reading can be changed: the trigger monitor_reading_refuses_delete "
        "is missing."
    ]
    triggers.install()


@pytest.mark.only_on("postgres")
def test_the_check_names_a_trigger_that_was_disabled():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE monitor_event DISABLE TRIGGER USER")
    assert len(failures()) == 3
    triggers.install()


# The verifier


def test_a_whole_trail_is_said_to_be_whole(three_events):
    assert verified() == "The audit trail is whole: 3 events.\n"


@pytest.mark.requirement("I7.2")
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "UPDATE monitor_event SET actor = 'other' WHERE sequence = 2",
            "row 2: its content does not match its digest",
        ),
        (
            "DELETE FROM monitor_event WHERE sequence = 1",
            "row 1: the row found in its place is number 2",
        ),
        (
            "DELETE FROM monitor_event WHERE sequence = 3",
            "row 3: the chain ends at 2, 3 were written",
        ),
    ],
)
def test_tampering_is_found_at_the_first_bad_row(three_events, sql, said):
    tamper(sql)
    with pytest.raises(CommandError, match=said) as refused:
        verified()
    assert refused.value.returncode == 1


def test_changes_hidden_in_json_are_found(three_events):
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE monitor_event SET changes = %s WHERE sequence = 2",
            [json.dumps([{"field": "OXYGEN_FLOW", "old": "5", "new": "6 L/min"}])],
        )
    with pytest.raises(CommandError, match="row 2"):
        verified()


# The exported file


@pytest.fixture
def export(three_events, tmp_path):
    path = tmp_path / "trail.jsonl"
    path.write_text("\n".join(queries.exported()))
    return path


def verify_file(path) -> str:
    out = StringIO()
    call_command("verify_audit", str(path), stdout=out)
    return out.getvalue()


def rewrite(path, change) -> None:
    path.write_text("\n".join(change(path.read_text().splitlines())))


def test_an_exported_trail_is_verified_without_the_database(
    export, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert verify_file(export) == "The audit trail is whole: 3 events.\n"


@pytest.mark.requirement("R3")
def test_the_export_command_writes_what_the_verifier_reads(three_events, tmp_path):
    path = tmp_path / "trail.jsonl"
    with path.open("w") as out:
        call_command("export_audit", stdout=out)
    assert verify_file(path) == "The audit trail is whole: 4 events.\n"


@pytest.mark.requirement("R1")
def test_that_the_trail_was_taken_is_the_last_event_in_it(three_events):
    out = StringIO()
    call_command("export_audit", stdout=out)
    *_before, last, _head = map(json.loads, out.getvalue().splitlines())
    assert (last["action"], last["actor"]) == ("trail.exported", "operator")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda lines: [line.replace("wrong meter", "meter") for line in lines],
            "row 1: its content does not match its digest",
        ),
        (lambda lines: lines[:1] + lines[2:], "row 2: the row found"),
        (lambda lines: lines[:2] + lines[3:], "row 3: the chain ends at 2"),
        (lambda lines: lines[:3], "row 4: the closing line with the head is missing"),
    ],
)
def test_a_file_that_was_changed_or_cut_is_broken(export, change, said):
    rewrite(export, change)
    with pytest.raises(CommandError, match=said) as refused:
        verify_file(export)
    assert refused.value.returncode == 1


def test_a_file_that_cannot_be_read_ends_with_2(tmp_path):
    torn = tmp_path / "torn.jsonl"
    torn.write_text('{"sequence": 1')
    for path in (torn, tmp_path / "nowhere.jsonl"):
        with pytest.raises(CommandError, match="cannot be read") as refused:
            verify_file(path)
        assert refused.value.returncode == 2


# Tests that commit


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_can_be_cleaned_up(nurse):
    record(action="trial.opened", by=nurse, of=Trial)
    call_command("flush", interactive=False, verbosity=0)
    assert (Event.objects.count(), ChainHead.objects.count()) == (0, 0)
    assert triggers.missing(connection) == []


@pytest.mark.requirement("R2")
def test_triggers_that_are_gone_are_found_although_the_chain_is_whole(three_events):
    with without_triggers(), pytest.raises(CommandError) as refused:
        verified()
    said = str(refused.value)
    assert "The chain of 3 events is whole" in said
    assert "monitor_event" in said
    assert verified() == "The audit trail is whole: 3 events.\n"
