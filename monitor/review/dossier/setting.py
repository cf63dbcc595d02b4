"""Parts of a dossier set as paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    LongTable,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from monitor.review.dossier import fonts, paper
from monitor.review.dossier.drawing import Drawn
from monitor.review.dossier.shapes import (
    Dossier,
    Facts,
    Grid,
    Part,
    Picture,
    Section,
    Words,
)

PADDING = [
    ("FONTNAME", (0, 0), (-1, -1), fonts.BODY),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, paper.RULE),
]
GRID = TableStyle(
    [
        *PADDING,
        ("BACKGROUND", (0, 0), (-1, 0), paper.BAND),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, paper.INK),
    ]
)
FACTS = TableStyle(PADDING)
LABELS = 0.27
#: A head has so much of what it heads below it on its page, else it goes to the next.
BELOW = {"section": 42 * mm, "strong": 26 * mm}


def text(words: str, style: str) -> Paragraph:
    return Paragraph(fonts.markup(words), paper.STYLES[style])


def flowables(dossier: Dossier) -> list[Flowable]:
    """Everything from the title on, in order."""
    fonts.page_fonts()
    made: list[Flowable] = [
        text(dossier.title, "title"),
        text(dossier.subtitle, "subtitle"),
    ]
    for number, section in enumerate(dossier.sections, start=1):
        made += section_of(number, section)
    return made


def section_of(number: int, section: Section) -> Iterator[Flowable]:
    if section.own_page:
        yield PageBreak()
    title = f"{number}  {section.title}"
    yield CondPageBreak(BELOW["section"])
    yield paper.Place(f"section-{number}", title)
    yield text(title, "section")
    for part in section.parts:
        yield from set_part(part)


def set_part(part: Part) -> Iterator[Flowable]:
    match part:
        case Words():
            if part.style in BELOW:
                yield CondPageBreak(BELOW[part.style])
            yield text(part.text, part.style)
        case Facts():
            yield facts(part)
            yield Spacer(0, 3 * mm)
        case Grid() if part.rows or not part.empty:
            yield grid(part)
            yield Spacer(0, 3 * mm)
        case Grid():
            yield text(part.empty, "body")
        case Picture():
            yield Drawn(part.chart, paper.LINE)
            yield text(part.spoken, "caption")


def facts(part: Facts) -> Flowable:
    rows = [[text(label, "label"), text(said, "value")] for label, said in part.pairs]
    if not rows:
        return Spacer(0, 0)
    widths = [paper.LINE * LABELS, paper.LINE * (1 - LABELS)]
    return Table(rows, colWidths=widths, style=FACTS, hAlign="LEFT")


def grid(part: Grid) -> Flowable:
    """The head is repeated on every page that the table goes on to."""
    head = [text(one, "cell-head") for one in part.head]
    rows = [[text(cell, "cell") for cell in row] for row in part.rows]
    widths = [paper.LINE * share for share in part.widths]
    return LongTable(
        [head, *rows], colWidths=widths, style=GRID, repeatRows=1, hAlign="LEFT"
    )
