"""What the pages ask: within reach, and in a constant number of queries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from monitor import clock, flow
from monitor.bedside.entry import not_done, read_reading
from monitor.episodes import queries
from monitor.episodes.chart_points import points
from monitor.episodes.identity import identity_row
from monitor.episodes.models import CycleState, Episode
from monitor.episodes.shapes import BoardFilters
from monitor.notices import queries as notices
from monitor.trials.models import Cycle
from tests.acts import FEVER, LOW, WELL, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, enroll, open_cycle

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def counted(ask):
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def another(cast, code, now, typed=LOW):
    """One more participant in Boston, with one set."""
    if code not in cast.participants:
        enroll(cast, code, cast.boston, cast.cohort, cast.okafor)
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, code)
    enter(cast, now, typed, cycle=cycle)
    return cycle


# The board


def test_the_board_shows_the_site_alone(cast, now):
    another(cast, "02-015", now)
    with clock.freeze(CYCLE_OPENED):
        open_cycle(cast, "03-001", by=cast.berg)
    here = [row.participant.code for row in queries.board(cast.reyes).rows]
    there = [row.participant.code for row in queries.board(cast.lindqvist).rows]
    everywhere = [row.participant.code for row in queries.board(cast.iyer).rows]
    assert here == ["02-015", "02-014"]
    assert there == ["03-001"]
    assert sorted(everywhere) == ["02-014", "02-015", "03-001"]


def test_who_has_no_set_is_unknown_and_not_clear(cast, now):
    row = queries.board(cast.reyes).rows[0]
    assert row.level == "unknown"
    assert row.last_set is None
    assert row.headline == "No set has ever arrived"


def test_counts_equal_their_rows(cast, now):
    enter(cast, now, WELL)
    another(cast, "02-015", now)
    board = queries.board(cast.reyes)
    for level, count in board.counts.items():
        filtered = queries.board(cast.reyes, BoardFilters(level=level))
        assert len(filtered.rows) == count
    assert sum(board.counts.values()) == board.total == 2


def test_a_value_past_a_line_carries_the_level(cast, now):
    enter(cast, now - HOUR, WELL)
    enter(cast, now, LOW)
    values = queries.board(cast.reyes).rows[0].values
    assert (values["SYSBP"].text, values["SYSBP"].past) == ("86", "warning")
    assert (values["HR"].change, values["HR"].before) == ("up", "78")
    assert values["OXYSAT"].past == ""


def test_a_value_that_has_lapsed_is_stale(cast, now):
    enter(cast, now, WELL)
    with clock.freeze(now + 7 * HOUR):
        values = queries.board(cast.reyes).rows[0].values
    assert values["TEMP"].stale


def test_the_last_five_pressures_are_kept(cast, now):
    for hours in range(7, 0, -1):
        enter(cast, now - hours * HOUR / 2, WELL)
    row = queries.board(cast.reyes).rows[0]
    assert [value for _at, value in row.pressures] == [122.0] * 5


def test_a_low_reading_asks_for_another_in_ten_minutes(cast, now):
    enter(cast, now, LOW)
    due = queries.board(cast.reyes).rows[0].due
    assert (due.what, due.at - now, due.late) == ("re-check", 10 * MINUTE, False)
    with clock.freeze(now + 25 * MINUTE):
        assert queries.board(cast.reyes).rows[0].overdue


def test_a_pressure_over_the_line_answers_the_recheck(cast, now):
    enter(cast, now - 10 * MINUTE, LOW)
    enter(cast, now, WELL)
    assert queries.board(cast.reyes).rows[0].due.what == "set"


def test_a_pressure_that_is_still_low_asks_again(cast, now):
    enter(cast, now - 10 * MINUTE, LOW)
    enter(cast, now, LOW)
    due = queries.board(cast.reyes).rows[0].due
    assert (due.what, due.at - now) == ("re-check", 10 * MINUTE)


@pytest.mark.requirement("A4")
def test_who_is_blinded_sees_the_neutral_label(cast, now):
    assert queries.board(cast.reyes).rows[0].cohort == "Cohort D"
    assert queries.board(cast.okafor).rows[0].cohort == "1200 IU/kg"
    assert queries.identity_of(cast.cycle, cast.reyes).cohort == "Cohort D"


def test_an_open_notice_is_not_acknowledged_until_somebody_takes_it(cast, now):
    enter(cast, now, LOW)
    flow.sweep(now)
    assert board_row(cast).unanswered
    notice = notices.notice_for(cast.okafor, notices.newest(cast.okafor).id)
    flow.acknowledge(notice=notice, by=cast.okafor)
    row = board_row(cast)
    assert not row.unanswered
    assert row.acknowledged.by == "C. Okafor, MD"


def board_row(cast):
    return queries.board(cast.reyes, answers=notices.answers(cast.reyes)).rows[0]


def test_the_board_asks_as_much_for_three_as_for_one(cast, now):
    enter(cast, now, LOW)

    def ask():
        queries.board(cast.reyes, answers=notices.answers(cast.reyes))

    one = counted(ask)
    another(cast, "02-015", now)
    another(cast, "02-016", now)
    assert counted(ask) == one


# Episodes


def test_another_sites_episode_is_not_there(cast, now):
    enter(cast, now, LOW)
    pk = Episode.objects.get().pk
    assert queries.episode_for(cast.okafor, pk).pk == pk
    for stranger in (cast.lindqvist, cast.berg, cast.novak):
        with pytest.raises(Http404):
            queries.episode_for(stranger, pk)


def test_the_history_is_in_order_with_its_grades(cast, now):
    baseline(cast)
    enter_at(cast, now - 2 * HOUR, FEVER)
    enter_at(cast, now - HOUR, LOW)
    history = queries.history(Episode.objects.get())
    assert [(row.level, row.grade) for row in history] == [
        ("warning", 1),
        ("warning", 2),
    ]


def test_the_banner_says_what_why_and_what_is_missing(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    result = queries.result_of(cast.cycle)
    assert result.level == "warning"
    assert result.heading.startswith("Criteria met: possible CRS, ASTCT")
    because = {one.item: (one.value, one.text, one.by) for one in result.first.because}
    assert because["TEMP"] == ("39.1 °C", "≥ 38 °C", "AR")
    assert because["SYSBP"] == ("86 mmHg", "< 90 mmHg", "AR")
    assert [scale.name for scale in result.first.scales if scale.in_force] == ["astct"]
    assert len(result.first.scales) == 5
    assert result.first.options


def test_the_banner_names_the_low_pressure_after_it_has_lapsed(client, cast, now):
    baseline(cast)
    enter(cast, now - 40 * MINUTE, LOW)
    enter(cast, now, {"TEMP": "39.2"})
    first = queries.result_of(cast.cycle).first
    assert [one.item for one in first.missing] == ["SYSBP"]
    assert "SYSBP" not in {one.item for one in first.because}
    assert "low systolic pressure (last SBP 86 mmHg)" in first.counted
    client.force_login(cast.reyes)
    page = client.get("/participants/02-014/").content.decode()
    shown = page.partition("Still counted")[2].partition("</td>")[0]
    assert shown.endswith('<td colspan="3">' + "; ".join(first.counted))


@pytest.mark.requirement("D3")
def test_a_clear_set_has_a_time_and_no_word_of_relief(cast, now):
    enter(cast, now, WELL)
    clear = [{"family": "crs", "topic": "crs", "level": "clear", "evidence": []}]
    told = {"lines": clear, "last_set": now.isoformat()}
    CycleState.objects.update(level="clear", summary=told)
    result = queries.result_of(cast.cycle)
    assert (result.level, result.at, result.findings) == ("clear", now, [])
    assert result.heading == "No pattern met on the 14:30 set"


def test_the_bar_names_who_the_page_is_about(cast, now):
    baseline(cast)
    identity = queries.identity_of(cast.cycle, cast.okafor)
    assert identity.facts == [
        ("Dose level", "1200 IU/kg"),
        ("Cycle, day", "C1 D1"),
        ("Since dose 1", "4 h 25"),
        ("Sex, age", "F, 58"),
        ("Before this cycle", "BP 122/76 · HR 78 · 36.8 °C"),
        ("Place", "bed 12"),
    ]


def test_an_episodes_evidence_is_that_of_now(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    finding = queries.finding_of(fresh(Episode.objects.get()))
    assert {one.item for one in finding.because} >= {"TEMP", "SYSBP"}
    assert finding.episode.grade == 2


def fresh(episode):
    return Episode.objects.select_related(
        "cycle__participant__site__trial", "cycle__protocol", "cycle__state"
    ).get(pk=episode.pk)


@pytest.mark.parametrize(
    "ask",
    [
        queries.result_of,
        queries.chart_data,
        queries.sets_table,
        queries.episodes_of,
        queries.links_of,
    ],
    ids=lambda ask: ask.__name__,
)
def test_a_page_asks_as_much_for_three_sets_as_for_one(cast, now, ask):
    baseline(cast)
    enter(cast, now - 30 * MINUTE, LOW)
    one = counted(lambda: ask(loaded(cast.cycle)))
    enter(cast, now - 20 * MINUTE, LOW)
    enter(cast, now - 10 * MINUTE, FEVER)
    assert counted(lambda: ask(loaded(cast.cycle))) == one


def loaded(cycle):
    return Cycle.objects.select_related(
        "participant__site__trial", "participant__cohort", "protocol", "state"
    ).get(pk=cycle.pk)


# Sets and chart


def test_a_set_is_a_row_with_what_was_not_done_and_corrected(cast, now):
    saved = flow.record_set(
        cycle=cast.cycle,
        observed_at=now - 2 * HOUR,
        readings=[read_reading("HR", "80"), not_done("TEMP", "asleep")],
        by=cast.reyes,
        key=uuid4(),
    )
    reading = saved.row.readings.get(item="HR")
    flow.correct_reading(
        reading=reading, typed="88", unit=None, by=cast.okafor, reason="misread"
    )
    (row,) = queries.sets_table(cast.cycle)
    assert (row.values["HR"].text, row.values["HR"].before) == ("88", "80")
    assert row.not_done == {"TEMP": "asleep"}
    assert row.corrected == {"HR"}
    assert row.lag is not None
    assert row.by == "AR"


@pytest.mark.parametrize(("late", "shown"), [(30, False), (31, True)])
def test_a_set_is_late_from_half_an_hour_on(cast, now, late, shown):
    with clock.freeze(now + timedelta(minutes=late)):
        enter(cast, now, LOW)
    (row,) = queries.sets_table(cast.cycle)
    assert (row.lag is not None) == shown


def test_an_amount_is_late_only_after_its_period_has_ended(cast, now):
    read = read_reading("URINE_OUTPUT", "0", at=now - 4 * HOUR, until=now)
    told = {"by": cast.reyes, "key": uuid4(), "panel": "fluids"}
    at = now - 4 * HOUR
    flow.record_set(cycle=cast.cycle, observed_at=at, readings=[read], **told)
    (row,) = queries.sets_table(cast.cycle)
    assert (row.lag, row.values["URINE_OUTPUT"].text) == (None, "0")


def test_the_chart_speaks_the_sites_time(cast, now):
    enter(cast, now, LOW)
    chart = queries.chart_data(cast.cycle)
    assert chart["zone"] == "America/New_York"
    assert chart["offset_label"] == "-05:00"
    assert chart["now"] == "2026-11-19T14:30:00-05:00"
    pressure = next(panel for panel in chart["panels"] if panel["key"] == "BP")
    (point,) = points(chart, pressure)
    assert (point["v"], point["v2"], point["past"]) == (86, 48, "warning")
    assert pressure["lines"] == [{"value": 90, "label": "SBP 90"}]
    assert [dose["state"] for dose in chart["doses"]] == ["given", "planned"]
    assert chart["onsets"] == [{"at": chart["now"], "level": "warning"}]


def test_oxygen_is_unknown_once_its_set_has_lapsed(cast, now):
    enter(cast, now - 4 * HOUR, WELL)
    with clock.freeze(now + 8 * HOUR):
        strip = queries.chart_data(cast.cycle)["oxygen"]
    assert [one["step"] for one in strip] == [0, None]


def test_a_missed_set_is_marked(cast, now):
    enter_at(cast, now - 4 * HOUR, WELL)
    enter_at(cast, now, WELL)
    assert queries.chart_data(cast.cycle)["missed"]


def test_an_empty_chart_can_be_drawn(cast):
    chart = queries.chart_data(cast.cycle)
    assert chart["sets"]["at"] == []
    assert chart["summary"] == "No set has been recorded in this cycle."


def test_a_change_of_the_temperatures_site_is_said_in_its_set(client, cast, now):
    """R13: shown, never corrected by arithmetic."""
    sites = ("oral", "oral", "", "axillary", "axillary")
    for minutes, site in enumerate(sites):
        typed = WELL | ({"TEMP_SITE": site} if site else {})
        enter(cast, now - timedelta(minutes=10 - minutes), typed)
    told = [row.site_was for row in queries.sets_table(cast.cycle)]
    assert told == ["", "Oral", "", "", ""]
    client.force_login(cast.reyes)
    page = client.get("/participants/02-014/").content.decode()
    assert page.count("another site: before Oral") == 1


def test_each_agent_has_a_clock_of_its_own(cast, now):
    """R18, B7: the antibody and the mRNA on one day, the one given first first."""
    flow.assess_cycle(cycle=cast.cycle)
    state = CycleState.objects.get(cycle=cast.cycle)
    one = state.summary["given"]
    antibody = one | {"agent": "pembrolizumab", "number": 1}
    antibody["at"] = (now - timedelta(hours=5)).isoformat()
    for given, told in (
        ({"NARA": one}, [("Since dose 1", "4 h 25")]),
        (
            {"NARA": one, "pembrolizumab": antibody},
            [("Since pembrolizumab 1", "5 h 00"), ("Since NARA 1", "4 h 25")],
        ),
    ):
        state.summary["last_given"] = given
        facts = identity_row(cast.cycle, state, "Cohort D", now).facts
        assert [fact for fact in facts if fact[0].startswith("Since")] == told


def test_the_last_dose_given_of_each_agent_is_kept_with_the_answer(cast):
    flow.assess_cycle(cycle=cast.cycle)
    summary = CycleState.objects.get(cycle=cast.cycle).summary
    assert summary["last_given"] == {"NARA": summary["given"]}


def test_the_chart_in_words_says_the_last_vital_signs_not_a_sample(cast, now):
    enter(cast, now - HOUR, {"CRP": "5"})
    said = queries.chart_data(cast.cycle)["summary"]
    assert said == "1 set, none with a vital sign."
    enter(cast, now - HOUR / 2, {"TEMP": "38.6"})
    enter(cast, now, {"CRP": "9"})
    said = queries.chart_data(cast.cycle)["summary"]
    assert said == "3 sets. The last vital signs at 14:00: Temp °C 38.6."
