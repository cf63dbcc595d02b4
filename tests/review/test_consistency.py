"""A decision that contradicts itself gets a sentence beside the field to mend."""

import pytest

from monitor.review.consistency import Decision, Standing, problems

AGENTS = ("il2_mutein",)
OPEN = Standing(suggested=2, closed=False, agents=AGENTS)
CLOSED = Standing(suggested=2, closed=True, agents=AGENTS)


def agreed(**changes: object) -> Decision:
    return Decision(**({"verdict": "agree", "grade": 2} | changes))


def test_who_agrees_with_the_grade_shown_owes_no_reason():
    assert problems(agreed(), OPEN) == {}


@pytest.mark.parametrize(
    ("decision", "standing", "fields"),
    [
        (agreed(grade=3), OPEN, {"grade"}),
        (agreed(grade=None), OPEN, {"grade"}),
        (agreed(), Standing(suggested=None, closed=False), {"verdict"}),
        (Decision("regrade", 3), OPEN, {"reason"}),
        (Decision("regrade", None, "masked"), OPEN, {"grade"}),
        (Decision("regrade", 2, "the same"), OPEN, {"grade"}),
        (Decision("not_significant"), OPEN, {"reason"}),
        (Decision("not_this_event", reason="sepsis"), OPEN, {"attribution"}),
        (agreed(outcome="FATAL"), OPEN, {"grade", "serious"}),
        (agreed(serious=["AESDTH"]), OPEN, {"grade", "outcome"}),
        (
            Decision("regrade", 5, "died", serious=["AESDTH"]),
            OPEN,
            {"outcome"},
        ),
        (agreed(outcome="RECOVERED/RESOLVED"), OPEN, {"outcome"}),
        (agreed(outcome="NOT RECOVERED/NOT RESOLVED"), CLOSED, {"outcome"}),
        (
            agreed(action={"il2_mutein": "DRUG WITHDRAWN"}),
            Standing(2, False, AGENTS, planned=AGENTS),
            {"action_il2_mutein"},
        ),
    ],
)
def test_what_contradicts_itself_names_the_field(decision, standing, fields):
    assert set(problems(decision, standing)) == fields


@pytest.mark.parametrize(
    ("attribution", "enough"),
    [
        ({"infection": "probable"}, True),
        ({"infection": "possible"}, True),
        ({"infection": "unlikely"}, False),
        ({"il2_mutein": "definite"}, False),
    ],
)
def test_another_event_needs_another_cause(attribution, enough):
    decision = Decision("not_this_event", None, "culture", attribution)
    assert (problems(decision, OPEN) == {}) is enough


def test_a_death_told_in_all_three_places_stands():
    decision = Decision(
        "regrade", 5, "died at 14:02", serious=["AESDTH"], outcome="FATAL"
    )
    assert problems(decision, OPEN) == {}


def test_an_agent_without_a_planned_dose_can_be_withdrawn():
    decision = agreed(action={"il2_mutein": "DRUG WITHDRAWN"})
    assert problems(decision, OPEN) == {}
