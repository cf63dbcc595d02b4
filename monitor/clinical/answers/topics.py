"""Topics: what an episode is about, what it needs, and how high its level is (B3)."""

from dataclasses import dataclass
from functools import cache, lru_cache

import polars as pl

from monitor.clinical.patterns import PATTERNS
from monitor.clinical.patterns.danger import DANGERS
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage
from monitor.clinical.words import (
    any_known,
    any_of,
    known,
    sign,
    state,
)

LEVEL_WORDS = ("clear", "unknown", "watch", "warning", "critical")
CLEAR, UNKNOWN, WATCH, WARNING, CRITICAL = range(5)
# The scale by which B3 gives a level.
LEVEL_SCALE = "astct"
# Grades from which the release pattern is true, and from which it is always critical.
RELEASE_GRADE = 2
CRITICAL_GRADE = 3
ONE_FINDING = 1
RANK = {word: rank for rank, word in enumerate(LEVEL_WORDS)}


# Each is one of TOPICS: what is kept by topic asks for the object, not for its parts.
@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """`needs`: the items that every set is asked for; `asks`: the patterns that must be

    answered, none named being all of them; `dangers`: the groups of danger signs that
    count here.
    """

    family: str
    name: str
    title: str
    needs: tuple[str, ...]
    dangers: tuple[str, ...]
    baselines: tuple[str, ...] = ()
    window: str = ""
    asks: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.family}/{self.name}"

    @property
    def asked(self) -> tuple[str, ...]:
        return self.asks or self.patterns

    @property
    def patterns(self) -> tuple[str, ...]:
        return _patterns(self.name)


@cache
def _patterns(topic: str) -> tuple[str, ...]:
    own = tuple(one.name for one in PATTERNS.values() if one.topic == topic)
    return (own[0], "crs", *own[1:]) if topic == "crs" else own


CRS_NEEDS = ("TEMP", "SYSBP", "OXYGEN_DEVICE", "OXYSAT", "HR", "RESP", "ACVPU")
# No set is asked for these. What was never measured (a ferritin, a rash) is unknown and
# named; that it presses nobody is said by `present.speaks`.
QUIET = (
    Topic("other_cause", "infection", "Infection", (), ()),
    Topic("other_cause", "infusion_reaction", "Infusion reaction", (), ("airway",)),
    Topic("other_cause", "hlh_like", "HLH-like picture", (), ()),
    Topic("other_cause", "concern", "Concern at the bedside", (), ()),
    Topic("organ", "liver", "Liver", (), ()),
    Topic("organ", "gut", "Gut", (), ()),
    Topic("organ", "kidney", "Kidney", (), ()),
    Topic("organ", "skin_eye", "Skin and eye", (), ()),
    Topic("organ", "endocrine", "Thyroid and muscle", (), ()),
)

TOPICS = (
    Topic(
        "crs",
        "crs",
        "Cytokine release",
        CRS_NEEDS,
        ("circulation", "oxygen"),
        ("SYSBP",),
        "crs_window",
        ("fever_onset", "crs", "masked_fever", "falling_pressure"),
    ),
    Topic(
        "cls",
        "cls",
        "Capillary leak",
        ("SYSBP", "ALB", "WEIGHT"),
        ("circulation", "oxygen", "leak"),
        ("ALB", "WEIGHT"),
        "cls_window",
        # Not daily_weight: on day 1, and after the last dose, there is no day before to
        # compare with, and nothing that anybody could measure is missing.
        ("albumin", "leak_triad", "hypotension"),
    ),
    Topic(
        "other_cause",
        "fever",
        "Fever",
        ("TEMP",),
        ("fever",),
        asks=("fever_outside_window",),
    ),
    Topic(
        "organ",
        "heart_lung",
        "Heart and lungs",
        ("HR", "SYSBP", "OXYSAT"),
        ("circulation", "oxygen", "heart"),
    ),
    Topic("organ", "neurotoxicity", "Nervous system", ("ACVPU",), ("brain",)),
    *QUIET,
    Topic("organ", "injection_site", "Airway and injection site", (), ("airway",)),
)
# What one reading shows and another answers (R2), or a person (R3), and the pattern
# that it then is. The question stays open until then: a value that lapsed is no answer.
ASKED_AGAIN = {
    "pressure_falling": "falling_pressure",
    "shock_index_high": "shock_index",
    "heart_out_of_proportion": "tachycardia",
    "sbp_far_under_usual": "hypotension",
    "low_pressure_asked": "hypotension",
    "edema_undated": "edema_overload",
}
# These count in crs while a fever stands, elsewhere without one (11.1).
FEVER_DECIDES = ("circulation", "oxygen")


