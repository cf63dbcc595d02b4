"""What a reviewer does: decide and sign, ask and be answered."""

from monitor.review.actions.decisions import (
    REFUSED,
    WrongPassword,
    check_password,
    look,
    refused,
    review,
    sign,
    withdraw,
)
from monitor.review.actions.doses import decide_dose, dose_refused, note_deviation
from monitor.review.actions.events import export_events
from monitor.review.actions.questions import ask, say
from monitor.review.actions.referrals import refer
from monitor.review.actions.reports import report
from monitor.review.actions.second import ask_opinion, second_opinion, sign_draft
from monitor.review.actions.trail import review_trail

__all__ = [
    "REFUSED",
    "WrongPassword",
    "ask",
    "ask_opinion",
    "check_password",
    "decide_dose",
    "dose_refused",
    "export_events",
    "look",
    "note_deviation",
    "refer",
    "refused",
    "report",
    "review",
    "review_trail",
    "say",
    "second_opinion",
    "sign",
    "sign_draft",
    "withdraw",
]
