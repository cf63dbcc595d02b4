"""The four words that carry the rules, and how a rule asks for a value.

Answers are true, false, or null for unknown (Kleene logic). The functions here are the
only place where Polars' null-skipping tools are allowed; rules combine answers with
`&`, `|`, `~` and these words.

Columns of a timeline: `now:ITEM` the value while it is current, else null; `last:ITEM`
the last value whatever its age; `at:ITEM` when that was; `fresh:ITEM` whether it was
read at this very instant; `base:ITEM` the cycle's baseline; `sign:NAME` an answer.
"""

from collections.abc import Iterable, Mapping

import polars as pl

SIX_DECIMALS = 6


def now(item: str) -> pl.Expr:
    """The item's value while it counts as current; null after that."""
    return pl.col(f"now:{item}")


def base(item: str) -> pl.Expr:
    """The item's baseline of this cycle; null if there is none."""
    return pl.col(f"base:{item}")


def fresh(*items: str) -> pl.Expr:
    """Whether any of the items was read at this very instant. Never null."""
    return any_known(pl.col(f"fresh:{item}") for item in items)


def known(expr: pl.Expr) -> pl.Expr:
    """True where the answer is true, false where it is false or unknown."""
    return expr.fill_null(False)


def sign(name: str) -> pl.Expr:
    """The answer of a sign."""
    return pl.col(f"sign:{name}")


def pattern_is(name: str) -> pl.Expr:
    """The answer of a pattern, for one that rests on it."""
    return pl.col(f"pattern:{name}")


def state(name: str) -> pl.Expr:
    """A fact of the timeline that is never unknown (in the window, drug on board)."""
    return pl.col(f"state:{name}")


def rise(item: str) -> pl.Expr:
    """How far the current value lies over the baseline, rounded once."""
    return (now(item) - base(item)).round(SIX_DECIMALS)


def rise_over_none(item: str) -> pl.Expr:
    """How far it lies over the baseline, or over 0 where there is none."""
    return (now(item) - base_or(item, 0.0)).round(SIX_DECIMALS)


def undated(item: str) -> pl.Expr:
    """The current value where the cycle has begun without a baseline of it, else 0."""
    without = state("begun") & base(item).is_null()
    return pl.when(now(item).is_not_null() & ~without).then(0.0).otherwise(now(item))


def fall(item: str) -> pl.Expr:
    """How far the current value lies under the baseline, rounded once."""
    return (base(item) - now(item)).round(SIX_DECIMALS)


def under_usual(item: str) -> pl.Expr:
    """How far the current value lies under the person's usual one, rounded once."""
    return (base("USUAL_SBP") - now(item)).round(SIX_DECIMALS)


def fall_percent(item: str) -> pl.Expr:
    """The fall under the baseline in percent of the baseline, rounded once."""
    return ((base(item) - now(item)) / base(item) * 100.0).round(SIX_DECIMALS)


def ratio(value: pl.Expr, over: pl.Expr) -> pl.Expr:
    """One number over another, rounded once; unknown where that is not positive."""
    return pl.when(over > 0).then((value / over).round(SIX_DECIMALS))


def rise_percent(item: str) -> pl.Expr:
    """The rise over the baseline in percent of the baseline, rounded once."""
    return ratio((now(item) - base(item)) * 100.0, base(item))


def times_base(item: str) -> pl.Expr:
    """The current value as a multiple of the baseline."""
    return ratio(now(item), base(item))


def normal_high(item: str) -> pl.Expr:
    """The upper limit of normal in force; null without a reference range."""
    return pl.col(f"high:{item}")


def normal_low(item: str) -> pl.Expr:
    """The lower limit of normal in force; null without a reference range."""
    return pl.col(f"low:{item}")


def times_normal(item: str) -> pl.Expr:
    """The current value as a multiple of the upper limit of normal."""
    return ratio(now(item), normal_high(item))


