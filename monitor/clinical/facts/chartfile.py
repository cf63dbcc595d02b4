"""The chart file: one fact a row, read into the facts frame or refused in words."""

import gzip
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from typing import TextIO

import polars as pl
from polars.datatypes import DataTypeClass

from monitor.clinical.facts import coded, csvtext
from monitor.clinical.facts.csvtext import NO_TABLE, NOT_UTF8

COLUMNS = ("participant", "cycle", "at", "kind", "code", "value", "unit", "until")
KINDS = ("reading", "dose", "treatment", "range", "fact", "decision")
INSTANT = pl.Datetime("us", "UTC")
_TYPES: dict[str, pl.DataType | DataTypeClass] = {
    "participant": pl.String,
    "cycle": pl.String,
    "at": INSTANT,
    "day": pl.Date,
    "kind": pl.String,
    "code": pl.String,
    "value": pl.String,
    "unit": pl.String,
    "until": INSTANT,
    "line": pl.Int64,
    "by": pl.String,
    # A rate as it was set, with its weight, where `value` is what it comes to.
    "as_set": pl.String,
}
SCHEMA = pl.Schema(_TYPES)


# The first and the last year of a calendar: what systems write where there is no date.
NO_DATE = (MINYEAR, MAXYEAR)
NOT_GZIP = (
    "is not compressed with gzip, or not whole. Copy it again; if it is a CSV, let its "
    "name end with .csv."
)
HEADER = (
    f"Its first line is {','.join(COLUMNS)}, with a comma and no space between two."
)
_YEARS = tuple(f"{year:04}" for year in NO_DATE)


class UnreadableFile(ValueError):
    """The file as a whole is no chart file."""


@dataclass(frozen=True)
class Chart:
    """A chart file: `facts` (see SCHEMA, times in UTC) and `errors`, a row each."""

    facts: pl.DataFrame
    errors: list[dict[str, object]] = field(default_factory=list)


def empty() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMA)


def instant(text: str) -> datetime:
    """An ISO 8601 time; without an offset it is UTC. Raises ValueError."""
    made = datetime.fromisoformat(text)
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def read_chart(source: str | Path | TextIO) -> Chart:
    """Read a chart file, gzipped by its name's ending. Raises UnreadableFile."""
    raw = _rows(_text(source))
    raw = raw.with_row_index("line", offset=2).with_columns(
        pl.col("line").cast(pl.Int64), by=pl.lit(""), as_set=pl.lit(None, pl.String)
    )
    raw = raw.filter(pl.any_horizontal(pl.col(name) != "" for name in COLUMNS))
    times = _times(raw)
    rows = raw.join(times, left_on="at", right_on="text", how="left").join(
        times.select("text", until_utc="utc"),
        left_on="until",
        right_on="text",
        how="left",
    )
    rows = rows.with_columns(reason=_reason()).sort("line")
    bad = rows.filter(pl.col("reason") != "").select("line", "reason")
    good = rows.filter(pl.col("reason") == "").select(
        "participant",
        "cycle",
        pl.col("utc").alias("at"),
        "day",
        "kind",
        "code",
        "value",
        "unit",
        pl.col("until_utc").alias("until"),
        "line",
        "by",
        "as_set",
    )
    return Chart(good.cast(SCHEMA), bad.to_dicts())


def _text(source: str | Path | TextIO) -> str:
    if not isinstance(source, str | Path):
        return source.read()
    path = Path(source)
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8-sig") as file:
                return file.read()
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UnreadableFile(f"{path.name} {NOT_UTF8}") from fault
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise UnreadableFile(f"{path.name} {NOT_GZIP}") from fault
    except OSError as fault:
        said = f"{path.name} cannot be read: {fault.strerror}."
        raise UnreadableFile(said) from fault


