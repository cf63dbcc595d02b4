"""The panels of the chart and its table: vital signs, weight and albumin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor.episodes import wording
from monitor.episodes.chart_source import Source
from monitor.episodes.shapes import SetValues, Value

Json = dict[str, Any]

#: Panel: label, items, decimals, fixed range, threshold drawn, and its name.
PANELS: dict[str, tuple[str, tuple[str, ...], int, list[int], str, str]] = {
    "TEMP": ("Temp", ("TEMP",), 1, [35, 41], "fever", "{0:.1f} fever"),
    "HR": ("HR", ("HR",), 0, [40, 170], "hr_high", "{0:g}"),
    "BP": ("BP", ("SYSBP", "DIABP"), 0, [30, 180], "sbp_low", "SBP {0:g}"),
    "OXYSAT": ("SpO₂", ("OXYSAT",), 0, [80, 101], "spo2_low", "{0:g} on air"),
    "RESP": ("RR", ("RESP",), 0, [6, 40], "rr_high", "{0:g}"),
}
#: Blood, on the whole chart alone; a panel without a value is left out.
BLOOD: dict[str, tuple[str, int, list[int], str, str]] = {
    "ALB": ("Albumin", 0, [10, 55], "albumin_low", "{0:g}"),
    "HCT": ("Hct", 0, [20, 60], "", ""),
    "CRP": ("CRP", 0, [0, 300], "", ""),
    "FERRITIN": ("Ferritin", 0, [0, 10000], "", ""),
    "INTLK6": ("IL-6", 0, [0, 1000], "", ""),
}
COLUMNS = (
    ("TEMP", "Temp °C"),
    ("HR", "HR"),
    ("BP", "BP mmHg"),
    ("OXYSAT", "SpO₂ %"),
    ("OXYGEN_DEVICE", "O₂"),
    ("RESP", "RR"),
    ("ACVPU", "ACVPU"),
)
KILOGRAM_DECIMALS = 1


def vitals(source: Source, drawn: Sequence[SetValues]) -> Iterator[Json]:
    for key, (label, items, decimals, span, line, words) in PANELS.items():
        value = source.thresholds[line]
        panel = {
            "key": key,
            "label": label,
            "unit": wording.unit_label(items[0]),
            "range": span,
            "decimals": decimals,
            "lines": [{"value": value, "label": words.format(value)}],
            **values(drawn, items),
        }
        device = _last(source, "OXYGEN_DEVICE") if key == "OXYSAT" else None
        yield panel | ({"note": device.text.lower()} if device else {})


def blood(source: Source, drawn: Sequence[SetValues]) -> Iterator[Json]:
    """What the laboratory found, each on its own fixed range, where there is any."""
    for key, (label, decimals, span, line, words) in BLOOD.items():
        if not any(key in one.values for one in drawn):
            continue
        value = source.thresholds.get(line)
        lines = (
            [] if value is None else [{"value": value, "label": words.format(value)}]
        )
        yield {
            "key": key,
            "label": label,
            "unit": wording.unit_label(key),
            "range": span,
            "decimals": decimals,
            "lines": lines,
            **values(drawn, (key,)),
        }


def values(drawn: Sequence[SetValues], items: tuple[str, ...]) -> Json:
    """The items' numbers, a place for each set; null where it has none.

    A long cycle has thousands: who took one and what was typed are told where the set's
    own author and the value itself do not say it.
    """
    found = [one.values.get(items[0]) for one in drawn]
    known = [(n, one) for n, one in enumerate(found) if one is not None]
    told: Json = {
        "v": [None if one is None else one.number for one in found],
        "by": {str(n): one.by for n, one in known if one.by != drawn[n].by},
        "typed": {str(n): one.otherwise for n, one in known if one.otherwise},
    }
    if len(items) > 1:
        other = [one.values.get(items[1]) for one in drawn]
        told["v2"] = [None if one is None else one.number for one in other]
    return told


def weights(source: Source) -> Iterator[Json]:
    """Weight with its change since the first one; albumin under it, without a panel."""
    weighed = [one for one in source.sets if "WEIGHT" in one.values]
    tested = [one for one in source.sets if "ALB" in one.values and not source.whole]
    if not weighed and not tested:
        return
    first = kilograms(weighed[0]) if weighed else 0
    rows = [
        {"mark": "square", "points": [_weight(source, one, first) for one in weighed]},
        {"mark": "diamond", "points": [_albumin(source, one) for one in tested]},
    ]
    yield {
        "key": "WEIGHT",
        "label": _("Weight"),
        "unit": f"kg; ALB {wording.unit_label('ALB')}" if tested else "kg",
        "last": weighed[-1].values["WEIGHT"].text if weighed else "",
        "note": _gain(weighed, first),
        "rows": [row for row in rows if row["points"]],
    }


def kilograms(one: SetValues) -> float:
    return one.values["WEIGHT"].number or 0


def _weight(source: Source, one: SetValues, first: float) -> Json:
    change = round(kilograms(one) - first, KILOGRAM_DECIMALS)
    text = one.values["WEIGHT"].text + (f" ({change:+.1f})" if change else "")
    return {"at": source.iso(one.at), "text": text}


def _albumin(source: Source, one: SetValues) -> Json:
    return {
        "at": source.iso(one.at),
        "text": _("albumin %(n)s") % {"n": one.values["ALB"].text},
    }


def _gain(weighed: list[SetValues], first: float) -> str:
    if len(weighed) < 2 or not first:
        return ""
    change = kilograms(weighed[-1]) - first
    return f"{change:+.1f} kg, {100 * change / first:.1f} %"


def _last(source: Source, item: str) -> Value | None:
    found = (one.values[item] for one in reversed(source.sets) if item in one.values)
    return next(found, None)


# The table behind the chart


def columns(source: Source) -> list[tuple[str, str]]:
    """The table's: the vital signs, and what else is drawn and has a value."""
    more = ["WEIGHT", *BLOOD] if source.whole else ["WEIGHT", "ALB"]
    there: set[str] = set()
    for one in source.sets:
        there.update(one.values)
    found = list(COLUMNS)
    for key in (one for one in more if one in there):
        label = BLOOD[key][0] if key in BLOOD else _("Weight")
        found.append((key, f"{label} {wording.unit_label(key)}"))
    return found


