"""A file of laboratory values, graded row by row; what `grade_labs` does.

Columns as in the graded test vectors: criteria, term, aval, unit, anrlo, anrhi, base,
bnrind (LOW, NORMAL, HIGH), pchg (percent change from baseline). Others are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import polars as pl

from monitor.clinical.ctcae import TERMS
from monitor.clinical.ctcae.grader import CANNOT, PLACES, grade
from monitor.clinical.ctcae.model import Term
from monitor.clinical.facts import csvtext
from monitor.clinical.facts.csvtext import NO_TABLE, NOT_UTF8, RAGGED
from monitor.clinical.items import normal, sentences
from monitor.clinical.items.loading import KNOWLEDGE, KnowledgeError, read_toml, units

CRITERIA: Mapping[str, str] = MappingProxyType(
    {"ctcv5": "v5", "ctcv5_uscv": "v5", "ctcv6": "v6", "ctcv6_uscv": "v6"}
)
NEEDED = ("criteria", "term", "aval", "unit")
NUMBERS = ("aval", "anrlo", "anrhi", "base", "pchg")
TEXTS = ("criteria", "term", "unit", "bnrind")
NORMAL_INDICATORS = ("LOW", "NORMAL", "HIGH")
PERCENT = 100.0
# The header is line 1.
FIRST_LINE = 2


class UnreadableLabs(ValueError):
    """The file cannot be graded at all; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Graded:
    """`rows`: the file as it was, with `grade` and `why`; `unread`: the lines of the

    file, its header being the first, that hold a number that is none, each with why.
    """

    rows: pl.DataFrame
    unread: tuple[tuple[int, str], ...] = ()


def grade_file(path: str) -> Graded:
    """Every row of a CSV file with its grade. Raises UnreadableLabs."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        table = pl.read_csv(
            text.encode(), infer_schema=False, empty_string_is_null=False
        )
    except pl.exceptions.NoDataError as fault:
        raise UnreadableLabs(f"{path} is empty.") from fault
    except FileNotFoundError as fault:
        raise UnreadableLabs(f"There is no file {path}.") from fault
    except OSError as fault:
        raise UnreadableLabs(f"{path} cannot be read: {fault.strerror}.") from fault
    except UnicodeDecodeError as fault:
        raise UnreadableLabs(f"{path} {NOT_UTF8}") from fault
    except pl.exceptions.PolarsError as fault:
        ragged = "more fields" in str(fault)
        raise UnreadableLabs(RAGGED if ragged else NO_TABLE) from fault
    if not csvtext.is_text(text):
        raise UnreadableLabs(f"{path} {NOT_UTF8}")
    if absent := csvtext.absent(NEEDED, table.columns):
        raise UnreadableLabs(f"{path} has {absent}")
    if too_long := csvtext.too_long(table):
        raise UnreadableLabs(too_long)
    return grade_table(table)


def grade_table(table: pl.DataFrame) -> Graded:
    """The rows of a table of text, in its order, with `grade` and `why` as text.

    Open questions are answered for the worst case, for a file has no answers.
    """
    kept = [name for name in table.columns if name not in ("grade", "why")]
    rows = _read(table.select(kept))
    found = grade(_values(rows), worst=True)
    refused = rows["refused"]
    made = found.select(
        grade=pl.when(refused == "").then("grade").cast(pl.String).fill_null(""),
        why=pl.when(refused == "").then("why").otherwise(refused),
    )
    unread = enumerate(rows["unread"], start=FIRST_LINE)
    return Graded(
        table.select(kept).hstack(made),
        tuple((line, reason) for line, reason in unread if reason),
    )


def _read(table: pl.DataFrame) -> pl.DataFrame:
    """Text as numbers, names as terms, spellings as units; `refused` says what not."""
    absent = {
        name: pl.lit("") for name in (*NUMBERS, *TEXTS) if name not in table.columns
    }
    rows = table.with_columns(**absent).select(
        *(pl.col(name).str.strip_chars() for name in (*NUMBERS, *TEXTS))
    )
    numbers = {name: pl.col(name).cast(pl.Float64, strict=False) for name in NUMBERS}
    finite = {
        name: pl.when(number.is_finite()).then(number)
        for name, number in numbers.items()
    }
    unread = pl.coalesce(_unread(name, finite[name]) for name in NUMBERS)
    rows = rows.with_columns(unread=unread.fill_null("")).with_columns(**finite)
    spelled = pl.col("unit").str.to_lowercase()
    rows = rows.with_columns(
        unit=spelled.replace_strict(spellings(), default=pl.col("unit")),
        version=pl.col("criteria")
        .str.to_lowercase()
        .replace_strict(dict(CRITERIA), default=None),
        named=pl.col("term").str.to_lowercase(),
        indicator=pl.col("bnrind").str.to_uppercase(),
    )
    rows = rows.join(
        _names(), on=["named", "version"], how="left", maintain_order="left"
    ).join(_units(), on=["key", "version", "unit"], how="left", maintain_order="left")
    return rows.with_columns(refused=_refused())


def _unread(name: str, number: pl.Expr) -> pl.Expr:
    """Why a cell is no number; null for one that is, or is empty. Nothing is guessed:

    a comma stands for a point in one country and for thousands in another.
    """
    cell = pl.col(name)
    comma = pl.format("{} {} has a comma: write it with a point", pl.lit(name), cell)
    other = pl.format("{} {} is not a number", pl.lit(name), cell)
    said = pl.when(cell.str.contains(",", literal=True)).then(comma).otherwise(other)
    return pl.when((cell != "") & number.is_null()).then(said)


def _impossible() -> pl.Expr:
    """What cannot be: less than nothing, or a range that is none; "" for the rest."""
    limits = normal.faults(pl.col("anrlo"), pl.col("anrhi"))
    said = {
        sentences.RANGE_BELOW_ZERO: "a limit of the normal range is below 0",
        sentences.RANGE_OF_NOTHING: "the upper limit of the normal range is 0",
        sentences.RANGE_UPSIDE_DOWN: "the normal range is upside down",
        sentences.RANGE_NO_WIDTH: "both limits of the normal range are the same",
        "": "",
    }
    return (
        pl.when(pl.col("aval") < 0)
        .then(pl.lit("a value below 0 cannot be"))
        .when(pl.col("base") < 0)
        .then(pl.lit("a baseline below 0 cannot be"))
        .when(pl.col("pchg") < -PERCENT)
        .then(pl.lit("a fall by more than 100 % cannot be"))
        .otherwise(limits.replace_strict(said, return_dtype=pl.String))
    )


def _refused() -> pl.Expr:
    """Why a row is not graded at all; "" for a row that is."""
    known = pl.concat_str(pl.lit("the term is not in "), "criteria")
    needs = pl.col("needs_unit") & pl.col("factor").is_null()
    unit = pl.concat_str(pl.lit("this term is not graded in "), "unit")
    unitless = pl.col("unit") == ""
    reason = (
        pl.when(pl.col("version").is_null())
        .then(pl.concat_str(pl.lit("out of scope: criteria "), "criteria"))
        .when(pl.col("unread") != "")
        .then("unread")
        .when(pl.col("term") == "")
        .then(pl.lit("no term"))
        .when(pl.col("key").is_null())
        .then(known)
        .when(needs & unitless)
        .then(pl.lit("no unit"))
        .when(needs)
        .then(unit)
        .otherwise(_impossible())
    )
    return pl.when(reason == "").then(reason).otherwise(CANNOT + reason)


def _values(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as the grader takes them: all four numbers in the canonical unit."""
    factor, offset = pl.col("factor").fill_null(1.0), pl.col("offset").fill_null(0.0)

    def canonical(name: str) -> pl.Expr:
        return ((pl.col(name) - offset) * factor).round(PLACES)

    told = pl.col("indicator").is_in(NORMAL_INDICATORS)
    by_change = (1.0 + pl.col("pchg") / PERCENT).round(PLACES)
    return rows.select(
        "version",
        "answered",
        term="key",
        of="of",
        unit=pl.when("needs_unit").then("unit").otherwise(pl.lit("")),
        value=canonical("aval"),
        low=canonical("anrlo"),
        high=canonical("anrhi"),
        base=canonical("base"),
        times=pl.when(pl.col("base").is_null()).then(by_change),
        base_low=pl.when(told).then(pl.col("indicator") == "LOW"),
        base_high=pl.when(told).then(pl.col("indicator") == "HIGH"),
    )


