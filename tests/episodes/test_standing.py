"""Which stored steps stand beside a new assessment."""

from datetime import UTC, datetime, timedelta

from monitor.episodes.standing import Span, difference, digest, pair, turns

START = datetime(2026, 11, 19, 8, tzinfo=UTC)


def span(name, start, end=None):
    """An episode from hour `start` to hour `end` of the day."""
    closed = None if end is None else START + timedelta(hours=end)
    return Span(name, START + timedelta(hours=start), closed)


def refs(couples):
    return [(old.ref, new.ref) for old, new in couples]


def line(**more):
    return {
        "at": "2026-11-19T08:00:00Z",
        "level": "warning",
        "status": "graded",
        "grades": {"astct": 2},
        "max_grades": {"astct": 2},
        "evidence": [],
        "explanation": "because",
        **more,
    }


def test_the_same_start_is_the_same_episode():
    plan = pair([span("a", 1)], [span("x", 1, 5)])
    assert refs(plan.same) == [("a", "x")]
    assert (plan.new, plan.unsupported) == ([], [])


def test_a_late_entry_may_move_the_start():
    assert refs(pair([span("a", 3)], [span("x", 1)]).same) == [("a", "x")]


def test_an_episode_after_the_close_of_another_is_a_new_one():
    plan = pair([span("a", 1, 4)], [span("x", 1, 4), span("y", 6)])
    assert refs(plan.same) == [("a", "x")]
    assert [new.ref for new in plan.new] == ["y"]


def test_an_episode_that_begins_where_another_closed_does_not_touch_it():
    plan = pair([span("a", 1, 4)], [span("x", 4)])
    assert plan.same == []


def test_of_two_that_overlap_the_longer_overlap_wins():
    plan = pair([span("a", 1, 9)], [span("x", 0, 2), span("y", 3, 9)])
    assert refs(plan.same) == [("a", "y")]


def test_what_nothing_supports_is_left_over():
    plan = pair([span("a", 1, 2), span("b", 5)], [span("x", 5)])
    assert [old.ref for old in plan.unsupported] == ["a"]


def test_equal_steps_add_nothing():
    assert difference(["1", "2"], ["1", "2"]) == ([], [])


def test_a_step_that_fell_and_one_that_came():
    assert difference(["1", "2"], ["1", "3"]) == ([1], [1])


def test_the_words_of_a_line_are_not_its_answer():
    assert digest(line()) == digest(line(explanation="in other words"))


def test_a_value_under_the_answer_is_part_of_it():
    evidence = [{"sign": "fever", "item": "TEMP", "value": 39.1, "typed": "39.1 Cel"}]
    other = [{**evidence[0], "value": 39.2, "typed": "39.2 Cel"}]
    assert digest(line(evidence=evidence)) != digest(line(evidence=other))


def test_what_a_line_lists_again_is_no_other_answer():
    fever = {"pattern": "fever_onset", "sign": "fever", "item": "TEMP", "value": 39.1}
    again = fever | {"pattern": "crs"}
    running = again | {"sign": "vasopressor_running"}
    assert digest(line(evidence=[fever, again])) == digest(line(evidence=[fever]))
    assert digest(line(evidence=[fever, running])) != digest(line(evidence=[fever]))


def test_a_line_makes_a_step_when_level_status_or_grade_changed():
    lines = [
        line(),
        line(at="2026-11-19T09:00:00Z", patterns={"crs": True}),
        line(at="2026-11-19T10:00:00Z", level="critical"),
        line(at="2026-11-20T10:00:00Z", level="critical", fold={"closes": True}),
    ]
    assert [one["at"][8:13] for one in turns(lines)] == ["19T08", "19T10", "20T10"]
