"""The story: what happens together when somebody does something.

A verb that records is one transaction. It

1. locks the cycle (then its episodes, then the outbox: always in this order),
2. records what was seen or done, under an idempotency key, with its audit event,
3. assesses the cycle, appends steps, withdraws signatures that no longer hold, and
   queues notices; if the assessment itself fails, what was recorded is kept, and the
   cycle is marked *not assessed*,
4. on commit nudges the worker. The outbox row is the truth, the message a hint, and
   the periodic sweep the guarantee.

A signature of several drafts is a transaction for each draft, a sweep one for each
cycle: what fails in one holds up no other. A wrong password is kept in a transaction of
its own, when all else that the verb did is taken back.

`monitor.story` tells what follows whatever was recorded, `monitor.sweeping` what time
alone does. Each scene is a module: the bedside, treatments and doses, the review desk,
questions, notices, people, and time. Callers say `flow.verb`, and need not know in
which scene it stands.
"""

from monitor.flow.bedside import (
    choose_unit,
    confirm_reading,
    correct_reading,
    decide,
    look_at_hidden,
    record_fact,
    record_hidden,
    record_laboratory_range,
    record_range,
    record_set,
    replace_reading,
    say_over,
    settle_sets,
    void_fact,
    void_hidden,
    void_range,
    void_reading,
    void_set,
)
from monitor.flow.exports import (
    export_chart,
    export_record,
    export_trail,
    export_trail_of,
)
from monitor.flow.notices import acknowledge, heeded, mark_read, snooze
from monitor.flow.people import lock_account, set_blinding, unblind
from monitor.flow.questions import answer, ask, ask_again, close_question
from monitor.flow.review import (
    Batch,
    Signed,
    ask_opinion,
    export_events,
    look,
    refer,
    report_event,
    review_and_sign,
    save_review,
    second_opinion,
    sign_drafts,
)
from monitor.flow.time import assess_cycle, deliver, send, sweep
from monitor.flow.treatments import (
    answer_before_dose,
    correct_treatment,
    decide_dose,
    link,
    log_injection,
    log_treatment,
    plan_dose,
    record_dose,
    strike_injection,
    void_treatment,
)
from monitor.story import Saved
from monitor.sweeping import Swept

__all__ = [
    "Batch",
    "Saved",
    "Signed",
    "Swept",
    "acknowledge",
    "answer",
    "answer_before_dose",
    "ask",
    "ask_again",
    "ask_opinion",
    "assess_cycle",
    "choose_unit",
    "close_question",
    "confirm_reading",
    "correct_reading",
    "correct_treatment",
    "decide",
    "decide_dose",
    "deliver",
    "export_chart",
    "export_events",
    "export_record",
    "export_trail",
    "export_trail_of",
    "heeded",
    "link",
    "lock_account",
    "log_injection",
    "log_treatment",
    "look",
    "look_at_hidden",
    "mark_read",
    "plan_dose",
    "record_dose",
    "record_fact",
    "record_hidden",
    "record_laboratory_range",
    "record_range",
    "record_set",
    "refer",
    "replace_reading",
    "report_event",
    "review_and_sign",
    "save_review",
    "say_over",
    "second_opinion",
    "send",
    "set_blinding",
    "settle_sets",
    "sign_drafts",
    "snooze",
    "strike_injection",
    "sweep",
    "unblind",
    "void_fact",
    "void_hidden",
    "void_range",
    "void_reading",
    "void_set",
    "void_treatment",
]
