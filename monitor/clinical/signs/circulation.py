"""Temperature, blood pressure, heart."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    answered_in_any,
    any_of,
    fall,
    fall_percent,
    is_one_of,
    known,
    now,
    rise,
    sign,
    state,
    under_usual,
)

# Rhythms that are new, and those of the ventricles, which are worse (11.1, B3).
ARRHYTHMIAS = ("other", "af", "flutter", "svt", "bradycardia", "av_block")
VENTRICULAR = ("vt", "sustained_vt", "vf")


# Temperature ------------------------------------------------------------------------
@answers("TEMP", "fever", "fever")
def fever(lines: Lines) -> pl.Expr:
    return now("TEMP") >= lines["fever"]


@answers("TEMP", "fever_very_high", "very high fever")
def very_high_fever(lines: Lines) -> pl.Expr:
    return now("TEMP") >= lines["fever_very_high"]


# Blood pressure ---------------------------------------------------------------------
@answers("SYSBP", "sbp_low", "systolic pressure under the line")
def sbp_below_line(lines: Lines) -> pl.Expr:
    return now("SYSBP") < pl.col("line:SYSBP")


@answers("SYSBP", "sbp_very_low", "very low systolic pressure")
def sbp_very_low(lines: Lines) -> pl.Expr:
    return now("SYSBP") < lines["sbp_very_low"]


@answers("MAP", "map_low", "low mean arterial pressure")
def map_low(lines: Lines) -> pl.Expr:
    return now("MAP") < lines["map_low"]


@answers("SYSBP", "sbp_recovered", "systolic pressure recovered")
def sbp_recovered(lines: Lines) -> pl.Expr:
    return now("SYSBP") >= lines["sbp_recovered"]


@answers("SYSBP", "sbp_fall_percent", "systolic pressure down by a fifth")
def sbp_down_fifth(lines: Lines) -> pl.Expr:
    return fall_percent("SYSBP") >= lines["sbp_fall_percent"]


@answers("SYSBP", "sbp_fall", "systolic pressure falling")
def sbp_falling(lines: Lines) -> pl.Expr:
    return (fall("SYSBP") >= lines["sbp_fall"]) | (
        fall_percent("SYSBP") >= lines["sbp_fall_percent"]
    )


@answers("SYSBP", "sbp_fall_strong", "systolic pressure far under the baseline")
def sbp_far_under(lines: Lines) -> pl.Expr:
    return fall("SYSBP") >= lines["sbp_fall_strong"]


@answers("SYSBP", "sbp_fall_strong", "systolic pressure far under the usual one")
def sbp_far_under_usual(lines: Lines) -> pl.Expr:
    return under_usual("SYSBP") >= lines["sbp_fall_strong"]


@answers("SYSBP", "sbp_near_base_percent", "systolic pressure near the baseline")
def sbp_near_base(lines: Lines) -> pl.Expr:
    return fall_percent("SYSBP") <= lines["sbp_near_base_percent"]


@answers("SYSBP", "sbp_low", "low pressure")
def low_pressure(lines: Lines) -> pl.Expr:
    """Under the line, and for a person whose usual pressure is low a clear answer."""
    clear_answer = (
        sign("sbp_very_low") | sign("sbp_down_fifth") | pl.col("said:hypotension")
    )
    # Symptoms that nobody asked about leave the answer to the person.
    low_for_them = clear_answer | known(sign("pressure_felt"))
    return sign("sbp_below_line") & (~state("usual_low") | low_for_them)


@answers("SYSBP", "sbp_confirm_usual", "low for this person?")
def low_pressure_asked(lines: Lines) -> pl.Expr:
    return sign("sbp_below_line") & sign("low_pressure").is_null()


@answers("SYSBP", "sbp_fall", "pressure falling, not yet low")
def pressure_falling(lines: Lines) -> pl.Expr:
    return sign("sbp_falling") & ~sign("sbp_below_line")


@answers("SYSBP", "sbp_fall_strong", "pressure falling far, not yet low")
def pressure_falling_far(lines: Lines) -> pl.Expr:
    return sign("sbp_far_under") & ~sign("sbp_below_line")


# Heart and breathing ----------------------------------------------------------------
@answers("HR", "hr_rise", "heart rate risen")
def heart_rate_risen(lines: Lines) -> pl.Expr:
    return rise("HR") >= lines["hr_rise"]


@answers("HR", "hr_high", "fast heart rate")
def heart_rate_high(lines: Lines) -> pl.Expr:
    return now("HR") > lines["hr_high"]


@answers("HR", "hr_very_high", "very fast or very slow heart rate")
def heart_rate_extreme(lines: Lines) -> pl.Expr:
    return (now("HR") > lines["hr_very_high"]) | (now("HR") < lines["hr_very_low"])


@answers("RHYTHM", "hr_very_high", "new arrhythmia")
def arrhythmia(lines: Lines) -> pl.Expr:
    return is_one_of("RHYTHM", *ARRHYTHMIAS)


@answers("RESP", "rr_high", "fast breathing")
def breathing_fast(lines: Lines) -> pl.Expr:
    return now("RESP") >= lines["rr_high"]


@answers("RESP", "rr_very_high", "very fast or very slow breathing")
def breathing_extreme(lines: Lines) -> pl.Expr:
    return (now("RESP") >= lines["rr_very_high"]) | (
        now("RESP") <= lines["rr_very_low"]
    )


@answers("SYNCOPE", "symptom_mild", "syncope")
def syncope(lines: Lines) -> pl.Expr:
    return now("SYNCOPE") >= lines["symptom_mild"]


@answers("RHYTHM", "symptom_mild", "ventricular tachycardia")
def ventricular_tachycardia(lines: Lines) -> pl.Expr:
    """A short run, a sustained one, or fibrillation."""
    return is_one_of("RHYTHM", *VENTRICULAR)


@answers("CHEST_PAIN_CARDIAC", "symptom_mild", "cardiac chest pain")
def chest_pain_graded(lines: Lines) -> pl.Expr:
    return now("CHEST_PAIN_CARDIAC") >= lines["symptom_mild"]


@answers("CHEST_PAIN", "symptom_mild", "chest pain, cardiac or not yet known")
def chest_pain_told(lines: Lines) -> pl.Expr:
    """A pain of which nobody knows the cause counts as if the heart were (R13)."""
    return is_one_of("CHEST_PAIN", "cardiac", "not_yet_known")


@answers("CHEST_PAIN", "symptom_mild", "chest pain")
def chest_pain(lines: Lines) -> pl.Expr:
    """Asked for in one place, it need not be graded in the other."""
    graded, told = sign("chest_pain_graded"), sign("chest_pain_told")
    return answered_in_any([graded, told])


@answers("SYSBP", "sbp_low", "pressure tried, unrecordable")
def sbp_unrecordable(lines: Lines) -> pl.Expr:
    return pl.col("gone:SYSBP")


@answers("HR", "hr_very_low", "pulse tried, unrecordable")
def pulse_unrecordable(lines: Lines) -> pl.Expr:
    return pl.col("gone:HR")


@answers("DIZZINESS", "symptom_mild", "symptoms of a low pressure")
def pressure_felt(lines: Lines) -> pl.Expr:
    """Dizziness, a faint, or a mind that is not clear (R3)."""
    return any_of(
        [
            now("DIZZINESS") >= lines["symptom_mild"],
            sign("syncope"),
            ~is_one_of("ACVPU", "A"),
        ]
    )
