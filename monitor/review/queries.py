"""The queue and an episode's decisions: a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Prefetch

from monitor import clock
from monitor.clinical.ctcae import TERMS
from monitor.clinical.study.reference_safety import Edition
from monitor.episodes import queries as episodes
from monitor.episodes import rows
from monitor.episodes.assessing import protocol_of
from monitor.episodes.current import share_places
from monitor.episodes.models import Episode, Step
from monitor.episodes.shapes import EpisodeRow, StepRow
from monitor.review import (
    asked,
    choices,
    counting,
    disputes,
    line,
    referrals,
    seconds,
    states,
)
from monitor.review.clocks import next_due
from monitor.review.consistency import Standing
from monitor.review.dlt import window_of
from monitor.review.listing import edition_of, lacks
from monitor.review.models import Look, Review
from monitor.review.news import last_news
from monitor.review.placing import last_rises, placed, standing_reviews
from monitor.review.referrals import Referral
from monitor.review.reporting import clocks_of
from monitor.review.seconds import OpinionAsked
from monitor.review.shapes import (
    Neighbors,
    Queue,
    QueueFilters,
    QueueRow,
    ReviewRow,
    Section,
)
from monitor.review.states import State
from monitor.trials.models import Dose, User
from monitor.trials.queries import sites_for
from monitor.trials.wording import key_of_topic, terms_of

EVERYTHING = QueueFilters()
ASKED = Prefetch(
    "signature__asked", OpinionAsked.objects.select_related("to").order_by("pk")
)
#: What is by definition a reaction to what was given (reference 1.1 and 4.2).
REACTIONS = ("crs", "infusion_reaction")
#: As many drafts are signed at once as a person can look through.
AT_ONCE = 50
#: What was signed longer ago than this was not signed today, in any zone.
TODAY = timedelta(hours=48)


# One episode


def last_step(episode: Episode) -> Step:
    """The standing step that speaks for the episode."""
    steps = episodes.standing_steps().filter(episode=episode)
    return steps.order_by("at", "pk").last()


def reviews_of(episode: Episode) -> list[ReviewRow]:
    """Every decision on the episode, newest first; none is overwritten."""
    last = episodes.standing_steps().filter(episode=episode).order_by("at", "pk").last()
    return reviews_as(episode, last, referrals.of(episode))


def reviews_as(
    episode: Episode, last: Step | None, referral: Referral | None
) -> list[ReviewRow]:
    """The same, where the caller has read its last step and its referral."""
    found = (
        Review.objects.filter(episode=episode)
        .select_related("recorded_by", "signature__withdrawal", "step", "superseded_by")
        .prefetch_related("signature__opinions", ASKED)
    )
    return [
        review_row(row, last, referral, current=not hasattr(row, "superseded_by"))
        for row in found.order_by("-pk")
    ]


def latest(episode: Episode) -> ReviewRow | None:
    """The decision that stands."""
    return next((row for row in reviews_of(episode) if row.current), None)


def state_of(episode: Episode) -> State:
    """Where its review stands; also of one that nobody has decided on."""
    if (last := latest(episode)) is not None:
        return last.state
    return State.REFERRED if referrals.of(episode) else State.NEW


def review_row(
    review: Review,
    last: Step | None,
    referral: Referral | None = None,
    current: bool = True,
) -> ReviewRow:
    """`last` is the episode's standing step now; `review.step` must be loaded.

    `referral`: that of the episode that stands. `current`: no later one supersedes it.
    """
    signature = getattr(review, "signature", None)
    withdrawal = getattr(signature, "withdrawal", None)
    return ReviewRow(
        review=review,
        signature=signature,
        withdrawal=withdrawal,
        by=review.recorded_by.get_full_name(),
        state=states.state_of(
            reviewed=True,
            signed=signature is not None,
            withdrawn=withdrawal is not None,
            went_on=line.went_on(review.step, last),
            referred=referral is not None and referral.after_id == review.pk,
        ),
        current=current,
    )


def drafts_of(user: User) -> list[Review]:
    """One's own decisions that wait for a signature, oldest first."""
    own = Review.objects.current().filter(recorded_by=user, signature__isnull=True)
    here = own.filter(episode__in=episodes.episodes_for(user).values("pk"))
    loaded = here.select_related(
        "episode__cycle__participant__site__trial", "episode__cycle__protocol"
    )
    return list(loaded.order_by("recorded_at", "pk")[:AT_ONCE])


