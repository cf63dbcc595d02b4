"""A decision before it is kept, and what the record says that it must agree with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from monitor.clinical.ctcae.naming import EventTerm


@dataclass(frozen=True)
class Decision:
    """A review before it is kept. `attribution` and `action` are keyed by suspect.

    So are `suspect_notes`: why the assessor judges one as they do.
    """

    verdict: str
    grade: int | None = None
    reason: str = ""
    attribution: Mapping[str, str] = field(default_factory=dict)
    serious: Sequence[str] = ()
    action: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    note: str = ""
    part_of_id: int | None = None
    split_at: datetime | None = None
    serious_parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rechallenge: str = ""
    dlt: Mapping[str, str] = field(default_factory=dict)
    ctcae_grade: int | None = None
    ctcae_term: str = ""
    expected: str = ""
    died_at: datetime | None = None
    aware_at: datetime | None = None
    suspect_notes: Mapping[str, str] = field(default_factory=dict)
    work_up: str = ""

    @classmethod
    def of(cls, **told: Any) -> "Decision":
        """From what a form or a caller has; nothing said is as if left out."""
        given = {name: value for name, value in told.items() if value is not None}
        for name in ("attribution", "action", "dlt", "suspect_notes", "serious_parts"):
            given[name] = dict(given.get(name) or {})
        given["serious"] = list(given.get("serious") or ())
        given["reason"] = given.get("reason", "").strip()
        return cls(**given)

    @classmethod
    def in_(cls, row: Any) -> "Decision":
        """What a row that is kept says."""
        return cls.of(**{one.name: getattr(row, one.name) for one in fields(cls)})


@dataclass(frozen=True)
class Standing:
    """What the record says. `suggested`: the grade that the scale in force gives.

    `suspects`: everyone suspected, code -> label; `agents`: the study's own of them;
    `planned`: agents with a dose still planned. `since` is the onset, `now` the moment
    of the decision. `others`: the episodes that this one may be a part of.
    `limits_dose`: it began in the window for that. `other_scale`: it is graded on
    another scale than the CTCAE of its record.
    `mimicked`: an infection looks the same, so that its work-up is asked for.
    `infectious`: the event is an infection itself. `reaction`: by definition it is one
    to what was given.
    `own_term`: the CTCAE term that the topic is; "" where it is none. `terms`: those
    by which it may be named otherwise, by name; empty where it may not.
    `unlisted`: what to do about reference safety information that is not there.
    """

    suggested: int | None
    closed: bool
    agents: Iterable[str] = ()
    planned: Iterable[str] = ()
    since: datetime | None = None
    now: datetime | None = None
    others: Iterable[int] = ()
    limits_dose: bool = True
    other_scale: bool = False
    mimicked: bool = False
    infectious: bool = False
    reaction: bool = False
    own_term: str = ""
    terms: Mapping[str, EventTerm] = field(default_factory=dict)
    unlisted: str = ""
    suspects: Mapping[str, Any] = field(default_factory=dict)

    def named(self, decision: Decision) -> EventTerm | None:
        """The term by which a person names it otherwise than its topic does."""
        if decision.ctcae_term == self.own_term:
            return None
        return self.terms.get(decision.ctcae_term)
