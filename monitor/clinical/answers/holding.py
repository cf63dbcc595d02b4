"""What each finding is held by: the latches of arms, fever, danger signs, patterns.

Built from the protocol's lines alone, so they are built once for every assessment.
"""

from collections.abc import Mapping

import polars as pl

from monitor.clinical.answers.latching import Latch
from monitor.clinical.grading import icans
from monitor.clinical.grading.crs import ARMS, ArmRule
from monitor.clinical.patterns import LEVELS, Pattern
from monitor.clinical.patterns.danger import Danger
from monitor.clinical.signs import SIGNS
from monitor.clinical.words import any_known, fresh, known, sign, state

Lines = Mapping[str, float]
FIRST_ARM = "low_pressure"


def first_arm(lines: Lines) -> list[Latch]:
    """The first of the arms: how much fluid it took is counted from its start."""
    return [_arm(one, lines) for one in ARMS if one.name == FIRST_ARM]


def arms(lines: Lines) -> list[Latch]:
    """The other arms of every scale, and the fever that stands."""
    made = [_arm(one, lines) for one in ARMS if one.name != FIRST_ARM]
    mind = [_mind_arm(one, lines) for one in icans.ARMS]
    return [*made, *mind, _standing_fever(lines)]


def _arm(one: ArmRule, lines: Lines) -> Latch:
    """A finding that a scale counts, with the clearing of its kind (B4, row P2)."""
    name, rule = f"arm:{one.name}", one.rule(lines)
    if one.clears == "oxygen":
        return _oxygen_arm(name, rule, lines)
    if one.clears == "pressure":
        return _pressure_arm(name, rule, lines)
    return Latch(name, rule, fresh(one.clears) & known(~rule))


def _oxygen_arm(name: str, rule: pl.Expr, lines: Lines) -> Latch:
    over = known(~sign("on_oxygen")) & known(sign("spo2_steady"))
    return Latch(
        name,
        rule,
        fresh("OXYSAT") & over,
        lines["oxygen_clear_hours"],
        lines["oxygen_clear_sets"],
        against=known(sign("on_oxygen")),
    )


def _pressure_arm(name: str, rule: pl.Expr, lines: Lines) -> Latch:
    pressed = supported() | state("bolus_running")
    return Latch(
        name,
        rule,
        fresh("SYSBP") & known(~sign("low_pressure")) & ~pressed,
        lines["pressure_clear_hours"],
        lines["pressure_clear_sets"],
        against=known(sign("low_pressure")) | pressed,
        once=sign("sbp_recovered"),
        excused=state("usual_just_known"),
    )


def _mind_arm(one: ArmRule, lines: Lines) -> Latch:
    """A finding of the nervous system (B4, row P13). A seizure is over by the sets in

    which the person is alert; nothing counts as recovered under a sedative.
    """
    rule = one.rule(lines)
    over = fresh(one.clears) & known(~rule) if one.clears in ("ICE", "ACVPU") else None
    if over is None:
        over = fresh("ACVPU") & known(~sign("not_alert")) & ~known(rule)
    return Latch(
        f"arm:{one.name}",
        rule,
        over & ~state("sedated"),
        lines["signs_clear_hours"],
        lines["signs_clear_sets"],
        # A score read before the first dose is the baseline itself.
        excused=state("cycle_begins") & (pl.lit(one.clears) == "ICE"),
        gap_hours=lines["signs_clear_hours"],
    )


def _standing_fever(lines: Lines) -> Latch:
    """A fever of this episode, until everything that made it is over (R5).

    Soon after an anticytokine only a person ends it.
    """
    found, over = release_found(), release_over()
    return Latch(
        "fever",
        known(sign("fever")) & state("crs_window"),
        fresh("TEMP") & over,
        lines["close_hours"],
        lines["close_sets"],
        against=found | state("fever_drug_now"),
        excused=said_over("crs") & over,
        may_end=~state("anticytokine_lately"),
    )


def release_found() -> pl.Expr:
    """Whether anything that makes a cytokine release is there. Never null (R5)."""
    return (
        known(sign("fever"))
        | known(sign("low_pressure"))
        | known(sign("on_oxygen"))
        | supported()
    )


