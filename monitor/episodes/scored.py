"""The published scores beside the patterns, in words: NEWS2, qSOFA, SIRS, numbers.

They raise no level and open no episode (reference 11, P9 and R15): what a page says of
them comes from the stored answer alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.episodes import wording
from monitor.episodes.standing import moment

Json = Mapping[str, Any]

COUNTS = ("qsofa", "sirs")
NUMBERS = ("shock_index", "map")
#: What a scale of SpO2 means, so that the choice is read beside the total.
SPO2_SCALES = {
    1: gettext_lazy("SpO₂ scale 1"),
    2: gettext_lazy("SpO₂ scale 2: a target of 88–92 % is on record"),
}


@dataclass(frozen=True)
class Score:
    """One score on one line. `says`: what stands behind it; `missing`: what lacks."""

    title: str
    value: str
    says: str
    missing: str = ""


@dataclass(frozen=True)
class Points:
    """One parameter of NEWS2. `points` None: missing."""

    name: str
    points: int | None
    red: bool


@dataclass(frozen=True)
class Scores:
    """`at`: the instant for which they hold. `news2` stands first."""

    at: datetime
    news2: Score
    scale: str
    points: list[Points]
    others: list[Score]


def scores_of(summary: Json) -> Scores | None:
    """The scores of a cycle's last answer; None where there is none yet."""
    found = summary.get("scores")
    if not found:
        return None
    news2 = found["news2"]
    counted = [count_of(found[key]) for key in COUNTS]
    numbers = [number_of(found[key]) for key in NUMBERS]
    return Scores(
        at=moment(found["at"]),
        news2=news2_of(news2),
        scale=str(SPO2_SCALES[news2["scale"]]),
        points=[
            Points(wording.item_short(item), points, item in news2["red"])
            for item, points in news2["points"].items()
        ],
        others=[*numbers, *counted],
    )


def news2_of(news2: Json) -> Score:
    """`7`; with something missing no total, but the floor: `≥ 5`, missing RR."""
    whole = news2["total"] is not None
    value = str(news2["total"]) if whole else f"≥ {news2['at_least']}"
    red = ", ".join(wording.item_short(item) for item in news2["red"])
    says = _("3 points alone: %(items)s") % {"items": red} if red else ""
    return Score(news2["title"], value, says, missing_of(news2["missing"]))


def count_of(count: Json) -> Score:
    """`2 of 3`: how many parts are met, and which; unknown parts make it a floor."""
    sign = "≥ " if count["unknown"] else ""
    value = _("%(n)d of %(all)d") % {"n": count["count"], "all": count["of"]}
    says = ", ".join(count["says"][name] for name in count["met"])
    return Score(count["title"], f"{sign}{value}", says, missing_of(count["missing"]))


def number_of(number: Json) -> Score:
    """`0.97`, with what is usual beside it; a dash where it cannot be made."""
    value = number["value"]
    unit = "" if number["unit"] == "1" else wording.unit_label("SYSBP", number["unit"])
    shown = "–" if value is None else f"{value:.{number['decimals']}f} {unit}".strip()
    return Score(number["title"], shown, number["says"], missing_of(number["missing"]))


def missing_of(rows: Iterable[Json]) -> str:
    """`RR, SBP never recorded; ACVPU too old to count`: what lacks, by its reason."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        short = wording.item_short(row["item"])
        names = by_reason.setdefault(
            str(wording.WHY[row.get("detail") or row["why"]]), []
        )
        if short not in names:
            names.append(short)
    return "; ".join(f"{', '.join(names)} {why}" for why, names in by_reason.items())
