"""What an investigator's notes say: a notice taken, an episode looked at and signed."""

import shlex

from monitor import flow
from monitor.demo.cast import password_of
from monitor.demo.teller import Teller
from monitor.demo.told import Row
from monitor.episodes.models import Episode
from monitor.notices import queries as notices
from monitor.review import queries as reviews
from monitor.review.choices import MEANING


def acknowledge(story: Teller, row: Row) -> None:
    """Takes every notice about the participant that is still open, if there is one."""
    by = story.by(row)
    told = notices.open_deliveries(by).filter(notice__participant=story.participant)
    for one in told.select_related("notice"):
        flow.acknowledge(notice=one.notice, by=by)


def look(story: Teller, row: Row) -> None:
    flow.look(episode=episode_of(story, row.rest), by=story.by(row))


def sign(story: Teller, row: Row) -> None:
    """`sign crs cause=il2_mutein:probable outcome=RECOVERED/RESOLVED note="..."`."""
    topic, *words = shlex.split(row.rest)
    told = dict(word.split("=", 1) for word in words)
    episode = episode_of(story, topic)
    standing = reviews.standing_of(episode)
    flow.review_and_sign(
        episode=episode,
        verdict=told.get("verdict", "agree"),
        scale=episode.cycle.protocol.document["scale"],
        grade=int(told["grade"]) if "grade" in told else standing.suggested,
        attribution=pairs(told.get("cause", "")),
        action=pairs(told.get("action", "")),
        serious=told.get("serious", "").split(),
        outcome=told.get("outcome", ""),
        note=told.get("note", ""),
        reason=told.get("reason", ""),
        by=story.by(row),
        password=password_of(row.by),
        meaning=str(MEANING),
    )


def episode_of(story: Teller, topic: str) -> Episode:
    """The participant's last episode of a topic, open or closed, of any cycle."""
    found = Episode.objects.filter(cycle__participant=story.participant, topic=topic)
    return found.select_related("cycle__protocol").latest("opened_at", "pk")


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split(",") if pair)
