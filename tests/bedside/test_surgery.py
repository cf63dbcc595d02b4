"""A planned surgery: its day, and what stands open before it. Never who is fit."""

import tomllib
from datetime import date, timedelta
from uuid import uuid4

import pytest

from monitor import flow
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Fact
from monitor.clinical.study.protocol import Protocol, problems_of
from monitor.demo.trials import PROTOCOLS
from monitor.episodes.queries import identity_of
from monitor.episodes.surgery import Unknown, before_surgery
from monitor.refusal import Refused
from tests.acts import LOW, WELL, enter, enter_at

DAY = timedelta(days=1)
PAGE = "/participants/02-014/surgery/"
ITEMS = ("HGB", "PLAT", "INR")


@pytest.fixture
def looked_at(monkeypatch):
    """The trial is followed by surgery, and these are looked at before it."""
    monkeypatch.setattr(Protocol, "before_surgery", ITEMS)


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


def plan(cast, now, value="2026-11-24"):
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4(), "at": now}
    return flow.record_fact(code="SURGERY", value=value, **told)


def facts(cast, now):
    return dict(identity_of(cast.cycle, cast.reyes).facts)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-24", "24 Nov, in 5 d"),
        ("2026-11-19", "19 Nov, today"),
        ("2026-11-17", "17 Nov, 2 d ago"),
        ("none", None),
    ],
)
def test_the_day_stands_in_the_bar_of_every_page(cast, now, value, said):
    plan(cast, now, value)
    assert facts(cast, now).get("Planned surgery") == said


def test_a_later_entry_moves_the_day_and_the_first_stays_on_file(cast, now):
    plan(cast, now - timedelta(hours=1))
    plan(cast, now, "2026-12-01")
    assert before_surgery(cast.cycle, now).day == date(2026, 12, 1)
    assert Fact.objects.current().filter(code="SURGERY").count() == 2


def test_what_is_no_day_is_refused(cast, now):
    with pytest.raises(Refused) as caught:
        plan(cast, now, "next week")
    assert caught.value.field == "value"


def test_the_days_that_are_left_are_those_of_the_site(cast, now):
    """At 3:30 of the 20th in UTC it is still the 19th in Boston."""
    plan(cast, now)
    late = now.replace(day=20, hour=3, minute=30)
    assert before_surgery(cast.cycle, late).left == 5


@pytest.mark.parametrize(("days", "late"), [(-1, [2]), (0, [2]), (1, [])])
def test_a_dose_on_the_day_or_later_is_named(cast, now, days, late):
    day = (cast.next_dose.planned_at + days * DAY).date()
    plan(cast, now, day.isoformat())
    found = before_surgery(cast.cycle, now).late
    assert [one.number for one in found] == late


def test_what_is_open_is_listed_and_what_nobody_measured_is_named(cast, now, looked_at):
    enter(cast, now, LOW | {"NAUSEA": "2"})
    low = [read_reading("PLAT", "40", "10*9/L"), read_reading("HGB", "14", "g/dL")]
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    flow.record_set(observed_at=now, readings=low, **told)
    found = before_surgery(cast.cycle, now)
    assert "crs" in [row.topic for row in found.episodes]
    assert [one.item for one in found.symptoms] == ["NAUSEA"]
    assert ("PLAT", 3) in [(one.item, one.grade) for one in found.values]
    assert found.unknown == [Unknown("INR")]


def test_a_value_too_old_to_count_is_unknown_and_is_shown_with_its_time(
    cast, now, looked_at
):
    readings = [read_reading("PLAT", "200", "10*9/L")]
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    flow.record_set(observed_at=now - 3 * DAY, readings=readings, **told)
    found = before_surgery(cast.cycle, now)
    assert found.values == found.within == []
    assert found.unknown[1] == Unknown("Platelets", "200 ×10⁹/L", now - 3 * DAY)


def test_the_page_says_what_to_consider_and_never_that_somebody_is_fit(
    nurse, cast, now, looked_at
):
    enter_at(cast, now, WELL)
    plan(cast, now)
    page = nurse.get(PAGE).content.decode()
    assert "5 days left" in page
    assert "never recorded" in page
    assert " fit" not in page.lower()


def test_a_nurse_puts_the_day_on_file_and_takes_it_off(nurse, cast):
    nurse.post(PAGE, {"key": str(uuid4()), "day": "24 Nov 2026"})
    nurse.post(PAGE, {"key": str(uuid4()), "day": "", "none": "1"})
    rows = Fact.objects.filter(code="SURGERY").order_by("pk")
    assert [one.value for one in rows] == ["2026-11-24", "none"]


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01"])
def test_a_day_that_cannot_be_read_keeps_what_was_typed(nurse, cast, typed):
    answer = nurse.post(PAGE, {"key": str(uuid4()), "day": typed})
    assert answer.status_code == 422
    assert answer.context["form"]["day"].value() == typed
    assert "Type the day as 2026-12-14" in answer.content.decode()


@pytest.mark.parametrize(
    ("days", "said"), [(0, "that day or later"), (1, "the hard end of the doses.")]
)
def test_the_check_before_a_dose_names_the_day(client, cast, now, days, said):
    client.force_login(cast.okafor)
    day = (cast.next_dose.planned_at + days * DAY).date()
    plan(cast, now, day.isoformat())
    page = client.get(f"/participants/02-014/dose/{cast.next_dose.pk}/check/")
    assert said in page.content.decode()


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"items": ["HGB"]}, None),
        ({"items": ["NOTHING"]}, "There is no item NOTHING."),
        ({"items": []}, "surgery: name the items that are looked at before it."),
        ([], "surgery: name the items that are looked at before it."),
    ],
)
def test_a_protocol_names_what_is_looked_at_before_surgery(told, problem):
    document = {"name": "A", "version": "1", "surgery": told}
    assert list(problems_of(document)) == ([problem] if problem else [])


def test_the_injections_before_surgery_name_their_items():
    document = tomllib.loads((PROTOCOLS / "irx2.toml").read_text("utf-8"))
    assert "PLAT" in Protocol.from_document(document).before_surgery
