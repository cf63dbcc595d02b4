"""From values to grades, a whole frame at once.

A line of a grade is true, false or unknown (Kleene). The grade is the highest that is
known to be met; where a higher one is unknown it is a floor; where none is met and one
is unknown there is no grade, and `why` says what is missing. Ratios are compared, not
products, each number rounded once to six decimals.
"""

from typing import Any

import polars as pl

from monitor.clinical.ctcae.limits import KEY, SLOTS, limits

PLACES = 6
NORMAL = "within the normal range"
# Above its limit and yet without a grade, as where an abnormal baseline is compared.
ABOVE_NORMAL = "above the normal range, and no grade is met"
BELOW_NORMAL = "below the normal range, and no grade is met"
NO_GRADE_MET = "no grade is met"
CANNOT = "cannot be graded: "
HIGHER = "; may be higher: "
ITSELF = "the value is the baseline itself"
# Columns that a caller may leave out, and what they then hold. Canonical units.
OPTIONAL: dict[str, Any] = {
    "low": pl.Float64,
    "high": pl.Float64,
    "base": pl.Float64,
    "times": pl.Float64,
    "base_low": pl.Boolean,
    "base_high": pl.Boolean,
    "own_baseline": pl.Boolean,
    "answered": pl.Boolean,
    "beside": pl.Boolean,
    "beside_lacks": pl.String,
}
ROW = "row"


def grade(values: pl.DataFrame, worst: bool = False) -> pl.DataFrame:
    """Adds `grade` (null: cannot be graded), `at_least` and `why` to each row.

    Needs `term`, `version`, `of`, `unit` (as typed, UCUM; "" where a term holds no
    number) and `value`; knows `low` and `high` of the normal range, `base` or `times`
    (value by baseline), `base_low`, `base_high`, `own_baseline` (it is the baseline, or
    older), `answered` (the term's question), `beside`. `worst`: an open question that
    the knowledge marks so is answered for the worst case.
    """
    rows = _complete(values).with_row_index(ROW)
    lines = _lines(rows, worst)
    found = rows.join(_grades(lines), on=ROW, how="left", maintain_order="left")
    made = found.select(
        *values.columns,
        grade=pl.when(pl.col("value").is_not_null()).then("grade"),
        at_least=pl.col("at_least").fill_null(False) & pl.col("value").is_not_null(),
        why=_why(),
    )
    return made


def _complete(values: pl.DataFrame) -> pl.DataFrame:
    absent = {
        name: pl.lit(None, dtype=kind)
        for name, kind in OPTIONAL.items()
        if name not in values.columns
    }
    rows = values.with_columns(**absent)
    from_base = _ratio(pl.col("value"), pl.col("base"))
    return rows.with_columns(
        times=pl.coalesce("times", from_base),
        base_low=pl.coalesce("base_low", pl.col("base") < pl.col("low")),
        base_high=pl.coalesce("base_high", pl.col("base") > pl.col("high")),
        own_baseline=pl.col("own_baseline").fill_null(False),
    )


def _ratio(value: pl.Expr, by: pl.Expr) -> pl.Expr:
    """Unknown by zero: nothing is so many times nothing."""
    return pl.when(by > 0).then((value / by).round(PLACES))


def _lines(rows: pl.DataFrame, worst: bool) -> pl.DataFrame:
    """A row for each line that speaks about a value: `met`, and what it lacks."""
    long = rows.join(limits(), on=list(KEY), how="inner")
    holds = [_holds(slot) for slot in SLOTS]
    when, asks = _when(), _asks(worst)
    alone = pl.col("beside_lacks").is_null() & pl.col("beside").is_null()
    beside = pl.when(alone).then(True).otherwise("beside")
    parts = [*holds, when, asks, beside]
    lacks = [
        *(_lacks(slot, holds[slot]) for slot in SLOTS),
        pl.when(when.is_null()).then(_baseline_lacks()),
        pl.when(asks.is_null()).then(pl.col("asks") + "?"),
        pl.when(beside.is_null()).then("beside_lacks"),
    ]
    return long.select(
        ROW,
        "level",
        "says",
        met=_of_baseline(pl.all_horizontal(parts)),
        itself=_itself(),
        lacks=pl.concat_list(*lacks),
        assumed=(pl.col("asks") != "") & pl.col("answered").is_null(),
    )


def _holds(slot: int) -> pl.Expr:
    """Whether one bound is kept; true where the line has none in this place."""
    reference, sign = pl.col(f"reference{slot}"), pl.col(f"sign{slot}")
    times, plus = pl.col(f"times{slot}"), pl.col(f"plus{slot}")
    value = pl.col("value")
    limit = (
        pl.when(reference == "ULN").then("high").when(reference == "LLN").then("low")
    )
    limit = limit.when(reference == "baseline").then("base")
    ratio = (
        pl.when(reference == "baseline").then("times").otherwise(_ratio(value, limit))
    )
    by_ratio = (times != 1) | ((reference == "baseline") & (plus == 0))
    plain = reference == "number"
    left = pl.when(by_ratio & ~plain).then(ratio).otherwise(value)
    right = (
        pl.when(plain)
        .then(plus)
        .when(by_ratio)
        .then(times)
        .otherwise((limit + plus).round(PLACES))
    )
    kept = (
        pl.when(sign == ">")
        .then(left > right)
        .when(sign == ">=")
        .then(left >= right)
        .when(sign == "<")
        .then(left < right)
        .otherwise(left <= right)
    )
    return pl.when(reference.is_null()).then(True).otherwise(kept)


