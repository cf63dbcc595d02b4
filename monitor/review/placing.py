"""When what waits for a decision became known, and where it stands in the queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.episodes.models import Episode, Step
from monitor.review import disputes, line, referrals, seconds
from monitor.review.counting import Waiting
from monitor.review.due import sign_by
from monitor.review.models import Review
from monitor.trials.models import User

#: What a place in the queue does not ask of a decision: each is JSON to be read.
UNREAD = ("step__state", "attribution", "suspect_notes", "serious", "action", "dlt")


def placed(
    user: User, levels: Mapping[int, str], found: Waiting, now: datetime
) -> list[line.Place]:
    """Where these episodes, which wait for a decision, stand in the user's queue.

    `levels`: episode id -> its level, of the user's or of others in `found`.
    """
    if not levels:
        return []
    reviews = standing_reviews(levels)
    rises = last_rises(levels, reviews)
    referred = referrals.by_episode(levels)
    disputed = found.disputed
    opinions = disputes.standing(disputed) if disputed else {}
    asked = seconds.by_episode(found.asked, user) if found.asked else {}
    zones = Episode.objects.filter(pk__in=list(levels)).values_list(
        "pk", "cycle__participant__site__time_zone"
    )
    made = []
    for pk, zone in zones:
        known_at = rises[pk].known_at
        signature = getattr(reviews.get(pk), "signature", None)
        withdrawal = getattr(signature, "withdrawal", None)
        if withdrawal is not None and pk not in referred:
            known_at = withdrawal.at
        if pk in opinions:
            known_at = opinions[pk].given_at
        if pk in asked:
            known_at = asked[pk].asked_at
        late = sign_by(levels[pk], known_at, ZoneInfo(zone)) < now
        made.append(line.Place(pk, levels[pk], rises[pk].since, late))
    return made


def standing_reviews(ids: Iterable[int]) -> dict[int, Review]:
    """Episode id -> the decision that stands, with what a place in the queue asks."""
    rows = Review.objects.current().filter(episode__in=list(ids))
    loaded = rows.select_related("recorded_by", "signature__withdrawal", "step")
    return {row.episode_id: row for row in loaded.defer(*UNREAD).order_by("pk")}


def last_rises(
    ids: Iterable[int], reviews: Mapping[int, Review]
) -> dict[int, line.Rise]:
    """Episode id -> when what is to be decided became known, and the last news."""
    steps = defaultdict(list)
    rows = Step.objects.filter(episode__in=list(ids))
    wanted = ("episode", "at", "pk", "recorded_at", "level", "max_grade", "closed")
    plain = rows.filter(withdraws__isnull=True, withdrawn_by__isnull=True)
    # Sorted here: SQLite, asked for an order, makes an index of all steps first.
    for row in sorted(plain.values(*wanted), key=lambda one: (one["at"], one["pk"])):
        steps[row["episode"]].append(row)
    return {one: line.rise_of(steps[one], reviews.get(one)) for one in steps}
