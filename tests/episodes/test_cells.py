"""Immune cells over their baseline, beside the dose level, for who sees that."""

import tomllib
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.entry import read_reading
from monitor.clinical.due.present import Due
from monitor.clinical.study.plan import Plan, Routine
from monitor.clinical.study.protocol import Protocol
from monitor.demo.trials import PROTOCOLS
from monitor.episodes import assessing
from monitor.episodes.cells import Count, cells_of, sampled
from monitor.episodes.due import asked_openly, dues_of
from monitor.episodes.queries import state_of
from tests.acts import WELL, enter
from tests.cast import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = "/participants/02-014/cells/"
ITEMS = ("CD8", "NK")
ZONE = ZoneInfo("America/New_York")


def samples(*counts, starts=None):
    """`counts`: cycle, days after the first dose of cycle 1, item, number."""
    made = [Count(cycle, NOW + days * DAY, *rest) for cycle, days, *rest in counts]
    return sampled(made, starts or {1: NOW, 2: NOW + 21 * DAY}, 3 * DAY, ZONE)


def folds(*counts):
    return [
        (one.is_baseline, {item: cell.fold for item, cell in one.cells.items()})
        for one in samples(*counts)
    ]


@pytest.fixture
def counted(cast, monkeypatch):
    """The protocol has CD8 and NK counted a week and a month after the first dose."""
    plan = Plan(routines=(Routine("cells", ITEMS, after_hours=(168, 672)),))
    monkeypatch.setattr(cast.cycle.protocol, "parsed", Protocol(plan=plan))
    monkeypatch.setattr(assessing, "_read", lambda _document: Protocol(plan=plan))


def count(cast, at, **numbers):
    readings = [read_reading(item, str(n), "/uL") for item, n in numbers.items()]
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    flow.record_set(observed_at=at, readings=readings, **told)


# The fold


def test_a_sample_is_a_multiple_of_the_one_before_the_first_dose():
    found = folds((1, -1, "CD8", 200.0), (1, 7, "CD8", 640.0), (1, 28, "CD8", 100.0))
    assert found == [
        (True, {"CD8": None}),
        (False, {"CD8": 3.2}),
        (False, {"CD8": 0.5}),
    ]


def test_the_baseline_of_a_later_cycle_is_a_multiple_of_the_first_ones():
    found = folds((1, -1, "CD8", 200.0), (2, 20, "CD8", 300.0), (2, 28, "CD8", 900.0))
    assert found == [
        (True, {"CD8": None}),
        (True, {"CD8": 1.5}),
        (False, {"CD8": 3.0}),
    ]


@pytest.mark.parametrize(
    ("days", "fold"), [(-3, 2.0), (-3.01, None), (0, 2.0), (0.01, None)]
)
def test_a_baseline_is_young_and_no_later_than_the_first_dose(days, fold):
    *_before, last = folds((1, days, "CD8", 200.0), (1, 7, "CD8", 400.0))
    assert last == (False, {"CD8": fold})


def test_what_was_nought_before_has_no_multiple():
    *_before, last = folds((1, -1, "CD8", 0.0), (1, 7, "CD8", 400.0))
    assert last == (False, {"CD8": None})


def test_each_kind_of_cell_has_a_baseline_of_its_own():
    found = folds(
        (1, -2, "CD8", 200.0),
        (1, -1, "NK", 50.0),
        (1, 7, "CD8", 400.0),
        (1, 7, "NK", 500.0),
    )
    assert found[-1] == (False, {"CD8": 2.0, "NK": 10.0})


def test_a_sample_is_named_by_its_day():
    found = samples((1, -1, "CD8", 1.0), (1, 7, "CD8", 1.0), (2, 28, "CD8", 1.0))
    assert [(one.cycle, one.day) for one in found] == [(1, ""), (1, "D8"), (2, "D8")]


def test_a_sample_says_nothing_of_a_cell_that_was_not_counted(cast, counted):
    first = cast.dose.given_at
    count(cast, first - HOUR, CD8=200)
    with clock.freeze(first + 7 * DAY):
        count(cast, first + 7 * DAY, CD8=640)
    found = cells_of(cast.cycle)
    assert [code for code, _name in found.items] == list(ITEMS)
    last = found.samples[-1]
    assert (last.cells["CD8"].text, last.cells["CD8"].fold) == ("640", 3.2)
    assert "NK" not in last.cells


# The page


@pytest.mark.parametrize(("name", "answer"), [("okafor", 403), ("haddad", 200)])
def test_who_is_blinded_never_sees_the_page(client, cast, counted, name, answer):
    flow.set_blinding(
        trial=cast.trial,
        blinding={"roles": ["pharmacist"]},
        by=cast.vance,
        reason="Blinded.",
    )
    client.force_login(cast.people[name])
    assert client.get(PAGE).status_code == answer


def test_the_page_shows_the_level_and_the_fold(client, cast, counted):
    count(cast, cast.dose.given_at - HOUR, CD8=200)
    client.force_login(cast.haddad)
    page = client.get(PAGE).content.decode()
    assert cast.cohort.name in page
    assert "baseline" in page
    assert "not counted" in page


def test_a_hidden_count_is_on_the_page_and_the_look_is_kept(client, cast, counted):
    hide = {"roles": ["pharmacist"], "items": ["CD8"]}
    flow.set_blinding(trial=cast.trial, blinding=hide, by=cast.vance, reason="Blind.")
    cast.cycle.participant.site.trial.refresh_from_db()
    at = cast.dose.given_at - HOUR
    told = {"item": "CD8", "typed": "200", "unit": "/uL", "observed_at": at}
    flow.record_hidden(cycle=cast.cycle, by=cast.haddad, key=uuid4(), **told)
    client.force_login(cast.haddad)
    (sample,) = client.get(PAGE).context["cells"].samples
    assert sample.cells["CD8"].text == "200"
    assert Event.objects.filter(action="hidden.looked").count() == 1


# What is due


def test_the_due_list_names_the_cells_of_a_sample(cast, now, counted):
    enter(cast, now, WELL)
    at = cast.dose.given_at + 7 * DAY
    with clock.freeze(at):
        summary = state_of(cast.cycle).summary
        found = [one for one in dues_of(cast.cycle, summary, at) if one.code == "cells"]
    (one,) = found
    assert (one.at, one.what) == (at, "immune cells")
    assert one.why == "lacks CD8, NK"


def test_what_is_hidden_is_asked_for_on_no_open_list():
    at = NOW
    found = [
        Due(at, "cells", ("CD8", "NK")),
        Due(at, "cells", ("CD8",)),
        Due(at, "set"),
    ]
    left = [*asked_openly(found, {"CD8"})]
    assert left == [Due(at, "cells", ("NK",)), Due(at, "set")]


def test_the_first_in_human_protocol_has_its_cells_counted():
    document = tomllib.loads((PROTOCOLS / "mutein.toml").read_text("utf-8"))
    routines = Protocol.from_document(document).plan.routines
    (cells,) = (one for one in routines if one.what == "cells")
    assert cells.items == ("LYM", "CD8", "NK", "TREG")
