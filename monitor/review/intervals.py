"""How long it took from a finding to each thing that followed. Derived, never typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from monitor.clinical import catalogue
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
) -> list[Interval]:
    """Finding, acknowledged, first action, cultures, antibiotic, pressor, anticytokine,

    resolved.

    `found_at`: when the finding became known. Treatments before it do not answer it:
    what ran already is no action on the finding.
    """
    lines = [one for one in treatments if one.at >= found_at]
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
    return [
        Interval(
            key=key,
            label=str(label),
            at=at,
            span=at - found_at if at is not None and at >= found_at else None,
            words=label_of(line) if line is not None else "",
        )
        for key, label, at, line in moments
    ]


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
