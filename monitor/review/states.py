"""Where an episode's review stands, and what may happen to it: one table.

new            nobody has decided
referred       another person was asked to decide, and nobody has since
under_review   a decision is kept, and not signed
signed         a person stands by it
changed        signed, and the episode has risen or closed since
withdrawn      what was signed has changed: the signature no longer holds
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    NEW = "new"
    REFERRED = "referred"
    UNDER_REVIEW = "under_review"
    SIGNED = "signed"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    REVIEW = "review"
    REFER = "refer"
    SIGN = "sign"
    GO_ON = "go_on"  # the episode rose or closed: new steps after what was reviewed
    WITHDRAW = "withdraw"  # what was reviewed has changed itself


WORDS = {
    State.NEW: _("new"),
    State.REFERRED: _("referred"),
    State.UNDER_REVIEW: _("under review"),
    State.SIGNED: _("signed"),
    State.CHANGED: _("changed since signed"),
    State.WITHDRAWN: _("signature withdrawn"),
}

#: (state, event) -> the state after it; None: it cannot happen there.
MOVES: dict[tuple[State, Event], State | None] = {
    (State.NEW, Event.REVIEW): State.UNDER_REVIEW,
    (State.NEW, Event.REFER): State.REFERRED,
    (State.NEW, Event.SIGN): None,
    (State.NEW, Event.GO_ON): State.NEW,
    (State.NEW, Event.WITHDRAW): None,
    (State.REFERRED, Event.REVIEW): State.UNDER_REVIEW,
    (State.REFERRED, Event.REFER): State.REFERRED,
    (State.REFERRED, Event.SIGN): None,
    (State.REFERRED, Event.GO_ON): State.REFERRED,
    (State.REFERRED, Event.WITHDRAW): State.REFERRED,
    (State.UNDER_REVIEW, Event.REVIEW): State.UNDER_REVIEW,
    (State.UNDER_REVIEW, Event.REFER): State.REFERRED,
    (State.UNDER_REVIEW, Event.SIGN): State.SIGNED,
    (State.UNDER_REVIEW, Event.GO_ON): State.UNDER_REVIEW,
    (State.UNDER_REVIEW, Event.WITHDRAW): None,
    (State.SIGNED, Event.REVIEW): State.UNDER_REVIEW,
    (State.SIGNED, Event.REFER): None,
    (State.SIGNED, Event.SIGN): None,
    (State.SIGNED, Event.GO_ON): State.CHANGED,
    (State.SIGNED, Event.WITHDRAW): State.WITHDRAWN,
    (State.CHANGED, Event.REVIEW): State.UNDER_REVIEW,
    (State.CHANGED, Event.REFER): State.REFERRED,
    (State.CHANGED, Event.SIGN): None,
    (State.CHANGED, Event.GO_ON): State.CHANGED,
    (State.CHANGED, Event.WITHDRAW): State.WITHDRAWN,
    (State.WITHDRAWN, Event.REVIEW): State.UNDER_REVIEW,
    (State.WITHDRAWN, Event.REFER): State.REFERRED,
    (State.WITHDRAWN, Event.SIGN): None,
    (State.WITHDRAWN, Event.GO_ON): State.WITHDRAWN,
    (State.WITHDRAWN, Event.WITHDRAW): None,
}

#: Somebody has to decide.
OPEN = frozenset(State) - {State.SIGNED}


def may(state: State, event: Event) -> bool:
    return MOVES[state, event] is not None


def state_of(
    *,
    reviewed: bool,
    signed: bool,
    withdrawn: bool,
    went_on: bool,
    referred: bool = False,
) -> State:
    """The state that the rows say: the last review, its signature, its withdrawal.

    `referred`: after that review, and nobody has decided since.
    """
    if referred:
        return State.REFERRED
    if not reviewed:
        return State.NEW
    if not signed:
        return State.UNDER_REVIEW
    if withdrawn:
        return State.WITHDRAWN
    return State.CHANGED if went_on else State.SIGNED


def diagram() -> str:
    """The table as a Mermaid state diagram: what moves, and what stays as it is."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.NEW}"]
    for (state, event), after in MOVES.items():
        if after is not None:
            lines.append(f"    {state} --> {after}: {event}")
    return "\n".join(lines)
