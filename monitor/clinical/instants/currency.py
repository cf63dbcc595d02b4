"""How long a value counts, and what still does (reference 11, B1 and R16)."""

from datetime import timedelta
from functools import cache, lru_cache
from itertools import compress

import polars as pl

from monitor.clinical.items import catalogue, devices
from monitor.clinical.items.watched import (
    LIVES_LIKE,
    LONGEST_HOURS,
    UNRECORDABLE,
    WATCHED,
)
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage

# Of a value read in several ways: what is made of each reading of it.
MADE = {
    item: tuple(code for code, like in LIVES_LIKE.items() if like == item)
    for item in set(LIVES_LIKE.values())
} | {"SYSBP": ("MAP",), "DIABP": ("MAP",)}


def hours_of(code: str, tight: bool = False) -> float | None:
    """How long a value of the item counts; None: until there is a newer one."""
    like = LIVES_LIKE.get(code, code)
    validity = catalogue.item(like).validity
    normal = validity.current or LONGEST_HOURS.get(like)
    return (validity.tight or normal) if tight else normal


def while_low(code: str) -> float | None:
    """How long it counts while the systolic pressure is low; None: as otherwise."""
    return catalogue.item(LIVES_LIKE.get(code, code)).validity.tight_low


@cache
def _lapse_hours(code: str) -> tuple[float, ...]:
    """Every number of hours after which a value of the item may lapse."""
    found = {hours_of(code), hours_of(code, tight=True), while_low(code)}
    return tuple(sorted(one for one in found if one is not None))


@lru_cache(maxsize=32)
def _all_lapse_hours(home: float | None) -> pl.LazyFrame:
    """code, after: the hours of every watched item, and those of somebody at home."""
    more = set() if home is None else {home}
    return pl.LazyFrame(
        [
            (code, timedelta(hours=one))
            for code in WATCHED
            for one in sorted({*_lapse_hours(code), *more})
        ],
        schema={"code": pl.String, "after": pl.Duration("us")},
        orient="row",
    )


def lapses(values: pl.DataFrame, lines: Lines, homes: bool) -> pl.LazyFrame:
    """g, at: when a value may stop counting, if no newer one has come by then.

    `homes`: somebody is at home, where values count for longer.
    """
    ordered = values.lazy().select("g", "code", "at").sort("g", "code", "at")
    ordered = ordered.with_columns(newer=pl.col("at").shift(-1).over("g", "code"))
    after = _all_lapse_hours(lines["at_home_hours"] if homes else None)
    ends = ordered.join(after, on="code").select(
        "g", "newer", at=pl.col("at") + pl.col("after")
    )
    still = pl.col("newer").is_null() | (pl.col("newer") > pl.col("at"))
    return ends.filter(still).select("g", "at")


def current(sheet: Sheet, protocol: Protocol) -> None:
    """Adds `now:` of each watched item: the last value while it still counts.

    Also `gone:` of the items that may be tried in vain.
    """
    low, tight, still = _steps(protocol.lines)
    sheet.follow(low, tight)
    # What was never read counts nowhere, and needs no look at how old it is.
    read = [not sheet.says(f"last:{code}", None) for code in WATCHED]
    sheet.keep(list(compress(still.parts, read)))
    for code in compress(WATCHED, (not one for one in read)):
        last = sheet.same[f"last:{code}"]
        sheet.constant([f"now:{code}"], last.value, last.kind)
    for said in ("held", "unrecordable"):
        for item in WATCHED:
            when = f"{said}:{item}"
            if when in sheet and not sheet.says(when, None):
                sheet.follow(_past(said, item))


@cache
def _past(said: str, item: str) -> Stage:
    """What was read before a reading that nobody knows the value of counts no longer.

    Neither does what is made of it.
    """
    after, made = pl.col(f"{said}:{item}"), [item, *MADE.get(item, ())]
    return Stage(
        tuple(
            pl.when(~(after > pl.col(f"at:{code}")).fill_null(False))
            .then(f"now:{code}")
            .alias(f"now:{code}")
            for code in made
        )
    )


@lru_cache(maxsize=32)
def _steps(lines: Lines) -> tuple[Stage, Stage, Stage]:
    low = pl.col("last:SYSBP") < lines["sbp_low"]
    lately = timedelta(hours=lines["pressure_clear_hours"])
    low_at = pl.when(low).then(pl.col("at:SYSBP")).forward_fill().over("g")
    home = pl.col("word:PRESENCE") == "AT_HOME"
    tight = (
        (pl.col("pressors") > 0)
        | (pl.col("last:OXYGEN_DEVICE").is_in(devices.support_devices()))
        | (pl.col("at") - pl.col("low_at") < lately)
    ).fill_null(False)
    return (
        Stage(
            (
                low.fill_null(False).alias("low_now"),
                low_at.alias("low_at"),
                pl.when(home).then("at:PRESENCE").alias("home_at"),
            )
        ),
        Stage(
            (
                # What lapsed while it was tight does not come back when it is not.
                pl.when(tight).then("at").forward_fill().over("g").alias("tight_at"),
                *(_given_up(code).alias(f"gone:{code}") for code in UNRECORDABLE),
            )
        ),
        Stage(tuple(_still(code, lines["at_home_hours"]) for code in WATCHED)),
    )


def _still(code: str, home_hours: float) -> pl.Expr:
    last = pl.col(f"last:{code}")
    return pl.when(_counts(code, home_hours)).then(last).alias(f"now:{code}")


def _counts(code: str, home_hours: float) -> pl.Expr:
    hours, read = hours_of(code), pl.col(f"at:{code}")
    if hours is None:
        return read.is_not_null()
    age = pl.col("at") - read
    young = (
        pl.when(_stayed_current(code, hours))
        .then(age < timedelta(hours=max(hours, home_hours)))
        .when(pl.col("tight_at") >= read)
        .then(age < timedelta(hours=hours_of(code, tight=True) or hours))
        .otherwise(age < timedelta(hours=hours))
    )
    if (low_hours := while_low(code)) is not None:
        young = (
            pl.when("low_now").then(age < timedelta(hours=low_hours)).otherwise(young)
        )
    return young & ~_given_up(code) if code in UNRECORDABLE else young


def _stayed_current(code: str, hours: float) -> pl.Expr:
    """At home, with a value that still counted when the person went there."""
    return pl.col("home_at") - pl.col(f"at:{code}") < timedelta(hours=hours)


def _given_up(code: str) -> pl.Expr:
    """Tried without a result since the last value: that value counts no longer."""
    tried, read = pl.col(f"unrecordable:{code}"), pl.col(f"at:{code}")
    return tried.is_not_null() & (read.is_null() | (tried > read))
