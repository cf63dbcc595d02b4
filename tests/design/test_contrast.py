"""The contrast table of the design, recomputed from the style sheet (WCAG 2.2)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = ROOT / "static" / "css" / "tokens.css"
BLOCK = re.compile(r"(:root|\[data-bs-theme=\"dark\"\]) \{(.*?)\n\}", re.S)
COLOR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")

TEXT = 4.5
EDGE = 3.0
LEVELS = ("critical", "warning", "watch", "unknown", "clear", "na")

PAIRS = [
    ("text", "bg", TEXT),
    ("text", "surface", TEXT),
    ("text", "surface2", TEXT),
    ("text", "accentweak", TEXT),
    ("text", "row-critical", TEXT),
    ("text", "row-warning", TEXT),
    ("text2", "bg", TEXT),
    ("text2", "surface", TEXT),
    ("text2", "surface2", TEXT),
    ("text2", "row-critical", TEXT),
    ("text2", "row-warning", TEXT),
    ("text3", "bg", TEXT),
    ("text3", "surface", TEXT),
    ("text3", "surface2", TEXT),
    ("text3", "row-critical", TEXT),
    ("text3", "row-warning", TEXT),
    ("text3", "accentweak", TEXT),
    ("accent", "bg", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "accentweak", TEXT),
    ("accent", "row-warning", TEXT),
    ("accent", "row-critical", TEXT),
    ("onaccent", "accentfill", TEXT),
    ("edge", "surface", EDGE),
    ("edge", "bg", EDGE),
    ("unknown-fg", "unknown-stripe", TEXT),
    ("hi-critical", "bg", TEXT),
    ("hi-critical", "surface", TEXT),
    ("hi-critical", "row-critical", TEXT),
    ("hi-critical", "row-warning", TEXT),
    ("hi-warning", "surface", TEXT),
    ("hi-warning", "row-warning", TEXT),
    ("hi-warning", "row-critical", TEXT),
    ("hi-watch", "surface", TEXT),
    ("hi-watch", "row-warning", TEXT),
    *((f"{level}-fg", f"{level}-bg", TEXT) for level in LEVELS),
    *((f"{level}-bd", "surface", EDGE) for level in LEVELS),
]


def themes() -> dict[str, dict[str, str]]:
    """The colors of each theme by name; dark repeats only what differs."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for selector, body in BLOCK.findall(TOKENS.read_text()):
        theme = "dark" if "dark" in selector else "light"
        found[theme].update(COLOR.findall(body))
    return found


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_have_the_same_tokens(theme):
    assert set(themes()[theme]) == set(themes()["light"])


@pytest.mark.requirement("W1")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_pair_is_readable(theme, front, back, least):
    colors = themes()[theme]
    assert contrast(colors[front], colors[back]) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_levels_stay_apart_where_color_is_all_that_differs(theme):
    """Watch, warning and critical also differ in lightness on the light theme."""
    colors = themes()[theme]
    fills = [luminance(colors[f"{level}-bg"]) for level in LEVELS[:3]]
    assert len({round(fill, 3) for fill in fills}) == 3


def test_the_formula_is_wcags():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert round(contrast("#15202b", "#f5f7f9"), 1) == 15.4


COLORS = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!-)|\b(?:rgb|hsl)a?\(")


def test_no_color_stands_outside_the_tokens():
    """Paper is the exception: print.css has ink and greys of its own."""
    sheets = (ROOT / "static" / "css").glob("*.css")
    strays = {
        sheet.name: COLORS.findall(re.sub(r'url\("[^"]*"\)', "", sheet.read_text()))
        for sheet in sheets
        if sheet.name not in {"tokens.css", "print.css"}
    }
    assert {name: found for name, found in strays.items() if found} == {}
