"""Liver, kidney as an organ, glands, muscle, heart: laboratory and imaging."""

import polars as pl

from monitor.clinical.signs.registry import Lines, answers
from monitor.clinical.words import (
    answered_by_those_taken,
    any_of,
    fall,
    multiple,
    normal_high,
    normal_low,
    now,
    sign,
    state,
    times_base,
    times_normal,
    unless_hidden,
    was_raised,
)

TRANSAMINASES = ("ALT", "AST")
TROPONINS = ("TROPONI", "TROPONT")
SITES = {
    "SITE_SIZE": "SITE_GROWTH",
    "SITE_SIZE_LEFT": "SITE_GROWTH_LEFT",
    "SITE_SIZE_RIGHT": "SITE_GROWTH_RIGHT",
}
# A swelling here, with one of those signs, is the airway's (R14, P18).
NEAR_THE_AIRWAY = ("EDEMA_FACE", "NECK_EDEMA", "LOCALIZED_EDEMA", "LARYNGEAL_EDEMA")
OF_THE_AIRWAY = ("STRIDOR", "DYSPHAGIA", "VOICE_ALTERATION")


# Liver -------------------------------------------------------------------------------
@answers("ALT", "alt_times", "raised ALT or AST")
def transaminases_raised(lines: Lines) -> pl.Expr:
    """Over the upper limit, or over a baseline that was itself raised."""
    return any_of(
        was_raised(
            item,
            times_base(item) >= lines["alt_times_base"],
            times_normal(item) > lines["alt_times"],
        )
        for item in TRANSAMINASES
    )


@answers("ALT", "alt_times", "ALT or AST of CTCAE grade 2")
def transaminases_moderate(lines: Lines) -> pl.Expr:
    return any_of(multiple(item) > lines["alt_times"] for item in TRANSAMINASES)


@answers("ALT", "alt_times_severe", "ALT or AST of CTCAE grade 3")
def transaminases_severe(lines: Lines) -> pl.Expr:
    return any_of(multiple(item) > lines["alt_times_severe"] for item in TRANSAMINASES)


@answers("ALT", "expected_alt_times", "ALT or AST over what is expected")
def transaminases_unexpectedly_high(lines: Lines) -> pl.Expr:
    return any_of(
        times_normal(item) >= lines["expected_alt_times"] for item in TRANSAMINASES
    )


@answers("ALT", "alt_times_grave", "ALT or AST of CTCAE grade 4")
def transaminases_grave(lines: Lines) -> pl.Expr:
    return any_of(multiple(item) > lines["alt_times_grave"] for item in TRANSAMINASES)


@answers("BILI", "bilirubin_times", "bilirubin and ALT or AST raised, Hy's law?")
def hys_law(lines: Lines) -> pl.Expr:
    bilirubin = times_normal("BILI") > lines["bilirubin_times"]
    return bilirubin & any_of(
        times_normal(item) > lines["alt_times"] for item in TRANSAMINASES
    )


@answers("BILI", "bilirubin_times_moderate", "bilirubin of CTCAE grade 2")
def bilirubin_moderate(lines: Lines) -> pl.Expr:
    return multiple("BILI") > lines["bilirubin_times_moderate"]


@answers("BILI", "bilirubin_times_severe", "bilirubin of CTCAE grade 3")
def bilirubin_severe(lines: Lines) -> pl.Expr:
    return multiple("BILI") > lines["bilirubin_times_severe"]


@answers("BILI", "bilirubin_times_grave", "bilirubin of CTCAE grade 4")
def bilirubin_grave(lines: Lines) -> pl.Expr:
    return multiple("BILI") > lines["bilirubin_times_grave"]


# Kidney ------------------------------------------------------------------------------
@answers("CREAT", "creatinine_grade_2", "creatinine of CTCAE grade 2")
def creatinine_moderate(lines: Lines) -> pl.Expr:
    return (times_base("CREAT") > lines["creatinine_grade_2"]) | (
        times_normal("CREAT") > lines["creatinine_grade_2"]
    )


