"""The reports of an event in a dossier: by when each was due, and when it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from monitor.review.clocks import Clock
from monitor.review.dossier.shapes import Grid, Part, Words
from monitor.review.dossier.source import Source
from monitor.review.events import SafetyReport
from monitor.templatetags.events_ui import clock_word, report_word
from monitor.templatetags.times import offset_label

WIDTHS = (0.21, 0.19, 0.19, 0.19, 0.22)


def reports(source: Source) -> Iterator[Part]:
    """Every clock with its awareness, and every report that was made."""
    yield Grid(
        (_("Report"), _("Aware since"), _("Due"), _("Standing"), _("Made at")),
        [line(source, one) for one in source.clocks],
        WIDTHS,
        _("No report is due by what was decided."),
    )
    if source.reports:
        yield Words(_("Reports made"), "strong")
        head = (_("Report"), _("Sent"), _("To whom, and how"), _("Recorded by"))
        rows = [made(source, one) for one in source.reports]
        yield Grid(head, rows, (0.24, 0.22, 0.3, 0.24))


def line(source: Source, one: Clock) -> tuple[str, ...]:
    sent = source.say(one.sent_at) if one.sent_at else "–"
    due = there(one.due_at, one.zone)
    return (clock_word(one), source.say(one.aware_at), due, standing(source, one), sent)


def standing(source: Source, one: Clock) -> str:
    """Whether it went, and in time, at the moment of printing."""
    late = one.late(source.now)
    if one.runs:
        return _("not made, late") if late else _("not made yet")
    return _("made late") if late else _("made in time")


def made(source: Source, one: SafetyReport) -> tuple[str, ...]:
    kept = f"{one.recorded_by.get_full_name()}, {source.brief(one.recorded_at)}"
    return (report_word(one), source.say(one.sent_at), one.note, kept)


def there(at: datetime, zone: str) -> str:
    """`4 Dec 2026, 23:59 +01:00`, in the zone whose calendar counts."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_date(local, 'j M Y, H:i')} {offset_label(local)}"