def standing_of(
    episode: Episode,
    row: EpisodeRow | None = None,
    wholes: Sequence[Episode] | None = None,
    edition: Edition | None = None,
) -> Standing:
    """What the record says, for `consistency`: the highest grade on the scale in force.

    `agents`: the study's own suspects; `planned`: those with a dose still to come, in
    this cycle or a later one.
    `row`, `wholes` and `edition`: where the caller has read them.
    """
    row = row or episodes.episode_row(episode)
    edition = edition or edition_of(episode, row.since)
    wholes = wholes_of(episode) if wholes is None else wholes
    protocol = protocol_of(episode.cycle)
    own = key_of_topic(episode.topic)
    planned = Dose.objects.current().filter(
        cycle__participant=episode.cycle.participant_id,
        cycle__number__gte=episode.cycle.number,
        status=Dose.Status.PLANNED,
    )
    return Standing(
        suggested=row.max_grade or None,
        closed=row.closed,
        agents=list(choices.agents_of(protocol)),
        suspects=choices.suspects_of(protocol),
        planned=list(planned.values_list("agent", flat=True)),
        since=row.since,
        now=clock.now(),
        others=[one.pk for one in wholes],
        limits_dose=window_of(episode, row.since).counts,
        other_scale=row.scale not in ("", f"ctcae_{protocol.ctcae}"),
        mimicked=episode.family == "crs",
        infectious=episode.topic == "infection",
        reaction=episode.topic in REACTIONS,
        own_term=TERMS[own].name if own else "",
        terms={} if episode.family == "crs" else terms_of(protocol.ctcae),
        unlisted="" if edition else lacks(),
    )


def wholes_of(episode: Episode) -> list[Episode]:
    """The participant's other episodes, newest first, less those that are parts."""
    parts = Review.objects.current().filter(part_of__isnull=False).values("episode")
    own = Episode.objects.filter(cycle__participant=episode.cycle.participant_id)
    others = own.exclude(pk=episode.pk).exclude(pk__in=parts)
    return list(others.order_by("-opened_at", "-pk"))


def parts_of(episode: Episode) -> list[Episode]:
    """The episodes that were decided to be parts of this one, oldest first."""
    said = Review.objects.current().filter(part_of=episode)
    own = Episode.objects.filter(pk__in=said.values("episode"))
    return list(own.order_by("opened_at", "pk"))


def looked_at(user: User, episode: Episode) -> datetime | None:
    """When the person last had the episode open."""
    looks = Look.objects.filter(user=user, episode=episode)
    return looks.values_list("at", flat=True).first()


def changes_since(seen: datetime | None, steps: Iterable[StepRow]) -> list[StepRow]:
    """Steps written or withdrawn after the person last had the episode open."""
    if seen is None:
        return []
    return [
        step
        for step in steps
        if max(step.recorded_at, step.withdrawn_at or step.recorded_at) > seen
    ]


# The queue


def queue(
    user: User, filters: QueueFilters = EVERYTHING, now: datetime | None = None
) -> Queue:
    """Every episode that waits for a decision, in sections, worst and oldest first."""
    now = now or clock.now()
    every = queue_rows(user, now)
    sites = sorted(
        {*(line.site_choice(row) for row in every), *_asked_for(user, filters)}
    )
    cohorts = sorted({(str(row.participant.cohort_id), row.cohort) for row in every})
    filters = known(filters, dict(sites), dict(cohorts))
    placed = line.sections(every, now)
    shown = [
        Section(key, title, [row for row in own if _passes(row, filters, user)])
        for key, title, own in placed
    ]
    return Queue(
        sections=shown,
        total=sum(len(one.rows) for one in shown if one.key in line.TO_DO),
        waiting=sum(len(own) for key, _title, own in placed if key in line.TO_DO),
        sites=sites,
        cohorts=cohorts,
    )


