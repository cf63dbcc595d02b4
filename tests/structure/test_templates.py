"""The content policy allows no inline script or style, so no template holds any."""

import re

import pytest

from tests.structure.sources import ROOT, templates

INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "script without src": re.compile(r"<script(?![^>]*\bsrc=)"),
    "script address": re.compile(r"""(href|src)\s*=\s*["']\s*javascript:"""),
    "outside address": re.compile(r"""(src|href)\s*=\s*["'](https?:)?//"""),
}
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def inline(sources: dict[str, str]) -> list[str]:
    return [
        f"{name}: {what}"
        for name, source in sources.items()
        for what, pattern in INLINE.items()
        if pattern.search(TEMPLATE_TAG.sub("", source))
    ]


def test_no_template_holds_script_or_style():
    assert inline(templates()) == []


def test_no_script_evaluates_text():
    evaluating = re.compile(r"\beval\(|\bnew Function\(|\.setAttribute\(.style")
    scripts = (ROOT / "static" / "js").glob("*.js")
    assert [p.name for p in scripts if evaluating.search(p.read_text())] == []


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        "<script>go()</script>",
        '<a href="javascript:go()">',
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_a_planted_inline_part_is_found(planted):
    assert inline({"planted.html": planted})
