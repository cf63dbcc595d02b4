"""The page: its faces and styles, head and foot, the watermark, page n of N."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor, black
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from monitor.review.dossier import fonts
from monitor.review.dossier.shapes import Dossier

WIDTH, HEIGHT = A4
SIDE, TOP, FOOT = 17 * mm, 22 * mm, 20 * mm
LINE = WIDTH - 2 * SIDE
INK, QUIET = black, HexColor("#4a4a4a")
RULE, BAND = HexColor("#a0a0a0"), HexColor("#ededed")
GHOST = Color(0.92, 0.92, 0.92)

STYLES = {
    "title": ParagraphStyle(
        "title", fontName=fonts.STRONG, fontSize=20, leading=25, textColor=INK
    ),
    "subtitle": ParagraphStyle(
        "subtitle", fontName=fonts.BODY, fontSize=11, leading=15, textColor=QUIET
    ),
    "section": ParagraphStyle(
        "section",
        fontName=fonts.STRONG,
        fontSize=13,
        leading=17,
        spaceBefore=7 * mm,
        spaceAfter=2 * mm,
    ),
    "body": ParagraphStyle(
        "body", fontName=fonts.BODY, fontSize=10, leading=14, spaceAfter=2 * mm
    ),
    "strong": ParagraphStyle(
        "strong",
        fontName=fonts.STRONG,
        fontSize=10,
        leading=14,
        spaceBefore=2 * mm,
        spaceAfter=1 * mm,
    ),
    "caption": ParagraphStyle(
        "caption",
        fontName=fonts.BODY,
        fontSize=8.5,
        leading=11.5,
        textColor=QUIET,
        spaceAfter=2 * mm,
    ),
    "cell": ParagraphStyle(
        "cell", fontName=fonts.BODY, fontSize=8.5, leading=11, alignment=TA_LEFT
    ),
    "cell-head": ParagraphStyle(
        "cell-head", fontName=fonts.STRONG, fontSize=8.5, leading=11
    ),
    "value": ParagraphStyle("value", fontName=fonts.BODY, fontSize=9.5, leading=13),
    "label": ParagraphStyle(
        "label", fontName=fonts.BODY, fontSize=9.5, leading=13, textColor=QUIET
    ),
}


class Counted(Canvas):
    """Says `page n of N` on every page, which is known when the last one is set."""

    def __init__(self, *told: Any, **more: Any) -> None:
        # Without a face of ours it begins with one that it does not embed.
        super().__init__(*told, **more | {"initialFontName": fonts.BODY})
        self.kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self.kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self.kept, start=1):
            self.__dict__.update(state)
            self.setFont(fonts.BODY, 8)
            self.setFillColor(QUIET)
            told = {"n": number, "total": len(self.kept)}
            said = _("page %(n)d of %(total)d") % told
            self.drawRightString(WIDTH - SIDE, FOOT - 9 * mm, said)
            super().showPage()
        super().save()


class Place(Flowable):
    """An entry of the document's outline, and the place that it leads to."""

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.key, self.title = key, title

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv.bookmarkPage(self.key)
        self.canv.addOutlineEntry(self.title, self.key, level=0)


def printed(dossier: Dossier, flowables: list[Flowable]) -> bytes:
    """The finished PDF: metadata, language and outline set, every face embedded."""
    kept = BytesIO()
    document = BaseDocTemplate(
        kept,
        pagesize=A4,
        title=dossier.title,
        author=dossier.author,
        subject=dossier.subtitle,
        creator=dossier.foot,
        lang=dossier.language,
        displayDocTitle=True,
        initialFontName=fonts.BODY,
    )
    frame = Frame(
        SIDE, FOOT, LINE, HEIGHT - TOP - FOOT, 0, 0, 0, 0, id="page", showBoundary=0
    )

    def under(canvas: Canvas, _document: object) -> None:
        furniture(canvas, dossier)

    template = PageTemplate(id="page", frames=[frame], onPage=under)
    document.addPageTemplates([template])
    document.build(flowables, canvasmaker=Counted)
    return kept.getvalue()


def furniture(canvas: Canvas, dossier: Dossier) -> None:
    """What stands on every page, drawn before its text."""
    canvas.saveState()
    if dossier.watermark:
        watermark(canvas, dossier.watermark)
    head, right = HEIGHT - 13 * mm, WIDTH - SIDE
    canvas.setFillColor(INK)
    fonts.write(canvas, SIDE, head, dossier.head, fonts.STRONG, 8.5)
    fonts.write(canvas, right, head, dossier.standing, fonts.BODY, 8.5, end=True)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(SIDE, HEIGHT - 15.5 * mm, WIDTH - SIDE, HEIGHT - 15.5 * mm)
    canvas.line(SIDE, FOOT - 4 * mm, WIDTH - SIDE, FOOT - 4 * mm)
    canvas.setFillColor(QUIET)
    fonts.write(canvas, SIDE, FOOT - 9 * mm, dossier.foot, fonts.BODY, 8)
    canvas.restoreState()


def watermark(canvas: Canvas, words: str) -> None:
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(52)
    canvas.setFont(fonts.STRONG, 58)
    canvas.setFillColor(GHOST)
    canvas.drawCentredString(0, -16, words)
    canvas.restoreState()
