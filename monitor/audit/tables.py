"""The trail of a participant as a table for a spreadsheet, in plain words."""

from __future__ import annotations

from monitor.audit import chain
from monitor.audit.queries import told_to
from monitor.audit.sentences import line_of
from monitor.sheets import sheet

NAMES = (
    *("number", "utc", "site_time", "account", "name", "action", "what_happened"),
    *("old_and_new", "reason", "digest"),
)


def told_as_table(participant: str, *, unblinded: bool) -> str:
    """CSV, the oldest first; without `unblinded` what a blinded person may know.

    To them no digest is told, for the few doses that there can be are soon tried on it.
    """
    rows = []
    events = told_to(unblinded).filter(participant=participant)
    for event in events.order_by("sequence"):
        line = line_of(event, unblinded=unblinded)
        rows.append(
            (
                str(event.sequence),
                chain.moment(event.at),
                line.when,
                event.actor,
                event.actor_name,
                event.action,
                line.sentence,
                "; ".join(map(str, line.changes)),
                line.reason,
                event.digest if unblinded else "",
            )
        )
    return sheet(NAMES, rows)