def _rows(text: str) -> pl.DataFrame:
    if not text.strip():
        raise UnreadableFile("The file is empty.")
    if not csvtext.is_text(text):
        raise UnreadableFile(f"The file {NOT_UTF8}")
    try:
        raw = pl.read_csv(
            io.BytesIO(text.encode()),
            infer_schema=False,
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError as fault:
        raise UnreadableFile(NO_TABLE) from fault
    if absent := csvtext.absent(COLUMNS, raw.columns):
        raise UnreadableFile(f"The file has {absent} {HEADER}")
    if too_long := csvtext.too_long(raw.select(COLUMNS)):
        raise UnreadableFile(too_long)
    return raw.select(_read(name) for name in COLUMNS)


# A spreadsheet computes a cell that begins like a formula, whoever typed it. Such a
# cell is written behind an apostrophe, which is taken away when the file is read: what
# was written comes back as it was. A number stays a number, also below zero.
_FORMULA = r"^['=+\-@\t\r]"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_MARKED = r"^'(['=+\-@\t\r])"
_TEXTS = ("participant", "cycle", "code", "value", "unit")


def _read(name: str) -> pl.Expr:
    cell = pl.col(name).fill_null("").str.strip_chars()
    return cell.str.replace(_MARKED, "$1") if name in _TEXTS else cell


def _written(name: str) -> pl.Expr:
    cell = pl.col(name)
    harmful = cell.str.contains(_FORMULA) & ~cell.str.contains(_NUMBER)
    marked = pl.concat_str(pl.lit("'"), cell)
    return pl.when(harmful).then(marked).otherwise(cell).alias(name)


def _times(raw: pl.DataFrame) -> pl.DataFrame:
    """Each time as written, once: the instant in UTC, the day by its own offset."""
    written = pl.concat([raw["at"], raw["until"]]).unique()
    made = [_read_time(text) for text in written.to_list()]
    return pl.DataFrame(
        {
            "text": written,
            "utc": pl.Series(
                [one.astimezone(UTC) if one else None for one in made], dtype=INSTANT
            ),
            "day": pl.Series(
                [one.date() if one else None for one in made], dtype=pl.Date
            ),
        }
    )


def _read_time(text: str) -> datetime | None:
    try:
        made = instant(text)
    except ValueError:
        return None
    return None if made.year in NO_DATE else made


def _no_date(column: str) -> pl.Expr:
    return pl.col(column).str.contains("^(" + "|".join(_YEARS) + ")-")


# What happens at a moment; a fact or a range may hold from a day on.
_MOMENTS = ("reading", "dose", "treatment", "decision")
A_DAY_ALONE = "{} is a day alone. Write the time of day with it: 2026-11-16T08:00Z."


def _day_alone(column: str) -> pl.Expr:
    return (
        pl.col("kind").is_in(_MOMENTS)
        & (pl.col(column) != "")
        & ~pl.col(column).str.contains("[T ]")
    )


def _reason() -> pl.Expr:
    """Why a row is no fact; "" when it is one."""
    until_bad = (pl.col("until") != "") & pl.col("until_utc").is_null()
    return (
        pl.when(pl.col("participant") == "")
        .then(pl.lit("The participant is missing."))
        .when(pl.col("cycle") == "")
        .then(pl.lit("The cycle is missing."))
        .when(_no_date("at"))
        .then(pl.lit(f"A year {' or '.join(_YEARS)} stands for no date."))
        .when(_no_date("until"))
        .then(pl.lit(f"An end in {' or '.join(_YEARS)} is none: leave it empty."))
        .when(pl.col("utc").is_null())
        .then(pl.lit("The time is not an ISO 8601 time."))
        .when(until_bad)
        .then(pl.lit("The end is not an ISO 8601 time."))
        .when(_day_alone("at"))
        .then(pl.format(A_DAY_ALONE, "at"))
        .when(_day_alone("until"))
        .then(pl.format(A_DAY_ALONE, "until"))
        .when(pl.col("until_utc") < pl.col("utc"))
        .then(pl.lit("It ends before it starts."))
        .when(~pl.col("kind").is_in(KINDS))
        .then(pl.lit(f"The kind is one of {', '.join(KINDS)}."))
        .when(pl.col("code") == "")
        .then(pl.lit("The code is missing."))
        .otherwise(coded.faults())
    )


def write_chart(facts: pl.DataFrame, zone: str) -> str:
    """The chart file of a facts frame, its times written with the zone's offset.

    No cell of it is a formula to a spreadsheet.
    """

    def written(column: str) -> pl.Expr:
        local = pl.col(column).dt.convert_time_zone(zone)
        return local.dt.to_string("%Y-%m-%dT%H:%M:%S%:z").fill_null("").alias(column)

    texts = [_written(name) for name in _TEXTS]
    cells = facts.with_columns(written("at"), written("until"), *texts)
    return cells.select(COLUMNS).write_csv()


def facts_frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """A facts frame of rows that already carry every column of SCHEMA."""
    return pl.DataFrame(list(rows), schema=SCHEMA)
