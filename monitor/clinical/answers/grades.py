"""Grades at every instant: current, floors, and what attribution would add."""

from functools import cache

import polars as pl

from monitor.clinical.grading import composite, icans, leak
from monitor.clinical.grading.crs import PRESSOR_WITH_VASOPRESSIN, SCALES, arm
from monitor.clinical.grading.questions import QUESTIONS, Question
from monitor.clinical.grading.scales import PARTS, Step
from monitor.clinical.tables import Sheet, Stage
from monitor.clinical.words import any_known, any_of, highest, known, sign, state

NONE = pl.lit(None, dtype=pl.Int32)
FEVER_GRADE = 1
LOW_PRESSURE_GRADE = 2
HIGHEST_GRADE = 4
# Scales that grade a topic alike.
SAME_GRADE = (
    tuple(f"grade:cls:{scale}" for scale in leak.SCALES),
    *(
        (f"grade:neurotoxicity:{icans.SCALES[0]}", f"grade:neurotoxicity:{other}")
        for other in icans.SCALES[1:]
    ),
)


def grade(sheet: Sheet) -> None:
    """Adds `grade:`, `attributed:` (null if nothing) and `floor:` for each CRS scale.

    Also `review:SCALE` where the scale is silent or a person should look, and the
    suggested `grade:cls`.
    """
    sheet.follow(*stages())


@cache
def stages() -> tuple[Stage, ...]:
    """The expressions in the order of their use; built once."""
    stages = (
        (
            sign("fever").forward_fill().over("g").fill_null(False).alias("held:fever"),
            any_of([sign("effusion"), sign("pulmonary_edema")])
            .forward_fill()
            .over("g")
            .fill_null(False)
            .alias("held:fluid_in_chest"),
            (arm("any_pressor") & arm("vasopressin")).alias(
                f"standing:arm:{PRESSOR_WITH_VASOPRESSIN}"
            ),
        ),
        tuple(
            _best(scale.part(part)).alias(f"{part}:{scale.key}")
            for scale in SCALES.values()
            for part in PARTS
        ),
        tuple(_worst(scale).alias(f"worst:{scale}") for scale in SCALES),
        (
            *(_current(scale).alias(f"grade:{scale}") for scale in SCALES),
            *(_if_attributed(scale).alias(f"attributed:{scale}") for scale in SCALES),
        ),
        tuple(one.rule().alias(one.column) for one in QUESTIONS if one.rule),
        tuple(_floor(scale).alias(f"floor:{scale}") for scale in SCALES),
        tuple(_review(scale).alias(f"review:{scale}") for scale in SCALES),
        (*_leak(), *_nervous_system()),
        tuple(pl.col(one).alias(other) for one, other in SAME_GRADE),
    )
    return tuple(map(Stage, stages))


def _best(steps: tuple[Step, ...]) -> pl.Expr:
    return highest((step.grade, arm(step.arm)) for step in steps)


