"""What the patterns answer on the worked cases, and which of it a change has moved."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from monitor.clinical.assess import assess
from monitor.clinical.study.protocol import Protocol


def answers(
    charts: Mapping[str, pl.DataFrame], protocol: Protocol | None = None
) -> dict[str, list[Any]]:
    """Pattern -> every answer it gave, in order of chart and time.

    `charts`: a name -> the facts of one participant, as `chartfile.SCHEMA` has them.
    """
    named = [
        facts.with_columns(participant=pl.lit(name)) for name, facts in charts.items()
    ]
    found: dict[str, list[Any]] = {}
    for line in assess(pl.concat(named), protocol).lines:
        for pattern, answer in line["patterns"].items():
            said = [line["participant"], str(line["at"]), answer]
            found.setdefault(pattern, []).append(said)
    return found


def digests(found: Mapping[str, list[Any]]) -> dict[str, str]:
    """Pattern -> twelve letters that are the same as long as its answers are."""
    return {
        pattern: hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]
        for pattern, said in sorted(found.items())
    }


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The patterns whose answers differ, those that came and those that went too."""
    return sorted(
        name for name in {*before, *after} if before.get(name) != after.get(name)
    )
