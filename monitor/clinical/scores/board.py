"""What was given and still blurs a sign: what is on board, and what it makes unsure."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from monitor.clinical.instants.exposures import ANTICYTOKINES, FOREVER, HIDES_FEVER
from monitor.clinical.items import catalogue
from monitor.clinical.said.evidence import iso
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import worked

Row = Mapping[str, Any]
Json = dict[str, Any]
MASK = "mask:"
TEMP = "TEMP"
# A sedative makes consciousness and ICE hard to read.
SEDATION, MIND = "sedation", "ACVPU"
# Marker: the sign that answers it.
MARKERS = {"CRP": "crp_high", "FERRITIN": "ferritin_high", "INTLK6": "il6_high"}


def on_board(effects: pl.DataFrame, last: pl.DataFrame) -> dict[int, list[Json]]:
    """By cycle, each agent whose effect lasts at its last instant, newest last: when

    it was given, and until when it blurs which item (null: as long as its regimen).
    """
    if effects.is_empty():
        return {}
    blurs = pl.col("what").str.starts_with(MASK) | (pl.col("what") == SEDATION)
    to_the_last = (pl.col("what") == HIDES_FEVER) & (pl.col("ends") == pl.col("last"))
    lasts = blurs & ((pl.col("ends") > pl.col("last")) | to_the_last)
    ends = last.lazy().select("g", last="at")
    some = lasts & (pl.col("at") <= pl.col("last"))
    found = effects.lazy().join(ends, on="g").filter(some).sort("g", "at", "what")
    made: dict[int, dict[str, Json]] = {}
    for one in worked(found).iter_rows(named=True):
        label = catalogue.TREATMENTS[one["code"]].label
        agent = made.setdefault(one["g"], {}).setdefault(
            one["code"], {"agent": one["code"], "label": label, "blurs": {}}
        )
        agent["given"] = iso(one["at"])
        until = None if one["ends"] >= FOREVER else iso(one["ends"])
        item = MIND if one["what"] == SEDATION else one["what"].removeprefix(MASK)
        agent["blurs"][item] = until
    return {
        g: sorted(agents.values(), key=lambda agent: agent["given"])
        for g, agents in made.items()
    }


def blurred_by(item: str, effects: Sequence[Json]) -> Json | None:
    """The agent that makes an item mean nothing for the longest; None if none does."""
    by = [one for one in effects if item in one["blurs"]]
    if not by:
        return None
    last = max(by, key=lambda one: str(one["blurs"][item] or iso(FOREVER)))
    return {
        "agent": last["agent"],
        "label": last["label"],
        "until": last["blurs"][item],
    }


def markers(row: Row, effects: Sequence[Json], protocol: Protocol) -> dict[str, Json]:
    """CRP, ferritin and IL-6 that are current: how many times the baseline, whether

    that part of the pattern is met, and what makes them mean nothing.
    """
    found = {}
    for item, sign in MARKERS.items():
        value, base = row[f"now:{item}"], row[f"base:{item}"]
        if value is None:
            continue
        found[item] = {
            "value": value,
            "unit": catalogue.item(item).unit,
            "baseline": base,
            "times": round(value / base, 6) if base else None,
            "met": row[f"sign:{sign}"],
            "not_interpretable": blurred_by(item, effects),
        }
    return found


def waiver(row: Row, effects: Sequence[Json]) -> Json | None:
    """The drugs for which a standing fever is not asked for again (1.1, rule 3)."""
    began = row["since:fever"]
    if not row["standing:fever"] or row["sign:fever"] is not False:
        return None
    since = iso(began) or ""
    by = [
        one["label"]
        for one in effects
        if TEMP in one["blurs"]
        or (one["agent"] in ANTICYTOKINES and one["given"] >= since)
    ]
    return {"fever_since": since, "agents": by} if by else None
