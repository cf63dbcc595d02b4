"""What a signature is bound to: one canonical text of all that was signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from monitor.episodes.models import Step, TreatmentLink
from monitor.episodes.queries import standing_steps
from monitor.review.models import Review
from monitor.treatments.models import Treatment

DECIDED = (
    "verdict",
    "scale",
    "grade",
    "attribution",
    "serious",
    "action",
    "outcome",
    "note",
    "reason",
)
#: What a decision may say besides. Empty ones are left out, so that what was signed
#: before the program knew of them stays what was signed.
ALSO = (
    "part_of_id",
    "split_at",
    "rechallenge",
    "dlt",
    "ctcae_grade",
    "expected",
    "aware_at",
    "died_at",
    "suspect_notes",
    "work_up",
)
GIVEN = ("code", "form", "amount", "unit", "at", "until")
#: Left out where they are empty, as ALSO is.
GIVEN_ALSO = ("weight", "fluid", "agent", "deviation")


def digest_of(review: Review) -> str:
    """SHA-256 of the decision, the steps up to it, and the treatments for the episode.

    What happens after the review is not in it: the episode may go on.
    """
    until = review.recorded_at
    steps = standing_steps().filter(episode=review.episode_id, at__lte=until)
    links = TreatmentLink.objects.current().filter(episode=review.episode_id)
    given = Treatment.objects.current().filter(at__lte=until)
    linked = given.filter(pk__in=successors(links.values_list("treatment", flat=True)))
    return digest(review, steps.order_by("at", "pk"), linked.order_by("at", "pk"))


def digest(
    review: Review, steps: Iterable[Step], treatments: Iterable[Treatment]
) -> str:
    also = {name: _plain(value) for name in ALSO if (value := getattr(review, name))}
    content = {
        "episode": review.episode_id,
        "by": review.recorded_by_id,
        "decision": {name: getattr(review, name) for name in DECIDED} | also,
        "steps": [step.digest for step in steps],
        "treatments": [given_content(given) for given in treatments],
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def given_content(given: Treatment) -> dict[str, Any]:
    said = {name: getattr(given, name) for name in (*GIVEN, *GIVEN_ALSO)}
    kept = {name: value for name, value in said.items() if value or name in GIVEN}
    return {name: _plain(value) for name, value in kept.items()}


def successors(ids: Iterable[int]) -> set[int]:
    """The rows that stand for these ones now: a correction keeps the link."""
    found, fresh = set(), set(ids)
    while fresh:
        found |= fresh
        later = Treatment.objects.filter(supersedes__in=fresh)
        fresh = set(later.values_list("pk", flat=True)) - found
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return f"{value:.10g}" if isinstance(value, float) else value
