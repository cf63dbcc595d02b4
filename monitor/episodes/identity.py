"""Who a page is about, in one bar. No database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor import localtime
from monitor.clinical.study.protocol import Protocol
from monitor.episodes import rows, wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.board import level_of
from monitor.episodes.due import died
from monitor.episodes.models import CycleState
from monitor.episodes.shapes import DoseRow, Identity
from monitor.trials.models import Cycle, Participant, Site

HOURS_AS_DAYS = 48


def identity_row(
    cycle: Cycle, state: CycleState, cohort: str, now: datetime
) -> Identity:
    participant, summary = cycle.participant, state.summary
    protocol = protocol_of(cycle)
    given = rows.dose_row(summary.get("given"), protocol)
    over = died(cycle, summary)
    facts = [
        (_("Dose level"), cohort),
        (_("Cycle, day"), _day(cycle, summary, now)),
        *(_since_each(summary, protocol, now) or [_since(given, now)]),
        (_("Sex, age"), _person(participant)),
        (_("Before this cycle"), _baseline(summary)),
        (_("Planned surgery"), surgery_words(summary, now, participant.site)),
        (_("Place"), "" if over else _place(participant, summary)),
        (_("Died"), _died(participant) if over else ""),
    ]
    return Identity(
        code=participant.code,
        cohort=cohort,
        cohort_color=participant.cohort.color,
        level="" if over else level_of(state),
        facts=[(label, words) for label, words in facts if words],
        dose=given,
        died_at=participant.died_at if over else None,
        place=(summary.get("place") or {}).get("code", ""),
    )


def identity_before(participant: Participant, cohort: str) -> Identity:
    """Before the first cycle: nothing was found, and nothing was given."""
    facts = [
        (_("Dose level"), cohort),
        (_("Cycle, day"), _("none opened")),
        (_("Sex, age"), _person(participant)),
        (_("Place"), _place(participant, {})),
    ]
    return Identity(
        code=participant.code,
        cohort=cohort,
        cohort_color=participant.cohort.color,
        level="",
        facts=[(label, words) for label, words in facts if words],
        dose=None,
        place="",
    )


def _day(cycle: Cycle, summary: dict[str, Any], now: datetime) -> str:
    zone = ZoneInfo(cycle.participant.site.time_zone)
    day = rows.cycle_day(summary.get("first_given"), now, zone)
    return f"C{cycle.number}" if day is None else f"C{cycle.number} D{day}"


def _since_each(
    summary: dict[str, Any], protocol: Protocol, now: datetime
) -> list[tuple[str, str]]:
    """Where several agents were given: the time since each, the first given first."""
    told = (summary.get("last_given") or {}).values()
    every = [one for dose in told if (one := rows.dose_row(dose, protocol))]
    if len(every) < 2:
        return []
    return [
        (
            _("Since %(agent)s %(n)d") % {"agent": one.label, "n": one.number},
            _since(one, now)[1],
        )
        for one in sorted(every, key=lambda one: one.at)
    ]


def _since(dose: DoseRow | None, now: datetime) -> tuple[str, str]:
    if dose is None:
        return _("Since dose"), _("none given")
    hours, minutes = divmod(int((now - dose.at).total_seconds() // 60), 60)
    words = _("%(h)d h %(m)02d") % {"h": hours, "m": minutes}
    if hours >= HOURS_AS_DAYS:
        words = _("%(d)d d %(h)d h") % {"d": hours // 24, "h": hours % 24}
    return _("Since dose %(n)d") % {"n": dose.number}, words


def surgery_words(summary: dict[str, Any], now: datetime, site: Site) -> str:
    """`14 Dec, in 9 d`: the hard end of the doses; "" where none is planned."""
    if not summary.get("surgery"):
        return ""
    day = date.fromisoformat(summary["surgery"])
    left = days_left(day, now, site)
    told = {"day": f"{day.day} {day:%b}", "n": abs(left)}
    if left == 0:
        return _("%(day)s, today") % told
    return (_("%(day)s, in %(n)d d") if left > 0 else _("%(day)s, %(n)d d ago")) % told


def days_left(day: date, now: datetime, site: Site) -> int:
    return (day - now.astimezone(ZoneInfo(site.time_zone)).date()).days


def _person(participant: Participant) -> str:
    sex = "" if participant.sex == Participant.Sex.UNKNOWN else participant.sex
    age = "" if participant.age is None else str(participant.age)
    return ", ".join(filter(None, (sex, age)))


def _died(participant: Participant) -> str:
    """`Thu 19 Nov 14:22`, at the site."""
    at = participant.died_at
    return localtime.say(at, participant.site.time_zone) if at else ""


def _baseline(summary: dict[str, Any]) -> str:
    """BP, pulse and temperature before the first dose, where the summary has them."""
    base = summary.get("baseline") or {}
    upper, lower = base.get("SYSBP"), base.get("DIABP")
    pressure = f"BP {upper:.0f}/{lower:.0f}" if upper and lower else ""
    pulse = f"HR {base['HR']:.0f}" if base.get("HR") else ""
    warmth = f"{base['TEMP']:.1f} °C" if base.get("TEMP") else ""
    told = " · ".join(filter(None, (pressure, pulse, warmth)))
    old = (summary.get("scores") or {}).get("old_baselines")
    return _("%(values)s (old baseline)") % {"values": told} if told and old else told


def _place(participant: Participant, summary: dict[str, Any]) -> str:
    code = (summary.get("place") or {}).get("code", "")
    place = str(wording.PLACES.get(code, ""))
    bed = _("bed %(bed)s") % {"bed": participant.bed} if participant.bed else ""
    if code in ("AT_HOME", "AWAY", "FOLLOW_UP"):
        return place
    return ", ".join(filter(None, (place, bed)))