@answers("CREAT", "creatinine_grade_3", "creatinine of CTCAE grade 3")
def creatinine_severe(lines: Lines) -> pl.Expr:
    return (times_base("CREAT") > lines["creatinine_grade_3"]) | (
        times_normal("CREAT") > lines["creatinine_grade_3"]
    )


@answers("CREAT", "creatinine_grade_4", "creatinine of CTCAE grade 4")
def creatinine_grave(lines: Lines) -> pl.Expr:
    return times_normal("CREAT") > lines["creatinine_grade_4"]


@answers("CREAT", "expected_creatinine", "creatinine over what is expected")
def creatinine_unexpectedly_high(lines: Lines) -> pl.Expr:
    return now("CREAT") >= lines["expected_creatinine"]


# Glands and muscle -------------------------------------------------------------------
@answers("TSH", "symptom_mild", "thyroid values out of range")
def thyroid_out_of_range(lines: Lines) -> pl.Expr:
    """Either says that it is; both must say that it is not. A pituitary that an immune
    treatment injured leaves a TSH within its range, and FT4 low.
    """
    return any_of(
        (now(item) > normal_high(item)) | (now(item) < normal_low(item))
        for item in ("TSH", "FT4")
    )


@answers("CK", "ck_times", "high creatine kinase")
def creatine_kinase_high(lines: Lines) -> pl.Expr:
    return times_normal("CK") > lines["ck_times"]


# Heart and lung ----------------------------------------------------------------------
@answers("TROPONI", "troponin_times", "troponin over normal")
def troponin_raised(lines: Lines) -> pl.Expr:
    """A laboratory has one of the two assays: it alone answers."""
    return answered_by_those_taken(
        {item: times_normal(item) > lines["troponin_times"] for item in TROPONINS}
    )


@answers("LVEF", "lvef_low", "ejection fraction low or fallen")
def ejection_fraction_low(lines: Lines) -> pl.Expr:
    return (now("LVEF") < lines["lvef_low"]) | (fall("LVEF") >= lines["lvef_fall"])


@answers("LVEF", "lvef_very_low", "very low ejection fraction")
def ejection_fraction_very_low(lines: Lines) -> pl.Expr:
    return now("LVEF") < lines["lvef_very_low"]


@answers("BNPPRONT", "bnp_times", "NT-proBNP risen")
def bnp_risen(lines: Lines) -> pl.Expr:
    return times_base("BNPPRONT") >= lines["bnp_times"]


@answers("DYSPNEA", "symptom_moderate", "breathless")
def breathless(lines: Lines) -> pl.Expr:
    return now("DYSPNEA") >= lines["symptom_moderate"]


@answers("PNEUMONITIS", "symptom_mild", "pneumonitis on imaging")
def pneumonitis_seen(lines: Lines) -> pl.Expr:
    """Its first grade is the new infiltrate of P14."""
    return now("PNEUMONITIS") >= lines["symptom_mild"]


@answers("PNEUMONITIS", "symptom_moderate", "pneumonitis with symptoms")
def pneumonitis(lines: Lines) -> pl.Expr:
    return now("PNEUMONITIS") >= lines["symptom_moderate"]


@answers("OXYSAT", "spo2_fall", "saturation fallen without overload")
def spo2_fallen_without_overload(lines: Lines) -> pl.Expr:
    return sign("spo2_fallen") & ~sign("new_edema")


@answers("RHYTHM", "hr_very_high", "arrhythmia that holds a dose")
def rhythm_holds_dose(lines: Lines) -> pl.Expr:
    return sign("arrhythmia") | sign("ventricular_tachycardia")


# Gut, skin, eye ----------------------------------------------------------------------
@answers("DIARRHEA", "symptom_moderate", "diarrhea or colitis")
def diarrhea(lines: Lines) -> pl.Expr:
    return any_of(
        [
            now("DIARRHEA") >= lines["symptom_moderate"],
            now("COLITIS") >= lines["symptom_mild"],
        ]
    )


@answers("HEMATOCHEZIA", "symptom_mild", "blood in the stool")
def stool_blood(lines: Lines) -> pl.Expr:
    return now("HEMATOCHEZIA") >= lines["symptom_mild"]


