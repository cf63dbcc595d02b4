"""CTCAE grades and scores beside the values on the participant's page."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import flow
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Fact
from monitor.clinical.items import catalogue
from monitor.episodes.graded import graded
from monitor.episodes.models import Episode
from monitor.episodes.queries import state_of
from monitor.episodes.scored import scores_of
from monitor.trials import actions as trials
from tests.acts import LOW, WELL, enter, enter_at
from tests.cast import CYCLE_OPENED, open_cycle
from tests.trials.test_ctcae_table import load, table

__all__ = ["table"]

HOUR = timedelta(hours=1)
PAGE = "/participants/02-014/"


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


@pytest.fixture
def version_six(cast):
    document = {"name": "NARA-2", "version": "2.0", "ctcae": "v6"}
    draft = trials.draft_protocol(
        trial=cast.trial, number="2.0", document=document, by=cast.vance
    )
    cast.protocol = trials.approve_protocol(protocol=draft, by=cast.vance)
    cast.cycle = open_cycle(cast, "02-015")


def limits(cast, item, span):
    told = {"typed": span, "unit": catalogue.item(item).unit, "since": CYCLE_OPENED}
    flow.record_range(cycle=cast.cycle, item=item, by=cast.reyes, key=uuid4(), **told)


def row(cast, term):
    found = graded(cast.cycle)
    (one,) = (row for row in [*found.rows, *found.zero] if row.term == term)
    return one


def words(markup):
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def panel(client, page=PAGE):
    """The words of the panel, as they are read."""
    whole = client.get(page).content.decode()
    part = re.search(r'<section class="panel grades".*?</section>', whole, re.S)[0]
    return words(part)


def test_a_grade_stands_beside_its_value_with_its_version(nurse, cast, now):
    enter(cast, now - HOUR, {"ALB": "28"})
    said = panel(nurse)
    assert "Albumin 28 g/L 13:30 Grade 2 · CTCAE v5.0 Hypoalbuminemia:" in said


def test_the_version_is_the_one_that_the_protocol_fixes(nurse, cast, now, version_six):
    enter(cast, now - HOUR, {"ALB": "28"})
    assert "Grade 2 · CTCAE v6.0" in panel(nurse, "/participants/02-015/")


@pytest.mark.parametrize(
    ("typed", "grade"),
    [("30", 1), ("29.9", 2), ("20", 2), ("19.9", 3)],
)
def test_the_grade_turns_at_its_limit(cast, now, typed, grade):
    limits(cast, "ALB", "35..52")
    enter(cast, now - HOUR, {"ALB": typed})
    assert row(cast, "HYPOALBUMINEMIA").grade == grade


def test_missing_stale_ungradable_and_zero_look_different(nurse, cast, now):
    enter(cast, now - HOUR, {"ALT": "40", "TEMP": "36.8"})
    enter_at(cast, now - 40 * HOUR, {"HR": "120"})
    said = panel(nurse)
    assert "Missing: SpO₂ never recorded" in said
    assert "Heart rate 120 /min Tue 22:30 · too old to count" in said
    assert "ALT 40 U/L 13:30 Not gradable · CTCAE v5.0" in said
    assert "because: no upper limit of normal is on record" in said
    assert "Temperature 36.8 °C , 13:30 : no grade of Fever" in said


def test_the_baseline_is_never_graded_by_a_comparison_with_itself(cast):
    limits(cast, "ALT", "10..40")
    enter_at(cast, cast.dose.given_at - HOUR, {"ALT": "90"})
    found = row(cast, "ALT_INCREASED")
    assert (found.grade, found.why) == (None, "the value is the baseline itself")


def test_a_floor_says_what_could_raise_it(cast, now):
    enter(cast, now - HOUR, {"HR": "124"})
    found = row(cast, "SINUS_TACHYCARDIA")
    assert (found.grade, found.at_least) == (1, True)
    assert found.why == "with symptoms?, urgently treated?"


def test_the_publication_is_quoted_where_it_was_loaded(cast, now, table):
    enter(cast, now - HOUR, {"ALB": "28"})
    load(table(), reason="First installation.")
    assert row(cast, "HYPOALBUMINEMIA").text == "hypoalbuminemia grade 2, as printed"


def test_values_are_shown_when_the_grades_fail(nurse, cast, now, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    enter(cast, now - HOUR, LOW)
    monkeypatch.setattr("monitor.clinical.scores.charted.terms", broken)
    assert "The grades could not be worked out." in panel(nurse)
    assert "86" in nurse.get(PAGE).content.decode()


def test_a_unit_is_said_once_behind_a_value_that_was_typed_in_another(nurse, cast, now):
    limits(cast, "ALB", "35..52")
    flow.record_set(
        cycle=cast.cycle,
        observed_at=now - HOUR,
        readings=[read_reading("ALB", "4.0", "g/dL")],
        by=cast.reyes,
        key=uuid4(),
    )
    said = words(nurse.get(PAGE).content.decode())
    assert "Alb 40 g/L G0 grade 0, Hypoalbuminemia, CTCAE v5.0 typed 4.0 g/dL" in said
    assert "4.0 g/dL g/L" not in said


# Scores


def scores(cast):
    return scores_of(state_of(cast.cycle).summary)


def test_news2_is_a_total_with_its_points(cast, now):
    enter(cast, now, LOW)
    found = scores(cast)
    assert (found.news2.value, found.news2.missing) == ("7", "")
    points = {one.name: one.points for one in found.points}
    assert sum(points.values()) == 7
    assert [one.name for one in found.points if one.red] == ["SBP"]


def test_with_a_parameter_missing_there_is_a_floor_and_no_total(cast, now):
    enter(cast, now, {item: one for item, one in LOW.items() if item != "RESP"})
    found = scores(cast).news2
    assert (found.value, found.missing) == ("≥ 7", "RR never recorded")


def test_the_second_scale_of_saturation_is_a_documented_choice(cast, now):
    enter(cast, now, {**WELL, "OXYSAT": "90"})
    first = scores(cast)
    told = {"code": "SPO2_TARGET", "value": "88-92", "at": now, "key": uuid4()}
    flow.record_fact(cycle=cast.cycle, by=cast.reyes, **told)
    cast.cycle.refresh_from_db()
    second = scores(cast)
    assert (first.news2.value, second.news2.value) == ("3", "0")
    assert second.scale == "SpO₂ scale 2: a target of 88–92 % is on record"


@pytest.mark.parametrize("typed", ["88-92", "88–92 %", " 88 - 92"])
def test_a_target_is_read_however_it_was_typed(nurse, cast, typed):
    told = {"form": "usual", "usual-code": "SPO2_TARGET", "usual-value": typed}
    sent = told | {"usual-at": "14:00", "usual-key": str(uuid4())}
    assert nurse.post(f"{PAGE}facts/", sent).status_code == 302
    assert Fact.objects.get(code="SPO2_TARGET").value == "88-92"


def test_a_target_that_is_no_range_is_refused_in_words(nurse):
    told = {"form": "usual", "usual-code": "SPO2_TARGET", "usual-value": "low"}
    sent = told | {"usual-at": "14:00", "usual-key": str(uuid4())}
    said = nurse.post(f"{PAGE}facts/", sent).content.decode()
    assert "Type the range with two numbers, as 88-92." in said


def test_the_others_say_which_parts_are_met_and_what_lacks(cast, now):
    enter(cast, now, LOW)
    said = {one.title: (one.value, one.missing) for one in scores(cast).others}
    assert said == {
        "Shock index": ("1.44", ""),
        "MAP": ("61 mmHg", ""),
        "qSOFA": ("1 of 3", ""),
        "SIRS": ("≥ 2 of 4", "WBC never recorded"),
    }


def test_no_score_opens_an_episode_by_itself(cast, now):
    """NEWS2 asks for an urgent answer, and SIRS is met: no pattern of ours is."""
    told = {"RESP": "21", "HR": "92", "OXYSAT": "95", "SYSBP": "109"}
    enter(cast, now, {**WELL, **told})
    said = {one.title: one.value for one in scores(cast).others}
    assert (scores(cast).news2.value, said["SIRS"]) == ("5", "≥ 2 of 4")
    assert Episode.objects.count() == 0