def supported() -> pl.Expr:
    """Whether a drug or a machine holds the pressure up: no reading tells what it is.

    Also a drug that no scale counts: vasopressin, a little dopamine, an inotrope (B2).
    """
    return state("held_up") | state("mechanical_support")


def release_over() -> pl.Expr:
    """Whether all of it is known not to be there. Never null: unknown is not over."""
    return (
        known(~sign("fever"))
        & known(~sign("low_pressure"))
        & known(~sign("on_oxygen"))
        & ~supported()
    )


def said_over(topic: str) -> pl.Expr:
    """Whether a person said at this instant that the topic is over. Never null."""
    return state(f"over:{topic}")


def danger(one: Danger, lines: Lines) -> Latch:
    """A danger sign is held like the pattern it belongs to."""
    answer = sign(one.sign)
    name = f"danger:{one.key}"
    if one.clears == "oxygen":
        over = fresh("OXYSAT") & known(~answer) & known(sign("spo2_steady"))
        hours, sets = lines["oxygen_clear_hours"], lines["oxygen_clear_sets"]
        return Latch(name, answer, over, hours, sets)
    if one.clears == "hypotension":
        over = fresh("SYSBP") & known(~answer)
        hours, sets = lines["hypotension_clear_hours"], lines["hypotension_clear_sets"]
        once = sign("sbp_recovered")
        excused = state("usual_just_known")
        against = state("held_up")
        return Latch(name, answer, over, hours, sets, against, once, excused)
    over = fresh(SIGNS[one.sign].item) & known(~answer)
    return Latch(
        name, answer, over, lines["danger_clear_hours"], lines["danger_clear_sets"]
    )


def level(one: Pattern, word: str, lines: Lines) -> Latch:
    """A pattern's level, held until it is known false and nothing above it stands."""
    answer = one.levels[word](lines)
    higher, rule = _higher(one, word), one.clearing.levels.get(word)
    over = ~answer if rule is None else rule(lines)
    return _latch_of(one, f"{one.name}:{word}", answer | higher, over, higher, lines)


def whole(one: Pattern, lines: Lines) -> Latch:
    """The pattern itself: it stands as long as a level above it does."""
    raw = pl.col(f"raw:{one.name}")
    over = ~raw if one.clearing.rule is None else one.clearing.rule(lines)
    higher = _higher(one, LEVELS[0])
    return _latch_of(one, one.name, raw | higher, over, higher, lines)


def together(one: Pattern, word: str, lines: Lines) -> Latch:
    """A level that stands, once it was reached, until the pattern is over."""
    return Latch(
        f"{one.name}:{word}",
        known(one.levels[word](lines) | _higher(one, word)),
        pl.lit(False),
        excused=~pl.col(f"standing:{one.name}"),
    )


def watched(one: Pattern, lines: Lines) -> Latch:
    """What is watched before the pattern is true, and as long as it stands."""
    answer = one.levels[LEVELS[0]](lines)
    higher = pl.col(f"standing:{one.name}")
    name = f"{one.name}:{LEVELS[0]}"
    return _latch_of(one, name, answer | higher, ~answer, higher, lines)


def _higher(one: Pattern, word: str) -> pl.Expr:
    """Whether a level above this one still stands."""
    above = LEVELS[LEVELS.index(word) + 1 :]
    stands = [pl.col(f"standing:{one.name}:{up}") for up in above if one.steps(up)]
    return any_known(stands) if stands else pl.lit(False)


def _latch_of(
    one: Pattern,
    name: str,
    fires: pl.Expr,
    over: pl.Expr,
    higher: pl.Expr,
    lines: Lines,
) -> Latch:
    rule = one.clearing
    blocked = rule.blocked(lines) if rule.blocked else pl.lit(False)
    clear = fresh(*rule.fresh) & known(over) & ~blocked
    excused = said_over(one.topic) & known(~pl.col(f"raw:{one.name}"))
    if rule.excused:
        excused = excused | rule.excused(lines)
    return Latch(
        name,
        known(fires),
        pl.lit(False) if rule.person else clear,
        lines[rule.hours] if rule.hours else 0.0,
        lines[rule.sets] if rule.sets else 1.0,
        against=higher,
        once=rule.once(lines) if rule.once else None,
        excused=excused,
        gap_hours=lines[rule.gap] if rule.gap else None,
    )
