"""Facts that last, doses, windows: what holds at an instant without being measured."""

from datetime import timedelta

import polars as pl

from monitor.clinical.chartfile import INSTANT
from monitor.clinical.protocol import Lines, Protocol
from monitor.clinical.watched import CLOSABLE

PRESENCE = ("INPATIENT", "IN_CLINIC", "AT_HOME", "AWAY", "FOLLOW_UP")
WORDS = (
    *("BASELINE_OXYGEN", "SPO2_TARGET", "hypotension_confirmed", "USUAL_SBP"),
    *("CENTRAL_LINE", "CULTURE"),
)
NEVER = pl.lit(None, dtype=INSTANT)
NOTHING = pl.lit(None, dtype=pl.String)
ASKED = ("SYSBP", "OXYSAT", "HR", "TEMP", "RESP", "OXYGEN_DEVICE", "ACVPU")


def doses(frame: pl.DataFrame, doses: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The first dose that starts the cycle, once given, and the last one so far."""
    starters = protocol.cycle_starters
    given = doses.filter(pl.col("given"))
    if starters:
        given = given.filter(pl.col("code").is_in(starters))
    first = given.group_by("g").agg(first_dose=pl.col("at").min())
    last = given.select("g", "at", last_dose="at").unique().sort("g", "at")
    frame = frame.join(first, on="g", how="left", maintain_order="left").join_asof(
        last, on="at", by="g", check_sortedness=False
    )
    begun = pl.col("at") >= pl.col("first_dose")
    frame = frame.with_columns(pl.when(begun).then("first_dose").alias("first_dose"))
    return _any_agent(frame, doses)


def _any_agent(frame: pl.DataFrame, doses: pl.DataFrame) -> pl.DataFrame:
    """The last dose of any agent given so far, and the next one given or planned."""
    given = doses.filter(pl.col("given"))
    rows = given.select("g", "at", dose_at="at").unique().sort("g", "at")
    slots = doses.select("g", "at", slot="at").unique().sort("g", "at")
    return frame.join_asof(rows, on="at", by="g", check_sortedness=False).join_asof(
        slots, on="at", by="g", strategy="forward", check_sortedness=False
    )


def states(frame: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Facts that last and decisions, each as its last answer that still holds."""
    said = set(states.select("code", "value").iter_rows())
    codes = {code for code, _ in said}
    return frame.with_columns(
        *_presence(frame, states),
        _in_procedure(frame, states),
        *(_last_word(frame, states, code, codes) for code in WORDS),
        *(
            _when(frame, states, decision, item, said).alias(f"{decision}:{item}")
            for decision in ("unrecordable", "not_done")
            for item in ASKED
        ),
    ).with_columns(
        _ended(frame, states, topic, said).alias(f"state:over:{topic}")
        for topic in CLOSABLE
    )


def _when(
    frame: pl.DataFrame,
    states: pl.DataFrame,
    code: str,
    value: str,
    said: set[tuple[str, str]],
) -> pl.Series | pl.Expr:
    """When this was last said; null where it never was."""
    if (code, value) not in said:
        return NEVER
    rows = states.filter((pl.col("code") == code) & (pl.col("value") == value))
    return _latest(frame, rows, "value")["since"]


def _ended(
    frame: pl.DataFrame, states: pl.DataFrame, topic: str, said: set[tuple[str, str]]
) -> pl.Series | pl.Expr:
    """Whether a person says at this very instant that the topic is over."""
    if ("resolved", topic) not in said:
        return pl.lit(False)
    rows = states.filter((pl.col("code") == "resolved") & (pl.col("value") == topic))
    return (_latest(frame, rows, "value")["since"] == frame["at"]).fill_null(False)


def _latest(frame: pl.DataFrame, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The last answer by each instant, since when it holds, and until when.

    Of two at one instant the later in the alphabet counts, whatever their order.
    """
    found = rows.select("g", "at", "until", said=column, since="at")
    return frame.select("g", "at").join_asof(
        found.sort("g", "at", "said"), on="at", by="g", check_sortedness=False
    )


def _holds() -> pl.Expr:
    """Whether a state has not come to its end."""
    return pl.col("until").is_null() | (pl.col("until") > pl.col("at"))


def _last_word(
    frame: pl.DataFrame, states: pl.DataFrame, code: str, codes: set[str]
) -> pl.Series | pl.Expr:
    if code not in codes:
        return NOTHING.alias(f"word:{code}")
    found = _latest(frame, states.filter(pl.col("code") == code), "value")
    return found.select(
        pl.when(_holds()).then("said").alias(f"word:{code}")
    ).to_series()


def _presence(
    frame: pl.DataFrame, states: pl.DataFrame
) -> list[pl.Series] | list[pl.Expr]:
    rows = states.filter(pl.col("code").is_in(PRESENCE))
    if rows.is_empty():
        return [NOTHING.alias("word:PRESENCE"), NEVER.alias("at:PRESENCE")]
    found = _latest(frame, rows, "code")
    return found.select(
        pl.when(_holds()).then(part).alias(name)
        for part, name in (("said", "word:PRESENCE"), ("since", "at:PRESENCE"))
    ).get_columns()


def _in_procedure(frame: pl.DataFrame, states: pl.DataFrame) -> pl.Series | pl.Expr:
    """During an operation of which an end is recorded, the longest of those begun."""
    rows = states.filter(pl.col("code") == "PROCEDURE").sort("g", "at", "until")
    if rows.is_empty():
        return pl.lit(False).alias("state:in_procedure")
    longest = rows.with_columns(until=pl.col("until").cum_max().over("g"))
    ends = _latest(frame, longest, "value")["until"]
    return (ends > frame["at"]).fill_null(False).alias("state:in_procedure")


def windows(frame: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Whether each family is looked for at this instant (never unknown)."""
    lines = protocol.lines
    since = pl.col("at") - pl.col("last_dose")

    def within(key: str) -> pl.Expr:
        return (since <= timedelta(hours=lines[key])).fill_null(False)

    fever = protocol.expected_fever
    expected = pl.lit(False)
    if fever is not None:
        expected = (
            (since >= timedelta(hours=fever.from_hours))
            & (since <= timedelta(hours=fever.to_hours))
            & (pl.col("last:TEMP") < fever.below)
        ).fill_null(False)
    return frame.with_columns(
        _pressure_line(protocol).alias("line:SYSBP"),
        pl.col("last_dose").is_not_null().alias("state:begun"),
        within("crs_window_hours").alias("state:crs_window"),
        within("cls_window_hours").alias("state:cls_window"),
        within("albumin_window_hours").alias("state:albumin_window"),
        expected.alias("state:expected_window"),
        *_around_a_dose(lines),
        *_infection_words(),
        _usual_low(protocol).alias("state:usual_low"),
        (_usual_low(protocol) & (pl.col("at") == pl.col("first_dose")))
        .fill_null(False)
        .alias("state:usual_just_known"),
        (pl.col("word:hypotension_confirmed") == "yes").alias("said:hypotension"),
        (pl.col("word:SPO2_TARGET") == "88-92")
        .fill_null(False)
        .alias("state:spo2_target"),
    )


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
    culture = pl.col("word:CULTURE")
    return [
        pl.when(culture == "positive")
        .then(True)
        .when(culture.is_in(["negative", "final_negative"]))
        .then(False)
        .alias("said:culture_positive"),
        (culture == "pending").fill_null(False).alias("state:culture_pending"),
        (~pl.col("word:CENTRAL_LINE").is_in(["none", "no", "removed"]))
        .fill_null(False)
        .alias("state:central_line"),
    ]


def _pressure_line(protocol: Protocol) -> pl.Expr:
    """The line for systolic pressure, mm[Hg]: fixed, or by the usual pressure (R3)."""
    lines, usual = protocol.lines, pl.col("base:USUAL_SBP")
    if protocol.pressure_line == "fixed":
        return pl.lit(lines["sbp_low"])
    return (
        pl.when(usual < lines["sbp_usual_mid_from"])
        .then(lines["sbp_line_usual_low"])
        .when(usual <= lines["sbp_usual_mid_to"])
        .then(lines["sbp_line_usual_mid"])
        .otherwise(lines["sbp_low"])
    )


def _usual_low(protocol: Protocol) -> pl.Expr:
    """Whether a low reading must be asked about: only with the fixed line (R3)."""
    if protocol.pressure_line != "fixed":
        return pl.lit(False)
    usual = pl.col("base:USUAL_SBP")
    return (usual < protocol.lines["sbp_confirm_usual"]).fill_null(False)
