"""Second reviewers who disagree with a signature that stands."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.review.models import SecondOpinion


def standing(ids: Iterable[int]) -> dict[int, SecondOpinion]:
    """Episode id -> the last opinion that disagrees with the signature in force."""
    rows = SecondOpinion.objects.filter(
        agrees=False,
        signature__review__episode__in=list(ids),
        signature__review__superseded_by__isnull=True,
        signature__withdrawal__isnull=True,
    )
    loaded = rows.select_related("signature__review").order_by("pk")
    return {row.signature.review.episode_id: row for row in loaded}
