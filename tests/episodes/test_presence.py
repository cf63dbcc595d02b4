"""Where a participant is decides what can be late: through the verbs, on the pages."""

import tomllib
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from monitor import arranging, clock, flow
from monitor.bedside.models import Observation
from monitor.demo.trials import PROTOCOLS
from monitor.episodes import duties, queries
from monitor.episodes.make_up import run_of
from monitor.episodes.shapes import BoardFilters
from monitor.notices.models import Notice
from monitor.trials import actions as trials
from tests.acts import WELL, baseline, enter
from tests.cast import GIVEN, open_cycle

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def page(user, address="/"):
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def goes(cast, place, at, **more):
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4(), **more}
    with clock.freeze(max(at, clock.now())):
        return flow.record_fact(code=place, at=at, **told)


def due_now(cast):
    found = duties.duties(cast.reyes, BoardFilters())
    rows = [*found.late, *found.soon, *found.later]
    return [(row.due.code, row.due.at, row.due.late) for row in rows]


# A first low pressure


def test_a_first_low_pressure_makes_a_recheck_due_in_ten_minutes(cast, now):
    baseline(cast)
    enter(cast, now, {**WELL, "SYSBP": "86", "DIABP": "48"})
    assert due_now(cast)[0] == ("recheck", now + 10 * MINUTE, False)
    for address in ("/", "/due/", "/participants/02-014/observe/"):
        assert "re-check" in page(cast.reyes, address).lower()


def test_the_page_of_a_participant_says_what_is_due_next(cast, now):
    address = "/participants/02-014/"
    assert "<h2>Next due</h2>" in page(cast.reyes, address)
    baseline(cast)
    enter(cast, now, WELL | {"TEMP": "38.5"})
    due = queries.board(cast.reyes).rows[0].due
    assert due.code == "set"
    said = page(cast.reyes, address)
    local = due.at.astimezone(ZoneInfo("America/New_York"))
    assert f'<b>Set</b> <time datetime="{local.isoformat()}" class="nowrap">' in said
    assert due.why in said
    until = now + 2 * HOUR
    told = {"by": cast.reyes, "key": uuid4(), "note": "scan"}
    arranging.pause(cycle=cast.cycle, why="procedure", until=until, **told)
    assert "<h2>Monitoring paused</h2>" in page(cast.reyes, address)
    assert "until 16:30: scan" in page(cast.reyes, address)


@pytest.mark.parametrize(("pressure", "asked"), [("89", True), ("90", False)])
def test_the_line_of_a_low_pressure_is_under_90(cast, now, pressure, asked):
    enter(cast, now, {"SYSBP": pressure, "DIABP": "48"})
    assert ("recheck" in [code for code, _at, _late in due_now(cast)]) is asked


def test_the_recheck_is_late_at_eleven_minutes_and_gone_once_it_came(cast, now):
    baseline(cast)
    enter(cast, now, {"SYSBP": "86", "DIABP": "48"})
    at = now + 10 * MINUTE
    with clock.freeze(at):
        assert ("recheck", at, False) in due_now(cast)
    with clock.freeze(at + MINUTE):
        assert ("recheck", at, True) in due_now(cast)
        assert "1 min late" in page(cast.reyes, "/due/")
        enter(cast, at + MINUTE, {"SYSBP": "98", "DIABP": "56"})
        assert "recheck" not in [code for code, _at, _late in due_now(cast)]


# In clinic, at home, away


@pytest.mark.parametrize("place", ["AT_HOME", "AWAY"])
def test_outside_no_set_is_late_for_a_week(cast, now, place):
    enter(cast, now, WELL)
    goes(cast, place, now)
    with clock.freeze(now + 7 * DAY):
        late = [code for code, _at, late in due_now(cast) if late]
        assert late == ["visit"]  # Dose 2 was planned, and nobody has said what became.


def test_in_clinic_the_sets_are_due_as_in_the_ward(cast, now):
    goes(cast, "IN_CLINIC", now - HOUR)
    enter(cast, now, WELL)
    assert due_now(cast)[0][:2] == ("set", GIVEN + 5 * HOUR)
    assert "in clinic" in page(cast.reyes)


def test_who_comes_back_to_the_ward_is_watched_again(cast, now):
    enter(cast, now, WELL)
    goes(cast, "AT_HOME", now)
    goes(cast, "INPATIENT", now + 2 * HOUR)
    with clock.freeze(now + 2 * HOUR):
        assert "set" in [code for code, _at, _late in due_now(cast)]


def test_what_is_told_by_telephone_is_marked_reported(cast, now):
    enter(cast, now - HOUR, WELL)
    goes(cast, "AT_HOME", now - HOUR / 2)
    told = enter(cast, now, {"TEMP": "37.2"}, source="reported").row
    assert told.source == Observation.Source.REPORTED
    for address in ("/participants/02-014/", "/participants/02-014/?tab=sets"):
        assert "reported" in page(cast.reyes, address)