@cache
def dangers_of(topic: Topic) -> list[tuple[str, str, str, pl.Expr]]:
    """(key, sign, level, here) of each danger sign that may count in this topic."""
    return [
        (one.key, one.sign, one.level, _counts_here(topic, one.group))
        for one in DANGERS
        if one.group in topic.dangers
        or (one.group == "fever" and topic.name in ("crs", "fever"))
    ]


def _counts_here(topic: Topic, group: str) -> pl.Expr:
    fever = pl.col("standing:fever")
    if group in FEVER_DECIDES:
        return fever if topic.name == "crs" else ~fever
    if group == "fever":
        inside = state("crs_window")
        return inside if topic.name == "crs" else ~inside
    if group == "airway":
        started = state("after_start")
        return started if topic.name == "infusion_reaction" else ~started
    return pl.lit(True)


def levels(sheet: Sheet, protocol: Protocol) -> None:
    """Adds `level:TOPIC` (0 clear to 4 critical) and `missing:TOPIC` (bool)."""
    release, lines = _release_pattern(protocol.scale), protocol.lines
    sheet.follow(release, _circumstances(), _levels(lines, protocol.scale))


@cache
def _circumstances() -> Stage:
    """For each topic whether it is looked for, what is missing, what counts in it."""
    made = (
        *(_missing(topic).alias(f"missing:{topic.name}") for topic in TOPICS),
        *(looked_for(topic).alias(f"looked:{topic.name}") for topic in TOPICS),
        *(
            here.alias(f"here:{topic.name}:{key}")
            for topic in TOPICS
            for key, _, _, here in dangers_of(topic)
        ),
        *(_open_question(name).alias(f"asked:{name}") for name in ASKED_AGAIN),
    )
    return Stage(made)


def _open_question(name: str) -> pl.Expr:
    """Whether the last answer was yes: silence takes nothing back (R1). Never null.

    A person may still answer no of a pressure that has lapsed by then (R3).
    """
    stands = known(sign(name).forward_fill().over("g"))
    if name != "low_pressure_asked":
        return stands
    return stands & pl.col("said:hypotension").fill_null(True)


def asked_again(name: str) -> pl.Expr:
    """Whether a reading asked for another, or for a person, and none has come."""
    return pl.col(f"asked:{name}")


@lru_cache(maxsize=32)
def _levels(lines: Lines, scale: str) -> Stage:
    return Stage(
        tuple(
            _level(topic, lines, scale).alias(f"level:{topic.name}") for topic in TOPICS
        )
    )


@cache
def _release_pattern(scale: str) -> Stage:
    """P2: grade 2 or more; unknown where a floor lies below."""
    answer = any_of(_released(one) for one in deciding(scale))
    return Stage((answer.alias("pattern:crs"),))


def _released(scale: str) -> pl.Expr:
    grade = pl.col(f"grade:{scale}")
    afebrile = known(~sign("fever"))
    below = pl.when(pl.col(f"floor:{scale}")).then(None).otherwise(False)
    graded = pl.when(grade >= RELEASE_GRADE).then(True).otherwise(below)
    ungraded = pl.when(afebrile).then(False).otherwise(pl.lit(None, dtype=pl.Boolean))
    return pl.when(grade.is_null()).then(ungraded).otherwise(graded)


def deciding(scale: str) -> tuple[str, ...]:
    """The scales that decide the level: B3 counts by ASTCT, and the one in force may

    raise it, never lower it.
    """
    return tuple(dict.fromkeys((LEVEL_SCALE, scale)))


def not_current(item: str) -> pl.Expr:
    return pl.col(f"now:{item}").is_null()


