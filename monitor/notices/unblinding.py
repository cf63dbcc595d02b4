"""The notice of an emergency unblinding: that it was done, never what was seen."""

from django.utils.translation import gettext as _

from monitor import clock
from monitor.notices import actions, duty
from monitor.notices.models import Notice
from monitor.notices.telling import path_of, policy_of
from monitor.trials.models import Cycle, Unblinding

POLICY = "unblinded"


def told(cycle: Cycle, made: Unblinding) -> Notice:
    """To everybody whom the protocol lists for it."""
    line = _("%(who)s unblinded %(code)s in an emergency.")
    who = {"who": made.printed_name, "code": cycle.participant.code}
    return actions.queue(
        participant=cycle.participant,
        kind=Notice.Kind.UNBLINDED,
        level="",
        policy=policy_of(cycle, POLICY),
        lines=[line % who],
        path=path_of(cycle),
        happened_at=clock.now(),
        key=f"{POLICY}:{made.pk}",
    )


def listed(cycle: Cycle | None) -> list[str]:
    """Who will be told, in words."""
    if cycle is None:
        return []
    steps = policy_of(cycle, POLICY).steps
    return [duty.label(target) for step in steps for target in step.tell]
