"""Which notice took over from another: it is told on, and its answer settles both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monitor.episodes.shapes import rank
from monitor.notices.models import Notice


def replaced(notices: Iterable[Notice]) -> dict[int, int]:
    """Notice id -> the newest that took over from it and waits for its answer.

    Only notices of a level are taken over: by a later one, as grave or graver, while
    both are open. One query, and none where nothing is open.
    """
    level = Notice.Kind.LEVEL
    waiting = [one for one in notices if one.kind == level and is_open(one)]
    if not waiting:
        return {}
    people = {one.participant_id for one in waiting}
    rows = Notice.objects.filter(
        participant__in=people,
        kind=level,
        answered_at__isnull=True,
        ended_at__isnull=True,
        pk__gt=min(one.pk for one in waiting),
    )
    later: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, who, said in rows.order_by("pk").values_list("pk", "participant", "level"):
        later[who].append((pk, said))
    found = {}
    for one in waiting:
        for pk, said in later[one.participant_id]:
            if pk > one.pk and rank(said) >= rank(one.level):
                found[one.pk] = pk
    return found


def is_open(notice: Notice) -> bool:
    return notice.answered_at is None and notice.ended_at is None
