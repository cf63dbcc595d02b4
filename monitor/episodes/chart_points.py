"""The chart's panels point by point, for what draws or reads them without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def points(chart: Json, panel: Json) -> Iterator[Json]:
    """`at`, `v`, `v2` and `past` of each, oldest first; `v` None breaks the line."""
    own, past = panel.get("at"), chart["sets"]["past"].get(panel["key"], {})
    breaks = [] if own else list(chart["breaks"])
    other = panel.get("v2") or [None] * len(panel["v"])
    at = own or chart["sets"]["at"]
    for n, (when, first, second) in enumerate(zip(at, panel["v"], other, strict=True)):
        if first is None and not own:  # That set says nothing of it.
            continue
        while breaks and breaks[0] <= when:
            yield {"at": said(breaks.pop(0)), "v": None}
        told = {"at": said(when), "v": first, "v2": second}
        yield told | {"past": past.get(str(n), "")}


def said(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
