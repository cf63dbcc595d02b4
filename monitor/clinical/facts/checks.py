"""The checks of `entry`, for a whole file at once.

A sieve of Polars expressions finds the few rows about which a rule may speak; those go
to the same functions that judge one typed value, so both give the same answers. A value
and unit that occur many times are judged once.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from monitor.clinical.items import catalogue, entry, limits, pairs, units
from monitor.clinical.items.entry import Entered
from monitor.clinical.items.model import Jump, UnknownItem
from monitor.clinical.tables import worked
from monitor.clinical.words import any_known

CYCLE = ("participant", "cycle")
INSTANT = (*CYCLE, "at")
VALUE = ("code", "_value", "_unit")
ROW = "_row"
VERDICT = {
    "number": pl.Float64,
    "choice": pl.String,
    "outcome": pl.String,
    "check": pl.String,
    "reason": pl.String,
}
SECONDS_IN_HOUR = 3600
# Wider than any rounding, so that the sieve lets no jump through unseen.
MARGIN = 1e-5

FAULT = {
    "fault": pl.String,
    "said": pl.String,
    "why": pl.String,
    "sentence": pl.String,
}

Verdict = tuple[float | None, str | None, str, str, str]
Found = tuple[int, float | None, str | None, str, str, str]


@cache
def feeds() -> pl.Expr:
    """Whether a checked row may be used in an assessment."""
    return pl.col("outcome").is_in(entry.FEEDING)


def check(readings: pl.DataFrame) -> pl.DataFrame:
    """`readings` in the same order, with what became of each of them.

    Needs participant, cycle, code, value, unit (str), at (datetime), line (int); may
    have `until` (datetime; without it no period item feeds) and `confirmed` (bool: a
    person said yes, so that a held row is accepted). Adds `number` (f64, canonical;
    null when refused or unreadable), `choice` (str, coded items), `outcome` (accepted,
    questioned, held, refused or error), `check` (the rule that spoke, "" if none) and
    `reason` (a sentence, "" if none).
    """
    rows = _prepare(readings)
    values = _judge_values(rows)
    rows = rows.join(values, on=VALUE, how="left", maintain_order="left")
    if (rows["outcome"] == "held").any():
        rows = rows.with_columns(outcome=_confirmed_or("outcome"))
    present = frozenset(values["code"])
    for step in (_periods, _jumps, _parts, _flows):
        found = step(rows, present)
        if not found.is_empty():
            rows = rows.update(found, on=ROW, include_nulls=True)
    return rows.select(*readings.columns, *VERDICT)


def _prepare(readings: pl.DataFrame) -> pl.DataFrame:
    named, told = set(readings.columns), pl.lit(False)
    if "confirmed" in named:
        told = pl.col("confirmed").fill_null(False)
    until = [] if "until" in named else [pl.lit(None, readings.schema["at"])]
    return readings.with_row_index(ROW).with_columns(
        pl.col("value").fill_null("").alias("_value"),
        pl.col("unit").fill_null("").alias("_unit"),
        told.alias("confirmed"),
        *(one.alias("until") for one in until),
    )


def _confirmed_or(column: str) -> pl.Expr:
    said_yes = (pl.col(column) == "held") & pl.col("confirmed")
    return pl.when(said_yes).then(pl.lit("accepted")).otherwise(pl.col(column))


def _judge_values(rows: pl.DataFrame) -> pl.DataFrame:
    """Every different code, value and unit once, by itself."""
    unique = rows.select(VALUE).unique()
    verdicts = [_judge(*row) for row in unique.iter_rows()]
    judged = pl.DataFrame(verdicts, schema=VERDICT, orient="row")
    return unique.hstack(judged)


@lru_cache(maxsize=20_000)
def _judge(code: str, value: str, unit: str) -> Verdict:
    try:
        return _verdict(entry.judge(code, value, unit))
    except UnknownItem as unknown:
        return None, None, "error", "unknown_item", str(unknown)


def _verdict(entered: Entered) -> Verdict:
    said = entered.sentence if entered.check else ""
    choice = entered.choice or None
    return entered.number, choice, entered.outcome, entered.check, said


def _overlay(found: Sequence[Found]) -> pl.DataFrame:
    """Rows whose verdict is replaced."""
    return pl.DataFrame(found, schema={ROW: pl.UInt32, **VERDICT}, orient="row")


NOTHING = _overlay([])


def _hours(later: str | pl.Expr, earlier: str | pl.Expr) -> pl.Expr:
    later = pl.col(later) if isinstance(later, str) else later
    earlier = pl.col(earlier) if isinstance(earlier, str) else earlier
    return (later - earlier).dt.total_microseconds() / 1e6 / SECONDS_IN_HOUR


def _periods(rows: pl.DataFrame, present: frozenset[str]) -> pl.DataFrame:
    """Period items without a period, over their hourly rate, or nothing for long."""
    items = catalogue.ITEMS.values()
    codes = [one.code for one in items if one.kind == "period" and one.code in present]
    if not codes:
        return NOTHING
    covered = rows.lazy().filter(pl.col("code").is_in(codes) & feeds())
    suspects = covered.with_columns(hours=_hours("until", "at")).filter(
        any_known(_suspect_period(code) for code in codes)
    )
    found: list[Found] = []
    for row in worked(suspects.select(ROW, *VALUE, "hours")).iter_rows():
        entered = entry.judge(*row[1:4])
        judged = entry.judge_period(entered, row[4])
        if judged is not entered:
            found.append((row[0], *_verdict(judged)))
    return _overlay(found)


@cache
def _suspect_period(code: str) -> pl.Expr:
    item, hours = catalogue.item(code), pl.col("hours")
    suspect = hours.is_null() | (hours <= 0)
    if item.hard.per_hour is not None:
        suspect |= pl.col("number") > item.hard.per_hour * hours.clip(lower_bound=1)
    if item.soft.zero_hours is not None:
        suspect |= (pl.col("number") == 0) & (hours >= item.soft.zero_hours)
    return (pl.col("code") == code) & suspect


def _jumps(rows: pl.DataFrame, present: frozenset[str]) -> pl.DataFrame:
    """Values that jump from the last one that fed, cycle by cycle.

    A held value is not compared with, so what follows it depends on what became of it:
    where neighbors jump anywhere, that item of that cycle is walked in order.
    """
    series = (*CYCLE, "code")
    codes, jumped = _suspects(present)
    if not codes:
        return NOTHING
    fed = rows.lazy().filter(pl.col("code").is_in(codes) & feeds())
    walked = worked(
        fed.sort(*series, "at", "line", ROW)
        .with_columns(
            before=pl.col("number").shift().over(series),
            hours=_hours("at", pl.col("at").shift().over(series)),
        )
        .with_columns(jumped=jumped)
    )
    if not walked["jumped"].any():
        return NOTHING
    suspects = walked.filter("jumped").select(series).unique()
    walked = walked.join(suspects, on=series, how="semi", maintain_order="left")
    columns = (*CYCLE, *VALUE, ROW, "number", "at", "confirmed")
    by_series = groupby(walked.select(columns).iter_rows(), key=itemgetter(0, 1, 2))
    return _overlay([found for _, group in by_series for found in _walk(group)])


@lru_cache(maxsize=256)
def _suspects(present: frozenset[str]) -> tuple[list[str], pl.Expr]:
    """The items among these that may jump, and whether a row of theirs does."""
    every = catalogue.ITEMS.values()
    items = [item for item in every if item.jumps and item.code in present]
    jumped = (
        (pl.col("code") == item.code) & _suspect_jump(jump)
        for item in items
        for jump in item.jumps
    )
    return [item.code for item in items], any_known([pl.lit(False), *jumped])


def _suspect_jump(jump: Jump) -> pl.Expr:
    """Every jump between neighbors, and perhaps a few too many."""
    number, before = pl.col("number"), pl.col("before")
    change = (number - before).abs() + MARGIN
    suspect = pl.lit(False)
    if jump.by is not None:
        suspect |= change > jump.by
    if jump.percent is not None:
        suspect |= change * 100 > jump.percent * before
    if jump.fall is not None:
        suspect |= before - number + MARGIN > jump.fall
    if jump.times is not None:
        large = pl.when(number > before).then(number).otherwise(before)
        suspect |= large >= (number + before - large) * jump.times * (1 - MARGIN)
    if jump.below is not None:
        suspect |= (number < jump.below) & (before > jump.previous_above)
    return (pl.col("hours") <= jump.hours) & suspect


def _walk(group: Iterable[tuple[Any, ...]]) -> Iterator[Found]:
    """One item of one cycle, in order of time, each against the last that fed."""
    last: tuple[float, float] | None = None
    for _, _, code, value, unit, row, number, at, confirmed in group:
        item = catalogue.item(code)
        moment = at.timestamp() / SECONDS_IN_HOUR
        if last is not None:
            before, hours = last[0], units.rounded(moment - last[1])
            if limits.first_jump(item, number, before, hours):
                judged = entry.judge_jump(entry.judge(code, value, unit), before, hours)
                if confirmed and judged.outcome == "held":
                    judged = judged.confirm()
                yield row, *_verdict(judged)
                if not judged.feeds:
                    continue
        last = number, moment


def _parts(rows: pl.DataFrame, present: frozenset[str]) -> pl.DataFrame:
    """Parts above their whole at one instant, such as diastolic above systolic.

    Where an instant holds several, a part is refused above all of the wholes, and a
    whole below all of the parts.
    """
    bounded = {one.code: one for one in pairs.bounded_items() if one.code in present}
    whole_of = {code: part.not_above for code, part in bounded.items()}
    wholes = present & set(whole_of.values())
    if not wholes:
        return NOTHING
    both = {part.not_above: part for part in bounded.values() if part.refuse_both}
    fed = rows.lazy().filter(pl.col("code").is_in([*bounded, *wholes]) & feeds())
    fed = fed.select(ROW, *INSTANT, "code", "number")
    smalls = fed.filter(pl.col("code").is_in(list(bounded))).with_columns(
        other=pl.col("code").replace_strict(whole_of, return_dtype=pl.String)
    )
    larges = fed.filter(pl.col("code").is_in(list(wholes)))
    most = larges.group_by(*INSTANT, "code").agg(bound=pl.col("number").max())
    over = smalls.join(most, left_on=[*INSTANT, "other"], right_on=[*INSTANT, "code"])
    high = worked(over.filter(pl.col("number") > pl.col("bound")))
    if high.is_empty():
        return NOTHING
    least = smalls.group_by(*INSTANT, "other").agg(bound=pl.col("number").min())
    under = larges.filter(pl.col("code").is_in(list(both))).join(
        least, left_on=[*INSTANT, "code"], right_on=[*INSTANT, "other"]
    )
    low = worked(under.filter(pl.col("number") < pl.col("bound")))
    found = [
        (row, None, None, fault.outcome, fault.check, fault.sentence)
        for frame, part_of in ((high, bounded), (low, both))
        for row, code in frame.select(ROW, "code").iter_rows()
        for fault in [pairs.part_fault(part_of[code], code)]
    ]
    return _overlay(found).unique(ROW, keep="first", maintain_order=True)


def _flows(rows: pl.DataFrame, present: frozenset[str]) -> pl.DataFrame:
    """Oxygen flows that do not go with the device charted at the same instant."""
    if not {pairs.DEVICE, pairs.FLOW} <= present:
        return NOTHING
    fed = rows.lazy().filter(feeds())
    device = fed.filter(pl.col("code") == pairs.DEVICE)
    flow = fed.filter(pl.col("code") == pairs.FLOW)
    both = worked(device.join(flow, on=INSTANT, suffix="_flow"))
    pair = ("choice", "number_flow")
    said = [
        (*pair_, fault.code, fault.outcome, fault.check, fault.sentence)
        for pair_ in both.select(pair).unique().iter_rows()
        for fault in pairs.flow_faults(*pair_)
    ]
    if not said:
        return NOTHING
    schema = {name: both.schema[name] for name in pair} | FAULT
    faults = both.join(pl.DataFrame(said, schema=schema, orient="row"), on=pair)
    return _flow_rows(faults).unique(ROW, keep="first", maintain_order=True)


def _flow_rows(faults: pl.DataFrame) -> pl.DataFrame:
    """One row a fault, of whichever of the two rows it is said."""
    of_flow, kept = pl.col("fault") == pairs.FLOW, pl.col("said") == "questioned"
    return faults.select(
        pl.when(of_flow).then(f"{ROW}_flow").otherwise(ROW).alias(ROW),
        number=pl.when(of_flow & kept).then("number_flow"),
        choice=pl.lit(None, dtype=pl.String),
        outcome=pl.col("said"),
        check=pl.col("why"),
        reason=pl.col("sentence"),
    )
