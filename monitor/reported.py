"""Reports of events that come due: they are told before they are late.

`story` calls this in its sweep, as it calls `dosed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes.models import Episode
from monitor.notices import reviewing
from monitor.notices.models import Notice
from monitor.review.clocks import INTEREST, Clock, Kind, words_of
from monitor.review.reporting import clocks_of, waiting

#: How long before it is due a report is told, and by which policy.
TOLD = {
    Kind.SITE: ("report_notice_hours", "report_due"),
    Kind.SPONSOR_FATAL: ("report_notice_sponsor_hours", "report_due_sponsor"),
    Kind.SPONSOR: ("report_notice_sponsor_hours", "report_due_sponsor"),
}


def coming(now: datetime) -> list[Notice]:
    """A notice for each clock that runs out soon, or has; none that is there already.

    Of the reported events alone: as many queries however many there are.
    """
    near = {
        reviewing.report_key(episode, one): (episode, one)
        for episode, one in running()
        if told_from(one) <= now
    }
    known = Notice.objects.filter(key__in=near).values_list("key", flat=True)
    return [tell(*near[key]) for key in sorted(set(near) - set(known))]


def running() -> Iterator[tuple[Episode, Clock]]:
    loaded = Episode.objects.filter(pk__in=waiting().values("episode")).select_related(
        "cycle__protocol", "cycle__participant__site__trial"
    )
    by_id = {one.pk: one for one in loaded}
    for pk, found in clocks_of(by_id.values()).items():
        yield from ((by_id[pk], one) for one in found if one.runs)


def told_from(one: Clock) -> datetime:
    key, _policy = TOLD[one.kind]
    return one.due_at - timedelta(hours=THRESHOLDS[key].value)


def tell(episode: Episode, one: Clock) -> Notice:
    _key, policy = TOLD[one.kind]
    said = words_of(one.kind, one.rank)
    how = _("of special interest") if one.rank == INTEREST else _("serious")
    return reviewing.report_due(episode, one, said, policy, told_from(one), how=how)
