"""Everything that lies before a reviewer: one episode, loaded once for its page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from monitor import localtime
from monitor.clinical.ctcae import TERMS
from monitor.clinical.ctcae.naming import proposed
from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow
from monitor.episodes.wording import numbered
from monitor.notices import queries as notices
from monitor.review import asked, choices, news, queries
from monitor.review.actions import reports
from monitor.review.adverse_rows import of_episode
from monitor.review.attributed import called
from monitor.review.case import Case, case_of
from monitor.review.dlt import window_of
from monitor.review.done import given, next_doses
from monitor.review.evidence import evidence_of
from monitor.review.followed import followed
from monitor.review.forms import LIMIT, PLAIN, DecisionForm, Subject
from monitor.review.infusions import differential_of
from monitor.review.listing import listing_of
from monitor.review.models import Review
from monitor.review.peak import peak_of
from monitor.review.refer_forms import ReferForm
from monitor.review.report_forms import ReportForm
from monitor.review.reporting import clocks_of, least_of
from monitor.review.shapes import ReviewRow
from monitor.review.sign_forms import AskOpinionForm, OpinionForm
from monitor.review.states import State
from monitor.trials.blinding import shown
from monitor.trials.models import Site, User
from monitor.trials.permissions import Permission, granted
from monitor.trials.queries import memberships_for, zone_of
from monitor.trials.wording import key_of_topic, wording_of

__all__ = ["Case", "case_of", "desk", "opened", "subject_of"]


def subject_of(case: Case) -> Subject:
    """Whom the decision asks about, and what the record says."""
    episode = case.episode
    protocol = protocol_of(episode.cycle)
    standing = queries.standing_of(episode, case.row, case.wholes, case.edition)
    return Subject(
        scale=case.row.scale,
        agents=choices.agents_of(protocol),
        suspects=choices.suspects_of(protocol),
        standing=standing,
        zone=episode.cycle.participant.site.time_zone,
        wholes=[(one.pk, numbered(one)) for one in case.wholes],
        proposal=proposed(episode.topic, standing.terms),
    )


def first_choices(user: User, case: Case, subject: Subject) -> dict[str, Any]:
    """What the form opens with: what was signed last, one's own draft, or the grade

    that is shown. Another's draft is theirs, and nothing of it is chosen.
    """
    last = next((one for one in case.reviews if one.current), None)
    another = last and not last.signature and last.review.recorded_by_id != user.pk
    if last is None or another:
        first = {"verdict": "agree", "grade": subject.standing.suggested}
        proposed_term = subject.proposal.first
        return first | ({"ctcae_term": proposed_term} if proposed_term else {})
    review = last.review
    given = {name: getattr(review, name) for name in ("verdict", *PLAIN)}
    if last.signature:  # Another decision has a reason of its own.
        del given["reason"]
    given |= {"part_of_id": review.part_of_id}
    given |= {name: review.dlt.get(part, "") for part, name in LIMIT.items()}
    given |= serious_of_each(review)
    for name in ("died_at", "aware_at", "split_at"):
        if at := getattr(review, name):
            given[name] = localtime.say(at, subject.zone)
    given |= {f"attribution_{who}": how for who, how in review.attribution.items()}
    given |= {f"note_{who}": said for who, said in review.suspect_notes.items()}
    return given | {f"action_{who}": how for who, how in review.action.items()}


def serious_of_each(review: Review) -> dict[str, Any]:
    """The criteria as the form asks for them: those of one event, or of each of two."""
    parts = review.serious_parts
    if review.split_at is None:
        return {}
    first = parts.get(choices.FIRST, []) if parts else review.serious
    second = parts.get(choices.SECOND, []) if parts else review.serious
    return {"serious_first": first, "serious": second}


def may_second(user: User, last: ReviewRow) -> bool:
    """Whether somebody else has signed, and the person has said nothing of it yet."""
    signature = last.signature
    if signature is None or last.withdrawal or signature.signed_by_id == user.pk:
        return False
    return all(one.given_by_id != user.pk for one in signature.opinions.all())


def opened(user: User, case: Case) -> dict[str, Any]:
    """The page's context with a decision to begin."""
    subject = subject_of(case)
    initial = first_choices(user, case, subject)
    form = DecisionForm(initial=initial, subject=subject)
    return desk(user, case) | {"form": form}


def desk(user: User, case: Case) -> dict[str, Any]:
    """The page's context but for the form."""
    episode, row, reviews = case.episode, case.row, case.reviews
    cycle = episode.cycle
    return {
        "row": row,
        "shown": case.shown,
        "participant": cycle.participant,
        "site": cycle.participant.site,
        "related": related(row, case.rows),
        **found_in(user, case),
        **done_for(user, case),
        **decided_on(user, case),
        **reported_of(episode),
        **told_to(user, case),
        **to_ask(user, reviews),
        **allowed_to(user, row, cycle.participant.site, reviews),
    }