@answers("HEMATOCHEZIA", "symptom_severe", "severe bleeding from the gut")
def stool_blood_severe(lines: Lines) -> pl.Expr:
    return now("HEMATOCHEZIA") >= lines["symptom_severe"]


@answers("DIARRHEA", "symptom_severe", "severe diarrhea, or colitis with symptoms")
def diarrhea_severe(lines: Lines) -> pl.Expr:
    return any_of(
        [
            now("DIARRHEA") >= lines["symptom_severe"],
            now("COLITIS") >= lines["symptom_moderate"],
        ]
    )


@answers("RASH_MACULO_PAPULAR", "symptom_moderate", "rash")
def rash(lines: Lines) -> pl.Expr:
    seen = now("RASH_MACULO_PAPULAR") >= lines["symptom_moderate"]
    return unless_hidden(state("rash_blurred"), seen)


@answers("RASH_MACULO_PAPULAR", "symptom_severe", "severe rash")
def rash_severe(lines: Lines) -> pl.Expr:
    return now("RASH_MACULO_PAPULAR") >= lines["symptom_severe"]


@answers("BULLOUS_DERMATITIS", "symptom_mild", "blisters")
def bullae(lines: Lines) -> pl.Expr:
    return now("BULLOUS_DERMATITIS") >= lines["symptom_mild"]


@answers("BLURRED_VISION", "symptom_mild", "change of vision")
def vision_changed(lines: Lines) -> pl.Expr:
    return any_of(
        now(item) >= lines["symptom_mild"]
        for item in ("BLURRED_VISION", "VISION_DECREASED")
    )


@answers("VISION_DECREASED", "symptom_severe", "loss of vision")
def vision_lost(lines: Lines) -> pl.Expr:
    return now("VISION_DECREASED") >= lines["symptom_severe"]


@answers("BLURRED_VISION", "symptom_severe", "badly blurred vision")
def vision_blurred_badly(lines: Lines) -> pl.Expr:
    """The same loss of sharpness as in `vision_lost`, by CTCAE's other term for it."""
    return now("BLURRED_VISION") >= lines["symptom_severe"]


# Injection site ----------------------------------------------------------------------
@answers("INJECTION_SITE_REACTION", "symptom_mild", "mild reaction at the site")
def site_mild(lines: Lines) -> pl.Expr:
    return now("INJECTION_SITE_REACTION") >= lines["symptom_mild"]


@answers("INJECTION_SITE_REACTION", "symptom_moderate", "reaction at the site")
def site_reaction(lines: Lines) -> pl.Expr:
    return now("INJECTION_SITE_REACTION") >= lines["symptom_moderate"]


@answers("SITE_GROWTH", "site_growth", "site growing")
def site_growing(lines: Lines) -> pl.Expr:
    """Any of the sites; each that was measured must be known not to grow."""
    return answered_by_those_taken(
        {size: now(grown) >= lines["site_growth"] for size, grown in SITES.items()}
    )


@answers("SOFT_TISSUE_INFECTION", "symptom_mild", "signs of infection at the site")
def site_infected(lines: Lines) -> pl.Expr:
    infected = now("SOFT_TISSUE_INFECTION") >= lines["symptom_mild"]
    return (infected & ~state("central_line")) | (sign("fever") & sign("site_mild"))


@answers("EDEMA_FACE", "symptom_mild", "swelling near the airway with a sign of it")
def airway_swelling(lines: Lines) -> pl.Expr:
    swelling = any_of(now(item) >= lines["symptom_mild"] for item in NEAR_THE_AIRWAY)
    sign_of_it = any_of(now(item) >= lines["symptom_mild"] for item in OF_THE_AIRWAY)
    return swelling & sign_of_it


@answers("NECK_EDEMA", "symptom_severe", "neck swollen all round")
def neck_swollen(lines: Lines) -> pl.Expr:
    """So far that it can hardly be turned: near the airway without another sign."""
    return now("NECK_EDEMA") >= lines["symptom_severe"]
