"""What came to an episode's record after a moment, and from whom.

Steps say what the program found on it. This is the record itself: values corrected or
entered, lines of the log, states, doses, questions and answers, decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitor import localtime
from monitor.audit import queries as trail
from monitor.bedside.models import Fact, Observation, Reading, ReferenceRange
from monitor.episodes import onward, wording
from monitor.episodes.models import Episode, TreatmentLink
from monitor.review.corrected import Correction, line_row, reading_row
from monitor.review.models import (
    Question,
    Reply,
    Review,
    SecondOpinion,
    Signature,
    Withdrawal,
)
from monitor.review.referrals import Referral
from monitor.review.seconds import OpinionAsked
from monitor.templatetags.bedside_ui import fact_word
from monitor.templatetags.log_ui import treatment_line
from monitor.treatments.models import Treatment
from monitor.trials.models import Dose, User

#: What one save wrote is one change.
AT_ONCE = timedelta(seconds=5)


@dataclass(frozen=True)
class News:
    """`L. Reyes, RN corrected ...`: known since `at`; `of`: when what it is about was.

    `of` None: it is about no moment of the record, and changes nothing signed.
    """

    at: datetime
    by: str
    did: str
    of: datetime | None = None

    def __str__(self) -> str:
        return f"{self.by} {self.did}"


@dataclass(frozen=True)
class Kind:
    """Rows of `model` at one `place` (a cycle or an episode), written `by` at `at`."""

    model: Any
    place: str
    at: str = "recorded_at"
    by: str = "recorded_by"
    only: Any = ()

    def rows(self, **where: Any) -> QuerySet[Any]:
        return self.model.objects.filter(*self.only, **where)


CORRECTED = {"supersedes__isnull": False}
FIRST = {"supersedes__isnull": True}


def _only(**where: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(where.items())


#: What a person may have written since, in the cycle of an episode or about it alone.
BY_CYCLE = (
    Kind(Reading, "observation__cycle", only=_only(**CORRECTED)),
    Kind(Observation, "cycle"),
    Kind(Treatment, "cycle"),
    Kind(Fact, "cycle"),
    Kind(ReferenceRange, "cycle"),
    Kind(Dose, "cycle", only=_only(**CORRECTED)),
    Kind(Question, "cycle", "asked_at", "asked_by"),
    Kind(Reply, "question__cycle", "said_at", "said_by"),
)
BY_EPISODE = (
    Kind(TreatmentLink, "episode"),
    Kind(Review, "episode"),
    Kind(Signature, "review__episode", "signed_at", "signed_by"),
    Kind(SecondOpinion, "signature__review__episode", "given_at", "given_by"),
    Kind(Referral, "episode", "referred_at", "referred_by"),
    Kind(OpinionAsked, "signature__review__episode", "asked_at", "asked_by"),
)


def last_news(
    found: Iterable[Episode], looks: Mapping[int, datetime], but: User
) -> dict[int, datetime]:
    """Episode id -> the last that somebody else than `but` wrote; fixed queries.

    Only of those that the person has looked at: the others are new to them anyway.
    """
    seen = [one for one in found if one.pk in looks]
    if not seen:
        return {}
    first = min(looks[one.pk] for one in seen)
    spans = onward.spans_of(seen)
    cycles = _last(BY_CYCLE, set().union(*spans.values()), first, but)
    own = _last(BY_EPISODE, {one.pk for one in seen}, first, but)
    gone = Withdrawal.objects.filter(at__gt=first).values_list(
        "signature__review__episode", "at"
    )
    for episode, at in gone:
        own[episode] = max(own.get(episode, at), at)
    last = {
        one.pk: [at for at in (*map(cycles.get, spans[one.pk]), own.get(one.pk)) if at]
        for one in seen
    }
    return {pk: max(moments) for pk, moments in last.items() if moments}


def _last(
    kinds: Iterable[Kind], places: set[int], since: datetime, but: User
) -> dict[int, datetime]:
    last: dict[int, datetime] = {}
    for kind in kinds:
        rows = kind.rows(**{f"{kind.place}__in": places, f"{kind.at}__gt": since})
        others = rows.exclude(**{kind.by: but.pk}).order_by()
        for place, at in others.values_list(kind.place).annotate(Max(kind.at)):
            last[place] = max(last.get(place, at), at)
    return last


# In words


def news_since(episode: Episode, since: datetime, but: User) -> list[News]:
    """As `news_of`, for a page: one query where the trail holds nothing since.

    While something is being written the trail is still to come: ask `news_of` then.
    """
    participant = episode.cycle.participant
    if not trail.written_since(participant.code, since):
        return []
    return news_of(episode, since, but)


def news_of(episode: Episode, since: datetime, but: User | None = None) -> list[News]:
    """All that came after `since`, oldest first; without what `but` wrote."""
    told: list[News] = []
    spanned = onward.span_of(episode).values("pk")
    for kind in (*BY_CYCLE, *BY_EPISODE):
        place = spanned if kind in BY_CYCLE else [episode.pk]
        rows = kind.rows(**{f"{kind.place}__in": place, f"{kind.at}__gt": since})
        if kind.model is TreatmentLink:  # A line that is new itself says so.
            rows = rows.filter(treatment__recorded_at__lte=since)
        if but is not None:
            rows = rows.exclude(**{kind.by: but.pk})
        joined = JOINED.get(kind.model, ())
        for row in rows.select_related(kind.by, *joined):
            told.append(_told(kind, row, episode))
    return sorted(told, key=lambda one: one.at)


def last_change(
    episode: Episode, until: datetime, since: datetime | None = None
) -> News | None:
    """The last change to the record of what was up to `until`, made after `since`.

    That is what a signature of `until` rests on, changed after it unless said.
    """
    found = news_of(episode, since or until)
    own = [one for one in found if one.of is not None and one.of <= until]
    if not own:
        return None
    last, first = own[-1], own[-1].at - AT_ONCE
    beside = sum(one.by == last.by and one.at >= first for one in own) - 1
    if not beside:
        return last
    more = ngettext("and %(n)d more change", "and %(n)d more changes", beside)
    return replace(last, did=f"{last.did}, {more % {'n': beside}}")


def cause_of(review: Review) -> str:
    """Why the signature of this decision holds no longer: who changed what."""
    last = last_change(review.episode, review.recorded_at)
    changed = _("What was signed has changed.")
    return f"{changed} {last}." if last else changed


JOINED: dict[Any, tuple[str, ...]] = {
    Reading: ("observation", "supersedes"),
    Observation: ("supersedes",),
    Treatment: ("supersedes",),
    TreatmentLink: ("treatment",),
    OpinionAsked: ("to",),
    Dose: ("supersedes",),
}


def _told(kind: Kind, row: Any, episode: Episode) -> News:
    zone = episode.cycle.participant.site.time_zone
    did, of = WORDS[kind.model](row, lambda at: localtime.say(at, zone))
    return News(getattr(row, kind.at), getattr(row, kind.by).get_full_name(), did, of)


def corrected(one: Correction, when: Any) -> str:
    told = {"what": one.what, "at": when(one.at), "was": one.was, "now": one.now}
    if not one.now:
        return _("struck out %(what)s of %(at)s: %(was)s") % told
    return _("corrected %(what)s of %(at)s: %(now)s, was %(was)s") % told


def _reading(row: Reading, when: Any) -> tuple[str, datetime | None]:
    return corrected(reading_row(row), when), row.observation.observed_at


def _set(row: Observation, when: Any) -> tuple[str, datetime | None]:
    said = (
        _("struck out the set of %(at)s")
        if row.voided
        else _("entered a set of %(at)s")
    )
    return said % {"at": when(row.observed_at)}, row.observed_at


def _line(row: Treatment, when: Any) -> tuple[str, datetime | None]:
    if row.supersedes_id:
        return corrected(line_row(row), when), min(row.at, row.supersedes.at)
    said = _("logged %(what)s at %(at)s")
    return said % {"what": treatment_line(row), "at": when(row.at)}, row.at


def _link(row: TreatmentLink, when: Any) -> tuple[str, datetime | None]:
    said = _("linked %(what)s to the episode")
    return said % {"what": treatment_line(row.treatment)}, row.treatment.at


def _fact(row: Fact, when: Any) -> tuple[str, datetime | None]:
    said = _("struck out %(what)s") if row.voided else _("recorded %(what)s of %(at)s")
    return said % {"what": fact_word(row.code), "at": when(row.at)}, row.at


def _range(row: ReferenceRange, when: Any) -> tuple[str, datetime | None]:
    said = _("changed the range of %(what)s")
    return said % {"what": wording.item_label(row.item)}, row.since


def _dose(row: Dose, when: Any) -> tuple[str, datetime | None]:
    told = {"n": row.number, "how": row.get_status_display()}
    at = row.given_at or row.supersedes.given_at
    return _("recorded dose %(n)d: %(how)s") % told, at


def _question(row: Question, when: Any) -> tuple[str, datetime | None]:
    return _("asked: “%(text)s”") % {"text": row.text}, None


def _reply(row: Reply, when: Any) -> tuple[str, datetime | None]:
    if row.kind == Reply.Kind.CLOSE:
        return _("closed a question"), None
    said = _("answered: “%(text)s”")
    if row.kind == Reply.Kind.REOPEN:
        said = _("asked again: “%(text)s”")
    return said % {"text": row.text}, None


def _review(row: Review, when: Any) -> tuple[str, datetime | None]:
    return _("decided: %(what)s") % {"what": row.get_verdict_display()}, None


def _signature(row: Signature, when: Any) -> tuple[str, datetime | None]:
    return _("signed"), None


def _opinion(row: SecondOpinion, when: Any) -> tuple[str, datetime | None]:
    if row.agrees:
        return _("agreed as second reviewer"), None
    return _("disagreed as second reviewer: “%(text)s”") % {"text": row.text}, None


def _referral(row: Referral, when: Any) -> tuple[str, datetime | None]:
    return _("referred it: “%(text)s”") % {"text": row.reason}, None


def _asked(row: OpinionAsked, when: Any) -> tuple[str, datetime | None]:
    told = {"name": row.to.get_full_name(), "text": row.text}
    return _("asked %(name)s for a second opinion: “%(text)s”") % told, None


WORDS: dict[Any, Any] = {
    Reading: _reading,
    Observation: _set,
    Treatment: _line,
    TreatmentLink: _link,
    Fact: _fact,
    ReferenceRange: _range,
    Dose: _dose,
    Question: _question,
    Reply: _reply,
    Review: _review,
    Signature: _signature,
    SecondOpinion: _opinion,
    Referral: _referral,
    OpinionAsked: _asked,
}