def table_row_of(one: SetValues) -> dict[str, str]:
    """The values of a set by column, as they are said; "" for one it has not."""
    return {key: _cell(one, key) for key, _label in COLUMNS}


def drawn_of(source: Source, keys: Iterable[str]) -> list[SetValues]:
    """The sets that have something in a column: the rows of the table."""
    asked = {"SYSBP" if key == "BP" else key for key in keys}
    return [
        one for one in source.sets if one.not_done or not asked.isdisjoint(one.values)
    ]


def table(drawn: Sequence[SetValues], keys: Iterable[str]) -> Json:
    """The sets as columns, a place for each: when, by whom, and what they say."""
    keys = list(keys)
    return {
        "at": [one.at.timestamp() for one in drawn],
        "by": [one.by for one in drawn],
        "values": {key: [_cell(one, key) for one in drawn] for key in keys},
        "past": {
            key: {
                str(n): past for n, one in enumerate(drawn) if (past := _past(one, key))
            }
            for key in keys
        },
        "not_done": {
            str(n): {_column(item): why for item, why in one.not_done.items()}
            for n, one in enumerate(drawn)
            if one.not_done
        },
    }


def _column(item: str) -> str:
    return "BP" if item in ("SYSBP", "DIABP") else item


def _cell(one: SetValues, key: str) -> str:
    if key != "BP":
        value = one.values.get(key)
        return value.text if value else ""
    upper, lower = one.values.get("SYSBP"), one.values.get("DIABP")
    return f"{upper.text}/{lower.text if lower else '–'}" if upper else ""


def _past(one: SetValues, key: str) -> str:
    value = one.values.get("SYSBP" if key == "BP" else key)
    return value.past if value else ""


def spoken(source: Source) -> str:
    """The chart for who cannot see it: how much there is, and the last values."""
    if not source.sets:
        return _("No set has been recorded in this cycle.")
    found = ((one, _said(one)) for one in reversed(source.sets))
    # A laboratory's sample and fluids are sets too, without a vital sign.
    last, values = next(((one, said) for one, said in found if said), (None, ""))
    count = len(source.sets)
    sets = ngettext("%(n)d set", "%(n)d sets", count) % {"n": count}
    if last is None:
        return _("%(sets)s, none with a vital sign.") % {"sets": sets}
    at = last.at.astimezone(source.zone)
    said = _("%(sets)s. The last vital signs at %(at)s: %(values)s.")
    return said % {"sets": sets, "at": f"{at:%H:%M}", "values": values}


def _said(row: SetValues) -> str:
    """`Temp 38.6, HR 104`: what is known of a set, each with its name."""
    values = (f"{label} {text}" for key, label in COLUMNS if (text := _cell(row, key)))
    return ", ".join(values)
