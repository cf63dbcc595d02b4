"""The hash chain: each event carries the digest of the one before it.

Pure functions over rows as mappings, so that the database and an exported file are
verified by the same lines, without a key and without a database.

What the chain proves: no event was changed, inserted, moved or taken out of the middle,
and, against a head kept elsewhere, none was cut from the end. Who can rewrite every row
*and* the head can forge a chain; so keep an export, or its last digest, out of reach.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]

START = "0" * 64
#: What the digest is taken over, in addition to the digest of the row before.
FIELDS = (
    "sequence",
    "at",
    "time_zone",
    "actor",
    "actor_name",
    "action",
    "object_type",
    "object_id",
    "site",
    "participant",
    "changes",
    "reason",
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last link: how many events there are, and the digest of the last one."""

    sequence: int = 0
    digest: str = START


@dataclass(frozen=True, slots=True)
class Broken:
    """The first bad row, by its place in the chain, and what is wrong with it."""

    sequence: int
    why: str


def canonical(row: Row, previous: str) -> str:
    """One spelling of a row: sorted keys, no spaces, plain ASCII, times in UTC.

    Raises KeyError when the row lacks a field.
    """
    told = {name: row[name] for name in FIELDS} | {"previous": previous}
    told["at"] = moment(row["at"])
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def moment(at: datetime | str) -> str:
    """A time with microseconds in UTC; text is taken as it was exported."""
    if isinstance(at, str):
        return at
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest(row: Row, previous: str) -> str:
    """SHA-256, in hexadecimal, of the row joined to the digest of the row before."""
    return hashlib.sha256(canonical(row, previous).encode()).hexdigest()


def verify(
    rows: Iterable[Row], head: Head | None = None, noted: Iterable[Head] = ()
) -> Broken | None:
    """Walk the rows in order; the first bad one, or None when the chain is whole.

    With `head`, also find rows that were cut from the end. `noted` are heads that were
    kept elsewhere: they find a chain that was forged whole, and an older copy put back.
    """
    outside = {one.sequence: one.digest for one in noted if one.sequence}
    last = Head()
    for row in rows:
        if why := fault(row, last):
            return Broken(last.sequence + 1, why)
        last = Head(row["sequence"], row["digest"])
        if outside.pop(last.sequence, last.digest) != last.digest:
            return Broken(last.sequence, "it is not the row whose digest was noted")
    if head is not None and (broken := fault_at_end(last, head)):
        return broken
    if outside:
        why = f"the chain ends at {last.sequence}, {max(outside)} rows were noted"
        return Broken(last.sequence + 1, why)
    return None


def fault(row: Row, last: Head) -> str:
    """What is wrong with the row that follows `last`; "" when nothing is."""
    lacking = [name for name in (*FIELDS, "previous", "digest") if name not in row]
    if lacking:
        return f"it has no {', '.join(lacking)}"
    if row["sequence"] != last.sequence + 1:
        return f"the row found in its place is number {row['sequence']}"
    if row["previous"] != last.digest:
        return "it does not follow from the row before it"
    if row["digest"] != digest(row, last.digest):
        return "its content does not match its digest"
    return ""


def fault_at_end(last: Head, head: Head) -> Broken | None:
    if last.sequence < head.sequence:
        why = f"the chain ends at {last.sequence}, {head.sequence} were written"
        return Broken(last.sequence + 1, why)
    if last != head:
        return Broken(last.sequence, "it is not the last row that was written")
    return None