def _when() -> pl.Expr:
    """What a line asks of the baseline. A raised one is exceeded only above normal."""
    when, above = pl.col("when"), pl.col("value") > pl.col("high")
    return (
        pl.when(when == "")
        .then(True)
        .when(when == "baseline low")
        .then("base_low")
        .when(when == "baseline high")
        .then(pl.col("base_high") & above)
        .otherwise(~pl.col("base_high"))
    )


def _asks(worst: bool) -> pl.Expr:
    answer = pl.col("answered")
    if worst:
        answer = answer.fill_null(pl.when(pl.col("worst")).then(True))
    return pl.when(pl.col("asks") == "").then(True).otherwise(answer)


def _itself() -> pl.Expr:
    """Whether a line would compare the baseline with itself."""
    relative = pl.any_horizontal(
        (pl.col(f"reference{slot}") == "baseline").fill_null(False) for slot in SLOTS
    )
    return pl.col("own_baseline") & relative


def _of_baseline(met: pl.Expr) -> pl.Expr:
    """A line that compares with the baseline never grades the baseline itself.

    A raised value that only such lines speak about has no grade then.
    """
    raised = (pl.col("when") == "baseline high") & (pl.col("value") > pl.col("high"))
    return (
        pl.when(_itself() & raised)
        .then(None)
        .when(_itself())
        .then(False)
        .otherwise(met)
    )


def _lacks(slot: int, holds: pl.Expr) -> pl.Expr:
    words = {"ULN": "no ULN", "LLN": "no LLN", "baseline": "no baseline"}
    said = pl.col(f"reference{slot}").replace_strict(words, default=None)
    return pl.when(holds.is_null()).then(said)


def _baseline_lacks() -> pl.Expr:
    return (
        pl.when(pl.col("base").is_null() & pl.col("times").is_null())
        .then(pl.lit("no baseline"))
        .when(pl.col("when") == "baseline low")
        .then(pl.lit("no LLN"))
        .otherwise(pl.lit("no ULN"))
    )


def _grades(lines: pl.DataFrame) -> pl.DataFrame:
    """By row: grade, at_least, what is said of the line met, what is lacking."""
    met = pl.col("met").fill_null(False)
    best = pl.col("level").filter(met).max().over(ROW).fill_null(0)
    long = lines.with_columns(best=best).with_columns(
        here=met & (pl.col("level") == pl.col("best")),
        open=pl.col("met").is_null() & (pl.col("level") > pl.col("best")),
    )
    by_row = long.group_by(ROW, maintain_order=True).agg(
        best=pl.col("best").first(),
        at_least=pl.col("open").any(),
        itself=(pl.col("open") & pl.col("itself")).any(),
        says=pl.col("says").filter("here").first(),
        assumed=pl.col("assumed").filter("here").all() & pl.col("here").any(),
        lacks=pl.col("lacks")
        .filter("open")
        .explode()
        .drop_nulls()
        .unique(maintain_order=True),
    )
    known = (pl.col("best") > 0) | ~pl.col("at_least")
    lacking = pl.col("lacks").list.join(", ")
    return by_row.select(
        ROW,
        "says",
        "assumed",
        grade=pl.when(known).then("best"),
        at_least=pl.col("at_least") & known,
        lacks=pl.when("itself").then(pl.lit(ITSELF)).otherwise(lacking),
    )


def _ungraded() -> pl.Expr:
    """What a grade of 0 says: where the value lies, as far as the limits are known."""
    value, low, high = pl.col("value"), pl.col("low"), pl.col("high")
    return (
        pl.when(value > high)
        .then(pl.lit(ABOVE_NORMAL))
        .when(value < low)
        .then(pl.lit(BELOW_NORMAL))
        .when((value >= low) & (value <= high))
        .then(pl.lit(NORMAL))
        .otherwise(pl.lit(NO_GRADE_MET))
    )


def _why() -> pl.Expr:
    graded = pl.when(pl.col("grade") > 0).then("says").otherwise(_ungraded())
    higher = pl.concat_str(graded, pl.lit(HIGHER), pl.col("lacks"))
    assumed = pl.concat_str("says", pl.lit(" (worst case assumed)"))
    return (
        pl.when(pl.col("value").is_null())
        .then(pl.lit(f"{CANNOT}no value"))
        .when(pl.col("lacks").is_null())
        .then(pl.lit(f"{CANNOT}the unit is missing or not one of this term"))
        .when(pl.col("grade").is_null())
        .then(pl.concat_str(pl.lit(CANNOT), pl.col("lacks")))
        .when(pl.col("at_least"))
        .then(higher)
        .when(pl.col("assumed"))
        .then(assumed)
        .otherwise(graded)
    )
