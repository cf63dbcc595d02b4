"""Facts that last, doses, windows: what holds at an instant without being measured."""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

import polars as pl

from monitor.clinical.facts.chartfile import INSTANT as AT
from monitor.clinical.items.watched import CLOSABLE, WATCHED
from monitor.clinical.study import expecting
from monitor.clinical.study.expecting import Expected
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage, all_worked, latest, worked

PRESENCE = ("INPATIENT", "IN_CLINIC", "AT_HOME", "AWAY", "FOLLOW_UP")
WORDS = (
    *("BASELINE_OXYGEN", "SPO2_TARGET", "hypotension_confirmed", "USUAL_SBP"),
    *("CENTRAL_LINE", "CULTURE", "TRACHEOSTOMY", "DOSE_LEVEL"),
)
DECISIONS = ("unrecordable", "not_done")
ASKED = ("SYSBP", "OXYSAT", "HR", "TEMP", "RESP", "OXYGEN_DEVICE", "ACVPU")


def doses(sheet: Sheet, doses: pl.DataFrame, protocol: Protocol) -> None:
    """The first dose that starts the cycle, once given, and the last one so far."""
    planned = doses.lazy()
    given, starting = planned.filter(pl.col("given")), _starting(doses, protocol)
    first = first_doses(doses, protocol)
    last = starting.select("g", "at", last_dose="at").unique().sort("g", "at")
    # The last dose of any agent given so far, and the next one given or planned.
    rows = given.select("g", "at", dose_at="at").unique().sort("g", "at")
    slots = planned.select("g", "at", slot="at").unique().sort("g", "at")
    found = sheet.take("g", "at").lazy()
    found = found.join(first, on="g", how="left", maintain_order="left")
    found = latest(latest(found, last), rows).join_asof(
        slots, on="at", by="g", strategy="forward", check_sortedness=False
    )
    begun = pl.col("at") >= pl.col("first_dose")
    first_dose = pl.when(begun).then("first_dose").alias("first_dose")
    found = found.select(first_dose, "last_dose", "dose_at", "slot")
    sheet.add(worked(found).get_columns())


def _starting(doses: pl.DataFrame, protocol: Protocol) -> pl.LazyFrame:
    """The doses given of what starts a cycle."""
    starters, given = protocol.cycle_starters, doses.lazy().filter(pl.col("given"))
    return given.filter(pl.col("code").is_in(starters)) if starters else given


def first_doses(doses: pl.DataFrame, protocol: Protocol) -> pl.LazyFrame:
    """g, first_dose: when the cycle started."""
    starting = _starting(doses, protocol)
    return starting.group_by("g").agg(first_dose=pl.col("at").min())


def states(sheet: Sheet, states: pl.DataFrame) -> None:
    """Facts that last and decisions, each as its last answer that still holds."""
    said = set(states.select("code", "value").iter_rows())
    codes = {code for code, _ in said}
    _never_said(sheet, said, codes)
    instants = sheet.take("g", "at").lazy()
    told = states.lazy()
    answers = [
        *_presence(sheet, instants, told, codes),
        *_in_procedure(sheet, instants, told, codes),
        *(_last_word(instants, told, code) for code in WORDS if code in codes),
        *(
            _when(instants, told, decision, item)
            for decision in DECISIONS
            for item in ASKED
            if (decision, item) in said
        ),
        *(
            _when(instants, told, "held", item)
            for item in WATCHED
            if ("held", item) in said
        ),
        # Whether a person says at this very instant that the topic is over.
        *(
            _when(instants, told, "resolved", topic).select(
                (pl.col(f"resolved:{topic}") == pl.col("at"))
                .fill_null(False)
                .alias(f"state:over:{topic}")
            )
            for topic in CLOSABLE
            if ("resolved", topic) in said
        ),
    ]
    for one in all_worked(answers):
        sheet.add(one.drop("at", strict=False).get_columns())


def _never_said(sheet: Sheet, said: set[tuple[str, str]], codes: set[str]) -> None:
    whens = [f"{one}:{item}" for one in DECISIONS for item in ASKED]
    overs = [f"state:over:{topic}" for topic in CLOSABLE]
    sheet.constant(whens, None, AT)
    sheet.constant(overs, False, pl.Boolean())
    sheet.constant((f"word:{code}" for code in WORDS), None, pl.String())


def _when(
    instants: pl.LazyFrame, states: pl.LazyFrame, code: str, value: str
) -> pl.LazyFrame:
    """`at`, and when this was last said."""
    rows = states.filter((pl.col("code") == code) & (pl.col("value") == value))
    found = _latest(instants, rows, "value")
    return found.select("at", pl.col("since").alias(f"{code}:{value}"))


