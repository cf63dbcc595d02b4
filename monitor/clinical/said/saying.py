"""How an item, its value and what it is compared with are said in a sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.clinical.items import catalogue, censored
from monitor.clinical.said.evidence import DERIVED, UNITS

Entry = Mapping[str, Any]
Row = Mapping[str, Any]
# Values that are made from others, and so have no entry in the catalogue.
NAMES = {
    "WEIGHT_RISE": "weight",
    "URINE_8H": "urine in 8 h",
    "URINE_PER_KG": "urine",
    "URINE_PER_KG_12H": "urine over 12 h",
    "BALANCE_24H": "24 h balance",
    "BALANCE_72H": "72 h balance",
    "CREAT_RISE": "creatinine",
    "HEMO_RATIO": "blood concentration",
    "SITE_GROWTH": "site",
    "SITE_GROWTH_LEFT": "left site",
    "SITE_GROWTH_RIGHT": "right site",
    "CULTURE": "blood culture",
}
# Said with a sign, being a change; with what they are a multiple of; by name alone,
# for an answer of yes adds nothing.
CHANGES = {
    *("WEIGHT_RISE", "CREAT_RISE"),
    *("SITE_GROWTH", "SITE_GROWTH_LEFT", "SITE_GROWTH_RIGHT"),
    *("BALANCE_24H", "BALANCE_72H"),
}
TIMES = {"HEMO_RATIO": "× the baseline"}
YES = {"NURSE_CONCERN", "CULTURE"}
# What a sign compares its value with, where that is no fixed line.
BASELINE = {
    *("sbp_down_fifth", "pressure_falling", "pressure_falling_far"),
    *("heart_rate_risen", "spo2_fallen", "shock_index_risen", "ice_fallen"),
    *("weight_up_on_cycle", "weight_up_percent", "weight_up_large_percent"),
    *("albumin_fallen", "albumin_fallen_far", "creatinine_risen"),
    *("bnp_risen", "ejection_fraction_low", "pressure_down_after_start"),
}
USUAL = {"sbp_far_under_usual", "low_pressure_asked"}
LIMIT = {
    *("transaminases_raised", "transaminases_severe", "hys_law"),
    *("creatine_kinase_high", "troponin_raised", "il6_high"),
}
RUNNING = "running"
MOST_DECIMALS = 3


def item_words(item: str) -> str:
    """How a person says an item or an agent: 'SpO₂', 'norepinephrine'."""
    if item in catalogue.ITEMS:
        return catalogue.ITEMS[item].short
    return NAMES.get(item, item.replace("_", " ").lower())


def value_text(entry: Entry) -> str:
    """A deciding value as a person says it: '39.1 °C', 'grade 2'; "" for none."""
    value, item = entry["value"], entry["item"]
    if value is None or item in YES:
        return ""
    known = catalogue.ITEMS.get(item)
    if isinstance(value, str):
        labels = {one.code: one.label for one in known.options} if known else {}
        return in_running_text(labels.get(value, value.replace("_", " ")))
    if known and known.kind == "symptom":
        return f"grade {value:g}"
    if known and (beyond := censored.shown(known, value, entry["typed"] or "")):
        return _with_unit(beyond, entry["unit"])
    number = _digits(value, entry)
    if item in TIMES:
        return f"{number} {TIMES[item]}"
    return _with_unit(f"+{number}" if item in CHANGES else number, entry["unit"])


def in_running_text(label: str) -> str:
    """'nasal cannula', but 'BiPAP' and 'A'."""
    first = label.split()[0]
    return label[0].lower() + label[1:] if first[1:].islower() else label


def _with_unit(number: str, unit: str) -> str:
    said = UNITS.get(unit, unit)
    return f"{number}{said}" if said.startswith("/") else f"{number} {said}".strip()


def _digits(value: float, entry: Entry) -> str:
    """With the item's decimals, and more where fewer would hide which side it is on."""
    item = entry["item"]
    decimals, line = _decimals(item, value), _line(entry)
    while value != line and decimals < MOST_DECIMALS:
        if float(f"{value:.{decimals}f}") != line:
            break
        decimals += 1
    said = f"{value:.{decimals}f}"
    return said if item in catalogue.ITEMS or item in NAMES else _short(said)


def _short(number: str) -> str:
    """A rate as it is set on a pump: 8, 0.03."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _decimals(item: str, value: float) -> int:
    like = DERIVED.get(item, item)
    if like in catalogue.ITEMS:
        return catalogue.ITEMS[like].decimals
    if item in CHANGES:
        return 0
    # A ratio under 1 is compared with a line under 1: one place could not tell them.
    return 1 if abs(value) >= 1 else 2


def _line(entry: Entry) -> float | None:
    """The number that the value is compared with, if it is in the value's own unit."""
    sign, _, rest = (entry["threshold"] or "").partition(" ")
    number, _, unit = rest.partition(" ")
    return float(number) if sign and number and unit == entry["unit"] else None


def because(entries: Iterable[Entry], row: Row) -> str:
    """'fever (T 38.6 °C); low pressure (SBP 84 mmHg, baseline 124)': each value once,

    with all that is said of it.
    """
    said: dict[tuple[str, Any], list[Entry]] = {}
    for one in entries:
        said.setdefault((one["item"], one["value"]), []).append(one)
    return "; ".join(_group(found, row) for found in said.values())


def _group(entries: list[Entry], row: Row) -> str:
    says = list(dict.fromkeys(one["says"] for one in entries))
    name = item_words(entries[0]["item"])
    # The most exact of them, where one line is nearer than another.
    value = max((value_text(one) for one in entries), key=len)
    told = value if _names_it(says[-1], name) else f"{name} {value}"
    beside = dict.fromkeys(one for entry in entries for one in _beside(entry, row))
    inside = ", ".join([told, *beside] if value else beside)
    return f"{', '.join(says)} ({inside})" if inside else ", ".join(says)


def _names_it(says: str, name: str) -> bool:
    """Whether the words name the item already, and no other beside it."""
    return name.lower() in says.lower() and " or " not in says


def _beside(entry: Entry, row: Row) -> list[str]:
    """What the value is read with: baseline or limit, oxygen, albumin given before."""
    sign, item = entry["sign"], entry["item"]
    found = []
    if sign in BASELINE:
        found.append(_other("baseline", row.get(f"base:{item}"), entry))
    if sign in USUAL:
        found.append(_other("usual", row.get("base:USUAL_SBP"), entry))
    if sign in LIMIT:
        found.append(_other("upper limit", row.get(f"high:{item}"), entry))
    if item == "OXYGEN_DEVICE":
        found += _oxygen(row)
    if entry["threshold"] == RUNNING and entry["typed"]:
        found.append(f"set as {_rate(entry['typed'])}")
    if item == "ALB" and row.get("state:albumin_infused"):
        found.append("after albumin")
    return [one for one in found if one]


def _rate(typed: str) -> str:
    """'0.1 µg/kg/min × 70 kg': a rate as it was set, in the units of a screen."""
    return " ".join(UNITS.get(word, word) for word in typed.split(" "))


def _other(name: str, value: float | None, entry: Entry) -> str:
    if value is None:
        return ""
    return f"{name} {_digits(value, {**entry, 'threshold': ''})}"


def _oxygen(row: Row) -> list[str]:
    flow, fraction = row.get("now:OXYGEN_FLOW"), row.get("now:FIO2")
    said = [] if flow is None else [f"{flow:g} L/min"]
    return said if fraction is None else [*said, f"FiO₂ {fraction:g} %"]