def test_a_reported_fever_raises_the_level_and_asks_for_a_set_in_the_clinic(cast, now):
    enter(cast, now - HOUR, WELL)
    goes(cast, "AT_HOME", now - HOUR / 2)
    enter(cast, now, {"TEMP": "38.9"}, source="reported")
    assert ("clinic_set", now + HOUR) in [row[:2] for row in due_now(cast)]
    said = page(cast.reyes, "/due/").lower()
    assert "set in clinic" in said
    assert "after what was reported" in said
    assert "AR, reported" in page(cast.reyes, "/participants/02-014/")


# Discharge


def test_discharge_calls_off_what_hung_on_the_ward(cast, now):
    enter(cast, now - 6 * HOUR, WELL)
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    arranging.pause(why="procedure", until=now + 3 * HOUR, **told)
    goes(cast, "AT_HOME", now + MINUTE)
    with clock.freeze(now + 5 * HOUR):
        codes = [code for code, _at, _late in due_now(cast)]
        assert codes == ["visit"]
        assert "Monitoring paused" not in page(cast.reyes)


def test_discharge_ends_the_notice_of_a_set_that_was_late(cast, now):
    flow.assess_cycle(cycle=cast.cycle)
    enter(cast, GIVEN + 5 * MINUTE, WELL)
    flow.sweep(now)
    assert Notice.objects.filter(kind="overdue", ended_at=None).count() == 1
    goes(cast, "AT_HOME", now)
    with clock.freeze(now + MINUTE):
        flow.sweep(now + MINUTE)
    assert Notice.objects.filter(kind="overdue", ended_at=None).count() == 0


# Nothing has ever arrived


def test_that_nothing_has_ever_arrived_is_said_wherever_one_looks(cast, now):
    flow.assess_cycle(cycle=cast.cycle)
    assert "Nothing has ever arrived" in page(cast.reyes, "/due/")
    for address in ("/", "/handover/"):
        assert "No set has ever arrived" in page(cast.reyes, address)
    assert queries.board(cast.reyes).rows[0].level != "clear"


# The weekend of IRX-2


@pytest.fixture
def irx(cast, now):
    """Injections on Thursday and Friday, the next ones on Monday."""
    irx2 = tomllib.loads((PROTOCOLS / "irx2.toml").read_text())
    draft = trials.draft_protocol(
        trial=cast.trial, number="2.0", document=irx2, by=cast.vance
    )
    cast.protocol = trials.approve_protocol(protocol=draft, by=cast.vance)
    with clock.freeze(now - 2 * HOUR):
        cast.cycle = open_cycle(cast, "02-015")
    goes(cast, "AT_HOME", now - HOUR)
    monday = (now + 4 * DAY).replace(hour=14, minute=0)
    for number, at in enumerate((now, now + DAY, monday), start=1):
        flow.plan_dose(
            cycle=cast.cycle,
            agent="irx_2",
            number=number,
            planned_at=at,
            amount=230,
            unit="[U]",
            route="perilymphatic",
            by=cast.okafor,
        )
    return monday


def test_a_weekend_between_injections_is_schedule_and_not_missed(cast, now, irx):
    first, second, _third = cast.cycle.doses.order_by("number")
    for dose, at in ((first, now), (second, now + DAY)):
        with clock.freeze(at):
            flow.record_dose(dose=dose, status="given", given_at=at, by=cast.reyes)
            enter(cast, at, WELL)
    for later in (2 * DAY, 3 * DAY):
        with clock.freeze(now + later):
            own = [row for row in rows_of(cast, "02-015") if row.due.late]
            assert own == []
    with clock.freeze(irx + HOUR):
        late = [row.due.code for row in rows_of(cast, "02-015") if row.due.late]
        assert late == ["visit"]


def test_a_missed_injection_may_be_made_up_on_a_free_weekday(cast, now, irx, client):
    first, second, _third = cast.cycle.doses.order_by("number")
    flow.record_dose(dose=first, status="given", given_at=now, by=cast.reyes)
    with clock.freeze(now + DAY):
        held = {"status": "omitted", "reason": "No transport."}
        made = flow.record_dose(dose=second, by=cast.reyes, **held).row
        run = run_of(cast.cycle, "irx_2", now + DAY)
        assert (run.missed, run.given, run.planned) == ([2], 1, 1)
        friday, tuesday = now.date() + DAY, now.date() + 5 * DAY
        assert run.days[:2] == [friday, tuesday]
        assert run.ends == now.date() + 20 * DAY
        client.force_login(cast.reyes)
        page = client.get(f"/participants/02-015/dose/{made.pk}/").content.decode()
        assert "Missed: dose 2." in page
        assert "on a weekday until Wed 9 Dec, day 21." in page


def test_an_agent_without_a_rule_has_no_run(cast, now):
    assert run_of(cast.cycle, cast.dose.agent, now) is None


def rows_of(cast, code):
    found = duties.duties(cast.reyes, BoardFilters())
    rows = [*found.late, *found.soon, *found.later]
    return [row for row in rows if row.participant.code == code]
