"""Capillary leak: edema, thick blood, fluid kept, and fluid that comes back."""

import polars as pl

from monitor.clinical.patterns import Clearing, Lines, pattern, raises
from monitor.clinical.signs.fluid import moderate_edemas
from monitor.clinical.signs.leak import new_edemas
from monitor.clinical.words import any_of, pattern_is, settled, sign, state

LEAKS = (
    *("albumin", "daily_weight", "weight_and_hypotension", "leak_triad"),
    "edema_overload",
)

# L10: with a counted vasopressor it is true whatever the pressure (R11).
LOW = ("hypotension",)


@pattern(
    "L3",
    "cls",
    "Weight up with low pressure",
    needs=("WEIGHT", "SYSBP"),
    signs=("weight_up_on_cycle", "low_pressure"),
    source="S11",
    base_level="warning",
    clearing=Clearing(
        fresh=("SYSBP", "WEIGHT"),
        hours="leak_clear_hours",
        sets="leak_clear_sets",
        rule=lambda lines: ~(sign("weight_up_on_cycle") & sign("low_pressure")),
    ),
)
def weight_and_hypotension(lines: Lines) -> pl.Expr:
    """Over cycle day 1, and low within a day of it, as long as one of them is there."""
    both = sign("weight_up_within_day") & sign("low_pressure_within_day")
    one_left = sign("weight_up_on_cycle") | sign("low_pressure")
    return state("cls_window") & both & one_left


@raises("weight_and_hypotension", "critical")
def weight_and_hypotension_critical(lines: Lines) -> pl.Expr:
    return weight_and_hypotension(lines) & (
        state("pressor") | sign("on_oxygen") | sign("sbp_very_low")
    )


@pattern(
    "L5",
    "cls",
    "Edema or overload",
    needs=("EDEMA_LIMBS",),
    signs=("new_edema", "edema_moderate", "effusion", "pulmonary_edema"),
    source="S7",
    clearing=Clearing(
        fresh=(
            "EDEMA_LIMBS",
            "GENERALIZED_EDEMA",
            "PULMONARY_EDEMA",
            "PLEURAL_EFFUSION",
        ),
        hours="edema_clear_hours",
        sets="edema_clear_sets",
        gap="lab_gap_hours",
        rule=lambda lines: ~edema_overload(lines) | settled(*new_edemas(lines)),
        levels={
            "warning": lambda lines: (
                ~edema_overload_warning(lines)
                | settled(*moderate_edemas(lines), *_fluid_in_chest())
            )
        },
    ),
)
def edema_overload(lines: Lines) -> pl.Expr:
    return state("cls_window") & sign("new_edema")


@raises("edema_overload", "warning")
def edema_overload_warning(lines: Lines) -> pl.Expr:
    return state("cls_window") & any_of([sign("edema_moderate"), *_fluid_in_chest()])


def _fluid_in_chest() -> list[pl.Expr]:
    return [sign("effusion"), sign("pulmonary_edema")]


@raises("edema_overload", "critical")
def edema_overload_critical(lines: Lines) -> pl.Expr:
    return state("cls_window") & sign("pulmonary_edema") & sign("spo2_very_low")


@pattern(
    "L6",
    "cls",
    "Hemoconcentration",
    needs=("HCT", "ALB"),
    signs=("hematocrit_risen", "albumin_fallen"),
    source="S19",
    rests_on=LOW,
    clearing=Clearing(
        fresh=("HCT", "HGB"),
        sets="blood_clear_sets",
        rule=lambda lines: ~sign("hematocrit_risen"),
    ),
)
def hemoconcentration(lines: Lines) -> pl.Expr:
    """Supports a leak. Its absence excludes none, and red cells make it unknown."""
    both = sign("hematocrit_risen") & sign("albumin_fallen")
    return state("cls_window") & both


@raises("hemoconcentration", "warning")
def hemoconcentration_warning(lines: Lines) -> pl.Expr:
    return hemoconcentration(lines) & sign("hematocrit_risen_far")


@raises("hemoconcentration", "critical")
def hemoconcentration_critical(lines: Lines) -> pl.Expr:
    """With L10, which a vasopressor makes true at any pressure (B3, R11)."""
    return hemoconcentration(lines) & any_of(map(pattern_is, LOW))


@pattern(
    "L7",
    "cls",
    "Low urine",
    needs=("URINE_PER_KG",),
    signs=("urine_little", "urine_low"),
    source="S16",
    clearing=Clearing(fresh=("URINE_PER_KG",), sets="urine_clear_sets"),
)
def low_urine(lines: Lines) -> pl.Expr:
    """By the weight of cycle day 1: leaked liters must not dilute it (R11)."""
    return state("cls_window") & (sign("urine_little") | sign("urine_low"))


