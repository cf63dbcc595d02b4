"""What can happen to a notice, and to the rota that says who is told."""

from monitor.notices.actions.answers import (
    DOSE,
    RECHECK,
    REVIEW,
    TREATMENT,
    acknowledge,
    acted,
    mark_read,
    say_useful,
    snooze,
)
from monitor.notices.actions.firing import claim, deliver_due
from monitor.notices.actions.outbox import call_off, end, queue
from monitor.notices.actions.pulse import beat, mind_the_clock
from monitor.notices.actions.reaching import set_email
from monitor.notices.actions.rota import (
    hand_over,
    override,
    plan_shift,
    strike_shift,
)
from monitor.notices.actions.sending import send_due

__all__ = [
    "DOSE",
    "RECHECK",
    "REVIEW",
    "TREATMENT",
    "acknowledge",
    "acted",
    "beat",
    "call_off",
    "claim",
    "deliver_due",
    "end",
    "hand_over",
    "mark_read",
    "mind_the_clock",
    "override",
    "plan_shift",
    "queue",
    "say_useful",
    "send_due",
    "set_email",
    "snooze",
    "strike_shift",
]
