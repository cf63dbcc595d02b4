"""Danger signs (reference 11.1): they lift the level whatever the grade."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Danger:
    """A sign that makes its topic at least `level`.

    `words` name it in a sentence, without its line, which a protocol may move. `group`
    says where it counts: circulation and oxygen in `crs` while a fever stands,
    else in `cls` and organ/heart_lung; the others have a home of their own. `clears`
    names the clearing rule it follows.
    """

    key: str
    words: str
    sign: str
    level: str
    group: str
    clears: str = "danger"


DANGERS = (
    Danger(
        "sbp_below_90",
        "low systolic pressure",
        "low_pressure",
        "warning",
        "circulation",
        "hypotension",
    ),
    Danger(
        "sbp_below_80",
        "very low systolic pressure",
        "sbp_very_low",
        "critical",
        "circulation",
        "hypotension",
    ),
    Danger(
        "map_below_60",
        "low mean arterial pressure",
        "map_low",
        "critical",
        "circulation",
        "hypotension",
    ),
    Danger(
        "sbp_still_low",
        "pressure that stays low",
        "still_low",
        "critical",
        "circulation",
        "hypotension",
    ),
    Danger(
        "bp_unrecordable",
        "blood pressure unrecordable",
        "sbp_unrecordable",
        "critical",
        "circulation",
    ),
    Danger(
        "spo2_unrecordable",
        "SpO₂ unrecordable",
        "spo2_unrecordable",
        "critical",
        "oxygen",
    ),
    Danger(
        "first_oxygen",
        "oxygen beyond the baseline",
        "on_oxygen",
        "warning",
        "oxygen",
        "oxygen",
    ),
    Danger(
        "spo2_below_92_on_air",
        "low SpO₂ on air",
        "spo2_low_on_air",
        "warning",
        "oxygen",
        "oxygen",
    ),
    Danger(
        "spo2_below_92_unsaid",
        "low SpO₂, nobody said on what",
        "spo2_low_unsaid",
        "warning",
        "oxygen",
        "oxygen",
    ),
    Danger(
        "spo2_below_90_on_air",
        "very low SpO₂ on air",
        "spo2_very_low_on_air",
        "critical",
        "oxygen",
        "oxygen",
    ),
    Danger(
        "spo2_below_90_not_on_air",
        "very low SpO₂, not on air",
        "spo2_very_low_off_air",
        "critical",
        "oxygen",
        "oxygen",
    ),
    Danger(
        "spo2_low_on_much_oxygen",
        "low SpO₂ on much oxygen",
        "spo2_low_on_much_oxygen",
        "critical",
        "oxygen",
        "oxygen",
    ),
    Danger("rr_25_or_more", "fast breathing", "breathing_fast", "warning", "oxygen"),
    Danger(
        "rr_extreme",
        "breathing extremely fast or slow",
        "breathing_extreme",
        "critical",
        "oxygen",
    ),
    Danger("lactate_4_or_more", "high lactate", "lactate_high", "critical", "leak"),
    Danger(
        "urine_below_80_ml", "little urine in 8 hours", "urine_low", "warning", "leak"
    ),
    Danger("temp_40_or_more", "very high fever", "very_high_fever", "warning", "fever"),
    Danger("hr_above_130", "fast heart rate", "heart_rate_high", "warning", "heart"),
    Danger(
        "pulse_unrecordable",
        "pulse unrecordable",
        "pulse_unrecordable",
        "critical",
        "heart",
    ),
    Danger(
        "hr_extreme",
        "heart rate extremely fast or slow",
        "heart_rate_extreme",
        "critical",
        "heart",
    ),
    Danger("new_arrhythmia", "new arrhythmia", "arrhythmia", "warning", "heart"),
    Danger(
        "ventricular_tachycardia",
        "ventricular tachycardia",
        "ventricular_tachycardia",
        "critical",
        "heart",
    ),
    Danger("syncope", "syncope", "syncope", "critical", "heart"),
    Danger("chest_pain", "chest pain", "chest_pain_graded", "critical", "heart"),
    Danger(
        "chest_pain_told", "chest pain told", "chest_pain_told", "critical", "heart"
    ),
    Danger("new_confusion", "new confusion", "confused", "warning", "brain"),
    Danger("unresponsive", "unresponsive", "unresponsive", "critical", "brain"),
    Danger("seizure", "seizure", "seizure", "critical", "brain"),
    Danger("airway", "airway threatened", "airway", "critical", "airway"),
    Danger("neck_swollen", "swollen neck", "neck_swollen", "critical", "airway"),
)

WORDS = {one.key: one.words for one in DANGERS}
