"""The table of requirements as one page of HTML that stands alone and prints well."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from monitor.validation.matrix import Outcome, Row

WORDS = {
    "passed": "✓ passed",
    "partly": "◐ passed, not all of it is built",
    "failed": "✗ failed",
    "not run": "○ not run",
    "skipped": "○ not run",
    "no test": "– no test",
}


def page(
    rows: Sequence[Row], head: Mapping[str, str], notes: Iterable[Mapping[str, Any]]
) -> str:
    """The whole page. `head`: what was tested and when; `notes`: of the releases."""
    # Our own style sheet, read from the program's folder.
    text = (settings.BASE_DIR / "static/css/traceability.css").read_text("utf-8")
    css = mark_safe(text)  # nosec B308 B703
    return format_html(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<title>Traceability</title><style>{}</style></head><body>"
        "<h1>Requirement, tests, result</h1><dl>{}</dl><p>{}</p>"
        "<table><thead><tr><th>Requirement</th><th>Tests</th><th>Result</th></tr>"
        "</thead><tbody>{}</tbody></table><h2>Releases</h2>{}</body></html>\n",
        css,
        format_html_join("", "<dt>{}</dt><dd>{}</dd>", head.items()),
        counted(rows),
        format_html_join("\n", "{}", ((row_of(row),) for row in rows)),
        format_html_join("", "{}", ((release(one),) for one in notes)),
    )


def counted(rows: Sequence[Row]) -> str:
    """`31 passed · 8 passed, not all of it is built · 1 failed`."""
    results = [row.result for row in rows]
    told = {name: results.count(name) for name in WORDS}
    return " · ".join(f"{n} {WORDS[name][2:]}" for name, n in told.items() if n)


def row_of(row: Row) -> SafeString:
    tests = format_html_join("", "<li>{} <b>{}</b></li>", grouped(row.outcomes))
    about = row.requirement
    lacks = format_html("<p>Lacks: {}</p>", about.lacks) if about.lacks else ""
    return format_html(
        '<tr class="{}"><th scope="row">{}<p>{}</p>{}</th>'
        "<td><ul>{}</ul></td><td>{}</td></tr>",
        row.result.replace(" ", "-"),
        about.id,
        about.says,
        lacks,
        tests,
        WORDS[row.result],
    )


def grouped(outcomes: Iterable[Outcome]) -> list[tuple[str, str]]:
    """Each test once, with how often it ran and how that ended."""
    found: dict[str, list[str]] = {}
    for one in outcomes:
        found.setdefault(one.test.partition("[")[0], []).append(one.result)
    return [
        (test, ", ".join(f"{results.count(r)} {r}" for r in sorted(set(results))))
        for test, results in found.items()
    ]


def release(note: Mapping[str, Any]) -> SafeString:
    changed = note["patterns_changed"]
    said = ", ".join(changed) if changed else "No pattern answers otherwise."
    return format_html(
        "<section><h3>{}</h3><p>{}</p><p>Pattern outputs changed: {}</p></section>",
        note["version"],
        note["why"],
        said,
    )
