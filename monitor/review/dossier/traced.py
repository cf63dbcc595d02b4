"""The audit trail of an event in a dossier, and who and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from monitor.audit.sentences import line_of
from monitor.episodes import wording
from monitor.review.dossier.shapes import Facts, Grid, Part, Words
from monitor.review.dossier.source import Source
from monitor.trials.models import User

#: Its values stand in a table of their own.
SET = "observation.recorded"


def trail(source: Source) -> Iterator[Part]:
    said = _(
        "While the event was open, and of its decisions. The values of the sets "
        "stand in the table above; the whole trail stays in Monitor."
    )
    yield Words(said, "caption")
    rows = []
    for event in source.events:
        line = line_of(event, unblinded=source.unblinded)
        changes = "; ".join(map(str, line.changes))
        if event.action == SET:
            changes = _("%(n)d entries") % {"n": len(line.changes)}
        reason = _("Reason: %(why)s") % {"why": line.reason} if line.reason else ""
        said = " ".join(filter(None, (line.sentence, reason)))
        rows.append((str(event.sequence), line.when, said, changes, event.digest[:12]))
    head = (_("No."), _("At"), _("What happened"), _("Changed"), _("Digest"))
    yield Grid(head, rows, (0.07, 0.21, 0.29, 0.3, 0.13))


def about(source: Source) -> Iterator[Part]:
    people = {one.initials: one.get_full_name() for one in recorders(source)}
    yield Facts(sorted(people.items()))
    knowledge = source.episode.knowledge
    protocol = source.cycle.protocol
    yield Facts(
        [
            (_("Dose level"), source.cohort),
            (_("Protocol version"), f"{protocol.trial.code} {protocol.number}"),
            (_("Knowledge version"), knowledge),
            (_("Scale in force"), wording.scale_label(source.protocol.scale)),
        ]
    )
    yield Words(
        _(
            "Grades and criteria are what the program computed from the rows above; "
            "the decision is a person's. Supports clinical monitoring. Not an alarm "
            "system."
        ),
        "caption",
    )


def recorders(source: Source) -> list[User]:
    """Everyone whose initials stand in the tables."""
    people = {one.recorded_by for one in (*source.treatments, *source.doses)}
    people |= {
        reading.recorded_by for one in source.sets for reading in one.readings.values()
    }
    return sorted(people, key=lambda one: str(one.get_full_name()))
