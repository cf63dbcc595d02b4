"""The chart on paper: the JSON of the screen's chart, drawn as lines and letters.

Ink only. A value past its line is a filled triangle; a missed set is hatched and never
joined over; a dose is a line through all panels, dashed where it was held.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reportlab.lib.colors import HexColor, black
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from monitor.episodes.chart_points import points as points_of
from monitor.review.dossier import fonts
from monitor.review.dossier.extent import height_of, span_of, ticks, when, within
from monitor.review.dossier.lanes import lanes
from monitor.review.dossier.marks import (
    SMALL,
    TINY,
    dose_mark,
    fitting,
    mark,
    polygon,
    pressure,
)

Json = dict[str, Any]

INK, QUIET = black, HexColor("#4a4a4a")
GRID, FRAME, HATCH = HexColor("#dddddd"), HexColor("#909090"), HexColor("#b8b8b8")
FILL = HexColor("#e4e4e4")
LEFT, RIGHT = 24 * mm, 27 * mm
STRIP, GAP = 5 * mm, 1.4 * mm
AXIS = 9 * mm
TALLEST = 222 * mm


class Drawn(Flowable):
    """The chart from a little before its first dose, as wide as the page."""

    def __init__(self, chart: Json, width: float) -> None:
        super().__init__()
        self.chart, self.width = chart, width
        self.zone = when(chart["now"]).tzinfo
        self.start, self.end = span_of(chart)
        self.ticks = ticks(self.start, self.end, self.zone)
        self.heights = [height_of(panel) for panel in chart["panels"]]
        shown = within(chart["treatments"], self.start, self.end)
        self.treated = lanes(shown, self.x, width)
        self.lanes = max((one.lane + 1 for one in self.treated), default=1)
        strips = 3 + bool(chart["oxygen"])
        fixed = AXIS + strips * (STRIP + GAP) + GAP * len(self.heights)
        fixed += (self.lanes - 1) * STRIP
        # As many panels as there are share the page, none wider than it reads well.
        share = min(1, (TALLEST - fixed) / sum(self.heights))
        self.heights = [one * share for one in self.heights]
        self.height = fixed + sum(self.heights)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    # Places

    def x(self, at: str | datetime) -> float:
        moment = when(at) if isinstance(at, str) else at
        share = (moment - self.start) / (self.end - self.start)
        inner = self.width - LEFT - RIGHT
        return LEFT + min(max(share, 0), 1) * inner

    def inside(self, at: str) -> bool:
        return self.start <= when(at) <= self.end

    # Drawing, from the top down

    def draw(self) -> None:
        canvas = self.canv
        self.axis(canvas)
        top = self.height - AXIS
        top = self.strip(canvas, top, self.chart["words"]["grade"], self.grades)
        top = self.strip(canvas, top, "Dose", self.doses)
        top = self.strip(canvas, top, "Treatment", self.treatments, self.lanes)
        first = top
        for panel, height in zip(self.chart["panels"], self.heights, strict=True):
            self.panel(canvas, panel, top, height)
            top -= height + GAP
            if panel["key"] == "OXYSAT" and self.chart["oxygen"]:
                top = self.strip(canvas, top + GAP, "Oxygen", self.oxygen)
        self.dose_lines(canvas, first, top + GAP)

    def axis(self, canvas: Canvas) -> None:
        canvas.setFont(fonts.STRONG, SMALL)
        free = 0.0
        for day in self.chart["days"]:
            x = max(self.x(day["at"]), LEFT)
            words = f"{day['label']} · {day['cycle_day']}"
            wide = canvas.stringWidth(words, fonts.STRONG, SMALL)
            seen = self.inside(day["at"]) or x == LEFT
            if seen and x >= free and x + wide < self.width:
                canvas.drawString(x, self.height - 3 * mm, words)
                free = x + wide + 3 * mm
        canvas.setFont(fonts.BODY, TINY)
        for at in self.ticks:
            words = f"{at.astimezone(self.zone):%H:%M}"
            canvas.drawCentredString(self.x(at), self.height - 7 * mm, words)

    def strip(
        self, canvas: Canvas, top: float, name: str, fill: Any, lanes: int = 1
    ) -> float:
        foot = top - lanes * STRIP
        canvas.setFillColor(INK)
        canvas.setFont(fonts.STRONG, SMALL)
        canvas.drawString(0, top - STRIP + 1.5 * mm, name)
        canvas.setStrokeColor(GRID)
        canvas.setLineWidth(0.4)
        canvas.line(LEFT, foot, self.width - RIGHT, foot)
        fill(canvas, top)
        return foot - GAP

    def box(
        self, canvas: Canvas, top: float, one: Json, words: str, shade: Any
    ) -> None:
        start, end = self.x(one["from"]), self.x(one["to"] or self.end)
        if when(one["from"]) > self.end or end <= LEFT:
            return
        canvas.saveState()
        canvas.setFillColor(shade)
        canvas.setStrokeColor(FRAME)
        canvas.setLineWidth(0.5)
        wide = max(end - start, 1)
        canvas.rect(start, top - STRIP + 0.6, wide, STRIP - 1.2, stroke=1, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(fonts.BODY, TINY)
        fits = fitting(canvas, words, one.get("short", ""), wide - 3)
        canvas.drawString(start + 2, top - STRIP + 1.6 * mm, fits)
        canvas.restoreState()

    def grades(self, canvas: Canvas, top: float) -> None:
        shades = {"critical": "#bdbdbd", "warning": "#d6d6d6", "watch": "#efefef"}
        for one in self.chart["grades"]:
            shade = HexColor(shades.get(one["level"], "#ffffff"))
            self.box(canvas, top, one, one["text"], shade)

    def oxygen(self, canvas: Canvas, top: float) -> None:
        for one in self.chart["oxygen"]:
            step = one["step"]
            shade = HexColor("#ffffff") if not step else FILL
            self.box(canvas, top, one, one["label"], shade)

    def treatments(self, canvas: Canvas, top: float) -> None:
        canvas.setFont(fonts.BODY, TINY)
        for one in self.treated:
            x, foot = one.start, top - (one.lane + 1) * STRIP
            middle = foot + STRIP / 2
            if one.end is None:
                polygon(canvas, [(x, middle + 5), (x + 4, middle), (x, middle - 5)])
            else:
                canvas.setFillColor(FILL)
                canvas.setStrokeColor(FRAME)
                canvas.rect(x, foot + 0.6, one.end - x, STRIP - 1.2, stroke=1, fill=1)
                canvas.setFillColor(INK)
            canvas.drawString(one.at, middle - 2.4, one.words)

    def doses(self, canvas: Canvas, top: float) -> None:
        shown = [one for one in self.chart["doses"] if self.inside(one["at"])]
        for place, one in enumerate(shown):
            x = self.x(one["at"])
            canvas.setStrokeColor(INK)
            canvas.setFillColor(INK)
            dose_mark(canvas, x, top, one["state"])
            state = "" if one["state"] == "given" else f" ({one['state']})"
            words = one["label"] + state
            after = shown[place + 1 :]
            room = (self.x(after[0]["at"]) if after else self.width) - x - 8
            canvas.setFont(fonts.BODY, TINY)
            if canvas.stringWidth(words, fonts.BODY, TINY) > room:
                words = one["label"].split(" · ")[0]
            if canvas.stringWidth(words, fonts.BODY, TINY) <= room:
                canvas.drawString(x + 6, top - STRIP + 1.6 * mm, words)

    def dose_lines(self, canvas: Canvas, top: float, foot: float) -> None:
        canvas.saveState()
        canvas.setLineWidth(0.7)
        canvas.setStrokeColor(QUIET)
        for one in self.chart["doses"]:
            if one["state"] in ("given", "held") and self.inside(one["at"]):
                canvas.setDash([] if one["state"] == "given" else [2, 2])
                x = self.x(one["at"])
                canvas.line(x, top, x, foot)
        canvas.restoreState()

    # Panels

    def panel(self, canvas: Canvas, panel: Json, top: float, height: float) -> None:
        foot, right = top - height, self.width - RIGHT
        canvas.saveState()
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(GRID)
        for at in self.ticks:
            canvas.line(self.x(at), foot, self.x(at), top)
        self.missed(canvas, foot, height)
        canvas.setStrokeColor(FRAME)
        canvas.rect(LEFT, foot, right - LEFT, height)
        canvas.setFillColor(INK)
        canvas.setFont(fonts.STRONG, SMALL)
        canvas.drawString(0, top - 3 * mm, panel["label"])
        canvas.setFont(fonts.BODY, TINY)
        canvas.setFillColor(QUIET)
        canvas.drawString(0, top - 6 * mm, panel["unit"])
        canvas.restoreState()
        if "rows" in panel:
            self.marks(canvas, panel, top)
        else:
            self.curve(canvas, panel, top, height)

    def missed(self, canvas: Canvas, foot: float, height: float) -> None:
        for one in self.chart["missed"]:
            start, end = self.x(one["from"]), self.x(one["to"] or self.end)
            if end <= LEFT or when(one["from"]) > self.end:
                continue
            canvas.saveState()
            shape = canvas.beginPath()
            shape.rect(start, foot, max(end - start, 2), height)
            canvas.clipPath(shape, stroke=0)
            canvas.setStrokeColor(HATCH)
            canvas.setLineWidth(0.5)
            x = start - height
            while x < end:
                canvas.line(x, foot, x + height, foot + height)
                x += 4
            canvas.restoreState()

    def curve(self, canvas: Canvas, panel: Json, top: float, height: float) -> None:
        low, high = panel["range"]
        foot = top - height

        def y(value: float) -> float:
            return foot + (min(max(value, low), high) - low) / (high - low) * height

        self.ends(canvas, panel, y)
        self.lines(canvas, panel, y)
        canvas.saveState()
        canvas.setStrokeColor(INK)
        canvas.setFillColor(INK)
        points = [one for one in points_of(self.chart, panel) if self.inside(one["at"])]
        known = [one for one in points if one["v"] is not None]
        if panel["key"] == "BP":
            for one in known:
                pressure(canvas, self.x(one["at"]), y(one["v"]), y, one)
        else:
            self.joined(canvas, points, y)
            for one in known:
                mark(canvas, self.x(one["at"]), y(one["v"]), bool(one.get("past")))
        canvas.restoreState()
        self.last(canvas, panel, known, top)

    def lines(self, canvas: Canvas, panel: Json, y: Any) -> None:
        canvas.saveState()
        canvas.setDash([2.5, 2])
        canvas.setLineWidth(0.5)
        canvas.setStrokeColor(QUIET)
        canvas.setFillColor(QUIET)
        canvas.setFont(fonts.BODY, TINY)
        for one in panel["lines"]:
            height = y(one["value"])
            canvas.line(LEFT, height, self.width - RIGHT, height)
            canvas.drawRightString(LEFT - 2, height - 2.2, f"{one['value']:g}")
        canvas.restoreState()

    def ends(self, canvas: Canvas, panel: Json, y: Any) -> None:
        """Lowest and highest value of the panel, where no line's number stands."""
        canvas.setFillColor(QUIET)
        canvas.setFont(fonts.BODY, TINY)
        said = [y(one["value"]) for one in panel["lines"]]
        for value, place in zip(panel["range"], (0.5, -TINY + 1.5), strict=True):
            if all(abs(y(value) - one) > TINY for one in said):
                canvas.drawRightString(LEFT - 2, y(value) + place, f"{value:g}")

    def joined(self, canvas: Canvas, points: Sequence[Json], y: Any) -> None:
        """Dots joined by a line, never over a set that was missed."""
        canvas.setLineWidth(0.8)
        before: Json | None = None
        for one in points:
            if one["v"] is None:
                before = None
                continue
            if before and not self.gap(before["at"], one["at"]):
                start, end = self.x(before["at"]), self.x(one["at"])
                canvas.line(start, y(before["v"]), end, y(one["v"]))
            before = one

    def gap(self, start: str, end: str) -> bool:
        first, last = when(start), when(end)
        return any(
            when(one["from"]) < last
            and (when(one["to"]) if one["to"] else last) > first
            for one in self.chart["missed"]
        )

    def last(
        self, canvas: Canvas, panel: Json, known: Sequence[Json], top: float
    ) -> None:
        if not known:
            return
        one, decimals = known[-1], panel["decimals"]
        words = f"{one['v']:.{decimals}f}"
        if one.get("v2") is not None:
            words += f"/{one['v2']:.{decimals}f}"
        canvas.saveState()
        canvas.setFillColor(INK)
        x = self.width - RIGHT + 2 * mm
        canvas.setFont(fonts.STRONG, 10)
        canvas.drawString(x, top - 4 * mm, words)
        canvas.setFont(fonts.BODY, TINY)
        canvas.setFillColor(QUIET)
        at = when(one["at"]).astimezone(self.zone)
        canvas.drawString(x, top - 7 * mm, f"{at:%d %b %H:%M}")
        for n, line in enumerate(panel["lines"]):
            canvas.drawString(x, top - (10 + 3 * n) * mm, f"- - {line['label']}")
        canvas.restoreState()

    def marks(self, canvas: Canvas, panel: Json, top: float) -> None:
        canvas.saveState()
        canvas.setFont(fonts.BODY, TINY)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.6)
        for n, row in enumerate(panel["rows"]):
            height = top - (4 + 5 * n) * mm
            free = 0.0
            for one in row["points"]:
                if not self.inside(one["at"]):
                    continue
                x = self.x(one["at"])
                canvas.rect(x - 2, height - 2, 4, 4, fill=row["mark"] == "square")
                wide = canvas.stringWidth(one["text"], fonts.BODY, TINY)
                if x >= free and x + 4 + wide < self.width - RIGHT:
                    canvas.drawString(x + 4, height - 2.2, one["text"])
                    free = x + 6 + wide
        canvas.restoreState()
        if panel.get("note"):
            canvas.setFont(fonts.BODY, TINY)
            canvas.drawString(
                self.width - RIGHT + 2 * mm, top - 4 * mm, str(panel["note"])
            )
