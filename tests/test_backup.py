"""A backup is one moment of everything; it comes back whole, or not at all."""

import gzip
import json
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from monitor import backup
from monitor.audit import actions as audit
from monitor.audit import chain, queries, triggers
from monitor.models import Dose, Observation, Reading, Step, User
from tests.acts import LOW, baseline, enter_at
from tests.harness import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> dict[str, int]:
    models = (User, Dose, Observation, Reading, Step)
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def made(cast, now, tmp_path) -> Path:
    """A backup of a trial in which a warning has been found."""
    baseline(cast)
    enter_at(cast, now - timedelta(minutes=5), LOW)
    return backup.make(tmp_path, now)


@pytest.mark.requirement("P6")
def test_what_was_kept_comes_back_into_an_empty_database(made, cast):
    kept, head = everything(), queries.head()
    first = Reading.objects.order_by("pk").values().first()
    call_command("flush", interactive=False, verbosity=0)
    manifest = backup.restore(made)
    assert everything() == kept
    assert Reading.objects.order_by("pk").values().first() == first
    assert manifest.head == {"sequence": head.sequence, "digest": head.digest}
    last = queries.Event.objects.order_by("sequence").last()
    assert (last.action, last.previous) == ("backup.restored", head.digest)


def test_after_a_restore_the_work_goes_on_and_records_stay_guarded(made, cast, now):
    call_command("flush", interactive=False, verbosity=0)
    backup.restore(made)
    enter_at(cast, now, LOW)
    assert chain.verify(queries.rows(), queries.head()) is None
    assert triggers.missing(connection) == []


@pytest.mark.requirement("R1")
def test_that_a_backup_is_taken_stands_in_the_trail_and_in_the_backup(made):
    event = queries.Event.objects.order_by("sequence").last()
    assert (event.action, event.actor) == ("backup.begun", "operator")
    assert event.changes == [{"field": "folder", "old": None, "new": made.name}]
    assert backup.read_manifest(made).head["digest"] == event.digest


def test_a_backup_is_for_its_owner_wherever_it_is_moved(made):
    modes = {stat.filemode(path.stat().st_mode) for path in made.iterdir()}
    assert modes == {"-rw-------"}


def told_by_backup(folder: Path) -> str:
    """What `backup` says of an embedded database that nobody has migrated."""
    outside = {**os.environ, "DATABASE_URL": "", "MONITOR_DATA": str(folder)}
    command = [sys.executable, str(ROOT / "manage.py"), "backup", str(folder / "to")]
    done = subprocess.run(
        command, env=outside, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return done.stderr


def test_a_database_without_tables_is_refused_in_words(tmp_path):
    said = told_by_backup(tmp_path)
    assert said.startswith("CommandError: There is nothing to back up")
    assert "DATABASE_URL" in said
    assert not (tmp_path / "to").exists()


def test_a_database_of_an_older_version_is_refused_in_words(cast, now, tmp_path):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sessions", "0001_initial")
    try:
        with pytest.raises(backup.BackupFault, match="an older version of the program"):
            backup.make(tmp_path, now)
    finally:
        recorder.record_applied("sessions", "0001_initial")
    assert list(tmp_path.iterdir()) == []


def test_a_full_database_is_left_alone(made, cast):
    kept = everything()
    with pytest.raises(backup.BackupFault, match="The database is not empty"):
        backup.restore(made)
    assert everything() == kept


def test_a_changed_backup_is_refused(made, tmp_path):
    with (made / backup.DATA).open("ab") as file:
        file.write(b"more")
    with pytest.raises(backup.BackupFault, match="is not what was written"):
        backup.restore(made)


def test_an_unfinished_backup_is_refused(made, tmp_path):
    (made / backup.MANIFEST).unlink()
    with pytest.raises(backup.BackupFault, match="was not finished"):
        backup.restore(made)


def test_a_backup_of_another_version_is_refused(made):
    rewrite(made, migrations=["monitor.0000_before"])
    with pytest.raises(backup.BackupFault, match="another version of the program"):
        backup.restore(made)


def test_an_audit_trail_that_was_changed_in_the_backup_is_not_put_back(made, cast):
    with gzip.open(made / backup.DATA, "rt") as file:
        text = file.read()
    with gzip.open(made / backup.DATA, "wt") as file:
        file.write(text.replace('"actor": "reyes"', '"actor": "moss"', 1))
    rewrite(made, sha256=backup.digest_of(made / backup.DATA))
    call_command("flush", interactive=False, verbosity=0)
    with pytest.raises(backup.BackupFault, match="the audit trail is broken at row"):
        backup.restore(made)
    assert everything() == dict.fromkeys(everything(), 0)


def rewrite(folder: Path, **changes: object) -> None:
    path = folder / backup.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_backup_that_fails_leaves_nothing_behind(cast, now, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "digest_of", lambda path: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backup.make(tmp_path, now)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_goes_to_the_other_engine_by_command(made, cast, tmp_path):
    """SQLite or PostgreSQL to SQLite, in processes of their own."""
    outside = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite3'}",
        "MONITOR_DATA": str(tmp_path / "data"),
    }

    def manage(*arguments: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(
            command, env=outside, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert "The audit trail is whole" in manage("restore", str(made))
    assert "The audit trail is whole" in manage("verify_audit")
    assert "02-014,1," in manage("export_chart", "02-014")


def test_a_backup_that_is_made_while_people_work_is_one_moment(cast, now, tmp_path):
    stop, done = Flag(), []

    def work() -> None:
        while not stop.is_set():
            done.append(audit.record(action="look", by=cast.reyes, of=cast.reyes))
        connection.close()

    worker = Thread(target=work)
    worker.start()
    try:
        folders = [
            backup.make(tmp_path, now + timedelta(seconds=seconds))
            for seconds in range(3)
        ]
    finally:
        stop.set()
        worker.join()
    assert [fault_of(folder) for folder in folders] == [None, None, None]
    assert len(done) > 0


def fault_of(folder: Path) -> chain.Broken | None:
    """Whether the events of a backup are exactly those that its head says."""
    with gzip.open(folder / backup.DATA, "rt") as file:
        rows = [json.loads(line) for line in file]
    events = [row["fields"] for row in rows if row["model"] == "monitor.event"]
    for event in events:
        seconds, zone = event["at"][:-6], event["at"][-6:]
        micro = "" if "." in seconds else ".000000"
        event["at"] = f"{seconds}{micro}{zone}"
    head = chain.Head(**backup.read_manifest(folder).head)
    return chain.verify(events, head)
