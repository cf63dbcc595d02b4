"""A decision that contradicts itself gets a sentence beside the field to mend."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.review.consistency import Decision, Standing, problems

AGENTS = ("il2_mutein",)
ONSET = datetime(2026, 11, 19, 19, 22, tzinfo=UTC)
NOW = ONSET + timedelta(hours=6)
MINUTE = timedelta(minutes=1)
OPEN = Standing(suggested=2, closed=False, agents=AGENTS, since=ONSET, now=NOW)
OTHER_SCALE = Standing(
    suggested=2, closed=False, since=ONSET, now=NOW, other_scale=True
)
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
        (Decision("regrade", 3, "worse"), OTHER_SCALE, {"ctcae_grade"}),
        (Decision("regrade", 3, "worse", ctcae_grade=4), OTHER_SCALE, set()),
        (Decision("regrade", 3, "worse"), OPEN, set()),
        (Decision("not_significant"), OPEN, {"reason"}),
        (
            Decision("not_significant", reason="brief", serious=["AESHOSP"]),
            OPEN,
            {"serious"},
        ),
        (Decision("not_this_event", reason="sepsis"), OPEN, {"attribution"}),
        (agreed(outcome="FATAL"), OPEN, {"grade", "serious", "died_at"}),
        (agreed(died_at=NOW), OPEN, {"died_at"}),
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


def died(at: datetime | None) -> Decision:
    return Decision(
        "regrade", 5, "died", serious=["AESDTH"], outcome="FATAL", died_at=at
    )


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (None, "Give the time of death"),
        (ONSET - MINUTE, "before the event began"),
        (ONSET, ""),
        (NOW, ""),
        (NOW + MINUTE, "still to come"),
    ],
)
def test_a_death_stands_with_its_time_which_ends_the_event(at, said):
    found = problems(died(at), OPEN)
    assert set(found) == ({"died_at"} if said else set())
    assert said in found.get("died_at", "")


def test_an_agent_without_a_planned_dose_can_be_withdrawn():
    decision = agreed(action={"il2_mutein": "DRUG WITHDRAWN"})
    assert problems(decision, OPEN) == {}


def test_of_who_died_an_agent_is_withdrawn_whatever_dose_was_planned():
    """Fourteen doses had to be omitted one by one before a death could be signed."""
    decision = replace(died(NOW), action={"il2_mutein": "DRUG WITHDRAWN"})
    assert problems(decision, replace(OPEN, planned=AGENTS)) == {}


# Parts, second events, dose limits


@pytest.mark.parametrize(
    ("decision", "fields"),
    [
        (Decision("part_of", reason="one event", part_of_id=7), set()),
        (Decision("part_of", reason="one event", part_of_id=8), {"part_of_id"}),
        (Decision("part_of", reason="one event"), {"part_of_id"}),
        (Decision("part_of", part_of_id=7), {"reason"}),
        (agreed(part_of_id=7), {"part_of_id"}),
        (agreed(split_at=ONSET), {"split_at"}),
        (agreed(split_at=ONSET + MINUTE), set()),
        (agreed(split_at=NOW), set()),
        (agreed(split_at=NOW + MINUTE), {"split_at"}),
        (
            Decision("not_significant", reason="one", split_at=ONSET + MINUTE),
            {"split_at"},
        ),
        (agreed(serious_parts={"first": ["AESHOSP"]}), {"serious_first"}),
        (agreed(aware_at=ONSET), {"aware_at"}),
        (agreed(aware_at=ONSET, serious=["AESHOSP"]), set()),
        (agreed(aware_at=ONSET - MINUTE, serious=["AESHOSP"]), {"aware_at"}),
        (agreed(aware_at=NOW, serious=["AESHOSP"]), set()),
        (agreed(aware_at=NOW + MINUTE, serious=["AESHOSP"]), {"aware_at"}),
        (agreed(dlt={"verdict": "yes", "criterion": "4.1"}), set()),
        (agreed(dlt={"verdict": "yes"}), {"dlt_criterion"}),
        (agreed(dlt={"verdict": "no"}), set()),
        (agreed(dlt={"verdict": "not_evaluable"}), set()),
    ],
)
def test_what_stands_beside_the_verdict_must_fit_it(decision, fields):
    standing = Standing(2, False, AGENTS, since=ONSET, now=NOW, others=[7])
    assert set(problems(decision, standing)) == fields


RECOVERED = {"outcome": "RECOVERED/RESOLVED"}
GREW = {"work_up": "found", "attribution": {"infection": "possible"}}


@pytest.mark.parametrize(
    ("decision", "fields"),
    [
        (agreed(), set()),
        (agreed(work_up="pending"), set()),
        (agreed(**RECOVERED), {"work_up"}),
        (agreed(**RECOVERED, work_up="pending"), {"work_up"}),
        (agreed(**RECOVERED, work_up="none_found"), set()),
        (agreed(**RECOVERED, work_up="not_sent"), set()),
        (agreed(**RECOVERED, work_up="found"), {"attribution"}),
        (agreed(**RECOVERED, **GREW), set()),
        (agreed(work_up="found"), {"attribution"}),
        (agreed(outcome="UNKNOWN", work_up="pending"), set()),
        (
            Decision(
                "not_this_event", None, "sepsis", {"infection": "probable"}, **RECOVERED
            ),
            set(),
        ),
    ],
)
def test_a_cytokine_release_is_final_when_the_infection_work_up_is(decision, fields):
    standing = Standing(2, True, AGENTS, mimicked=True)
    assert set(problems(decision, standing)) == fields


@pytest.mark.parametrize(
    ("notes", "attribution", "fields"),
    [
        ({"infection": "line red"}, {}, {"attribution"}),
        ({"infection": "line red"}, {"disease": "unlikely"}, {"attribution"}),
        ({"infection": "line red"}, {"infection": "unlikely"}, set()),
        ({}, {"infection": "unlikely"}, set()),
    ],
)
def test_a_note_on_a_suspect_stands_beside_a_judgement_of_it(
    notes, attribution, fields
):
    decision = agreed(suspect_notes=notes, attribution=attribution)
    assert set(problems(decision, OPEN)) == fields


def test_a_death_waits_for_no_culture():
    standing = Standing(2, False, AGENTS, since=ONSET, now=NOW, mimicked=True)
    assert problems(died(NOW), standing) == {}


def test_the_work_up_is_said_of_a_cytokine_release_alone():
    assert set(problems(agreed(work_up="pending"), OPEN)) == {"work_up"}
    assert problems(agreed(**RECOVERED), CLOSED) == {}


def test_what_began_outside_the_window_limits_no_dose():
    outside = Standing(2, False, AGENTS, since=ONSET, now=NOW, limits_dose=False)
    limiting = agreed(dlt={"verdict": "yes", "criterion": "4.1"})
    assert set(problems(limiting, outside)) == {"dlt"}
    assert problems(agreed(dlt={"verdict": "no"}), outside) == {}


INFECTION = Standing(suggested=None, closed=False, infectious=True)


@pytest.mark.parametrize(
    ("judged", "fields"),
    [
        ("unrelated", {"attribution"}),
        ("unlikely", {"attribution"}),
        ("possible", set()),
        ("probable", set()),
    ],
)
def test_a_confirmed_infection_has_an_infection_among_its_causes(judged, fields):
    told = Decision("agree", attribution={"infection": judged})
    assert set(problems(told, INFECTION)) == fields
    assert problems(told, Standing(suggested=None, closed=False)) == {}


# A reaction to what was given, that nothing given has caused

REACTION = Standing(2, False, AGENTS, since=ONSET, now=NOW, reaction=True)


@pytest.mark.parametrize(
    ("judged", "more", "asked"),
    [
        ("unrelated", {}, True),
        ("unlikely", {}, True),
        ("possible", {}, False),
        ("unrelated", {"note": "Given with a bispecific antibody."}, False),
        (None, {}, False),
    ],
)
def test_a_release_that_no_agent_caused_is_asked_about(judged, more, asked):
    told = {"il2_mutein": judged} if judged else {}
    found = problems(agreed(attribution=told, **more), REACTION)
    assert ("attribution" in found) is asked


def test_one_possible_agent_of_two_is_enough():
    both = Standing(2, False, ("il2_mutein", "pembrolizumab"), reaction=True)
    told = {"il2_mutein": "unrelated", "pembrolizumab": "possible"}
    assert problems(agreed(attribution=told), both) == {}


def test_what_is_no_reaction_by_definition_may_have_no_cause():
    told = {"il2_mutein": "unrelated"}
    assert problems(agreed(attribution=told), OPEN) == {}


def test_who_says_it_is_another_event_is_not_asked_why_no_agent_caused_it():
    told = {"il2_mutein": "unrelated", "infection": "probable"}
    decision = Decision("not_this_event", None, "culture", told)
    assert problems(decision, REACTION) == {}


# Two events, each with a seriousness of its own


@pytest.mark.parametrize(
    ("serious", "first", "second", "fields"),
    [
        (["AESHOSP"], ["AESHOSP"], [], set()),
        (["AESHOSP"], [], ["AESHOSP"], set()),
        (["AESHOSP", "AESLIFE"], ["AESHOSP"], ["AESHOSP", "AESLIFE"], set()),
        (["AESHOSP"], [], [], {"serious"}),
        (["AESHOSP"], ["AESLIFE"], ["AESHOSP"], {"serious"}),
    ],
)
def test_each_of_two_events_meets_its_own_criteria(serious, first, second, fields):
    parts = {"first": first, "second": second}
    told = {"serious": serious, "serious_parts": parts}
    found = problems(agreed(split_at=ONSET + MINUTE, **told), OPEN)
    assert set(found) == fields


def test_a_death_is_never_of_the_first_of_two_events():
    decision = Decision.of(
        **vars(died(NOW))
        | {
            "split_at": ONSET + MINUTE,
            "serious_parts": {"first": ["AESDTH"], "second": ["AESDTH"]},
        }
    )
    assert set(problems(decision, OPEN)) == {"serious_first"}
