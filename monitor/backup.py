"""A copy of everything that is kept, and putting it back, on either database.

A backup is a folder: `data.jsonl.gz` (a row a line, as Django's serializer writes it)
and `manifest.json`, which is written last. It is one moment of the database, taken
while people work on; it can be put back on the other engine, which is also the way
from SQLite to PostgreSQL. Sessions are left out: after a restore people sign in anew.
"""

import gzip
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from monitor.audit import actions as audit
from monitor.audit import chain, queries
from monitor.audit.models import ChainHead

FORMAT = 1
DATA, MANIFEST = "data.jsonl.gz", "manifest.json"
BATCH = 500
#: What `migrate` makes anew, and what must not outlive a restore.
LEFT_OUT = {
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group",
    "sessions.Session",
}


class BackupFault(Exception):
    """The backup cannot be made or put back; the sentence says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows by table, the audit chain's head, the digest of it."""

    made_at: str
    engine: str
    migrations: list[str]
    rows: dict[str, int]
    head: dict[str, Any]
    sha256: str
    format: int = field(default=FORMAT)


class Exact(DjangoJSONEncoder):
    """Times to the microsecond: the audit chain is computed over them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


# Making one


def make(directory: Path, at: datetime) -> Path:
    """Write a backup below `directory`; the folder appears when it is whole."""
    _refuse_other_tables()
    final = directory / f"monitor-{at:%Y%m%dT%H%M%SZ}"
    if final.exists():
        raise BackupFault(f"{final} is there already. Wait a second, or move it.")
    partial = directory / f".{final.name}.{os.getpid()}.partial"
    partial.mkdir(mode=0o700, parents=True)
    try:
        _note(final)
        _write(partial, at)
        partial.rename(final)
        _flush(directory)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return final


def _refuse_other_tables() -> None:
    """Nothing is read of a database that this version of the program did not make."""
    loader = MigrationLoader(connection)
    if not loader.applied_migrations:
        raise BackupFault(
            "There is nothing to back up: the database has no tables. Look whether "
            "DATABASE_URL or MONITOR_DATA names the one that is meant."
        )
    if set(loader.disk_migrations) - set(loader.applied_migrations):
        raise BackupFault(
            "The database was made by an older version of the program. Back it up with "
            "that version, then run `migrate`."
        )


def _note(final: Path) -> None:
    """That it is taken, before anything is: no copy is out of which nobody knows."""
    with transaction.atomic():
        audit.record(
            action="backup.begun",
            by="operator",
            of=ChainHead,
            changes=[audit.change("folder", new=final.name)],
        )


def _write(folder: Path, at: datetime) -> None:
    for name in (DATA, MANIFEST):
        (folder / name).touch(mode=0o600)  # Wherever it is moved, for its owner only.
    with snapshot():
        head, names = queries.head(), applied()
        rows = _write_rows(folder / DATA)
    manifest = Manifest(
        made_at=at.isoformat(),
        engine=connection.vendor,
        migrations=names,
        rows=rows,
        head=asdict(head),
        sha256=digest_of(folder / DATA),
    )
    text = json.dumps(asdict(manifest), indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for path in (folder / DATA, folder / MANIFEST, folder):
        _flush(path)


def _write_rows(path: Path) -> dict[str, int]:
    counts = {}
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file:
        for model in kept_models():
            found = counted(model._base_manager.order_by("pk").iterator(BATCH))
            serializers.serialize("jsonl", found, stream=file, cls=Exact)
            counts[model._meta.label] = found.count
    return counts


class counted:
    """An iterator that knows how many it has given."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.count += 1
            yield row


@contextmanager
def snapshot() -> Iterator[None]:
    """Every read inside sees one moment, and no writer waits for it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        # Django's transactions take the writers' lock here; a reader needs none.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                )
        yield


# Putting one back


def restore(folder: Path) -> Manifest:
    """Fill the empty, migrated database; all of it or nothing. Raises BackupFault."""
    manifest = read_manifest(folder)
    _refuse_other_schema(manifest)
    _refuse_full_database()
    try:
        with transaction.atomic():
            counts = _load(folder / DATA)
            _refuse_difference(manifest, counts)
            _set_sequences()
            audit.record(
                action="backup.restored",
                by="restore",
                of=ChainHead,
                changes=[audit.change("made_at", new=manifest.made_at)],
            )
    except (DatabaseError, DeserializationError) as error:
        raise BackupFault(f"Nothing was restored: {error}") from error
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a whole, unchanged backup."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
        whole = digest_of(folder / DATA) == manifest.sha256
    except FileNotFoundError:
        said = f"{folder} is no backup, or one that was not finished. Name another."
        raise BackupFault(said) from None
    except (OSError, ValueError, TypeError) as error:
        raise BackupFault(f"{folder} cannot be read: {error}") from error
    if manifest.format != FORMAT or not whole:
        raise BackupFault(f"{folder / DATA} is not what was written. Name another.")
    return manifest


def _refuse_other_schema(manifest: Manifest) -> None:
    if manifest.migrations == applied():
        return
    raise BackupFault(
        "The backup was made by another version of the program. Install that version, "
        f"restore, then update. Its last migration: {manifest.migrations[-1]}."
    )


def _refuse_full_database() -> None:
    for model in kept_models():
        if model._base_manager.exists():
            raise BackupFault(
                f"The database is not empty: it has {model._meta.label} rows. Backups "
                "are put back into an empty one. Name another in DATABASE_URL."
            )


def _load(path: Path) -> dict[str, int]:
    """Rows by table, each inserted as it stands: no field is filled anew."""
    counts: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for found in serializers.deserialize("jsonl", file):
            # What a row's own `save` would refuse or stamp is none of our business.
            models.Model.save_base(found.object, raw=True, force_insert=True)
            counts[found.object._meta.label] += 1
    return dict(counts)


def _refuse_difference(manifest: Manifest, counts: dict[str, int]) -> None:
    told = {label: count for label, count in manifest.rows.items() if count}
    if counts != told:
        raise BackupFault("Nothing was restored: rows are missing from the backup.")
    head = chain.Head(**manifest.head)
    broken = chain.verify(queries.rows(), head)
    if broken or queries.head() != head:
        place = f" at row {broken.sequence}: {broken.why}" if broken else ""
        raise BackupFault(f"Nothing was restored: the audit trail is broken{place}.")


def _set_sequences() -> None:
    """PostgreSQL counts on from the last row that was put back."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(sql)


# Both


def kept_models() -> list[type[models.Model]]:
    return [one for one in apps.get_models() if one._meta.label not in LEFT_OUT]


def applied() -> list[str]:
    """The names of the migrations that the database has, in order of name."""
    known = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in known)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """On the disk, not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
