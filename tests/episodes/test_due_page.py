"""The due list and the page of what is arranged: who sees what, and what it costs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from monitor import arranging, clock, flow
from monitor.bedside.models import Assignment
from monitor.episodes import duties
from monitor.episodes.current import brief_of
from monitor.episodes.due import dues_of
from monitor.episodes.shapes import BoardFilters
from monitor.trials.models import Cycle
from tests.acts import WELL, enter
from tests.cast import CYCLE_OPENED, GIVEN, enroll, open_cycle

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def assessed(cast, now):
    """The doses were planned and given through the story: the cycle has an answer."""
    flow.assess_cycle(cycle=cast.cycle, by=cast.reyes)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def listed(user, **filters):
    found = duties.duties(user, BoardFilters(**filters))
    return [row.participant.code for row in (*found.late, *found.soon, *found.later)]


def test_a_set_that_is_late_stands_first_with_its_minutes(cast, now):
    enter(cast, GIVEN + HOUR, WELL)
    page = as_(cast.reyes).get("/due/").content.decode()
    assert "Late <b>1</b>" in page
    assert "2 h 25 late" in page
    assert "bed 12" in page


def test_nothing_has_ever_arrived_is_said_and_is_no_all_clear(cast, now):
    found = duties.duties(cast.reyes, BoardFilters())
    assert [row.participant.code for row in found.never] == ["02-014"]
    page = as_(cast.reyes).get("/due/").content.decode()
    assert "Nothing has ever arrived" in page


def test_a_participant_without_any_dose_planned_is_missed_all_the_same(cast, now):
    with clock.freeze(CYCLE_OPENED):
        open_cycle(cast, "02-015")
    found = duties.duties(cast.reyes, BoardFilters())
    told = [(row.participant.code, row.planned) for row in found.never]
    assert told == [("02-014", True), ("02-015", False)]


def test_another_site_s_participants_are_not_on_the_list(cast, now):
    assert listed(cast.reyes) == ["02-014"]
    assert listed(cast.lindqvist) == []


def test_one_press_makes_the_participant_mine_until_the_shift_ends(cast, now):
    assert listed(cast.reyes, mine=True) == []
    answer = as_(cast.reyes).post("/participants/02-014/take/?mine=1")
    assert answer["Location"] == "/due/?mine=1"
    row = Assignment.objects.get()
    assert row.nurse == cast.reyes
    assert row.until.isoformat() == "2026-11-20T00:00:00+00:00"  # 19:00 in Boston
    assert listed(cast.reyes, mine=True) == ["02-014"]
    assert listed(cast.okafor, mine=True) == []


def test_who_only_reads_cannot_take_a_participant(cast, now):
    assert as_(cast.moreau).post("/participants/02-014/take/").status_code == 403
    assert as_(cast.novak).post("/participants/02-014/take/").status_code == 404


def test_the_list_can_be_narrowed_by_site_cohort_and_risk(cast, now):
    cohort = str(cast.cohort.pk)
    assert listed(cast.iyer, site="02", cohort=cohort, level="unknown") == ["02-014"]
    assert listed(cast.iyer, site="03") == []
    assert listed(cast.iyer, cohort="0") == []
    assert listed(cast.iyer, level="critical") == []


def test_a_longer_list_costs_no_more_queries(cast, now):
    client = as_(cast.reyes)
    client.get("/due/")
    with CaptureQueriesContext(connection) as few:
        client.get("/due/")
    for number in range(3):
        code = f"02-02{number}"
        enroll(cast, code, cast.boston, cast.cohort, cast.okafor)
        with clock.freeze(CYCLE_OPENED):
            cycle = open_cycle(cast, code)
        enter(cast, now - HOUR, WELL, cycle=cycle)
        arranging.assign(
            cycle=cycle, nurse=cast.reyes, until=now + HOUR, by=cast.reyes, key=uuid4()
        )
    with CaptureQueriesContext(connection) as many:
        client.get("/due/")
    assert len(many) == len(few)


# What is arranged


def send(user, form, **fields):
    told = {f"{form}-{name}": value for name, value in fields.items()}
    told = {"form": form, f"{form}-key": str(uuid4()), **told}
    return as_(user).post("/participants/02-014/arrange/", told)


def test_a_set_not_taken_is_saved_with_its_reason_and_time(cast, now):
    enter(cast, now, WELL)
    answer = send(cast.reyes, "not_taken", why="away", until="16:00", note="CT")
    assert answer.status_code == 302
    page = as_(cast.reyes).get("/participants/02-014/arrange/").content.decode()
    said = " ".join(strip_tags(page).split())
    assert "Set not taken away from the ward, ask again at 16:00: CT" in said


@pytest.mark.parametrize(
    ("form", "fields", "sentence"),
    [
        ("not_taken", {"why": "refused", "until": "14:00"}, "This time is over"),
        ("pause", {"why": "comfort", "until": "23:30"}, "at most 8 h 00 from now"),
        ("contact", {"why": "visit", "until": "soon"}, "Type the time as 14:22"),
    ],
)
def test_what_cannot_be_arranged_says_why_beside_the_field(
    cast, now, form, fields, sentence
):
    answer = send(cast.reyes, form, **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_only_who_enrolls_records_the_end_of_study(cast, now):
    nurse = as_(cast.reyes).get("/participants/02-014/arrange/").content.decode()
    assert "End of study" not in nurse
    answer = send(cast.okafor, "leave", at="14:00", reason="finished")
    assert answer.status_code == 302
    assert listed(cast.reyes) == []


def test_the_board_says_why_a_participant_at_home_is_silent(cast, now):
    enter(cast, now - HOUR, WELL)
    told = {"cycle": cast.cycle, "by": cast.reyes}
    flow.record_fact(code="AT_HOME", at=now - HOUR / 2, key=uuid4(), **told)
    arranging.plan_contact(how="telephone", at=now + 5 * HOUR, key=uuid4(), **told)
    page = as_(cast.reyes).get("/").content.decode()
    assert "At home since 14:00, last set 13:30, contact due 19:30" in page


def test_a_pause_is_said_on_the_board_with_its_end(cast, now):
    enter(cast, now, WELL)
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    arranging.pause(why="procedure", until=now + HOUR, **told)
    page = as_(cast.reyes).get("/").content.decode()
    assert "Monitoring paused until 15:30: procedure or examination" in page


def test_in_follow_up_the_board_says_until_when_each_agent_is_followed(cast, now):
    enter(cast, now, WELL)
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    flow.record_fact(code="FOLLOW_UP", at=now, **told)
    with clock.freeze(now + 10 * 24 * HOUR):
        page = as_(cast.reyes).get("/?level=clear").content.decode()
    assert "In follow-up" not in page
    page = as_(cast.reyes).get("/").content.decode()
    assert "NARA until Sat 19 Dec 2026" in page


# After a bolus


def bolus(cast, at):
    told = {"code": "fluid_bolus", "form": "amount", "amount": 500, "unit": "mL"}
    told |= {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    flow.log_treatment(**told, at=at - 15 * MINUTE, until=at)


def rechecks(cast):
    cycle = Cycle.objects.get(pk=cast.cycle.pk)
    found = dues_of(cycle, brief_of(cycle), clock.now())
    return [(one.at, one.late) for one in found if one.what == "re-check after bolus"]


def test_a_bolus_makes_a_pressure_due_in_a_slot_of_its_own(cast, now):
    """Half an hour after its end; a set before a quarter hour tells nothing of it."""
    enter(cast, now - 40 * MINUTE, WELL)
    bolus(cast, now)
    due = now + 30 * MINUTE
    assert rechecks(cast) == [(due, False)]
    with clock.freeze(now + 14 * MINUTE):
        enter(cast, now + 14 * MINUTE, {"SYSBP": "94", "DIABP": "50"})
        assert rechecks(cast) == [(due, False)]
    with clock.freeze(now + 46 * MINUTE):
        assert rechecks(cast) == [(due, True)]
        enter(cast, now + 15 * MINUTE, {"SYSBP": "98", "DIABP": "54"})
        assert rechecks(cast) == []
