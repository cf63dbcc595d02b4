"""A table of contents: each room's models, so that there is one migration line."""

from monitor.audit.models import ChainHead, Event
from monitor.bedside.models import Fact, Observation, Reading, ReferenceRange
from monitor.episodes.models import CycleState, Episode, Step, TreatmentLink
from monitor.notices.models import Acknowledgement, Delivery, Heartbeat, Notice
from monitor.review.models import Look, Review, Signature, Withdrawal
from monitor.treatments.models import Treatment
from monitor.trials.models import (
    Cohort,
    Cycle,
    Dose,
    Membership,
    Participant,
    ProtocolVersion,
    Site,
    Trial,
    User,
)

__all__ = [
    "Acknowledgement",
    "ChainHead",
    "Cohort",
    "Cycle",
    "CycleState",
    "Delivery",
    "Dose",
    "Episode",
    "Event",
    "Fact",
    "Heartbeat",
    "Look",
    "Membership",
    "Notice",
    "Observation",
    "Participant",
    "ProtocolVersion",
    "Reading",
    "ReferenceRange",
    "Review",
    "Signature",
    "Site",
    "Step",
    "Treatment",
    "TreatmentLink",
    "Trial",
    "User",
    "Withdrawal",
]