def _larger(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Of two numbers that are never unknown."""
    return pl.max_horizontal(one, other)


def _worst(scale: str) -> pl.Expr:
    """The worse of pressure and oxygen; symptoms count where the scale has them."""
    both = _larger(pl.col(f"pressure:{scale}"), pl.col(f"oxygen:{scale}"))
    return _larger(_larger(both, pl.col(f"symptoms:{scale}")), _organs(scale))


def _organs(scale: str) -> pl.Expr:
    """Organ toxicity counts while a fever stands; else it is its own event."""
    counted = pl.col("standing:fever")
    return pl.when(counted).then(pl.col(f"organs:{scale}")).otherwise(0)


def _met(scale: str) -> pl.Expr:
    """The number that holds if this is cytokine release: fever is grade 1 by itself."""
    fever = pl.when("held:fever").then(FEVER_GRADE).otherwise(0)
    return _larger(pl.col(f"worst:{scale}"), fever)


def _all_known() -> pl.Expr:
    parts = (sign("fever"), sign("low_pressure"), sign("on_oxygen"))
    return pl.all_horizontal(
        [*(part.is_not_null() for part in parts), ~_hypoxia_open()]
    )


def _hypoxia_open() -> pl.Expr:
    """Whether a low saturation on air may be there: nobody read it, or it was read once

    and waits for its second reading (R2). Never null.
    """
    return sign("spo2_very_low_on_air_twice").is_null()


def _afebrile() -> pl.Expr:
    return known(~sign("fever")) & ~pl.col("held:fever")


def _current(scale: str) -> pl.Expr:
    """With a fever standing, the number; without, what the scale can say (R4, R6)."""
    if SCALES[scale].restates_fever:
        silent = _afebrile() & ~known(pl.col("raw:masked_fever"))
    else:
        silent = _afebrile() & (pl.col(f"worst:{scale}") == 0) & _all_known()
    return (
        pl.when("standing:fever")
        .then(_met(scale))
        .when(silent)
        .then(pl.lit(0, pl.Int32))
        .otherwise(NONE)
    )


def _if_attributed(scale: str) -> pl.Expr:
    """What a person's attribution would give where the scale waits for it (R6, R7)."""
    outside = known(sign("fever")) & ~state("crs_window")
    waits = outside if SCALES[scale].restates_fever else pl.lit(True)
    number = _met(scale)
    return pl.when(~pl.col("standing:fever") & waits & (number > 0)).then(number)


def _floor(scale: str) -> pl.Expr:
    """Whether an unknown part could raise the grade, so that it is 'at least'."""
    number = pl.col(f"grade:{scale}")
    pressure = sign("low_pressure").is_null() & (number < LOW_PRESSURE_GRADE)
    oxygen = sign("on_oxygen").is_null() & (number < HIGHEST_GRADE)
    fraction = state("fraction_unknown") & (number < LOW_PRESSURE_GRADE + 1)
    by_fraction = fraction if SCALES[scale].by_fraction else pl.lit(False)
    hypoxia = _hypoxia_open() & (number < LOW_PRESSURE_GRADE)
    asked = any_known(
        _lowers(one, scale) for one in _asked_on(scale) if not one.reviews
    )
    fever = sign("fever").is_null() & (number < FEVER_GRADE)
    some = pressure | oxygen | by_fraction | hypoxia | fever | asked
    return (pl.col("standing:fever") & number.is_not_null() & known(some)).fill_null(
        False
    )


def _lowers(one: Question, scale: str) -> pl.Expr:
    """Whether what is asked makes the grade a floor."""
    number = pl.col(f"grade:{scale}")
    if one.part:
        return pl.col(one.column) & (pl.col(f"{one.part}:{scale}") == number)
    return pl.col(one.column) & (number < _grade_of(scale, one.under))


def _grade_of(scale: str, name: str) -> int:
    """The grade that a finding gives on the scale; 0 where it gives none."""
    steps = [step for part in PARTS for step in SCALES[scale].part(part)]
    return max((step.grade for step in steps if step.arm == name), default=0)


def _review(scale: str) -> pl.Expr:
    """Where the scale is silent, or our reading is not in print (R10, R11)."""
    beyond = pl.col(f"worst:{scale}") > 0
    asked = [
        pl.col(one.column) & beyond if one.beyond_fever else pl.col(one.column)
        for one in _asked_on(scale)
        if one.reviews
    ]
    if SCALES[scale].organs_reviewed:
        asked.append(_organs(scale) > pl.max_horizontal(*_circulatory(scale)))
    return any_known(asked) & (pl.col(f"grade:{scale}") > 0).fill_null(False)


def _asked_on(scale: str) -> list[Question]:
    return [one for one in QUESTIONS if one.of(SCALES[scale])]


def _circulatory(scale: str) -> list[pl.Expr]:
    return [pl.col(f"{part}:{scale}") for part in ("pressure", "oxygen")]


def _nervous_system() -> tuple[pl.Expr, ...]:
    """ICANS: the worst domain that stands; 0 only where ICE, consciousness, seizures

    and a changed mind are each known, so that none stands where nothing is gradable. A
    floor where ICE or consciousness is unknown, or could be worse (P).
    """
    worst = highest((step.grade, arm(step.arm)) for step in icans.STEPS)
    ice, mind = sign("ice_fallen"), sign("not_alert")
    both = ice.is_not_null() & mind.is_not_null()
    # Before the first dose there is no treatment that it could be a toxicity of.
    after = pl.when(state("begun")).then(worst)
    rest = sign("seizure").is_not_null() & sign("mind_changed").is_not_null()
    none = pl.when(both & rest).then(pl.lit(0, pl.Int32))
    answer = pl.when(worst > 0).then(after).otherwise(none)
    could = ~both | arm("wakes_to_pain")
    return (
        answer.alias(f"grade:neurotoxicity:{icans.SCALES[0]}"),
        ((worst > 0) & (worst < HIGHEST_GRADE) & could & state("begun")).alias(
            "floor:neurotoxicity"
        ),
    )


def _leak() -> tuple[pl.Expr, ...]:
    """How many leak findings stand, and the grade that is suggested from them (2.0)."""
    there = leak.there()
    all_known = pl.all_horizontal(
        [pl.col(part).is_not_null() for part in composite.PARTS]
    )
    answer = (
        pl.when(there)
        .then(leak.suggested())
        .when(all_known & ~composite.standing("pressure"))
        .then(pl.lit(0, pl.Int32))
        .otherwise(NONE)
    )
    return (
        composite.count().alias("leak_findings"),
        answer.alias(f"grade:cls:{leak.SCALES[0]}"),
        (there & ~all_known).alias("floor:cls"),
    )
