"""What did not come in time: a set, a re-check, a reading, an assessment (B5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitor import clock
from monitor.clinical.due.present import OUTSIDE
from monitor.clinical.study.escalation import quiet
from monitor.episodes import wording
from monitor.episodes.due import due_of
from monitor.episodes.models import CycleState
from monitor.episodes.shapes import DueRow, rank
from monitor.episodes.standing import moment
from monitor.notices import actions
from monitor.notices.models import Notice
from monitor.notices.telling import level_key, path_of, policy_of
from monitor.trials.models import Cycle

Summary = dict[str, Any]
# So many notices are ended by one sweep; the next goes on.
BATCH = 100
WHY_OVER = "what it told of is below a warning, or resolved"
# Nothing that made the episode is there any more; it closes later.
RESOLVED = "resolved"


def not_assessed(cycle: Cycle, state: CycleState) -> Notice | None:
    """What is saved was not assessed: told if it lasts. None: told already."""
    since = state.failed_at or clock.now()
    key = f"not_assessed:{cycle.pk}:{since:%Y%m%dT%H%M%S.%f}"
    if Notice.objects.filter(key=key).exists():
        return None
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.NOT_ASSESSED,
        level="",
        policy=policy_of(cycle, "not_assessed"),
        lines=[_("Saved, but not assessed. Judge from the values.")],
        path=path_of(cycle),
        happened_at=since,
        counted_from=since,
        key=key,
    )


def assessed_again(cycle: Cycle) -> None:
    """It has been assessed: what nobody was told of yet need not be told."""
    actions.call_off(participant=cycle.participant, kind=Notice.Kind.NOT_ASSESSED)


def overdue(cycles: Iterable[Cycle], now: datetime) -> list[Notice]:
    """What is late is told by its policy, from the time at which it was due.

    What has come, or need not come any more, is told no further. `cycles` have their
    `state` loaded.
    """
    late = {
        overdue_key(cycle, due): (cycle, due)
        for cycle in cycles
        if hasattr(cycle, "state")
        and (due := due_of(cycle, cycle.state.brief, now)) is not None
        and due.at <= now
    }
    told = Notice.objects.filter(kind=Notice.Kind.OVERDUE, ended_at__isnull=True)
    over_now = told.exclude(key__in=late).values_list("pk", flat=True)
    actions.end(list(over_now), "it came, or is no longer due")
    known = Notice.objects.filter(key__in=late).values_list("key", flat=True)
    fresh = sorted(set(late) - set(known))
    made = [tell_overdue(*late[key], key, now) for key in fresh]
    return [one for one in made if one is not None]


def overdue_key(cycle: Cycle, due: DueRow) -> str:
    return f"overdue:{cycle.pk}:{due.at:%Y%m%dT%H%M%S}"


def tell_overdue(cycle: Cycle, due: DueRow, key: str, now: datetime) -> Notice | None:
    """None before the policy's first step: what comes a little late is no notice."""
    policy = policy_of(cycle, overdue_policy(cycle, now))
    if now < due.at + timedelta(minutes=policy.steps[0].after_minutes):
        return None
    zone = ZoneInfo(cycle.participant.site.time_zone)
    local = due.at.astimezone(zone)
    told = {"what": due.what.capitalize(), "at": f"{local:%H:%M} {local:%Z}"}
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.OVERDUE,
        level="warning" if policy.key == "overdue_after_dose" else "",
        policy=policy,
        lines=[_("%(what)s was due at %(at)s.") % told],
        path=path_of(cycle),
        happened_at=due.at,
        counted_from=due.at,
        key=key,
    )


def overdue_policy(cycle: Cycle, now: datetime) -> str:
    """Soonest in the hours after a dose, then where an episode is open (B5)."""
    summary = cycle.state.brief
    given = moment_of(summary.get("given"))
    window = timedelta(hours=quiet().after_dose_hours)
    if given is not None and now - given <= window:
        return "overdue_after_dose"
    open_levels = [line["level"] for line in summary.get("lines", ())]
    pressing = any(rank(one) >= rank("warning") for one in open_levels)
    return "overdue_in_episode" if pressing else "overdue"


def moment_of(dose: Summary | None) -> datetime | None:
    return moment(dose["at"]) if dose and dose.get("at") else None


def held(cycles: Iterable[Cycle], now: datetime) -> list[Notice]:
    """A level that stood for hours without a reading is a notice of its own (B4)."""
    hours = quiet().held_hours
    found = {
        f"held:{cycle.pk}:{line['topic']}:{since:%Y%m%dT%H%M%S}": (cycle, line, since)
        for cycle in cycles
        if hasattr(cycle, "state") and in_patient(cycle)
        for line in cycle.state.brief.get("lines", ())
        if line.get("held_since")
        and now - (since := moment(line["held_since"])) > timedelta(hours=hours)
    }
    told = Notice.objects.filter(kind=Notice.Kind.HELD, ended_at__isnull=True)
    over_now = told.exclude(key__in=found).values_list("pk", flat=True)
    actions.end(list(over_now), "readings came, or nothing is held any more")
    known = Notice.objects.filter(key__in=found).values_list("key", flat=True)
    return [tell_held(*found[key], key) for key in sorted(set(found) - set(known))]


def level_over(cycles: Iterable[Cycle], now: datetime) -> int:
    """Notices of a level are over once all that they told of is below a warning, or

    resolved. What is not assessed as it stands says nothing. Returns how many ended.
    """
    current = {
        cycle.participant_id: (level_key(cycle.pk), come_down(cycle.state.brief))
        for cycle in cycles
        if hasattr(cycle, "state") and cycle.state.is_current
    }
    told = Notice.objects.filter(kind=Notice.Kind.LEVEL, ended_at__isnull=True)
    # One that does not say what it told of stays until it is answered.
    found = told.filter(participant__in=current).exclude(topics=[]).order_by("pk")
    over_now = [
        pk
        for pk, who, key, topics in found.values_list(
            "pk", "participant", "key", "topics"
        )
        if all(is_down(one, key, *current[who]) for one in topics)
    ]
    return actions.end(over_now[:BATCH], WHY_OVER)


def is_down(topic: str, key: str, own: str, down: dict[str, bool]) -> bool:
    """Whether the topic of a notice has come down.

    A brief leaves out what is clear. So a topic that is not in it has come down, if the
    notice is of the same cycle; of an earlier one it says nothing.
    """
    return down.get(topic, key.startswith(own))


def come_down(brief: Summary) -> dict[str, bool]:
    """`family/topic` -> whether it is known to be below a warning, or resolved."""
    return {
        f"{line['family']}/{line['topic']}": line.get("status") == RESOLVED
        or rank(line["level"]) < rank("warning")
        for line in brief.get("lines", ())
    }


def in_patient(cycle: Cycle) -> bool:
    place = cycle.state.brief.get("place") or {}
    return place.get("code") not in OUTSIDE


def tell_held(cycle: Cycle, line: dict[str, Any], since: datetime, key: str) -> Notice:
    hours = quiet().held_hours
    told = {"what": wording.label_of(line["family"], line["topic"]), "n": hours}
    said = _("%(what)s: the level stands without readings for more than %(n)d h.")
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.HELD,
        level="",
        policy=policy_of(cycle, "overdue_in_episode"),
        lines=[said % told],
        path=path_of(cycle),
        happened_at=since,
        key=key,
    )
