"""Episodes are a fold over the answers: opened, raised, held, resolved, closed."""

from functools import cache

import polars as pl

from monitor.clinical.answers.holding import release_found, release_over
from monitor.clinical.answers.stacking import among, cycles_of
from monitor.clinical.answers.topics import (
    TOPICS,
    UNKNOWN,
    WARNING,
    WATCH,
    Topic,
    waits,
)
from monitor.clinical.facts.chartfile import INSTANT
from monitor.clinical.grading import icans
from monitor.clinical.grading.crs import SCALES
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet, Stage
from monitor.clinical.words import any_known, known

# Beside cytokine release: the scales that have a term for the topic.
OTHER_SCALES = {"cls": ("ctcae_v5", "ctcae_v6"), "neurotoxicity": icans.SCALES}
# Of these a person says the cause: their status follows the level, not the grade.
BY_LEVEL = ("neurotoxicity",)


def scales_of(topic: Topic) -> tuple[str, ...]:
    """The scales that speak in this topic."""
    if topic.name == "crs":
        return tuple(SCALES)
    return OTHER_SCALES.get(topic.name, ())


def grade_column(topic: Topic, scale: str) -> str:
    return f"grade:{scale}" if topic.name == "crs" else f"grade:{topic.name}:{scale}"


def scale_in_force(topic: Topic, chosen: str) -> str | None:
    """The scale whose grade decides the status; the leak has none but CTCAE."""
    scales = scales_of(topic)
    if not scales or topic.name in BY_LEVEL:
        return None
    return chosen if chosen in scales else scales[0]


def fold(sheet: Sheet, protocol: Protocol) -> None:
    """Adds for each topic: `open:`, `episode:` (its number in the cycle), `max:`,

    `status:` and `was_open:` (at the instant before).
    """
    sheet.follow(_bounds())
    for topic in TOPICS:
        begins = f"begins:{topic.name}"
        if sheet.says(begins, False):
            _never_open(sheet, topic)
        elif (here := cycles_of(sheet, sheet[begins])) is None:
            sheet.follow(*_opened(topic))
        else:
            _open_here(sheet, topic, here.arg_true())
    sheet.follow(_statuses(protocol.scale))


def _never_open(sheet: Sheet, topic: Topic) -> None:
    """What begins nowhere is open nowhere, and every grade is the highest so far."""
    name = topic.name
    sheet.constant([f"open:{name}", f"was_open:{name}"], False, pl.Boolean())
    sheet.constant([f"episode:{name}"], 0, pl.UInt32())
    if topic.name == "crs":
        sheet.constant(["resolved:crs"], None, INSTANT)
    for scale in scales_of(topic):
        grade = sheet[grade_column(topic, scale)]
        sheet.add([grade.alias(f"max:{name}:{scale}")])


def _open_here(sheet: Sheet, topic: Topic, places: pl.Series) -> None:
    """It begins in the cycles at these places alone."""
    stages = _opened(topic)
    made = [part.name for stage in stages for part in stage.parts]
    read = {name for stage in stages for name in stage.inputs} - set(made)
    own = sheet.at(places, sorted(read)).follow(*stages)
    _never_open(sheet, topic)
    for name in made:
        found = among(sheet, own[name], places, sheet[name])
        sheet.add([found.alias(name)])


@cache
def _bounds() -> Stage:
    """For each topic whether an episode begins, and whether one may go on."""
    return Stage(tuple(one for topic in TOPICS for one in _bounds_of(topic)))


@cache
def _opened(topic: Topic) -> tuple[Stage, ...]:
    """The expressions in the order of their use."""
    stages = (
        (_opens(topic),),
        (_number(topic), _was_open(topic)),
        (
            *(_maximum(topic, one) for one in scales_of(topic)),
            *([_resolved()] if topic.name == "crs" else []),
        ),
    )
    return tuple(map(Stage, stages))


@cache
def _statuses(scale: str) -> Stage:
    return Stage(
        tuple(_status(topic, scale).alias(f"status:{topic.name}") for topic in TOPICS)
    )


def _bounds_of(topic: Topic) -> tuple[pl.Expr, pl.Expr]:
    """Begins at a grade of 1 or a warning; goes on while anything stands."""
    level = pl.col(f"level:{topic.name}")
    graded = [pl.col(grade_column(topic, scale)) >= 1 for scale in scales_of(topic)]
    begins = any_known([level >= WARNING, *graded])
    stays = (level >= WATCH) | begins
    if topic.name == "crs":
        stays = stays | pl.col("standing:fever")
    return begins.alias(f"begins:{topic.name}"), stays.alias(f"stays:{topic.name}")


