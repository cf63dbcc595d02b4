"""How long it took from a finding to each thing that followed. Derived, never typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from monitor.clinical import catalogue
from monitor.episodes.shapes import SetRow
from monitor.treatments.models import Treatment

PRESSORS = ("vasopressor",)
ANTICYTOKINES = ("anticytokine",)
CULTURES, ANTIBIOTICS = ("cultures_drawn",), ("antibiotic",)
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
    resolved_at: datetime | None,
    neutropenic_at: datetime | None = None,
) -> list[Interval]:
    """Finding, acknowledged, first action, cultures, antibiotic, pressor, anticytokine,

    resolved.

    `found_at`: when the finding became known. Treatments before it do not answer it:
    what ran already is no action on the finding. `neutropenic_at`: see `first_fever`;
    with it the antibiotic has a second clock, which begins there.
    """
    every = list(treatments)
    lines = [one for one in every if one.at >= found_at]
    acts = [one for one in lines if one.code not in NO_ACTION]
    moments = [
        ("acknowledged", _("acknowledged"), acknowledged_at, None),
        ("action", _("first action"), *first(acts)),
        ("cultures", _("cultures drawn"), *first_of(acts, CULTURES)),
        ("antibiotic", _("first antibiotic"), *first_of(acts, ANTIBIOTICS)),
        ("pressor", _("vasopressor"), *first(acts, PRESSORS)),
        ("anticytokine", _("anticytokine"), *first(acts, ANTICYTOKINES)),
        ("resolved", _("resolved"), resolved_at, None),
    ]
    found = [
        Interval(
            key=key,
            label=str(label),
            at=at,
            span=at - found_at if at is not None and at >= found_at else None,
            words=label_of(line) if line is not None else "",
        )
        for key, label, at, line in moments
    ]
    return [*found, *from_the_fever(every, neutropenic_at)]


def from_the_fever(
    treatments: Iterable[Treatment], fever_at: datetime | None
) -> list[Interval]:
    """The antibiotic, from the first fever of somebody with few neutrophils."""
    if fever_at is None:
        return []
    after = [one for one in treatments if one.at >= fever_at]
    at, line = first_of(after, ANTIBIOTICS)
    label = _("antibiotic, from the first fever with few neutrophils")
    span = None if at is None else at - fever_at
    words = "" if line is None else label_of(line)
    return [Interval("neutropenic", str(label), at, span, words)]


def first_fever(
    sets: Iterable[SetRow], since: datetime, lines: Mapping[str, float]
) -> datetime | None:
    """The first fever from `since` on when the last count was under its line (R19).

    `sets` oldest first. A count that nobody knows starts no clock.
    """
    count: float | None = None
    for one in sets:
        newer = number(one, "NEUT")
        count = count if newer is None else newer
        heat = number(one, "TEMP")
        if one.at < since or heat is None or heat < lines["fever"]:
            continue
        if count is not None and count < lines["neut_low"]:
            return one.at
    return None


def number(one: SetRow, item: str) -> float | None:
    """The value of a set that feeds; none that is held as a question."""
    return one.readings[item].number if item in one.values else None


def first(
    lines: Sequence[Treatment], classes: Sequence[str] = ()
) -> tuple[datetime | None, Treatment | None]:
    """The earliest line, of these classes if any are named."""
    found = [
        one for one in lines if not classes or (class_of(one) in classes and one.amount)
    ]
    earliest = min(found, key=lambda one: (one.at, one.pk or 0), default=None)
    return (earliest.at, earliest) if earliest else (None, None)


def first_of(
    lines: Sequence[Treatment], codes: Sequence[str]
) -> tuple[datetime | None, Treatment | None]:
    """The earliest line of these agents or actions."""
    return first([one for one in lines if one.code in codes])


def class_of(line: Treatment) -> str:
    known = catalogue.TREATMENTS.get(line.code)
    return known.klass if known else ""


def label_of(line: Treatment) -> str:
    known = catalogue.TREATMENTS.get(line.code)
    return known.label if known else line.code
