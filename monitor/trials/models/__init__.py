"""Who is in which trial, at which site, on which dose, and who may do what."""

from monitor.trials.models.ctcae import CtcaeEntry, CtcaeTable
from monitor.trials.models.participant import Cycle, Dose, Participant, Unblinding
from monitor.trials.models.people import Membership, Role, User, initials_of
from monitor.trials.models.trial import Cohort, ProtocolVersion, Site, Trial

__all__ = [
    "Cohort",
    "CtcaeEntry",
    "CtcaeTable",
    "Cycle",
    "Dose",
    "Membership",
    "Participant",
    "ProtocolVersion",
    "Role",
    "Site",
    "Trial",
    "Unblinding",
    "User",
    "initials_of",
]