def _opens(topic: Topic) -> pl.Expr:
    return (
        pl.when(f"begins:{topic.name}")
        .then(True)
        .when(~pl.col(f"stays:{topic.name}"))
        .then(False)
        .otherwise(None)
        .forward_fill()
        .over("g")
        .fill_null(False)
        .alias(f"open:{topic.name}")
    )


def _number(topic: Topic) -> pl.Expr:
    """How many episodes have opened so far; the one that stands has this number."""
    is_open = pl.col(f"open:{topic.name}")
    starts = is_open & ~is_open.shift(1).over("g").fill_null(False)
    return starts.cum_sum().over("g").alias(f"episode:{topic.name}")


def _was_open(topic: Topic) -> pl.Expr:
    before = pl.col(f"open:{topic.name}").shift(1).over("g").fill_null(False)
    return before.alias(f"was_open:{topic.name}")


def _resolved() -> pl.Expr:
    """`resolved:crs`: since when nothing that made the release is there (R5).

    What comes back before the close takes it away; unknown takes nothing away.
    """
    episode = pl.col("episode:crs")
    found = release_found() & pl.col("open:crs")
    since = found.cum_sum().over("g", episode)
    first = pl.when(release_over() & (since > 0)).then("at")
    standing = first.cum_min().forward_fill().over("g", episode, since)
    lasts = pl.col("open:crs") | pl.col("was_open:crs")
    return pl.when(lasts).then(standing).alias("resolved:crs")


def _maximum(topic: Topic, scale: str) -> pl.Expr:
    """The highest grade since the last episode opened; before one, the grade itself.

    It stays after the close: the grade that is reported of an event is its maximum.
    """
    column = grade_column(topic, scale)
    so_far = pl.col(column).cum_max().forward_fill().over("g", f"episode:{topic.name}")
    return (
        pl.when(pl.col(f"episode:{topic.name}") > 0)
        .then(so_far)
        .otherwise(pl.col(column))
        .alias(f"max:{topic.name}:{scale}")
    )


def _status(topic: Topic, chosen: str) -> pl.Expr:
    """The first that applies: not gradable, needs review, graded, resolved, clear."""
    scale = scale_in_force(topic, chosen)
    is_open = pl.col(f"open:{topic.name}")
    if scale is None:
        stands = pl.col(f"level:{topic.name}") >= WATCH
        unknown = pl.col(f"level:{topic.name}") == UNKNOWN
        return (
            pl.when(stands)
            .then(pl.lit("needs_review"))
            .when(unknown)
            .then(pl.lit("not_gradable"))
            .when(is_open)
            .then(pl.lit("resolved"))
            .otherwise(pl.lit("clear"))
        )
    grade = pl.col(grade_column(topic, scale))
    asks = _asks(topic, scale)
    idle = ~pl.col(f"looked:{topic.name}") & ~is_open
    idle = idle & (pl.col(f"level:{topic.name}") < WATCH) & ~waits(topic, scale)
    return (
        pl.when(idle)
        .then(pl.lit("clear"))
        .when(grade.is_null())
        .then(pl.lit("not_gradable"))
        .when(asks)
        .then(pl.lit("needs_review"))
        .when(grade >= 1)
        .then(pl.lit("graded"))
        .when(is_open & _was_release(topic, scale))
        .then(pl.lit("resolved"))
        .when(is_open)
        .then(pl.lit("needs_review"))
        .otherwise(pl.lit("clear"))
    )


def _was_release(topic: Topic, scale: str) -> pl.Expr:
    """Whether a release was graded in this episode and is gone.

    Where none was there is nothing that could be resolved: something else is open.
    """
    if topic.name != "crs":
        return pl.lit(False)
    graded = known(pl.col(f"max:{topic.name}:{scale}") >= 1)
    return graded & pl.col("resolved:crs").is_not_null()


def _asks(topic: Topic, scale: str) -> pl.Expr:
    if topic.name == "crs":
        return pl.col(f"floor:{scale}") | pl.col(f"review:{scale}")
    grade = pl.col(grade_column(topic, scale))
    return (grade >= 1).fill_null(False)
