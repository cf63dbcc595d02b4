"""A table of contents: each room's models, so that there is one migration line."""

from monitor.audit.models import ChainHead, Event
from monitor.bedside.models import (
    Arrangement,
    Assignment,
    Fact,
    HiddenReading,
    Observation,
    Reading,
    ReferenceRange,
    Settlement,
)
from monitor.bedside.standards import LaboratoryRange, SiteUnit
from monitor.door.models import HospitalLink, RecoveryCode, SecondFactor, SignedIn
from monitor.episodes.models import CycleState, Episode, Step, TreatmentLink
from monitor.notices.models import (
    Acknowledgement,
    Attempt,
    Delivery,
    Escalation,
    Heartbeat,
    Notice,
    OnCall,
    Sending,
    Snooze,
    Usefulness,
)
from monitor.review.events import AdverseEvent, SafetyReport
from monitor.review.models import (
    DoseDecision,
    DoseDeviation,
    Look,
    Question,
    Reply,
    Review,
    SecondOpinion,
    Signature,
    TrailReview,
    Withdrawal,
)
from monitor.review.narratives import Narrative
from monitor.review.referrals import Referral
from monitor.review.seconds import OpinionAsked
from monitor.treatments.injected import Injection
from monitor.treatments.models import Treatment
from monitor.trials.identities import Identity
from monitor.trials.impact import UnblindingImpact
from monitor.trials.models import (
    Cohort,
    CtcaeEntry,
    CtcaeTable,
    Cycle,
    Dose,
    Membership,
    Participant,
    ProtocolVersion,
    Site,
    Trial,
    Unblinding,
    User,
)

__all__ = [
    "Acknowledgement",
    "Arrangement",
    "Assignment",
    "Attempt",
    "ChainHead",
    "Cohort",
    "CtcaeEntry",
    "CtcaeTable",
    "Cycle",
    "CycleState",
    "Delivery",
    "Dose",
    "DoseDecision",
    "DoseDeviation",
    "Episode",
    "Escalation",
    "Event",
    "Fact",
    "Heartbeat",
    "HiddenReading",
    "HospitalLink",
    "Identity",
    "Injection",
    "LaboratoryRange",
    "Look",
    "Membership",
    "Narrative",
    "Notice",
    "Observation",
    "OnCall",
    "OpinionAsked",
    "Participant",
    "ProtocolVersion",
    "Question",
    "Reading",
    "RecoveryCode",
    "ReferenceRange",
    "Referral",
    "Reply",
    "Review",
    "SecondFactor",
    "Sending",
    "Settlement",
    "Signature",
    "SignedIn",
    "Site",
    "SiteUnit",
    "Snooze",
    "Step",
    "Treatment",
    "TreatmentLink",
    "Trial",
    "UnblindingImpact",
    "Usefulness",
    "User",
    "Withdrawal",
]
