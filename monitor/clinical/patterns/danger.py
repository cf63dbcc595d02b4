"""Danger signs (reference 11.1): they lift the level whatever the grade."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Danger:
    """A sign that makes its topic at least `level`.

    `group` says where it counts: circulation and oxygen in `crs` while a fever stands,
    else in `cls` and organ/heart_lung; the others have a home of their own. `clears`
    names the clearing rule it follows.
    """

    key: str
    sign: str
    level: str
    group: str
    clears: str = "danger"


DANGERS = (
    Danger("sbp_below_90", "low_pressure", "warning", "circulation", "hypotension"),
    Danger("sbp_below_80", "sbp_very_low", "critical", "circulation", "hypotension"),
    Danger("map_below_60", "map_low", "critical", "circulation", "hypotension"),
    Danger("sbp_still_low", "still_low", "critical", "circulation", "hypotension"),
    Danger("bp_unrecordable", "sbp_unrecordable", "critical", "circulation"),
    Danger("spo2_unrecordable", "spo2_unrecordable", "critical", "oxygen"),
    Danger("first_oxygen", "on_oxygen", "warning", "oxygen", "oxygen"),
    Danger("spo2_below_92_on_air", "spo2_low_on_air", "warning", "oxygen", "oxygen"),
    Danger(
        "spo2_below_90_on_air", "spo2_very_low_on_air", "critical", "oxygen", "oxygen"
    ),
    Danger(
        "spo2_low_on_much_oxygen",
        "spo2_low_on_much_oxygen",
        "critical",
        "oxygen",
        "oxygen",
    ),
    Danger("rr_25_or_more", "breathing_fast", "warning", "oxygen"),
    Danger("rr_extreme", "breathing_extreme", "critical", "oxygen"),
    Danger("lactate_4_or_more", "lactate_high", "critical", "leak"),
    Danger("urine_below_80_ml", "urine_low", "warning", "leak"),
    Danger("temp_40_or_more", "very_high_fever", "warning", "fever"),
    Danger("hr_above_130", "heart_rate_high", "warning", "heart"),
    Danger("pulse_unrecordable", "pulse_unrecordable", "critical", "heart"),
    Danger("hr_extreme", "heart_rate_extreme", "critical", "heart"),
    Danger("new_arrhythmia", "arrhythmia", "warning", "heart"),
    Danger("ventricular_tachycardia", "ventricular_tachycardia", "critical", "heart"),
    Danger("syncope", "syncope", "critical", "heart"),
    Danger("chest_pain", "chest_pain_graded", "critical", "heart"),
    Danger("chest_pain_told", "chest_pain_told", "critical", "heart"),
    Danger("new_confusion", "confused", "warning", "brain"),
    Danger("unresponsive", "unresponsive", "critical", "brain"),
    Danger("seizure", "seizure", "critical", "brain"),
    Danger("airway", "airway", "critical", "airway"),
    Danger("neck_swollen", "neck_swollen", "critical", "airway"),
)
