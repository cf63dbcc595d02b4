"""Deciding again on what was signed: what the reviewer is asked, and why.

A draft is no decision yet: it is finished, or another decides instead, without a
reason. What somebody signed is decided anew with one, which only a person can give.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from monitor.refusal import Refused
from monitor.review import disputes
from monitor.review.deciding import Decision
from monitor.review.models import SecondOpinion
from monitor.review.shapes import ReviewRow


def refuse_without_reason(last: ReviewRow | None, decision: Decision) -> None:
    """Raises Refused, at the reason, where what was signed is decided anew."""
    if last is None or last.signature is None or decision.reason:
        return
    raise Refused(asked_of(last, _against(last)), "reason")


def refuse_silence(last: ReviewRow, decision: Decision) -> None:
    """Raises Refused where the same decision is to answer who disagrees with it."""
    if last.signature is None or decision.reason:
        return
    if (opinion := _against(last)) is not None:
        raise Refused(asked_of(last, opinion), "reason")


def _against(last: ReviewRow) -> SecondOpinion | None:
    episode = last.review.episode_id
    return disputes.standing([episode]).get(episode)


def asked_of(last: ReviewRow, opinion: SecondOpinion | None) -> str:
    """What the reason is to say; `opinion` disagrees with the signature in force."""
    if last.withdrawal is not None:
        return _(
            "What was signed has changed since. Say in Reason what you make of the "
            "change, and sign again."
        )
    if opinion is not None:
        said = _(
            "%(name)s disagrees with what was signed. Say in Reason why you decide "
            "the same, or otherwise."
        )
        return said % {"name": opinion.printed_name}
    said = _("%(name)s signed a decision here. Say in Reason why you decide again.")
    return said % {"name": last.by}
