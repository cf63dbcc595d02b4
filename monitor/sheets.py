"""Tables for a spreadsheet: a cell is what it says, and is never computed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

FORMULA = re.compile(r"['=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def cell(text: str) -> str:
    """A text that a spreadsheet would compute stands behind an apostrophe."""
    harmful = FORMULA.match(text) and not NUMBER.fullmatch(text)
    return f"'{text}" if harmful else text


def sheet(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV as RFC 4180 has it: a line of names, then a line for each row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([cell(one) for one in row] for row in rows)
    return out.getvalue()
