"""A row of the board made of the brief says what one made of the summary says."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitor import flow
from monitor.episodes import board as boards
from monitor.episodes.brief import brief_of
from monitor.episodes.models import CycleState
from monitor.trials.models import Cycle
from tests.acts import FEVER, LOW, WELL, baseline, enter, enter_at
from tests.crowd import crowd

HOUR = timedelta(hours=1)
FEW, MANY = 10, 500


def rows(cast, now):
    """The row of 02-014 from its brief, and from its whole summary."""
    cycle = Cycle.objects.select_related("state").get(pk=cast.cycle.pk)
    whole = CycleState.objects.get(cycle=cycle)
    whole.brief = whole.summary
    for state in (cycle.state, whole):
        yield boards.row_of(
            boards.Loaded(cycle, state, "astct", [], None, False, "Cohort D"),
            now,
        )


def test_who_is_well_ill_or_partly_known_has_the_same_row_of_both(cast, now):
    baseline(cast)
    for typed in (WELL, FEVER, LOW, {"TEMP": "38.2"}):
        enter(cast, now, typed)
        for later in (timedelta(0), HOUR, 9 * HOUR):
            brief, whole = rows(cast, now + later)
            assert brief == whole


def test_the_brief_is_kept_with_the_answer_and_can_be_cut_again(cast, now):
    enter(cast, now, LOW)
    state = CycleState.objects.get(cycle=cast.cycle)
    assert state.brief == brief_of(state.summary) != {}
    assert len(str(state.brief)) < len(str(state.summary)) / 3


def test_where_the_assessment_fails_the_brief_holds_the_newest_values(
    cast, now, monkeypatch
):
    def broken(*_args, **_more):
        raise RuntimeError("planted")

    enter(cast, now - HOUR, WELL)
    monkeypatch.setattr("monitor.episodes.assessing.assess", broken)
    enter(cast, now, LOW)
    state = CycleState.objects.get(cycle=cast.cycle)
    assert state.brief["current"]["TEMP"]["value"] == 39.1


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_500_participants_cost_the_statements_of_10(cast, now):
    enter_at(cast, now - HOUR, LOW)
    flow.sweep(now)
    crowd([cast.cycle], FEW - 1, "A")
    client = Client()
    client.force_login(cast.reyes)
    pages = ("/", "/due/", "/handover/")
    few = {page: statements(client, page) for page in pages}
    crowd([cast.cycle], MANY - FEW, "B")
    assert {page: statements(client, page) for page in pages} == few
    assert client.get("/").context["board"].total == MANY