def was_raised(item: str, then: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
    """One answer where the baseline was over normal, another where it was not or there

    is none to say so.
    """
    raised = (base(item) > normal_high(item)).fill_null(False)
    return pl.when(raised).then(then).otherwise(otherwise)


def multiple(item: str) -> pl.Expr:
    """As CTCAE v5.0 counts: of the upper limit, or of a baseline that was over it."""
    return was_raised(item, times_base(item), times_normal(item))


def base_or(item: str, otherwise: float) -> pl.Expr:
    """The baseline; where there is none, the number given."""
    return base(item).fill_null(otherwise)


def since_start(item: str) -> pl.Expr:
    """The current value, if it was read after the last dose of an agent began."""
    read = pl.col(f"at:{item}") >= pl.col("dose_at")
    return pl.when(read).then(now(item))


def unless(blurred: pl.Expr, answer: pl.Expr) -> pl.Expr:
    """The answer; unknown where a state makes it mean nothing."""
    return pl.when(~blurred).then(answer)


def unless_hidden(hidden: pl.Expr, answer: pl.Expr) -> pl.Expr:
    """The answer; what is seen counts, what is not seen is unknown while a state hides

    it.
    """
    return answer | pl.when(hidden).then(None).otherwise(False)


def warmth(item: str, above: float) -> pl.Expr:
    """How far the current value lies over a number; 0 under it."""
    over = (now(item) - above).round(SIX_DECIMALS)
    return pl.when(over.is_null()).then(None).when(over > 0).then(over).otherwise(0.0)


def is_one_of(item: str, *choices: str) -> pl.Expr:
    """Whether a coded item's current answer is one of these."""
    return now(item).is_in(list(choices))


def at_least(k: float, *answers: pl.Expr) -> pl.Expr:
    """True when `k` answers are known true; false when known true and unknown

    together are fewer than `k`; else unknown.
    """
    yes = how_many(answers)
    open_ = pl.sum_horizontal([answer.is_null().cast(pl.Int32) for answer in answers])
    return (
        pl.when(yes >= k)
        .then(True)
        .when(yes + open_ < k)
        .then(False)
        .otherwise(pl.lit(None, dtype=pl.Boolean))
    )


def any_of(answers: Iterable[pl.Expr]) -> pl.Expr:
    """Kleene or."""
    return pl.any_horizontal(list(answers))


def answered_in_any(answers: Iterable[pl.Expr]) -> pl.Expr:
    """True where one says so; else false where one of them was asked at all.

    For one question that is put in several places, of which one is enough.
    """
    told = list(answers)
    return pl.coalesce([pl.when(known(any_of(told))).then(True), *told])


def answered_by_those_taken(answers: Mapping[str, pl.Expr]) -> pl.Expr:
    """True where one item says so; else false where each that was taken says no.

    For one question that several items answer, of which a site uses one. What was taken
    in this cycle and does not count now leaves it unknown, and so does nothing at all.
    """
    told = list(answers.values())
    open_ = any_known(
        pl.col(f"at:{item}").is_not_null() & answer.is_null()
        for item, answer in answers.items()
    )
    no = pl.when(~open_ & any_known(~answer for answer in told)).then(False)
    return pl.when(any_known(told)).then(True).otherwise(no)


def any_known(answers: Iterable[pl.Expr]) -> pl.Expr:
    """Whether any answer is known true. Never unknown.

    A maximum of answers says so, too, and is planned in a time that grows with their
    number; the time of an `or` grows with its square, and few rows cost the plan alone.
    """
    return known(pl.max_horizontal(list(answers)))


def how_many(answers: Iterable[pl.Expr]) -> pl.Expr:
    """How many answers are known true. Never unknown."""
    return pl.sum_horizontal([known(answer).cast(pl.Int32) for answer in answers])


def earliest(times: Iterable[pl.Expr]) -> pl.Expr:
    """The first of some times; null where none of them is known."""
    return pl.min_horizontal(list(times))


def settled(*answers: pl.Expr) -> pl.Expr:
    """Whether each is known false now, or was never once true. Never unknown.

    For what ends: something that was never found need not be looked for again.
    """
    return pl.all_horizontal(
        [known(~one) | (known(one).cum_sum().over("g") == 0) for one in answers]
    )


def highest(arms: Iterable[tuple[int, pl.Expr]]) -> pl.Expr:
    """The highest number whose answer is known true; 0 when none is.

    `arms` pairs a grade with an answer. What is unknown does not lower it: ask
    `could_exceed` whether the number is a floor.
    """
    met = [pl.when(answer).then(pl.lit(grade, pl.Int32)) for grade, answer in arms]
    return pl.max_horizontal(pl.lit(0, pl.Int32), *met)


def choose(test: pl.Expr, then: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
    """One or the other; unknown where the test is unknown."""
    return pl.when(test.is_null()).then(None).when(test).then(then).otherwise(otherwise)