def _asked_for(user: User, filters: QueueFilters) -> list[tuple[str, str]]:
    """The site that is asked for, if it is one of theirs: nothing may wait there."""
    if not filters.site:
        return []
    own = sites_for(user)
    return [
        (one.code, f"{one.code} {one.name}") for one in own if one.code == filters.site
    ]


def known(
    filters: QueueFilters, sites: Mapping[str, str], cohorts: Mapping[str, str]
) -> QueueFilters:
    """Without what names no site of theirs, and no dose level of the list."""
    return replace(
        filters,
        site=filters.site if filters.site in sites else "",
        cohort=filters.cohort if filters.cohort in cohorts else "",
    )


def waiting(user: User, now: datetime | None = None) -> int:
    """How many episodes wait for a decision: as many as the queue's first sections.

    What waits on somebody else counts from when it is late: see `line.section_of`.
    """
    found, now = counting.waiting(user), now or clock.now()
    there = placed(user, found.theirs, found, now)
    return len(found.own) + sum(one.late for one in there)


def to_do(user: User, now: datetime | None = None) -> list[int]:
    """The ids of the queue's first sections in their order, without its rows."""
    now = now or clock.now()
    found = counting.waiting(user)
    mine = placed(user, found.own, found, now)
    there = placed(user, found.theirs, found, now)
    late = [one for one in (*mine, *there) if one.late]
    due = [one for one in mine if not one.late]
    both = (sorted(one, key=line.Place.order) for one in (late, due))
    return [one.id for section in both for one in section]


def neighbors(user: User, episode: Episode, now: datetime | None = None) -> Neighbors:
    """Where the episode stands among what is to do, and what lies beside it."""
    ids = to_do(user, now)
    if episode.pk not in ids:
        return Neighbors(0, len(ids), None, ids[0] if ids else None)
    place = ids.index(episode.pk)
    return Neighbors(
        position=place + 1,
        total=len(ids),
        previous=ids[place - 1] if place else None,
        next=ids[place + 1] if place + 1 < len(ids) else None,
    )


def queue_rows(user: User, now: datetime) -> list[QueueRow]:
    found = in_the_queue(user, now)
    by_id = {step.episode_id: step.episode for step in found}
    reviews = standing_reviews(by_id)
    rises = last_rises(by_id, reviews)
    looks = dict(
        Look.objects.filter(user=user, episode__in=by_id).values_list("episode", "at")
    )
    heard = last_news(by_id.values(), looks, but=user)
    running = clocks_of(by_id.values())
    referred = referrals.by_episode(by_id)
    questions = asked.open_by_episode(by_id)
    disputed = disputes.standing(by_id)
    second = seconds.by_episode(by_id, user)
    cohort = episodes.cohort_words(user)
    made = []
    for step in found:
        pk, episode = step.episode_id, step.episode
        review, referral = reviews.get(pk), referred.get(pk)
        scale = protocol_of(episode.cycle).scale
        made.append(
            line.queue_row(
                rows.episode_row(episode, step, rises[pk].since, scale),
                episode,
                cohort(episode.cycle.participant),
                review_row(review, step, referral) if review else None,
                rises[pk],
                line.Heard(looks.get(pk), heard.get(pk)),
                now,
                next_due(running.get(pk, ())),
                line.Asked(referral, user.pk) if referral else None,
                line.Waits(
                    questions.get(pk), disputed.get(pk), user.pk, second.get(pk)
                ),
            )
        )
    return sorted(made, key=line.order)


def in_the_queue(user: User, now: datetime) -> list[Step]:
    """The last step of each episode that may be shown, with episode and participant."""
    shown = counting.in_sight(user, now - TODAY)
    found = list(shown.select_related("episode__cycle__participant"))
    share_places([step.episode.cycle for step in found])
    return found


def _passes(row: QueueRow, filters: QueueFilters, user: User) -> bool:
    mine = row.assigned in ("", user.get_full_name())
    return (
        filters.site in ("", row.participant.site.code)
        and filters.cohort in ("", str(row.participant.cohort_id))
        and filters.family in ("", row.episode.family)
        and (mine or not filters.mine)
    )