def _latest(instants: pl.LazyFrame, rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """The last answer by each instant, since when it holds, and until when.

    Of two at one instant the later in the alphabet counts, whatever their order.
    """
    found = rows.select("g", "at", "until", said=column, since="at")
    return latest(instants, found.sort("g", "at", "said"))


def _holds() -> pl.Expr:
    """Whether a state has not come to its end."""
    return pl.col("until").is_null() | (pl.col("until") > pl.col("at"))


def _last_word(instants: pl.LazyFrame, states: pl.LazyFrame, code: str) -> pl.LazyFrame:
    found = _latest(instants, states.filter(pl.col("code") == code), "value")
    return found.select(pl.when(_holds()).then("said").alias(f"word:{code}"))


def _presence(
    sheet: Sheet, instants: pl.LazyFrame, states: pl.LazyFrame, codes: set[str]
) -> Iterator[pl.LazyFrame]:
    if codes.isdisjoint(PRESENCE):
        sheet.constant(["word:PRESENCE"], None, pl.String())
        sheet.constant(["at:PRESENCE"], None, AT)
        return
    rows = states.filter(pl.col("code").is_in(PRESENCE))
    yield _latest(instants, rows, "code").select(
        pl.when(_holds()).then(part).alias(name)
        for part, name in (("said", "word:PRESENCE"), ("since", "at:PRESENCE"))
    )


def _in_procedure(
    sheet: Sheet, instants: pl.LazyFrame, states: pl.LazyFrame, codes: set[str]
) -> Iterator[pl.LazyFrame]:
    """During an operation of which an end is recorded, the longest of those begun."""
    if "PROCEDURE" not in codes:
        sheet.constant(["state:in_procedure"], False, pl.Boolean())
        return
    rows = states.filter(pl.col("code") == "PROCEDURE").sort("g", "at", "until")
    longest = rows.with_columns(until=pl.col("until").cum_max().over("g"))
    inside = (pl.col("until") > pl.col("at")).fill_null(False)
    found = _latest(instants, longest, "value")
    yield found.select(inside.alias("state:in_procedure"))


def windows(sheet: Sheet, protocol: Protocol) -> None:
    """Whether each family is looked for at this instant (never unknown)."""
    sheet.follow(_windows(protocol.lines, protocol.pressure_line, protocol.expected))


@lru_cache(maxsize=32)
def _windows(lines: Lines, pressure: str, expected: Expected | None) -> Stage:
    since = pl.col("at") - pl.col("last_dose")

    def within(key: str) -> pl.Expr:
        return (since <= timedelta(hours=lines[key])).fill_null(False)

    usual, begins = _usual_low(lines, pressure), pl.col("at") == pl.col("first_dose")
    made = (
        _pressure_line(lines, pressure, pl.col("base:USUAL_SBP")).alias("line:SYSBP"),
        pl.col("last_dose").is_not_null().alias("state:begun"),
        within("crs_window_hours").alias("state:crs_window"),
        within("cls_window_hours").alias("state:cls_window"),
        within("albumin_window_hours").alias("state:albumin_window"),
        (pl.lit(False) if expected is None else expecting.window(expected)).alias(
            "state:expected_window"
        ),
        *_around_a_dose(lines),
        *_infection_words(),
        usual.alias("state:usual_low"),
        begins.fill_null(False).alias("state:cycle_begins"),
        (usual & begins).fill_null(False).alias("state:usual_just_known"),
        (pl.col("word:hypotension_confirmed") == "yes").alias("said:hypotension"),
        (pl.col("word:SPO2_TARGET") == "88-92")
        .fill_null(False)
        .alias("state:spo2_target"),
    )
    return Stage(made)


def _around_a_dose(lines: Lines) -> list[pl.Expr]:
    """Soon after the start of any agent, and shortly before a dose slot (R14, R15)."""
    since, ahead = pl.col("at") - pl.col("dose_at"), pl.col("slot") - pl.col("at")
    return [
        (since <= timedelta(hours=lines["infusion_hours"]))
        .fill_null(False)
        .alias("state:after_start"),
        (since <= timedelta(hours=lines["infusion_vitals_hours"]))
        .fill_null(False)
        .alias("state:just_after_start"),
        (ahead <= timedelta(hours=lines["dose_due_hours"]))
        .fill_null(False)
        .alias("state:dose_due"),
    ]


def _infection_words() -> list[pl.Expr]:
    """A culture's answer: pending or none is unknown, never negative."""
    # What grew stands behind the answer: `positive E. coli in 2 bottles`.
    culture = pl.col("word:CULTURE").str.split(" ").list.first()
    return [
        pl.when(culture == "positive")
        .then(True)
        .when(culture.is_in(["negative", "final_negative"]))
        .then(False)
        .alias("said:culture_positive"),
        (culture == "pending").fill_null(False).alias("state:culture_pending"),
        _has("CENTRAL_LINE").alias("state:central_line"),
        _has("TRACHEOSTOMY").alias("state:cannot_speak"),
    ]


def _has(code: str) -> pl.Expr:
    return (~pl.col(f"word:{code}").is_in(["none", "no", "removed"])).fill_null(False)


def pressure_line(protocol: Protocol, usual: pl.Expr) -> pl.Expr:
    """The line for systolic pressure, mm[Hg]: fixed, or by the usual pressure (R3)."""
    return _pressure_line(protocol.lines, protocol.pressure_line, usual)


def _pressure_line(lines: Lines, pressure: str, usual: pl.Expr) -> pl.Expr:
    if pressure == "fixed":
        return pl.lit(lines["sbp_low"])
    return (
        pl.when(usual < lines["sbp_usual_mid_from"])
        .then(lines["sbp_line_usual_low"])
        .when(usual <= lines["sbp_usual_mid_to"])
        .then(lines["sbp_line_usual_mid"])
        .otherwise(lines["sbp_low"])
    )


def _usual_low(lines: Lines, pressure: str) -> pl.Expr:
    """Whether a low reading must be asked about: only with the fixed line (R3)."""
    if pressure != "fixed":
        return pl.lit(False)
    usual = pl.col("base:USUAL_SBP")
    return (usual < lines["sbp_confirm_usual"]).fill_null(False)