def _missing(topic: Topic) -> pl.Expr:
    """Whether a required input is missing while the topic is looked for.

    Before the first dose it is looked for too: there a baseline is needed.
    """
    # A class of support may be known without a device's name.
    gone = [
        not_current("SUPPORT" if item == "OXYGEN_DEVICE" else item)
        for item in topic.needs
    ]
    gone += [pl.col(f"pattern:{key}").is_null() for key in topic.asked]
    return any_known(gone) & looked_for(topic)


def looked_for(topic: Topic) -> pl.Expr:
    """Whether the topic is asked about at all at this instant (never unknown)."""
    if not topic.window:
        return pl.lit(True)
    return state(topic.window) | pl.col("last_dose").is_null()


def waits(topic: Topic, scale: str) -> pl.Expr:
    """Whether a person's attribution is awaited, also outside the window (R6, R7)."""
    if topic.name != "crs":
        return pl.lit(False)
    return pl.col(f"attributed:{scale}").is_not_null()


def _level(topic: Topic, lines: Lines, scale: str) -> pl.Expr:
    arms = [*_pattern_levels(topic), *_danger_levels(topic), *_own(topic, lines, scale)]
    missing = pl.col(f"missing:{topic.name}") | waits(topic, scale)
    unknown, clear = pl.lit(UNKNOWN, pl.Int32), pl.lit(CLEAR, pl.Int32)
    best = pl.when(missing).then(unknown).otherwise(clear)
    for level in (WATCH, WARNING, CRITICAL):
        met = [answer for rank, answer in arms if rank == level]
        if met:
            stands = any_known(met)
            best = pl.when(stands).then(pl.lit(level, pl.Int32)).otherwise(best)
    return best


def _pattern_levels(topic: Topic) -> list[tuple[int, pl.Expr]]:
    made: list[tuple[int, pl.Expr]] = []
    for key in topic.patterns:
        if key == "crs":
            continue
        one = PATTERNS[key]
        fever = pl.col("standing:fever")
        here = ~fever if key == "hypotension" else pl.lit(True)
        made.append((WATCH, pl.col(f"standing:{key}")))
        made.append((RANK[one.base_level], pl.col(f"standing:{key}") & here))
        made += [
            (RANK[level], pl.col(f"standing:{key}:{level}") & here)
            for level in one.levels
        ]
    return made


def _danger_levels(topic: Topic) -> list[tuple[int, pl.Expr]]:
    return [
        (RANK[level], pl.col(f"standing:danger:{key}") & here)
        for key, _, level, here in dangers_of(topic)
    ]


def _own(topic: Topic, lines: Lines, scale: str) -> list[tuple[int, pl.Expr]]:
    if topic.name == "crs":
        return _release(scale)
    if topic.name == "cls":
        return _leak(lines)
    return []


def _release(scale: str) -> list[tuple[int, pl.Expr]]:
    every = deciding(scale)
    grade = pl.max_horizontal([pl.col(f"grade:{one}") for one in every])
    both = any_known(
        (pl.col(f"pressure:{one}") >= RELEASE_GRADE)
        & (pl.col(f"oxygen:{one}") >= RELEASE_GRADE)
        for one in every
    )
    fever = pl.col("standing:fever")
    once = asked_again("pressure_falling") | asked_again("heart_out_of_proportion")
    unconfirmed = (once | asked_again("shock_index_high")) & state("crs_window")
    return [
        (WATCH, unconfirmed),
        (WATCH, asked_again("low_pressure_asked") & fever),
        (WARNING, grade >= RELEASE_GRADE),
        (CRITICAL, fever & both),
        (CRITICAL, grade >= CRITICAL_GRADE),
    ]


def _leak(lines: Lines) -> list[tuple[int, pl.Expr]]:
    """The composite (B3): one finding, two are probable, three with low pressure."""
    findings = pl.col("leak_findings")
    only_pressure = (findings == ONE_FINDING) & pl.col("standing:hypotension")
    definite = findings >= lines["leak_definite"]
    return [
        (WATCH, asked_again("low_pressure_asked")),
        (WATCH, asked_again("sbp_far_under_usual") & state("begun")),
        (WATCH, asked_again("edema_undated") & state("cls_window")),
        (WATCH, (findings >= ONE_FINDING) & ~only_pressure),
        (WARNING, findings >= lines["leak_probable"]),
        (CRITICAL, definite & pl.col("standing:hypotension")),
    ]