@cache
def spellings() -> dict[str, str]:
    """How files spell a unit, in small letters -> UCUM."""
    return read_spellings()


def read_spellings() -> dict[str, str]:
    """Raises KnowledgeError for a unit that no list names."""
    found = dict(read_toml(KNOWLEDGE / "unit_spellings.toml"))
    lost = set(found.values()) - set(units(KNOWLEDGE / "units.toml"))
    if lost:
        raise KnowledgeError(f"unit_spellings.toml: no unit {', '.join(sorted(lost))}.")
    return found


@cache
def _names() -> pl.DataFrame:
    """Which term a name means in a version, and how its question is answered then."""
    rows = [
        (term.name.lower(), version, term.key, term.of, term.answered, needs)
        for term in TERMS.values()
        for version in term.versions
        for needs in [term.needs_unit(version)]
    ]
    names = ("named", "version", "key", "of", "answered", "needs_unit")
    kinds = (pl.String, pl.String, pl.String, pl.String, pl.Boolean, pl.Boolean)
    schema = dict(zip(names, kinds, strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _units() -> pl.DataFrame:
    rows = [row for term in TERMS.values() for row in _unit_rows(term)]
    names = ("key", "version", "unit", "factor", "offset")
    kinds = (pl.String, pl.String, pl.String, pl.Float64, pl.Float64)
    schema = dict(zip(names, kinds, strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _unit_rows(term: Term) -> list[tuple[str, str, str, float, float]]:
    """The units of a term that holds numbers; one in braces may also be left out."""
    made: list[tuple[str, str, str, float, float]] = []
    for version in term.versions:
        if term.needs_unit(version):
            for unit, one in term.units.items():
                numbers = float(one.factor), float(one.offset)
                made.append((term.key, version, unit, *numbers))
                if unit.startswith("{"):
                    made.append((term.key, version, "", *numbers))
    return made
