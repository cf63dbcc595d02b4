"""What an investigator's notes say: a notice taken, an episode looked at and signed."""

import shlex

from monitor import flow
from monitor.bedside.models import Reading
from monitor.demo.cast import password_of
from monitor.demo.teller import Teller
from monitor.demo.told import Row
from monitor.episodes.models import Episode
from monitor.notices import queries as notices
from monitor.review import predose
from monitor.review import queries as reviews
from monitor.review.choices import MEANING
from monitor.review.clocks import Kind
from monitor.review.models import Question
from monitor.review.reporting import clocks_of
from monitor.trials.queries import doses_of


def acknowledge(story: Teller, row: Row) -> None:
    """Takes every notice about the participant that is still open, if there is one."""
    by = story.by(row)
    told = notices.open_deliveries(by).filter(notice__participant=story.participant)
    for one in told.select_related("notice"):
        flow.acknowledge(notice=one.notice, by=by)


def look(story: Teller, row: Row) -> None:
    flow.look(episode=episode_of(story, row.rest), by=story.by(row))


def ask(story: Teller, row: Row) -> None:
    """`ask SYSBP Was the cuff on?`: of the newest value of an item that stands."""
    item, _space, text = row.rest.partition(" ")
    newest = Reading.objects.current().filter(observation__cycle=story.cycle, item=item)
    flow.ask(
        cycle=story.cycle,
        by=story.by(row),
        text=text,
        reading=newest.latest("observation__observed_at", "pk"),
        key=story.key(row),
    )


def reply(story: Teller, row: Row) -> None:
    """`reply The cuff had slipped.`: to the participant's last question."""
    question = Question.objects.filter(cycle=story.cycle).latest("pk")
    told = {"question": question, "by": story.by(row), "key": story.key(row)}
    flow.answer(**told, text=row.rest)


def decide(story: Teller, row: Row) -> None:
    """`decide il2_mutein 4 hold: CRS grade 3 on day 3`: a dose, on its check as it is.

    The decisions are those of `DoseDecision.Choice`.
    """
    what, reason = row.rest.split(": ", 1)
    agent, number, choice = what.split()
    found = predose.check_of(story.cycle, agent)
    flow.decide_dose(
        dose=doses_of(story.cycle).get(agent=agent, number=int(number)),
        choice=choice,
        reason=reason,
        seen=predose.seen(predose.kept(found)),
        by=story.by(row),
        password=password_of(row.by),
        key=story.key(row),
    )


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
        work_up=told.get("work_up", ""),
        by=story.by(row),
        password=password_of(row.by),
        meaning=str(MEANING),
    )


def refer(story: Teller, row: Row) -> None:
    """`refer crs okafor: I treated him myself.`"""
    what, reason = row.rest.split(": ", 1)
    topic, to = what.split()
    flow.refer(
        episode=episode_of(story, topic),
        by=story.by(row),
        to=story.world.people[to],
        reason=reason,
        key=story.key(row),
    )


def report(story: Teller, row: Row) -> None:
    """`report cls: e-mail to the safety desk`: every report of the site that is due."""
    topic, note = row.rest.split(": ", 1)
    episode = episode_of(story, topic)
    for one in clocks_of([episode]).get(episode.pk, ()):
        if one.runs and one.kind == Kind.SITE:
            flow.report_event(
                episode=episode,
                kind=one.kind,
                rank=one.rank,
                sent_at=story.moment(row.at),
                note=note,
                by=story.by(row),
                key=story.key(row),
            )


def disagree(story: Teller, row: Row) -> None:
    """`disagree cls: The weight was taken after two liters.`: with what was signed."""
    topic, text = row.rest.split(": ", 1)
    latest = reviews.latest(episode_of(story, topic))
    flow.second_opinion(
        signature=latest.signature,
        agrees=False,
        text=text,
        by=story.by(row),
        password=password_of(row.by),
    )


def episode_of(story: Teller, topic: str) -> Episode:
    """The participant's last episode of a topic, open or closed, of any cycle."""
    found = Episode.objects.filter(cycle__participant=story.participant, topic=topic)
    return found.select_related("cycle__protocol").latest("opened_at", "pk")


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split(",") if pair)
