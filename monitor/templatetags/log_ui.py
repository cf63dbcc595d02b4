"""The management log in words: doses and treatments in one list, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from monitor.clinical.instants import rates
from monitor.clinical.items import catalogue
from monitor.episodes.shapes import EpisodeRow, Finding
from monitor.treatments.injected import Injection
from monitor.treatments.models import Treatment
from monitor.trials.models import Dose

register = template.Library()

Form = Treatment.Form
Status = Dose.Status
UNITS = {"ug": "µg", "[iU]": "IU", "[U]": "U", "mm[Hg]": "mmHg"}
NOTHING = "–"


@dataclass(frozen=True)
class LogLine:
    """One line of the log; `ran` says how it went on, `url` leads to mending it."""

    at: datetime
    until: datetime | None
    what: str
    why: str
    response: str
    by: str
    note: str
    url: str
    corrected: bool
    again: str = ""
    ordered: str = ""
    countersigned_at: datetime | None = None
    called: str = ""
    answered_at: datetime | None = None
    arrived_at: datetime | None = None
    said: str = ""


@register.filter
def unit_words(unit: str) -> str:
    """`µg/min` for `ug/min`: a UCUM unit as it is written at a bedside."""
    for ucum, words in UNITS.items():
        unit = unit.replace(ucum, words)
    return unit


@register.filter
def treatment_line(line: Treatment) -> str:
    """`Norepinephrine 6 µg/min`, `Paracetamol 1 g by mouth, as needed`."""
    kind = catalogue.TREATMENTS.get(line.code)
    label = kind.label if kind else line.code
    if line.form == Form.RATE and line.amount == 0:
        return _("%(agent)s stopped") % {"agent": label}
    amount = "" if line.amount is None else f"{line.amount:g} {unit_words(line.unit)}"
    parts = [" ".join(filter(None, (label, amount)))]
    parts += [str(line.get_fluid_display())] if line.fluid else []
    parts += [line.agent] if line.agent else []
    if line.form == Form.SCHEDULED:
        parts.append(_("scheduled"))
    elif line.form == Form.AMOUNT and line.as_needed:
        parts.append(_("as needed"))
    return ", ".join(parts)


@register.filter
def dose_line(dose: Dose) -> str:
    """`Dose 3, 1800 IU/kg IV`; what was not given as planned says so."""
    amount = "" if dose.amount is None else f"{dose.amount:g} {unit_words(dose.unit)}"
    words = [_("Dose %(n)d") % {"n": dose.number}, f"{amount} {dose.route}".strip()]
    if dose.status not in (Status.GIVEN, Status.PLANNED):
        words.append(str(dose.get_status_display()))
    return ", ".join(filter(None, words))


@register.filter
def dose_outcome(dose: Dose) -> str:
    """`Given, 900 IU/kg`: what became of it, and how much it was."""
    amount = "" if dose.amount is None else f"{dose.amount:g} {unit_words(dose.unit)}"
    given = amount if dose.status in Dose.GIVEN_STATES else ""
    words = str(dose.get_status_display())
    return ", ".join(filter(None, [words[:1].upper() + words[1:], given]))


@register.simple_tag
def log_lines(
    log: Iterable[Treatment],
    doses: Iterable[Dose],
    links: Mapping[int, Sequence[EpisodeRow]],
    code: str,
    sites: Mapping[tuple[str, int], Sequence[Injection]] | None = None,
) -> list[LogLine]:
    """Everything given, held or done, newest first. `sites`: by agent and number."""
    lines = [treatment_row(one, links.get(one.pk, ()), code) for one in log]
    known = sites or {}
    lines += [
        dose_row(one, code, known.get((one.agent, one.number), ()))
        for one in doses
        if one.status != Status.PLANNED
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def treatment_row(line: Treatment, links: Sequence[EpisodeRow], code: str) -> LogLine:
    given_for = [*(row.label for row in links), line.indication]
    known = line.response != Treatment.Response.NOT_ASSESSED
    return LogLine(
        at=line.at,
        until=line.until,
        what=treatment_line(line),
        why=", ".join(filter(None, given_for)) or NOTHING,
        response=str(line.get_response_display()) if known else NOTHING,
        by=line.recorded_by.initials,
        note=" ".join(filter(None, (line.note, asked_words(line)))),
        url=reverse("correct-treatment", args=[code, line.pk]),
        corrected=line.supersedes_id is not None,
        again=repeat_url(line, code),
        ordered=order_words(line),
        countersigned_at=line.countersigned_at,
        called=line.called,
        answered_at=line.answered_at,
        arrived_at=line.arrived_at,
        said=said_words(line),
    )


@register.filter
def order_words(line: Treatment) -> str:
    """`ordered by C. Okafor: verbal, read back, given by A. Reyes`; "" for neither."""
    said = []
    if line.ordered_by:
        how = str(line.get_order_display()) if line.order else ""
        told = _("ordered by %(who)s") % {"who": line.ordered_by}
        said.append(": ".join(filter(None, (told, how))))
    if line.given_by:
        said.append(_("given by %(who)s") % {"who": line.given_by})
    return ", ".join(said)


@register.filter
def said_words(line: Treatment) -> str:
    """What else was said: the weight used, a target, where it was read, a deviation."""
    said = []
    said += filter(None, [weight_words(line)])
    if line.target:
        said.append(_("target %(what)s") % {"what": line.target})
    if line.read_from:
        said.append(_("written down from %(what)s") % {"what": read_words(line)})
    if line.deviation == Treatment.Deviation.YES:
        said.append(_("protocol deviation"))
    if line.deviation == Treatment.Deviation.NO:
        said.append(_("no protocol deviation"))
    return ", ".join(said)


def weight_words(line: Treatment) -> str:
    """`for 70 kg: 4.2 µg/min`; of a rate per kg without a weight, which one is used."""
    if line.weight is None:
        of_day_one = rates.by_weight(line.code, line.unit) and line.amount
        return _("by the cycle's first weight") if of_day_one else ""
    told = _("for %(n)g kg") % {"n": line.weight}
    if line.form != Form.RATE or not line.amount:
        return told
    number, unit = rates.counted(line.code, line.amount, line.unit, line.weight)
    counts = "" if unit == line.unit else f"{number:g} {unit_words(unit)}"
    return ": ".join(filter(None, (told, counts)))


def read_words(line: Treatment) -> str:
    return str(line.get_read_from_display())


def repeat_url(line: Treatment, code: str) -> str:
    """Where the same is logged once more; a rate is changed, not repeated."""
    if line.form != Form.AMOUNT:
        return ""
    query = urlencode({"code": line.code, "again": line.pk})
    return f"{reverse('treat', args=[code])}?{query}"


def asked_words(line: Treatment) -> str:
    """What the line was asked about, and kept all the same."""
    if not line.check_reason:
        return ""
    return _("Asked, and kept: %(why)s") % {"why": line.check_reason}


def dose_row(dose: Dose, code: str, sites: Iterable[Injection] = ()) -> LogLine:
    return LogLine(
        at=dose.given_at or dose.planned_at,
        until=dose.until,
        what=dose_line(dose),
        why=_("protocol"),
        response=NOTHING,
        by=dose.recorded_by.initials,
        note=dose.reason,
        url=reverse("dose", args=[code, dose.pk]),
        corrected=False,
        said="; ".join(site_line(one, volume=True) for one in sites) or dose.body_site,
    )


@register.filter
def plain_number(number: float) -> str:
    """`0.5`, `12`: a number as it was typed."""
    return f"{number:g}"


@register.filter
def site_line(one: Injection, volume: bool = False) -> str:
    """`left, neck level II`, and `0.5 mL` where that is asked."""
    parts = [str(one.get_side_display()), str(one.get_place_display())]
    if volume and one.volume is not None:
        parts.append(f"{one.volume:g} mL")
    return ", ".join(parts)


@register.filter
def planned(doses: Iterable[Dose]) -> list[Dose]:
    """The doses that nothing was recorded about yet."""
    return [dose for dose in doses if dose.status == Status.PLANNED]


@register.simple_tag
def unanswered(
    finding: Finding | None, links: Mapping[int, Sequence[EpisodeRow]]
) -> bool:
    """Whether the log holds nothing for the episode of this finding."""
    if finding is None or finding.episode is None:
        return False
    mine = finding.episode.id
    return not any(row.id == mine for rows in links.values() for row in rows)