def found_in(user: User, case: Case) -> dict[str, Any]:
    """What the record shows: the finding, why, its steps, and the chart."""
    cycle, topic = case.episode.cycle, case.episode.topic
    finding = episodes.finding_of(case.episode, case.row, case.steps)
    told = {"user": user, "taken": case.sets, "topic": topic, "later": case.later}
    told |= {"until": case.until, "doses": shown(user, cycle.participant, case.doses)}
    zone = zone_of(cycle.participant.site)
    return {
        "finding": finding,
        "evidence": evidence_of(finding, protocol_of(cycle).lines, cycle),
        "peak": peak_of(case.episode, case.row, case.steps),
        "history": case.steps,
        "chart": episodes.chart_data(cycle, zone, whole=True, **told),
    }


def done_for(user: User, case: Case) -> dict[str, Any]:
    """What was given, what helped, and the doses before and to come."""
    episode, row = case.episode, case.row
    cycle = episode.cycle
    linked, others = given(case)
    doses = shown(user, cycle.participant, case.doses)
    protocol = protocol_of(cycle)
    return {
        "treatments": linked,
        "other_treatments": others,
        "doses": doses,
        "goes_on_in": case.later,
        "infusion": differential_of(episode.topic, row.since, doses, protocol),
        "next_doses": next_doses(cycle),
        **followed(case, linked, others),
    }


def decided_on(user: User, case: Case) -> dict[str, Any]:
    """What was decided so far, and what a decision now rests on."""
    episode, row, reviews = case.episode, case.row, case.reviews
    seen = queries.looked_at(user, episode)
    return {
        "reviews": reviews,
        "again": bool(reviews) and reviews[0].signature is not None,
        "decided": bool(reviews) and reviews[0].state == State.SIGNED,
        "called": called(reviews[0].review) if reviews else [],
        "window": window_of(episode, row.since),
        "parts": queries.parts_of(episode),
        "listing": listing_of(episode, row, case.edition),
        "grade_words": grade_words(episode, row),
        "special": special_of(episode),
        "suspects": choices.suspects_of(protocol_of(episode.cycle)),
        "changes": queries.changes_since(seen, case.steps),
        "heard": news.news_since(episode, seen, but=user) if seen else [],
        "looked_at": seen,
        "neighbors": queries.neighbors(user, episode),
        "meaning": choices.MEANING,
        "signer": signer(user, episode.cycle.participant.site),
    }


def special_of(episode: Episode) -> dict[str, float] | None:
    """From which grade on it is of special interest, and how soon that is reported."""
    least = least_of(episode)
    lines = protocol_of(episode.cycle).lines
    hours = lines["special_interest_hours"]
    return None if least is None else {"grade": least, "hours": hours}


def reported_of(episode: Episode) -> dict[str, Any]:
    """The adverse event's record, and the clocks of its reports."""
    return {
        "records": of_episode(episode),
        "clocks": clocks_of([episode]).get(episode.pk, []),
        "report_form": ReportForm(zone=episode.cycle.participant.site.time_zone),
    }


def told_to(user: User, case: Case) -> dict[str, Any]:
    """The person's notice about the participant, what is asked, and who is asked."""
    episode, participant = case.episode, case.episode.cycle.participant
    return {
        "notice": notices.open_about(user, participant),
        "acknowledged": notices.answer_about(participant),
        "questions": asked.unsettled_rows(user, episode.cycle),
        "referral": case.referral,
        "refer_form": ReferForm(episode=episode, reader=user),
        "opinion_form": OpinionForm(),
    }


def to_ask(user: User, reviews: Sequence[ReviewRow]) -> dict[str, Any]:
    """The form by which who signed asks a colleague, where the signature stands."""
    last = reviews[0] if reviews else None
    if last is None or last.signature is None or last.withdrawal:
        return {}
    if last.signature.signed_by_id != user.pk:
        return {}
    return {"ask_form": AskOpinionForm(signature=last.signature)}


def allowed_to(
    user: User, row: EpisodeRow, site: Site, reviews: Sequence[ReviewRow]
) -> dict[str, Any]:
    """What the person may do here now."""
    allowed = granted(user, site)
    reviewer = Permission.REVIEW in allowed
    return {
        "may_review": reviewer,
        "may_second": reviewer and bool(reviews) and may_second(user, reviews[0]),
        "reportable": reports.reportable(allowed),
        "may_ask": Permission.ASK in allowed,
        "may_acknowledge": Permission.ACKNOWLEDGE in allowed,
        "may_say_over": Permission.CONFIRM in allowed and not row.closed,
        "may_log": Permission.LOG_TREATMENT in allowed,
        "may_correct": Permission.CORRECT in allowed,
    }


def grade_words(episode: Episode, row: EpisodeRow) -> dict[str, Any] | None:
    """What the highest grade means in CTCAE, and whose words these are."""
    wording = wording_of(protocol_of(episode.cycle).ctcae)
    key = key_of_topic(row.topic)
    grade = (row.step.state.get("max_grades") or {}).get(f"ctcae_{wording.version}")
    if not (key and grade):
        return None
    text, code = wording.of_term(key, grade), wording.code_of(key)
    name = TERMS[key].name
    return {
        "wording": wording,
        "name": name,
        "grade": grade,
        "text": text,
        "code": code,
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
