"""The table of an episode's review is total, and says what the rows say."""

import itertools
from pathlib import Path

import pytest

import monitor
from monitor.review.states import (
    MOVES,
    OPEN,
    WORDS,
    Event,
    State,
    diagram,
    may,
    state_of,
)

DRAWN = Path(monitor.__file__).parent / "decisions/0010-the-review-is-a-table.md"


@pytest.mark.requirement("I5.1")
def test_every_state_answers_every_event():
    assert set(MOVES) == set(itertools.product(State, Event))


def test_every_state_can_be_reached():
    reached = {State.NEW} | {after for after in MOVES.values() if after}
    assert reached == set(State)


def test_every_state_has_a_word():
    assert set(WORDS) == set(State)


def test_only_a_decision_that_is_not_signed_can_be_signed():
    assert [state for state in State if may(state, Event.SIGN)] == [State.UNDER_REVIEW]


def test_what_a_person_stands_by_is_decided_again_before_it_is_referred():
    assert [one for one in State if not may(one, Event.REFER)] == [State.SIGNED]


def test_nothing_is_final_a_person_may_always_decide_again():
    assert all(may(state, Event.REVIEW) for state in State)


def test_what_is_not_signed_waits_for_somebody():
    assert set(State) - {State.SIGNED} == OPEN


@pytest.mark.parametrize(
    ("reviewed", "signed", "withdrawn", "went_on", "state"),
    [
        (False, False, False, False, State.NEW),
        (True, False, False, False, State.UNDER_REVIEW),
        (True, False, False, True, State.UNDER_REVIEW),
        (True, True, False, False, State.SIGNED),
        (True, True, False, True, State.CHANGED),
        (True, True, True, True, State.WITHDRAWN),
    ],
)
def test_the_rows_say_the_state(reviewed, signed, withdrawn, went_on, state):
    assert state is state_of(
        reviewed=reviewed, signed=signed, withdrawn=withdrawn, went_on=went_on
    )


def test_who_was_asked_to_decide_is_said_before_what_was_decided():
    told = {"reviewed": True, "signed": True, "withdrawn": True, "went_on": True}
    assert state_of(**told, referred=True) is State.REFERRED


@pytest.mark.requirement("I5.1")
def test_the_picture_is_drawn_from_the_table():
    assert f"```mermaid\n{diagram()}\n```" in DRAWN.read_text(encoding="utf-8")


def test_the_picture_has_every_move_and_no_other():
    moves = [after for after in MOVES.values() if after is not None]
    assert diagram().count("-->") == len(moves) + 1
