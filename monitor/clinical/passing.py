"""Which line a single value passes, for showing it: no pattern, no grade, no memory."""

from collections.abc import Mapping

from monitor.clinical.thresholds import THRESHOLDS

# Item -> the lines that are drawn or marked beside it, from mild to grave.
MARKED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "TEMP": (("fever", "warning"), ("fever_very_high", "critical")),
    "SYSBP": (("sbp_low", "warning"), ("sbp_very_low", "critical")),
    "MAP": (("map_low", "critical"),),
    "HR": (
        ("hr_high", "warning"),
        ("hr_very_high", "critical"),
        ("hr_very_low", "critical"),
    ),
    "RESP": (
        ("rr_high", "warning"),
        ("rr_very_high", "critical"),
        ("rr_very_low", "critical"),
    ),
    "OXYSAT": (("spo2_low", "warning"), ("spo2_very_low", "critical")),
    "ALB": (("albumin_low", "watch"), ("albumin_very_low", "warning")),
    "LACTICAC": (("lactate_high", "critical"),),
}


def level(item: str, value: object, lines: Mapping[str, float]) -> str:
    """The level of the gravest line that `value` (canonical) passes; "" if none."""
    marked = MARKED.get(item)
    if not marked or not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    passed = [word for key, word in marked if _passes(key, value, lines)]
    return passed[-1] if passed else ""


def _passes(key: str, value: float, lines: Mapping[str, float]) -> bool:
    line = lines[key]
    match THRESHOLDS[key].direction:
        case "<":
            return value < line
        case "<=":
            return value <= line
        case ">":
            return value > line
        case ">=":
            return value >= line
    return False
