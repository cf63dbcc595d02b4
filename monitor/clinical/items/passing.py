"""Which line a single value passes, for showing it: no pattern, no grade, no memory."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt

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


COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
#: Item -> its lines, the gravest first, each with what it is to pass it.
CHECKS = {
    item: tuple(
        (key, COMPARE[THRESHOLDS[key].direction], word)
        for key, word in reversed(marked)
    )
    for item, marked in MARKED.items()
}


def level(item: str, value: object, lines: Mapping[str, float]) -> str:
    """The level of the gravest line that `value` (canonical) passes; "" if none."""
    checks = CHECKS.get(item)
    if not checks or not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    for key, passes, word in checks:
        if passes(value, lines[key]):
            return word
    return ""
