"""Who gets through which door: one line for each address of the program.

What a line asks for are permissions; which role carries them says the table of
permissions. `test_the_walk.py` goes through every address with everybody and compares.
"""

from dataclasses import dataclass
from enum import Enum

from monitor.trials.permissions import Permission as P

Needed = frozenset[P] | None


class Reach(Enum):
    """Whom the address is for, before any permission is asked."""

    OPEN = "anybody, signed in or not"
    PASSWORD = "whoever's password was right just now; the walk never gives one"
    OWN = "whoever is signed in, about themselves"
    SOMEWHERE = "whoever has the permission at any site"
    THEIRS = "whoever has it at the place it is about; to others there is nothing"
    HERE = "whoever reads the participant; to everybody else there is nothing"


@dataclass(frozen=True)
class Line:
    """`get` and `post`: one of these permissions is needed; None: not answered."""

    reach: Reach
    get: Needed
    post: Needed


ANY: Needed = frozenset()
NO: Needed = None


def here(get: Needed, post: Needed) -> Line:
    return Line(Reach.HERE, get, post)


def own(get: Needed, post: Needed) -> Line:
    return Line(Reach.OWN, get, post)


def one(*permissions: P) -> Needed:
    return frozenset(permissions)


ENTER = one(P.RECORD_OBSERVATION)
MEND = one(P.CORRECT)
MANAGE = one(P.MANAGE_PEOPLE)
LOOK = one(P.REVIEW_TRAIL)

#                                     read it        send it
LINES: dict[str, Line] = {
    "healthz": Line(Reach.OPEN, ANY, NO),
    "login": Line(Reach.OPEN, ANY, ANY),
    "door-code": Line(Reach.PASSWORD, ANY, ANY),
    # Without a hospital, as here, they lead back to the door.
    "hospital": Line(Reach.PASSWORD, ANY, NO),
    "hospital-back": Line(Reach.PASSWORD, ANY, NO),
    "link-hospital": own(NO, ANY),
    "unlink-hospital": own(NO, ANY),
    "logout": own(NO, ANY),
    "account": own(ANY, NO),
    "reach": own(ANY, ANY),
    "password": own(ANY, ANY),
    "second-factor": own(ANY, ANY),
    "change-factor": own(NO, ANY),
    "end-others": own(NO, ANY),
    "end-session": own(NO, ANY),
    "stay": own(NO, ANY),
    "permissions": own(ANY, NO),
    "knowledge": own(ANY, NO),
    "ctcae-limits": own(ANY, NO),
    # Pages over many participants: each shows what its reader may read, or nothing.
    "board": own(ANY, NO),
    "handover": own(ANY, NO),
    "due": own(ANY, NO),
    "notices": own(ANY, NO),
    "bell": own(ANY, NO),
    "rota": own(ANY, NO),
    "burden": own(ANY, NO),
    "questions": own(ANY, NO),
    "queue": Line(Reach.SOMEWHERE, one(P.SEE_QUEUE), NO),
    "decided": Line(Reach.SOMEWHERE, one(P.SEE_QUEUE), NO),
    "trail-reviews": Line(Reach.SOMEWHERE, LOOK, NO),
    "trail-review": Line(Reach.THEIRS, LOOK, LOOK),
    "people": Line(Reach.SOMEWHERE, MANAGE, MANAGE),
    "person": Line(Reach.THEIRS, MANAGE, NO),
    "grant-role": Line(Reach.THEIRS, NO, MANAGE),
    "person-reach": Line(Reach.THEIRS, MANAGE, MANAGE),
    "lock-person": Line(Reach.THEIRS, NO, MANAGE),
    "give-password": Line(Reach.THEIRS, NO, MANAGE),
    "lift-lock-out": Line(Reach.THEIRS, NO, MANAGE),
    "take-factor": Line(Reach.THEIRS, NO, MANAGE),
    "end-role": Line(Reach.THEIRS, NO, MANAGE),
    "adverse-events": own(ANY, NO),
    "adverse-events-csv": Line(Reach.SOMEWHERE, one(P.EXPORT), NO),
    "sign-drafts": Line(Reach.SOMEWHERE, one(P.REVIEW), one(P.REVIEW)),
    # One participant.
    "participant-adverse-events": here(ANY, NO),
    "participant": here(ANY, NO),
    "changed": here(ANY, NO),
    "audit": here(one(P.SEE_AUDIT), NO),
    "files": here(one(P.EXPORT), one(P.EXPORT)),
    "unblind": here(one(P.UNBLIND), one(P.UNBLIND)),
    "unblinding-impact": here(NO, one(P.UNBLIND)),
    "hidden": here(one(P.SEE_COHORT), one(P.KEEP_HIDDEN)),
    "cells": here(one(P.SEE_COHORT), NO),
    "strike-hidden": here(NO, one(P.KEEP_HIDDEN)),
    "identity": here(one(P.SEE_IDENTITY), one(P.SEE_IDENTITY)),
    "observe": here(ENTER, ENTER),
    "ranges": here(ENTER, ENTER),
    "units": here(ENTER, ENTER),
    "facts": here(ENTER, ENTER),
    "surgery": here(ANY, ENTER),
    "correct-reading": here(MEND, MEND),
    "confirm-reading": here(NO, one(P.CONFIRM)),
    "compare-sets": here(MEND, MEND),
    "arrange": here(ENTER, ENTER),
    "take": here(NO, ENTER),
    "end-arrangement": here(NO, ENTER),
    "treat": here(one(P.LOG_TREATMENT), one(P.LOG_TREATMENT)),
    "correct-treatment": here(MEND, MEND),
    "dose": here(one(P.RECORD_DOSE), one(P.RECORD_DOSE)),
    "injections": here(one(P.RECORD_DOSE), one(P.RECORD_DOSE)),
    "ask": here(one(P.ASK), one(P.ASK)),
    # Sent without a further word it is an answer; to close it is for who asks.
    "question": here(ANY, one(P.ANSWER)),
    "next-dose": here(ANY, NO),
    # Sent without a decision it answers questions; to decide is for who may.
    "dose-check": here(ANY, ENTER),
    "episode-over": here(NO, one(P.CONFIRM)),
    "episode": here(ANY, one(P.REVIEW)),
    # The file holds an extract of the audit trail; who exports may see that.
    "narrative": here(one(P.REVIEW), one(P.REVIEW)),
    "dossier": here(ANY, one(P.EXPORT)),
    "refer": here(NO, one(P.REVIEW)),
    "ask-opinion": here(NO, one(P.REVIEW)),
    "second-opinion": here(NO, one(P.REVIEW)),
    "report-event": here(NO, one(P.REPORT, P.REPORT_AUTHORITY)),
    "notice": here(ANY, NO),
    # By GET they do nothing and lead to the notice, or to the rota.
    "snooze": here(ANY, one(P.ACKNOWLEDGE)),
    "useful": here(ANY, one(P.ACKNOWLEDGE)),
    "acknowledge": here(ANY, one(P.ACKNOWLEDGE)),
    # One site: for who reads its participants.
    "site-rota": here(ANY, one(P.KEEP_ROTA)),
    "strike-shift": here(ANY, one(P.KEEP_ROTA)),
}
