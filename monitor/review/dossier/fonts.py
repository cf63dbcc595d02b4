"""The typefaces of the paper, embedded: every name prints, in whatever script.

Source Sans sets the page. A letter that it lacks is set in Kurinto, which holds most
scripts; its Chinese, Korean and Japanese parts are loaded when a text needs them.
"""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.util import find_spec
from itertools import groupby, product
from pathlib import Path

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

BODY, STRONG, ITALIC = "Dossier", "Dossier-Strong", "Dossier-Italic"
FILES = {
    BODY: "source-sans/ttf/SourceSans3-Regular.ttf",
    STRONG: "source-sans/ttf/SourceSans3-Semibold.ttf",
    ITALIC: "source-sans/ttf/SourceSans3-It.ttf",
    "Other": "kurinto/ttf/KurintoSans-Rg.ttf",
    "Chinese": "kurinto/ttf/KurintoSansSC-Rg.ttf",
    "Korean": "kurinto/ttf/KurintoSansKR-Rg.ttf",
    "Japanese": "kurinto/ttf/KurintoSansJP-Rg.ttf",
}
#: Where a letter that the page's own face lacks is looked for, in this order.
OTHERS = ("Other", "Japanese", "Chinese", "Korean")


def folder() -> Path:
    """The installed files of `weblate-fonts`; its Python side is not imported."""
    found = find_spec("weblate_fonts")
    if found is None or found.origin is None:
        raise RuntimeError("The package weblate-fonts is not installed.")
    return Path(found.origin).parent / "static" / "weblate_fonts"


@cache
def font(name: str) -> TTFont:
    """The face, registered once in this process."""
    made = TTFont(name, str(folder() / FILES[name]))
    pdfmetrics.registerFont(made)
    for bold, italic in product((0, 1), repeat=2):
        addMapping(name, bold, italic, name)
    return made


def page_fonts() -> None:
    """Register the three faces of the page."""
    for name in (BODY, STRONG, ITALIC):
        font(name)


@cache
def face_for(letter: str) -> str:
    """Empty for the page's own face; else the one that holds the letter."""
    code = ord(letter)
    if code in font(BODY).face.charToGlyph or not letter.isprintable():
        return ""
    holding = (name for name in OTHERS if code in font(name).face.charToGlyph)
    return next(holding, "")


def write(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    face: str,
    size: float,
    end: bool = False,
) -> None:
    """A line from `x`, or up to it (`end`), in as many faces as it needs."""
    runs = [
        (other or face, "".join(letters)) for other, letters in groupby(text, face_for)
    ]
    if end:
        x -= sum(pdfmetrics.stringWidth(run, name, size) for name, run in runs)
    for name, run in runs:
        canvas.setFont(name, size)
        canvas.drawString(x, y, run)
        x += pdfmetrics.stringWidth(run, name, size)


def markup(text: str) -> str:
    """Plain text for a paragraph: escaped, with other faces where they are needed."""
    runs = []
    for face, letters in groupby(text, face_for):
        run = escape("".join(letters), quote=False).replace("\n", "<br/>")
        runs.append(f'<font name="{face}">{run}</font>' if face else run)
    return "".join(runs)
