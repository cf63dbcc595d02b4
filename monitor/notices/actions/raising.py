"""What could not be delivered raises somebody else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.clinical.study import escalation
from monitor.clinical.study.escalation import Policy
from monitor.episodes.assessing import protocol_of
from monitor.notices.actions.log import SWEEP, log, record
from monitor.notices.actions.outbox import queue
from monitor.notices.models import Attempt, Notice
from monitor.trials.models import Participant
from monitor.trials.queries import current_cycle


def give_up(notice: Notice, now: datetime, why: str) -> None:
    """The notice reached nobody: it says so, and others are raised."""
    log(notice, Attempt.Outcome.FAILED, now, answer=why)
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.WAITING)
    if waiting.update(state=Notice.State.FAILED, settled_at=now):
        record(notice, "notice.failed", SWEEP)
    raise_undeliverable(notice, f"notice:{notice.pk}")


@transaction.atomic
def raise_undeliverable(notice: Notice, key: str) -> Notice | None:
    """A notice about a notice; none about one that is such a notice itself."""
    if notice.kind == Notice.Kind.UNDELIVERABLE:
        return None
    said = _("A notice could not be delivered: %(what)s.")
    return queue(
        participant=notice.participant,
        kind=Notice.Kind.UNDELIVERABLE,
        level=notice.level,
        policy=policy_for(notice.participant, "undeliverable"),
        lines=[said % {"what": notice.get_kind_display()}, *notice.lines],
        path=notice.path,
        happened_at=clock.now(),
        key=f"undeliverable:{key}",
    )


def policy_for(participant: Participant, key: str) -> Policy:
    """The policy of the participant's protocol; before the first cycle the default."""
    cycle = current_cycle(participant)
    if cycle is None:
        return escalation.defaults()[key]
    return protocol_of(cycle).policies[key]
