"""What an episode is called after a person has said that it is another event.

The event is kept with its own grades beside it: the decision never changes the core.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from monitor.bedside.queries import facts_of
from monitor.clinical.ctcae import TERMS, VERSION_NAMES
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.episodes.wording import label_of
from monitor.review.choices import CAUSALITY, RELATED
from monitor.review.models import Review

INFECTION, SEPSIS, CULTURE = "infection", "SEPSIS", "CULTURE"


def called(review: Review) -> list[str]:
    """`CRS: none, infection` and, with a positive culture, `Sepsis: at least grade 3`.

    Empty for every other decision.
    """
    if review.verdict != Review.Verdict.NOT_THIS_EVENT:
        return []
    episode = review.episode
    label = label_of(episode.family, episode.topic)
    if not foremost(review.attribution):
        return [_("%(label)s: none") % {"label": label}]
    said = [_("%(label)s: none, infection") % {"label": label}]
    return said + sepsis(episode)


def foremost(said: Mapping[str, str]) -> bool:
    """Whether infection counts as a cause, and nothing else is as likely."""
    how_sure = list(CAUSALITY).index
    found = said.get(INFECTION, "")
    others = [how for who, how in said.items() if who != INFECTION]
    return found in RELATED and all(how_sure(one) < how_sure(found) for one in others)


def sepsis(episode: Episode) -> list[str]:
    """The grade that the last blood culture means under the trial's version."""
    last = facts_of(episode.cycle).filter(code=CULTURE).last()
    answer = last.value.partition(" ")[0] if last else ""
    version = protocol_of(episode.cycle).ctcae
    term = TERMS[SEPSIS]
    grade = term.by_culture(answer, version)
    if grade is None:
        return []
    told = {"name": term.name, "grade": grade, "version": VERSION_NAMES[version]}
    told["why"] = term.says(grade, version)
    return [_("%(name)s: at least grade %(grade)s (%(version)s): %(why)s") % told]
