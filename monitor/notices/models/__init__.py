"""The outbox: what is to be told, to whom by when, and everything that came of it."""

from monitor.notices.models.answers import Acknowledgement, Snooze, Usefulness
from monitor.notices.models.log import ANSWERED, Attempt, Delivery
from monitor.notices.models.notice import Notice
from monitor.notices.models.pulse import Heartbeat
from monitor.notices.models.rota import OnCall
from monitor.notices.models.timers import Escalation, Sending

__all__ = [
    "ANSWERED",
    "Acknowledgement",
    "Attempt",
    "Delivery",
    "Escalation",
    "Heartbeat",
    "Notice",
    "OnCall",
    "Sending",
    "Snooze",
    "Usefulness",
]
