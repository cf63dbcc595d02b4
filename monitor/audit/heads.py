"""The head of the chain, noted once a day where the operator says.

Who can rewrite the whole database can forge a whole chain, or put an older copy back.
The noted heads lie elsewhere, best where the database's keepers cannot write, and
`verify_audit --heads FILE` compares. A note is a line of JSON: at, sequence, digest.
"""

import json
import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings

from monitor.audit import queries
from monitor.audit.chain import Head

logger = logging.getLogger(__name__)


def keep(at: datetime) -> None:
    """Note today's head, if a place is set and none of this day (UTC) stands there.

    A place that cannot be written is logged: what the caller does must go on.
    """
    if not settings.CHAIN_HEADS:
        return
    path, head = Path(settings.CHAIN_HEADS), queries.head()
    try:
        if head.sequence and last_day(path) != at.date().isoformat():
            note(path, head, at)
    except (OSError, ValueError):
        logger.exception("The head of the audit trail could not be noted.")


def note(path: Path, head: Head, at: datetime) -> None:
    told = {"at": at.isoformat(), "sequence": head.sequence, "digest": head.digest}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, sort_keys=True) + "\n")


def last_day(path: Path) -> str:
    """The date of the last note; "" when there is none."""
    notes = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return str(json.loads(notes[-1])["at"])[:10] if notes else ""


def noted(path: Path) -> list[Head]:
    """Every head that was noted. Raises OSError or ValueError for another file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        found = [json.loads(line) for line in lines if line.strip()]
        return [Head(int(one["sequence"]), str(one["digest"])) for one in found]
    except (KeyError, TypeError) as error:
        raise ValueError(f"a line is not a note of a head ({error})") from error