@raises("low_urine", "warning")
def low_urine_warning(lines: Lines) -> pl.Expr:
    """For 12 hours, or when a dose is due: the hold line is the same number (R15)."""
    held = sign("urine_little") & state("dose_due")
    return state("cls_window") & (held | sign("urine_little_for_long"))


@raises("low_urine", "critical")
def low_urine_critical(lines: Lines) -> pl.Expr:
    return state("cls_window") & sign("urine_low")


@pattern(
    "L8",
    "cls",
    "Fluid balance",
    needs=("BALANCE_24H", "WEIGHT"),
    signs=("fluid_kept_day", "fluid_kept_days", "weight_up_with_fluid"),
    source="PROJ",
    clearing=Clearing(
        fresh=("BALANCE_24H",),
        sets="balance_clear_sets",
        rule=lambda lines: sign("fluid_in_balance"),
    ),
)
def fluid_balance(lines: Lines) -> pl.Expr:
    kept = sign("fluid_kept_day") | sign("fluid_kept_days")
    return state("cls_window") & kept & sign("weight_up_with_fluid")


@pattern(
    "L9",
    "cls",
    "Leak with low oxygen",
    needs=("OXYSAT", "OXYGEN_DEVICE"),
    signs=("spo2_very_low", "on_oxygen", "effusion", "pulmonary_edema"),
    source="S8",
    base_level="warning",
    rests_on=LEAKS,
    clearing=Clearing(
        fresh=("OXYSAT",),
        hours="oxygen_clear_hours",
        sets="oxygen_clear_sets",
        rule=lambda lines: ~low_oxygen(lines) & sign("spo2_settled"),
    ),
)
def leak_hypoxia(lines: Lines) -> pl.Expr:
    leak = any_of(pattern_is(key) for key in LEAKS)
    return state("cls_window") & low_oxygen(lines) & leak


def low_oxygen(lines: Lines) -> pl.Expr:
    """What was not looked for by examination does not make low oxygen unknown."""
    lung = sign("effusion") | sign("pulmonary_edema")
    return any_of([sign("spo2_very_low"), sign("on_oxygen"), lung])


@raises("leak_hypoxia", "critical")
def leak_hypoxia_critical(lines: Lines) -> pl.Expr:
    return leak_hypoxia(lines) & sign("spo2_very_low")


@pattern(
    "L11",
    "cls",
    "Weight up in the cycle",
    needs=("WEIGHT",),
    signs=("weight_up_percent",),
    source="S2",
    clearing=Clearing(fresh=("WEIGHT",), sets="weight_clear_sets"),
)
def cycle_weight(lines: Lines) -> pl.Expr:
    return state("cls_window") & sign("weight_up_percent")


@raises("cycle_weight", "warning")
def cycle_weight_warning(lines: Lines) -> pl.Expr:
    return state("cls_window") & sign("weight_up_large_percent")


@pattern(
    "L12",
    "cls",
    "Fluid coming back",
    needs=("URINE_PER_KG",),
    signs=("urine_brisk", "weight_falling", "on_oxygen", "pressure_high"),
    source="PROJ",
    rests_on=LEAKS,
    clearing=Clearing(
        fresh=("OXYSAT",), hours="oxygen_clear_hours", sets="oxygen_clear_sets"
    ),
)
def remobilization(lines: Lines) -> pl.Expr:
    """After the worst of a leak: fluid leaves, and lungs or pressure feel it."""
    leaving = sign("urine_brisk") | sign("weight_falling")
    felt = sign("on_oxygen") | sign("pressure_high")
    return state("after_leak") & leaving & felt


@raises("remobilization", "warning")
def remobilization_warning(lines: Lines) -> pl.Expr:
    return remobilization(lines) & sign("on_oxygen")


@pattern(
    "L13",
    "cls",
    "Kidney injury",
    needs=("CREAT",),
    signs=("creatinine_risen", "creatinine_rising", "lactate_raised", "potassium_high"),
    source="PROJ",
    rests_on=LOW,
    clearing=Clearing(
        fresh=("CREAT",),
        hours="kidney_clear_hours",
        sets="kidney_clear_sets",
        gap="lab_gap_hours",
    ),
)
def kidney(lines: Lines) -> pl.Expr:
    starved = sign("lactate_raised") & any_of(map(pattern_is, LOW))
    return state("cls_window") & any_of(
        [sign("creatinine_risen"), sign("creatinine_rising"), starved]
    )


@raises("kidney", "warning")
def kidney_warning(lines: Lines) -> pl.Expr:
    worse = sign("creatinine_doubled") | sign("potassium_high")
    return state("cls_window") & worse


@raises("kidney", "critical")
def kidney_critical(lines: Lines) -> pl.Expr:
    worse = sign("creatinine_tripled") | sign("potassium_very_high")
    return state("cls_window") & worse
