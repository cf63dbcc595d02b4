"""The marks of the printed chart: ink and shape alone, for there is no color."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from monitor.review.dossier import fonts

Json = dict[str, Any]
SMALL, TINY = 7.5, 6.8


def fitting(canvas: Canvas, words: str, short: str, room: float) -> str:
    """As much as there is room for: the whole, its short form, else the first word."""
    tried = (words, short) if short else (words, *words.split()[:1])
    found = (one for one in tried if canvas.stringWidth(one, fonts.BODY, TINY) <= room)
    return next(found, "")


def mark(canvas: Canvas, x: float, y: float, past: bool) -> None:
    if past:
        polygon(canvas, [(x - 3.4, y - 2.6), (x + 3.4, y - 2.6), (x, y + 3.6)])
    else:
        canvas.circle(x, y, 1.3, stroke=0, fill=1)


def dose_mark(canvas: Canvas, x: float, top: float, state: str) -> None:
    """Filled: given. Hollow: held or planned. A cross: omitted."""
    if state == "omitted":
        canvas.line(x - 3.5, top - 1.5, x + 3.5, top - 8.5)
        canvas.line(x - 3.5, top - 8.5, x + 3.5, top - 1.5)
        return
    tip = [(x - 4, top - 1), (x + 4, top - 1), (x, top - 9)]
    polygon(canvas, tip, filled=state == "given")


def pressure(canvas: Canvas, x: float, top: float, y: Any, one: Json) -> None:
    """A bar from systolic to diastolic with its two heads; thicker past a line."""
    canvas.setLineWidth(1.8 if one.get("past") else 0.8)
    foot = top if one.get("v2") is None else y(one["v2"])
    canvas.line(x, top, x, foot)
    for end, away in ((top, 3), (foot, -3)):
        canvas.line(x - 2.4, end + away, x, end)
        canvas.line(x + 2.4, end + away, x, end)


def polygon(
    canvas: Canvas, corners: Sequence[tuple[float, float]], filled: bool = True
) -> None:
    shape = canvas.beginPath()
    shape.moveTo(*corners[0])
    for corner in corners[1:]:
        shape.lineTo(*corner)
    shape.close()
    canvas.setLineWidth(0.7)
    canvas.drawPath(shape, stroke=1, fill=int(filled))
