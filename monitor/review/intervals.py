"""How long it took from a finding to each thing that followed. Derived, never typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical.items import catalogue
from monitor.episodes.shapes import SetValues
from monitor.treatments.models import Treatment

ANTIBIOTICS = ("antibiotic",)
#: What is looked for after a finding, by agent, action or class; empty: anything.
FOLLOWED: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("action", _("first action"), ()),
    ("cultures", _("cultures drawn"), ("cultures_drawn",)),
    ("antibiotic", _("first antibiotic"), ANTIBIOTICS),
    ("pressor", _("vasopressor"), ("vasopressor",)),
    ("anticytokine", _("anticytokine"), ("anticytokine",)),
)
#: Lines that say that nothing was done, or what is not to be done, are no action.
NO_ACTION = ("no_action", "offered_not_done", "ceiling_of_care", "icu_declined")


@dataclass(frozen=True)
class Interval:
    """`at` None: it has not happened. `span`: since the finding became known."""

    key: str
    label: str
    at: datetime | None
    span: timedelta | None
    words: str = ""


def intervals(
    *,
    found_at: datetime,
    acknowledged_at: datetime | None,
    treatments: Iterable[Treatment],
    others: Iterable[Treatment] = (),
    resolved_at: datetime | None,
    neutropenic_at: datetime | None = None,
) -> list[Interval]:
    """Finding, acknowledged, first action, cultures, antibiotic, pressor, anticytokine,

    resolved.

    `found_at`: when the finding became known. Treatments before it do not answer it:
    what ran already is no action on the finding. `others`: given while it was open and
    not linked to it; where nothing else answers they do, and say so. `neutropenic_at`:
    see `first_fever`; with it the antibiotic has a second clock, which begins there.
    """
    every = list(treatments)
    own, loose = acts_of(every, found_at), acts_of(others, found_at)
    found = [after("acknowledged", _("acknowledged"), found_at, acknowledged_at)]
    for key, label, kinds in FOLLOWED:
        line, words = first(own, kinds), "%s"
        if line is None:
            line, words = first(loose, kinds), _("%s, not linked to this event")
        said = words % label_of(line) if line else ""
        found.append(after(key, label, found_at, line.at if line else None, said))
    found.append(after("resolved", _("resolved"), found_at, resolved_at))
    return [*found, *from_the_fever(every, neutropenic_at)]


def after(
    key: str, label: Any, found_at: datetime, at: datetime | None, words: str = ""
) -> Interval:
    span = at - found_at if at is not None and at >= found_at else None
    return Interval(key, str(label), at, span, words)


def acts_of(lines: Iterable[Treatment], since: datetime) -> list[Treatment]:
    """What was done from then on."""
    return [one for one in lines if one.at >= since and one.code not in NO_ACTION]


def from_the_fever(
    treatments: Iterable[Treatment], fever_at: datetime | None
) -> list[Interval]:
    """The antibiotic, from the first fever of somebody with few neutrophils."""
    if fever_at is None:
        return []
    late = [one for one in treatments if one.at >= fever_at]
    line = first(late, ANTIBIOTICS)
    label = _("antibiotic, from the first fever with few neutrophils")
    if line is None:
        return [Interval("neutropenic", str(label), None, None)]
    span = line.at - fever_at
    return [Interval("neutropenic", str(label), line.at, span, label_of(line))]


def first_fever(
    sets: Iterable[SetValues], since: datetime, lines: Mapping[str, float]
) -> datetime | None:
    """When the fever began that stands from `since` on, with a count under its line.

    R19; it may have begun before the event did. `sets` oldest first. A count that
    nobody knows starts no clock.
    """
    count: float | None = None
    began, hot = None, False
    for one in sets:
        newer, heat = number(one, "NEUT"), number(one, "TEMP")
        count = count if newer is None else newer
        hot = hot if heat is None else heat >= lines["fever"]
        if not hot or count is None or count >= lines["neut_low"]:
            began = None
        elif began is None:
            began = one.at
        if began is not None and one.at >= since:
            return began
    return None


def number(one: SetValues, item: str) -> float | None:
    """The value of a set that feeds; none that is held as a question."""
    value = one.values.get(item)
    return None if value is None else value.number


def first(lines: Iterable[Treatment], kinds: Sequence[str]) -> Treatment | None:
    """The earliest line, of these agents, actions or classes if any are named."""
    found = [one for one in lines if not kinds or is_of(one, kinds)]
    return min(found, key=lambda one: (one.at, one.pk or 0), default=None)


def is_of(line: Treatment, kinds: Sequence[str]) -> bool:
    """A rate of nothing is the end of what ran, and no start."""
    return line.code in kinds or (class_of(line) in kinds and bool(line.amount))


def looked_for(line: Treatment) -> bool:
    """Whether it is of what a clock looks for by name."""
    return any(kinds and is_of(line, kinds) for _key, _label, kinds in FOLLOWED)


def class_of(line: Treatment) -> str:
    known = catalogue.TREATMENTS.get(line.code)
    return known.klass if known else ""


def label_of(line: Treatment) -> str:
    known = catalogue.TREATMENTS.get(line.code)
    return known.label if known else line.code
