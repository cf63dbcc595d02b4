"""What can happen in this room: each name is one event, and says who made it."""

from monitor.trials.actions.door import refuse_sign_in, sign_in, sign_out
from monitor.trials.actions.doses import plan_dose, record_dose
from monitor.trials.actions.participants import enroll, move_to_bed, open_cycle
from monitor.trials.actions.people import (
    create_owner,
    create_user,
    end_membership,
    grant,
)
from monitor.trials.actions.trial import (
    add_cohort,
    add_site,
    approve_protocol,
    draft_protocol,
    open_trial,
)

__all__ = [
    "add_cohort",
    "add_site",
    "approve_protocol",
    "create_owner",
    "create_user",
    "draft_protocol",
    "end_membership",
    "enroll",
    "grant",
    "move_to_bed",
    "open_cycle",
    "open_trial",
    "plan_dose",
    "record_dose",
    "refuse_sign_in",
    "sign_in",
    "sign_out",
]
