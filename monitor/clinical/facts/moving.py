"""A chart whose dates are moved: all by the same number of days, so that none is real.

Hours, offsets and the order of everything stay, so it is assessed as the other is.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta

#: Where the first day of the record comes to lie: no day on which anybody was treated.
FIRST_DAY = date(2000, 1, 1)
TIMES = ("at", "until")
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def moved(text: str) -> str:
    """A chart file, as `write_chart` writes it, from 1 January 2000 on.

    A value that is a day, such as that of a planned operation, moves with the others.
    """
    rows = list(csv.DictReader(io.StringIO(text)))
    days = [day_of(row[name]) for row in rows for name in TIMES if row[name]]
    if not days:
        return text
    by = FIRST_DAY - min(days)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        later = {name: _moved(row[name], by) for name in TIMES}
        value = row["value"]
        if A_DAY.fullmatch(value):
            value = str(day_of(value) + by)
        writer.writerow(row | later | {"value": value})
    return out.getvalue()


def day_of(text: str) -> date:
    return date.fromisoformat(text[:10])


def _moved(text: str, by: timedelta) -> str:
    return (datetime.fromisoformat(text) + by).isoformat() if text else ""
