"""What a signature is bound to: one canonical text of all that was signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from monitor.episodes.models import Episode, Step, TreatmentLink
from monitor.episodes.queries import standing_steps
from monitor.review.corrected import lines, readings
from monitor.review.models import Review, Signature
from monitor.treatments.actions import FIELDS
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
    "serious_parts",
    "rechallenge",
    "dlt",
    "ctcae_grade",
    "ctcae_term",
    "expected",
    "aware_at",
    "died_at",
    "suspect_notes",
    "work_up",
)
GIVEN = ("code", "form", "amount", "unit", "at", "until")
#: Version of a digest -> what else it holds of a line; left out where it is empty, as
#: ALSO is. A signature is compared under the version that it was made with. The newest
#: holds all that a line says: a field that lines get later is empty in the older ones.
ALL_OF_A_LINE = tuple(name for name in FIELDS if name not in GIVEN)
GIVEN_ALSO = {
    1: ("weight", "fluid", "agent", "deviation"),
    2: ALL_OF_A_LINE,
    3: ALL_OF_A_LINE,
}
NEWEST = max(GIVEN_ALSO)
#: From here on a digest holds which values of the event's time had been corrected: a
#: value is shown to who signs also where no step rests on it.
WITH_CORRECTIONS = 3


def digest_of(review: Review, version: int = NEWEST) -> str:
    """SHA-256 of the decision, the steps up to it, its treatments and corrected values.

    What happens after the review is not in it: the episode may go on.
    """
    until = review.recorded_at
    found = standing_steps().filter(episode=review.episode_id, at__lte=until)
    steps = list(found.order_by("at", "pk"))
    linked = linked_by(review.episode_id, until)
    corrected: Sequence[int] = ()
    if version >= WITH_CORRECTIONS:
        corrected = corrected_in(review.episode, steps, until)
    return digest(review, steps, linked, version, corrected)


def corrected_in(episode: Episode, steps: Sequence[Step], until: datetime) -> list[int]:
    """The corrections of values from the first step on up to `until`."""
    if not steps:
        return []
    told = (steps[0].at, until)
    return ids(readings(episode).filter(observation__observed_at__range=told))


def holds(signature: Signature) -> bool:
    """Whether what was signed is still what it was."""
    made = digest_of(signature.review, signature.digest_version)
    return made == signature.digest


def linked_by(episode: int, until: datetime) -> list[Treatment]:
    """The lines of the log up to `until` that stand for the episode, oldest first."""
    links = TreatmentLink.objects.current().filter(episode=episode)
    given = Treatment.objects.current().filter(at__lte=until)
    own = given.filter(pk__in=successors(links.values_list("treatment", flat=True)))
    return list(own.order_by("at", "pk"))


def shown_of(episode: Episode, until: datetime) -> str:
    """SHA-256 of what a page shows beside the steps.

    Two pages that show the same have the same. A correction whose transaction ended
    after the page was drawn differs, whatever its time says.
    """
    return sha256(beside(episode, until))


def beside(episode: Episode, until: datetime) -> dict[str, list[int]]:
    """What a page shows beside the steps: what is corrected, and the log."""
    return {
        "readings": ids(readings(episode)),
        "lines": ids(lines(episode)),
        "log": [one.pk for one in linked_by(episode.pk, until)],
    }


def ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def digest(
    review: Review,
    steps: Iterable[Step],
    treatments: Iterable[Treatment],
    version: int = NEWEST,
    corrected: Sequence[int] = (),
) -> str:
    also = {name: _plain(value) for name in ALSO if (value := getattr(review, name))}
    content = {
        "episode": review.episode_id,
        "by": review.recorded_by_id,
        "decision": {name: getattr(review, name) for name in DECIDED} | also,
        "steps": [step.digest for step in steps],
        "treatments": [given_content(given, version) for given in treatments],
    }
    return sha256(content | ({"corrected": list(corrected)} if corrected else {}))


def sha256(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def given_content(given: Treatment, version: int = NEWEST) -> dict[str, Any]:
    said = {name: getattr(given, name) for name in (*GIVEN, *GIVEN_ALSO[version])}
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
