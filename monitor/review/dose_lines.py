"""The lines of a hold criterion as a ward writes them: `a fall of ≥ 5 g/L`."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical.criteria.library import tests_in
from monitor.clinical.items import catalogue
from monitor.clinical.predose.answers import Answer
from monitor.episodes import wording

#: What is compared, where it is not the value itself.
MEASURED = {
    "times_normal": _("%(line)s × the upper limit of normal"),
    "times_first": _("%(line)s × the value of cycle 1"),
    "fall": _("a fall of %(line)s"),
    "fall_first": _("a fall of %(line)s since cycle 1"),
    "rise_first": _("a rise of %(line)s since cycle 1"),
    "rise_percent": _("a rise of %(line)s"),
}


def threshold_words(one: Answer) -> str:
    """The lines with the units that a ward writes, and of what they are a multiple."""
    items = [value.item for value in one.values]
    parts = [part for part in one.threshold.split(", ") if part.strip()]
    # A person's own line stands in the place of all others.
    keys = one.criterion.lines if len(one.criterion.lines) == len(parts) else ()
    measures = {test.line: test.measure for test in tests_in(one.criterion.test)}
    return ", ".join(
        MEASURED.get(measures.get(key or "", ""), "%(line)s")
        % {"line": _line(part, items)}
        for key, part in zip_longest(keys, parts)
    )


def _line(part: str, items: Iterable[str]) -> str:
    unit = part.split(" ")[-1]
    owner = next((one for one in items if _knows(one, unit)), "")
    return wording.unit_words(wording.threshold_text(owner, part))


def _knows(code: str, unit: str) -> bool:
    known: Any = catalogue.ITEMS.get(code)
    return bool(known) and unit in known.units
