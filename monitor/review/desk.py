"""Everything that lies before a reviewer: one episode, loaded once for its page."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow
from monitor.notices import queries as notices
from monitor.review import choices, queries
from monitor.review.evidence import evidence_of
from monitor.review.forms import Subject
from monitor.review.states import State
from monitor.treatments.models import Treatment
from monitor.trials.models import Site, User
from monitor.trials.permissions import Permission, granted
from monitor.trials.queries import doses_of, memberships_for, zone_of


def subject_of(episode: Episode) -> Subject:
    """Whom the decision asks about, and what the record says."""
    protocol = protocol_of(episode.cycle)
    row = episodes.episode_row(episode)
    return Subject(
        scale=row.scale,
        agents=choices.agents_of(protocol),
        suspects=choices.suspects_of(protocol),
        standing=queries.standing_of(episode),
    )


def first_choices(user: User, episode: Episode, subject: Subject) -> dict[str, Any]:
    """What the form opens with: one's own draft, else the grade that is shown."""
    last = queries.latest(episode)
    if last is None or last.signature or last.review.recorded_by_id != user.pk:
        return {"verdict": "agree", "grade": subject.standing.suggested}
    review = last.review
    given = {name: getattr(review, name) for name in ("verdict", "grade", "reason")}
    given |= {name: getattr(review, name) for name in ("note", "serious", "outcome")}
    given |= {f"attribution_{who}": how for who, how in review.attribution.items()}
    return given | {f"action_{who}": how for who, how in review.action.items()}


def desk(user: User, episode: Episode) -> dict[str, Any]:
    """The page's context but for the form."""
    cycle = episode.cycle
    participant, site = cycle.participant, cycle.participant.site
    allowed = granted(user, site)
    rows = episodes.episodes_of(cycle)
    row = next(one for one in rows if one.id == episode.pk)
    finding = episodes.finding_of(episode)
    reviews = queries.reviews_of(episode)
    linked, others = given(episode, row)
    return {
        "row": row,
        "participant": participant,
        "site": site,
        "finding": finding,
        "evidence": evidence_of(finding, protocol_of(cycle).lines),
        "history": episodes.history(episode),
        "chart": episodes.chart_data(cycle, zone_of(site)),
        "doses": list(doses_of(cycle)),
        "treatments": linked,
        "other_treatments": others,
        "related": related(row, rows),
        "reviews": reviews,
        "suspects": choices.suspects_of(protocol_of(cycle)),
        "decided": bool(reviews) and reviews[0].state == State.SIGNED,
        "changes": queries.changes_since_look(user, episode),
        "looked_at": queries.looked_at(user, episode),
        "neighbors": queries.neighbors(user, episode),
        "notice": notices.open_about(user, participant),
        "acknowledged": notices.answers(user).get(participant.pk),
        "may_review": Permission.REVIEW in allowed,
        "may_acknowledge": Permission.ACKNOWLEDGE in allowed,
        "meaning": choices.MEANING,
        "signer": signer(user, site),
    }


def signer(user: User, site: Site) -> str:
    """`investigator, site 02`: as what the person signs."""
    roles = {
        str(one.get_role_display())
        for one in memberships_for(user)
        if one.site in (None, site)
    }
    told = {"roles": ", ".join(sorted(roles)), "site": site.code}
    return _("%(roles)s, site %(site)s") % told


def related(row: EpisodeRow, rows: Iterable[EpisodeRow]) -> list[EpisodeRow]:
    """Other episodes of the cycle that were open while this one was."""
    return [
        one
        for one in rows
        if one.id != row.id
        and (not row.closed or one.since <= row.at)
        and (not one.closed or one.at >= row.since)
    ]


def given(episode: Episode, row: EpisodeRow) -> tuple[list[Treatment], list[Treatment]]:
    """What was given for the episode, and what else while it was open."""
    linked = episodes.links_of(episode.cycle)
    every = Treatment.objects.current().filter(cycle=episode.cycle, at__gte=row.since)
    own, others = [], []
    for one in every.order_by("at", "pk"):
        given_for = {other.id for other in linked.get(one.pk, [])}
        if episode.pk in given_for:
            own.append(one)
        elif not row.closed or one.at <= row.at:
            others.append(one)
    return own, others
