"""The panels of the chart and its table: vital signs, weight and albumin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor.episodes import wording
from monitor.episodes.chart_source import Source
from monitor.episodes.shapes import SetRow, Value

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


def vitals(source: Source) -> Iterator[Json]:
    for key, (label, items, decimals, span, line, words) in PANELS.items():
        value = source.thresholds[line]
        panel = {
            "key": key,
            "label": label,
            "unit": wording.unit_label(items[0]),
            "range": span,
            "decimals": decimals,
            "lines": [{"value": value, "label": words.format(value)}],
            "points": list(points(source, items)),
        }
        device = _last(source, "OXYGEN_DEVICE") if key == "OXYSAT" else None
        yield panel | ({"note": device.text.lower()} if device else {})


def blood(source: Source) -> Iterator[Json]:
    """What the laboratory found, each on its own fixed range, where there is any."""
    for key, (label, decimals, span, line, words) in BLOOD.items():
        found = list(points(source, (key,)))
        if not found:
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
            "points": found,
        }


def points(source: Source, items: tuple[str, ...]) -> Iterator[Json]:
    """One point a set that has the first item; a missing second one is null.

    A long cycle has thousands: who took it and what was typed are told where the set's
    own author and the value itself do not say it.
    """
    first, second = items[0], items[1] if len(items) > 1 else ""
    breaks = list(source.breaks)
    for one in source.sets:
        value = one.values.get(first)
        if value is None:
            continue
        while breaks and breaks[0] <= one.at:
            yield {"at": source.iso(breaks.pop(0)), "v": None}
        shown = {"at": source.iso(one.at), "v": one.readings[first].number}
        if value.past:
            shown |= {"past": True, "level": value.past}
        if value.by != one.by:
            shown["by"] = value.by
        if value.otherwise:
            shown["typed"] = value.otherwise
        if second and (other := one.readings.get(second)):
            shown["v2"] = other.number
        yield shown


def weights(source: Source) -> Iterator[Json]:
    """Weight with its change since the first one; albumin under it, without a panel."""
    weighed = [one for one in source.sets if "WEIGHT" in one.values]
    tested = [one for one in source.sets if "ALB" in one.values and not source.whole]
    if not weighed and not tested:
        return
    first = weighed[0].readings["WEIGHT"].number if weighed else 0
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


def _weight(source: Source, one: SetRow, first: float) -> Json:
    number = one.readings["WEIGHT"].number
    change = round(number - first, KILOGRAM_DECIMALS)
    text = one.values["WEIGHT"].text + (f" ({change:+.1f})" if change else "")
    return {"at": source.iso(one.at), "text": text}


def _albumin(source: Source, one: SetRow) -> Json:
    return {
        "at": source.iso(one.at),
        "text": _("albumin %(n)s") % {"n": one.values["ALB"].text},
    }


def _gain(weighed: list[SetRow], first: float) -> str:
    if len(weighed) < 2 or not first:
        return ""
    change = weighed[-1].readings["WEIGHT"].number - first
    return f"{change:+.1f} kg, {100 * change / first:.1f} %"


def _last(source: Source, item: str) -> Value | None:
    found = (one.values[item] for one in reversed(source.sets) if item in one.values)
    return next(found, None)


# The table behind the chart


def columns(source: Source) -> list[tuple[str, str]]:
    """The table's: the vital signs, and what else is drawn and has a value."""
    more = ["WEIGHT", *BLOOD] if source.whole else ["WEIGHT", "ALB"]
    there = {key for one in source.sets for key in one.values}
    found = list(COLUMNS)
    for key in (one for one in more if one in there):
        label = BLOOD[key][0] if key in BLOOD else _("Weight")
        found.append((key, f"{label} {wording.unit_label(key)}"))
    return found


def table_row_of(one: SetRow) -> dict[str, str]:
    """The values of a set by column, as they are said; "" for one it has not."""
    return {key: _cell(one, key) for key, _label in COLUMNS}


def table(source: Source) -> list[Json]:
    """A row for each set that has something in a column; other sets are no row here."""
    shown = [key for key, _label in columns(source)]
    rows = [table_row(source, one, shown) for one in source.sets]
    return [row for row in rows if row["values"] or row["not_done"]]


def table_row(source: Source, one: SetRow, shown: Iterable[str]) -> Json:
    values = {key: text for key in shown if (text := _cell(one, key))}
    past = {key: _past(one, key) for key in values}
    return {
        "at": source.iso(one.at),
        "by": one.by,
        "values": values,
        "past": {key: level for key, level in past.items() if level},
        "not_done": {_column(item): why for item, why in one.not_done.items()},
    }


def _column(item: str) -> str:
    return "BP" if item in ("SYSBP", "DIABP") else item


def _cell(one: SetRow, key: str) -> str:
    if key != "BP":
        return one.values[key].text if key in one.values else ""
    upper, lower = one.values.get("SYSBP"), one.values.get("DIABP")
    return f"{upper.text}/{lower.text if lower else '–'}" if upper else ""


def _past(one: SetRow, key: str) -> str:
    item = "SYSBP" if key == "BP" else key
    return one.values[item].past if item in one.values else ""


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


def _said(row: SetRow) -> str:
    """`Temp 38.6, HR 104`: what is known of a set, each with its name."""
    values = (f"{label} {text}" for key, label in COLUMNS if (text := _cell(row, key)))
    return ", ".join(values)
