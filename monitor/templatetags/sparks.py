"""The last systolic pressures as a small line: SVG of attributes alone."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from monitor.clinical.thresholds import THRESHOLDS

WIDTH, HEIGHT, DOT = 72, 16, 2
LOWEST, HIGHEST = 70, 150  # mmHg: the same for everyone, so that slopes compare.


def _height_of(pressure: float) -> float:
    held = min(max(pressure, LOWEST), HIGHEST)
    share = (held - LOWEST) / (HIGHEST - LOWEST)
    return round(HEIGHT - DOT - share * (HEIGHT - 2 * DOT), 1)


def _runs(points: Sequence[tuple[float, float | None]]) -> list[list[tuple]]:
    """Points in unbroken runs: a gap is never joined."""
    runs: list[list[tuple]] = [[]]
    for x, pressure in points:
        if pressure is None:
            runs.append([])
        else:
            runs[-1].append((x, _height_of(pressure)))
    return [run for run in runs if run]


def spark(pressures: Sequence[tuple[datetime, float | None]]) -> SafeString:
    """Small line of the last systolic pressures over the line of the knowledge."""
    return _spark(tuple(pressure for _at, pressure in pressures))


@lru_cache(maxsize=4096)
def _spark(pressures: tuple[float | None, ...]) -> SafeString:
    if all(pressure is None for pressure in pressures):
        return SafeString("")
    step = (WIDTH - DOT) / max(len(pressures) - 1, 1)
    first = WIDTH - DOT - step * (len(pressures) - 1)
    runs = _runs([(round(first + step * n, 1), one) for n, one in enumerate(pressures)])
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        '<line class="spark-limit" x1="0" x2="{}" y1="{}" y2="{}"></line>{}{}</svg>',
        WIDTH,
        HEIGHT,
        WIDTH,
        *[_height_of(THRESHOLDS["sbp_low"].value)] * 2,
        _lines(runs),
        _last_dot(runs),
    )


def _lines(runs: list[list[tuple]]) -> SafeString:
    drawn = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
    return format_html_join(
        "", '<polyline class="spark-line" points="{}"></polyline>', zip(drawn)
    )


def _last_dot(runs: list[list[tuple]]) -> SafeString:
    x, y = runs[-1][-1]
    return format_html(
        '<circle class="spark-dot" cx="{}" cy="{}" r="{}"></circle>', x, y, DOT
    )
