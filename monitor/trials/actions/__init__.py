"""What can happen in this room: each name is one event, and says who made it."""

from monitor.trials.actions.blinding import (
    assess_unblinding,
    look_at_levels,
    set_blinding,
    unblind,
    unblinding_refused,
)
from monitor.trials.actions.ctcae import load_ctcae
from monitor.trials.actions.doses import plan_dose, record_dose
from monitor.trials.actions.identities import (
    forget_identity,
    keep_identity,
    look_at_identity,
    refuse_erasure,
    reseal_identities,
)
from monitor.trials.actions.participants import (
    enroll,
    follow_death,
    leave_study,
    move_to_bed,
    open_cycle,
)
from monitor.trials.actions.people import (
    check_looks_after,
    create_owner,
    create_user,
    end_membership,
    grant,
    lock_account,
    open_account,
)
from monitor.trials.actions.texts import remark_texts
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
    "assess_unblinding",
    "check_looks_after",
    "create_owner",
    "create_user",
    "draft_protocol",
    "end_membership",
    "enroll",
    "follow_death",
    "forget_identity",
    "grant",
    "keep_identity",
    "leave_study",
    "load_ctcae",
    "lock_account",
    "look_at_identity",
    "look_at_levels",
    "move_to_bed",
    "open_account",
    "open_cycle",
    "open_trial",
    "plan_dose",
    "record_dose",
    "refuse_erasure",
    "remark_texts",
    "reseal_identities",
    "set_blinding",
    "unblind",
    "unblinding_refused",
]
