"""What is wrong with a CSV file as a whole, in one sentence each."""

from collections.abc import Collection, Sequence

import polars as pl

NOT_UTF8 = (
    "is no text in UTF-8. Save it as CSV UTF-8; if it is compressed, let its name end "
    "with .gz."
)
NO_TABLE = (
    "The file is no CSV table. Look for a quotation mark that is opened and not closed."
)
RAGGED = (
    "A row has more cells than the first line. A cell that holds a comma stands in "
    "quotation marks."
)
#: No cell of these files is nearly so long; a quotation mark that is open makes one.
LONGEST_CELL = 5000
SEPARATORS = {";": "semicolons", "\t": "tabs"}
FIRST_LINE = 2


def is_text(text: str) -> bool:
    """Not UTF-16 read as if it were UTF-8, whose every other character is none."""
    return "\0" not in text


def absent(wanted: Collection[str], found: Sequence[str]) -> str:
    """'no column at, code.', with what may be the matter; "" where all are there."""
    gone = [name for name in wanted if name not in found]
    if not gone:
        return ""
    said = f"no column {', '.join(gone)}."
    between = [word for mark, word in SEPARATORS.items() if mark in "".join(found[:1])]
    if len(found) == 1 and between:
        said += f" Its cells are separated by {between[0]}: save it with commas."
    return said


def too_long(table: pl.DataFrame) -> str:
    """The sentence for a cell that is none; "" where there is no such cell."""
    longest = table.select(pl.all().str.len_chars().max()).row(0) if table.width else ()
    if max((one or 0 for one in longest), default=0) <= LONGEST_CELL:
        return ""
    over = pl.any_horizontal(pl.all().str.len_chars() > LONGEST_CELL)
    return long_cell(table.select(over.arg_true()).item(0, 0) + FIRST_LINE)


def long_cell(line: int) -> str:
    return (
        f"Line {line} has a cell of more than {LONGEST_CELL} characters. Look for a "
        "quotation mark that is opened and not closed."
    )
