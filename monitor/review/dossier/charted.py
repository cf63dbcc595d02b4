"""What was recorded, in a dossier: its course, corrections, the chart, the values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from monitor.episodes import panels, wording
from monitor.episodes.shapes import SetRow
from monitor.review.corrected import standing_words
from monitor.review.dossier import chronology
from monitor.review.dossier.shapes import Grid, Part, Picture, Words
from monitor.review.dossier.source import Source

#: So much of the time before and after the event is drawn.
ROUND = timedelta(hours=24)


def course(source: Source) -> Grid:
    rows = [
        (source.brief(one.at), one.after, one.what, one.by, one.source)
        for one in chronology.chronology(source)
    ]
    head = (_("At"), _("Since dose"), _("What happened"), _("By"), _("Row"))
    return Grid(head, rows, (0.18, 0.14, 0.41, 0.15, 0.12))


def changed(source: Source) -> Iterator[Part]:
    """Field by field what was corrected since the finding became known."""
    if not source.corrections:
        yield Words(_("Nothing was corrected since the finding became known."))
        return
    yield Words(standing_words(source.row, source.steps))
    rows = [
        (
            source.brief(one.at),
            one.what,
            one.was,
            one.now or _("struck out"),
            f"{one.by}, {source.brief(one.corrected_at)}: {one.reason}",
        )
        for one in source.corrections
    ]
    head = (_("Of"), _("What"), _("Was"), _("Is"), _("By, when, why"))
    yield Grid(head, rows, (0.18, 0.18, 0.16, 0.16, 0.32))


def picture(source: Source) -> Picture:
    chart = dict(source.chart)
    ends = source.ended_at or source.now
    chart["window"] = [
        one.astimezone(source.zone).isoformat()
        for one in (source.row.since - ROUND, ends + ROUND)
    ]
    if not source.unblinded:
        chart["doses"] = [
            one | {"label": one["label"].split(" · ")[0]} for one in chart["doses"]
        ]
    return Picture(chart, str(chart["summary"]))


def values(source: Source) -> Grid:
    """Every set from the onset on, as it stands; what was not done says why."""
    since, until = source.row.since, source.ended_at or source.now
    rows = []
    for one in source.sets:
        if not since <= one.at <= until:
            continue
        row = panels.table_row_of(one)
        said = (row.get(key, "") for key, _label in panels.COLUMNS)
        rows.append((source.brief(one.at), *said, others(one), one.by))
    head = (_("At"), *(label for _key, label in panels.COLUMNS), _("Others"), _("By"))
    widths = (0.18, 0.07, 0.06, 0.09, 0.08, 0.11, 0.05, 0.08, 0.22, 0.06)
    return Grid(head, rows, widths, _("No set was recorded while it was open."))


def others(one: SetRow) -> str:
    """What the columns do not show: `WEIGHT 73.4 kg`, and what was not done."""
    shown = {"TEMP", "HR", "SYSBP", "DIABP", "OXYSAT", "OXYGEN_DEVICE", "RESP", "ACVPU"}
    said = [
        f"{wording.item_short(item)} {wording.measured(item, value.text, value.unit)}"
        for item, value in one.values.items()
        if item not in shown and value.text not in ("", "0")
    ]
    said += [f"{wording.item_short(item)}: {why}" for item, why in one.not_done.items()]
    return ", ".join(said)
