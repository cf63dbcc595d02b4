"""Episodes are a fold over the answers: opened, raised, held, resolved, closed."""

from functools import cache

import polars as pl

from monitor.clinical.grading.crs import SCALES
from monitor.clinical.protocol import Protocol
from monitor.clinical.topics import TOPICS, UNKNOWN, WARNING, WATCH, Topic
from monitor.clinical.words import known

CLS_SCALES = ("ctcae_v5", "ctcae_v6")


def scales_of(topic: Topic) -> tuple[str, ...]:
    """The scales that speak in this topic."""
    if topic.name == "crs":
        return tuple(SCALES)
    return CLS_SCALES if topic.name == "cls" else ()


def grade_column(topic: Topic, scale: str) -> str:
    return f"grade:{scale}" if topic.name == "crs" else f"grade:{topic.name}:{scale}"


def scale_in_force(topic: Topic, chosen: str) -> str | None:
    """The scale whose grade decides the status; the leak has none but CTCAE."""
    scales = scales_of(topic)
    if not scales:
        return None
    return chosen if chosen in scales else scales[0]


def fold(frame: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Adds for each topic: `open:`, `episode:` (its number in the cycle), `max:`,

    `status:` and `was_open:` (at the instant before).
    """
    for stage in _stages(protocol.scale):
        frame = frame.with_columns(stage)
    return frame


@cache
def _stages(scale: str) -> tuple[tuple[pl.Expr, ...], ...]:
    """The expressions in the order of their use; built once for each scale."""
    return (
        tuple(_opens(topic) for topic in TOPICS),
        tuple(_number(topic) for topic in TOPICS),
        tuple(_maximum(topic, one) for topic in TOPICS for one in scales_of(topic)),
        (
            *(_status(topic, scale).alias(f"status:{topic.name}") for topic in TOPICS),
            *(_was_open(topic) for topic in TOPICS),
        ),
    )


def _opens(topic: Topic) -> pl.Expr:
    """Opens at a grade of 1 or a warning; closes when nothing stands any more."""
    level = pl.col(f"level:{topic.name}")
    graded = [pl.col(grade_column(topic, scale)) >= 1 for scale in scales_of(topic)]
    begins = pl.any_horizontal([known(one) for one in [level >= WARNING, *graded]])
    stays = (level >= WATCH) | begins
    if topic.name == "crs":
        stays = stays | pl.col("standing:fever")
    return (
        pl.when(begins)
        .then(True)
        .when(~stays)
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
    idle = idle & (pl.col(f"level:{topic.name}") < WATCH)
    return (
        pl.when(idle)
        .then(pl.lit("clear"))
        .when(grade.is_null())
        .then(pl.lit("not_gradable"))
        .when(asks)
        .then(pl.lit("needs_review"))
        .when(grade >= 1)
        .then(pl.lit("graded"))
        .when(is_open)
        .then(pl.lit("resolved"))
        .otherwise(pl.lit("clear"))
    )


def _asks(topic: Topic, scale: str) -> pl.Expr:
    if topic.name == "crs":
        return pl.col(f"floor:{scale}") | pl.col(f"review:{scale}")
    grade = pl.col(grade_column(topic, scale))
    return (grade >= 1).fill_null(False)
