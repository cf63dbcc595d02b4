"""The file of a whole record: a page to read and print, and the same for machines."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.template.loader import render_to_string

from monitor import record
from monitor.audit.queries import lines_for
from monitor.trials.models import Participant
from monitor.version import VERSION

#: What stands in the file, in words, as the page says it too.
CONTENTS = ("record.html", "record.css", "record.json", "trail.jsonl", "chart.csv")
FORM = "monitor record 1"
STYLE = settings.BASE_DIR / "static" / "css" / "record.css"
#: A fixed time in the archive: the same record packs to the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Taken:
    """By whom the copy was taken, printed, and when."""

    by: str
    at: datetime


def packed(participant: Participant, chart: str, taken: Taken) -> bytes:
    """A ZIP archive of CONTENTS. `chart`: the chart file, "" without a cycle."""
    tables = list(record.tables(participant))
    files = {
        "record.html": page(participant, tables, taken).encode(),
        "record.css": STYLE.read_bytes(),
        "record.json": as_json(participant, tables, taken),
        "trail.jsonl": b"".join(as_line(one) for one in record.trail(participant)),
        "chart.csv": chart.encode(),
    }
    return archive({name: files[name] for name in CONTENTS if files[name]})


def page(participant: Participant, tables: Iterable[record.Table], taken: Taken) -> str:
    zone = participant.site.time_zone
    shown = [(table, list(table.said(zone))) for table in tables if table.rows]
    told = {
        "participant": participant,
        "site": participant.site,
        "tables": shown,
        "events": reversed(lines_for(participant.code, unblinded=True)),
        "taken": taken,
        "version": VERSION,
        "left_out": record.LEFT_OUT,
    }
    return render_to_string("record/record.html", told)


def as_json(
    participant: Participant, tables: Iterable[record.Table], taken: Taken
) -> bytes:
    told = {
        "format": FORM,
        "program": VERSION,
        "participant": participant.code,
        "trial": participant.site.trial.code,
        "site": participant.site.code,
        "time_zone": participant.site.time_zone,
        "taken_at": taken.at,
        "taken_by": taken.by,
        "left_out": record.LEFT_OUT,
        "tables": {table.key: table.plain() for table in tables},
    }
    return orjson.dumps(told, default=str, option=orjson.OPT_INDENT_2)


def as_line(event: Mapping[str, Any]) -> bytes:
    return orjson.dumps(
        event, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    )


def archive(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
