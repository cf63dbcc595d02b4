"""The board as a page: who sees whom, what it says, and what it costs."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitor import clock, flow
from monitor.trials.models import User
from tests.acts import LOW, WELL, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, Cast, enroll, open_cycle

HTMX = {"HTTP_HX_REQUEST": "true"}


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, address: str = "/", **headers: str) -> str:
    response = as_(user).get(address, **headers)
    assert response.status_code == 200
    return response.content.decode()


def another(cast: Cast, code: str, now, typed=WELL) -> None:
    if code not in cast.participants:
        enroll(cast, code, cast.boston, cast.cohort, cast.okafor)
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, code)
    enter(cast, now, typed, cycle=cycle)


def test_who_is_not_signed_in_is_sent_to_the_door(cast, client):
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


@pytest.mark.parametrize("name", ["reyes", "okafor", "chen", "moreau", "iyer"])
def test_everyone_who_reads_at_the_site_sees_its_participants(cast, name):
    assert "02-014" in page(cast.people[name])


def test_another_sites_participant_is_not_on_the_board(cast, now):
    assert "02-014" not in page(cast.lindqvist)
    assert "02-014" not in page(cast.novak)


def test_a_participant_without_any_set_is_said_to_have_none(cast, now):
    assert "No set has ever arrived" in page(cast.reyes)


def test_a_level_stands_with_its_word_and_its_values(cast, now):
    baseline(cast)
    enter_at(cast, now - timedelta(minutes=8), LOW)
    flow.sweep(now)
    text = page(cast.okafor)
    for said in ("Warning", "Not acknowledged", "86/48", "at least grade 2", "Missing"):
        assert said in text


def test_a_failed_assessment_cannot_be_overlooked(cast, now, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("planted")

    baseline(cast)
    monkeypatch.setattr("monitor.episodes.assessing.assess", broken)
    enter_at(cast, now, WELL)
    text = page(cast.reyes)
    assert "Not assessed" in text
    assert "assessment failed" in text
    assert "Judge from the values" in text


def test_a_silent_sweep_is_said_on_the_board(cast, now):
    assert "the part of the program that tells people has never run" in page(cast.reyes)
    flow.sweep(now)
    assert "Nobody may be told" not in page(cast.reyes)
    with clock.freeze(now + timedelta(minutes=3)):
        assert "Nobody may be told of anything since 14:30" in page(cast.reyes)


def test_at_home_silence_is_explained(cast, now):
    baseline(cast)
    flow.record_fact(
        cycle=cast.cycle, code="AT_HOME", at=now, by=cast.reyes, key=uuid4()
    )
    assert "At home since 14:30" in page(cast.reyes)


@pytest.mark.parametrize("level", ["warning", "unknown", "clear", "critical"])
def test_a_count_is_the_number_of_rows_behind_it(cast, now, level):
    baseline(cast)
    another(cast, "02-015", now, LOW)
    response = as_(cast.okafor).get("/", {"level": level})
    board = response.context["board"]
    assert len(board.rows) == board.counts[level]
    assert board.total == 2


def test_an_address_that_cannot_be_read_shows_everyone(cast, now):
    assert "02-014" in page(cast.reyes, "/?level=purple")


def test_htmx_is_handed_the_part_below_the_head(cast, now):
    part = page(cast.reyes, **HTMX)
    assert "<html" not in part
    assert 'id="row-02-014"' in part


def test_the_board_costs_the_same_for_one_and_for_three(cast, now):
    def asked() -> int:
        client = as_(cast.okafor)
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    baseline(cast)
    enter_at(cast, now, LOW)
    asked()
    one = asked()
    another(cast, "02-015", now, LOW)
    another(cast, "02-016", now)
    assert asked() == one


def test_the_handover_sheet_holds_the_board(cast, now):
    baseline(cast)
    text = page(cast.reyes, "/handover/")
    assert "Handover, site 02 Boston" in text
    assert "02-014" in text
    assert "03-001" not in text


def test_one_site_is_read_in_its_time_and_of_several_each_row_names_its_own(cast, now):
    """14:30 in Boston is 20:30 in Uppsala, and 19:30 for nobody."""
    baseline(cast)
    enter(cast, now, LOW)
    with clock.freeze(CYCLE_OPENED):
        north = open_cycle(cast, "03-001", by=cast.berg)
    enter(cast, now, LOW, cycle=north, by=cast.lindqvist)

    both = page(cast.moreau)
    assert "<b>Thu 19 Nov 2026, 19:30</b> <span>+00:00</span>" in both
    for code, said, zone in (("02-014", "14:30", "EST"), ("03-001", "20:30", "CET")):
        row = row_of(both, code)
        assert f">{said}</time>" in row
        assert f">{zone}</span>" in row
        assert "19:30" not in re.sub(r'datetime="[^"]*"', "", row)
    due = page(cast.moreau, "/due/")
    assert {"</time> EST</span>", "</time> CET</span>"} <= found(
        due, r"</time> \w+</span>"
    )

    for path in ("/?site=03", "/due/?site=03"):
        alone = page(cast.moreau, path)
        assert "<b>Thu 19 Nov 2026, 20:30</b> <span>+01:00</span>" in alone
        assert "CET</span>" not in alone
    assert ">20:30</time>" in row_of(page(cast.moreau, "/?site=03"), "03-001")


def row_of(board: str, code: str) -> str:
    return board.partition(f'id="row-{code}"')[2].partition('role="row"')[0]


def found(text: str, form: str) -> set[str]:
    return set(re.findall(form, text))
