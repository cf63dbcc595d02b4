"""Handing an event to another person, who decides it instead."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import queries, referrals, states
from monitor.review.referrals import Referral
from monitor.review.states import Event
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check


@transaction.atomic
def refer(
    *, episode: Episode, to: User | None, reason: str, by: User, key: UUID
) -> tuple[Referral, bool]:
    """`to` is asked to decide, and why; anybody who may review still can.

    The same `key` again is the same referral. Raises Refused, with the field, and
    PermissionDenied.
    """
    participant = episode.cycle.participant
    check(by, Permission.REVIEW, participant.site)
    Episode.objects.select_for_update().get(pk=episode.pk)
    if (known := Referral.objects.filter(key=key).first()) is not None:
        return known, False
    if to is None or to not in referrals.reviewers(episode, by):
        raise Refused(_("Choose another person who reviews at this site."), "to")
    if not (said := reason.strip()):
        raise Refused(_("Say why you refer it."), "referral_reason")
    if not states.may(queries.state_of(episode), Event.REFER):
        raise Refused(_("A signature stands. Decide again before you refer it."))
    last = queries.latest(episode)
    made = Referral.objects.create(
        episode=episode,
        after=last.review if last else None,
        to=to,
        reason=said,
        referred_at=clock.now(),
        referred_by=by,
        key=key,
    )
    audit.record(
        action="review.referred",
        by=by,
        of=episode,
        site=participant.site,
        participant=participant.code,
        changes=[audit.change("to", None, to.get_full_name())],
        reason=said,
    )
    return made, True
