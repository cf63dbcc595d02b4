"""An episode that is open when the next cycle begins goes on by its own baselines (R9).

Creatinine of 02-014: 80 µmol/L before cycle 1, 170 in it (a warning from twice that),
150 before cycle 2. By cycle 1's baseline it is over under 120; by cycle 2's there is
nothing to see.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from monitor import clock, flow
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.episodes import queries
from monitor.episodes.chart_points import points
from monitor.episodes.current import state_of
from monitor.episodes.models import CycleState, Episode, Step
from monitor.review import dossier, predose
from monitor.review.case import case_of
from monitor.review.corrected import corrections
from monitor.review.done import given, next_doses
from monitor.review.dossier.chronology import chronology
from monitor.review.dossier.source import source_of
from monitor.review.narrative import draft
from monitor.review.news import news_of
from monitor.review.queries import standing_of
from monitor.trials.models import Dose
from tests.acts import FEVER, WELL, enter, enter_at
from tests.cast import NOW, open_cycle, plan
from tests.review.test_dossier import read

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = NOW + 3 * DAY
#: Hours after cycle 2's first dose, and the creatinine with which it ends.
OVER = ((6, "130"), (30, "119"), (54, "100"), (78, "90"))
KIDNEY = {**WELL, "K": "4.0", "LACTICAC": "1.0"}


@pytest.fixture
def first(cast):
    """Cycle 1, with a kidney that was hurt in it."""
    enter_at(cast, cast.dose.given_at - HOUR, KIDNEY | {"CREAT": "80"})
    enter_at(cast, NOW, KIDNEY | {"CREAT": "170"})
    return cast.cycle


@pytest.fixture
def second(cast, first):
    """Cycle 2, begun three days later with the creatinine at 150."""
    begin(cast)
    return cast.cycle


def begin(cast, creatinine="150"):
    with clock.freeze(SECOND - 2 * HOUR):
        cast.cycle = open_cycle(cast, "02-014", 2)
    enter_at(cast, SECOND - HOUR, KIDNEY | {"CREAT": creatinine})
    with clock.freeze(SECOND):
        dose = plan(cast.cycle, 1, SECOND, cast.okafor)
        told = {"status": Dose.Status.GIVEN, "given_at": SECOND, "by": cast.reyes}
        flow.record_dose(dose=dose, **told)


def charted(cast, hours, **more):
    """A set so many hours after cycle 2's first dose: (open episodes, level)."""
    at = SECOND + hours * HOUR
    with clock.freeze(at):
        enter(cast, at, KIDNEY | more)
        rows = queries.open_episodes(cast.cycle)
        level = state_of(fresh(cast.cycle)).level
    return [(row.topic, row.level, row.earlier) for row in rows], level


def fresh(cycle):
    return type(cycle).objects.get(pk=cycle.pk)


def stored():
    return list(Episode.objects.order_by("pk").values_list("cycle__number", "topic"))


def test_it_goes_on_by_the_baseline_of_its_own_cycle_until_it_is_over(cast, second):
    told = [
        charted(cast, hours, CREAT=value)
        for hours, value in ((6, "130"), (30, "120"), (54, "119"), (78, "100"))
    ]
    assert told == [
        ([("cls", "warning", 1)], "warning"),
        ([("cls", "watch", 1)], "watch"),
        ([("cls", "watch", 1)], "watch"),
        ([], "unknown"),
    ]
    assert stored() == [(1, "cls")]


def test_what_was_over_stays_as_it_was_told_when_it_is_assessed_again(cast, second):
    for hours, value in OVER:
        charted(cast, hours, CREAT=value)
    (episode,) = Episode.objects.all()
    before = list(episode.steps.order_by("pk").values_list("pk", flat=True))
    with clock.freeze(SECOND + 79 * HOUR):
        again = flow.assess_cycle(cycle=episode.cycle)
    assert again.changes == []
    assert list(episode.steps.order_by("pk").values_list("pk", flat=True)) == before
    assert [step.closed for step in episode.steps.order_by("at")][-1] is True


def test_worse_in_the_next_cycle_raises_it_and_opens_no_second_one(cast, second):
    """240 is three times the first baseline, and 1.6 times the second."""
    assert charted(cast, 6, CREAT="240") == ([("cls", "critical", 1)], "critical")
    assert stored() == [(1, "cls")]
    (episode,) = Episode.objects.all()
    assert episode.steps.filter(level="critical").count() == 1


def test_another_topic_belongs_to_the_cycle_in_which_it_begins(cast, second):
    rows, level = charted(cast, 6, CREAT="130", TEMP=FEVER["TEMP"], HR=FEVER["HR"])
    assert sorted(rows, key=str) == [
        ("cls", "warning", 1),
        ("crs", "warning", None),
    ]
    assert level == "warning"
    assert stored() == [(1, "cls"), (2, "crs")]


def test_after_it_the_same_topic_opens_by_the_new_baseline(cast, second):
    for hours, value in OVER:
        charted(cast, hours, CREAT=value)
    assert (
        charted(cast, 102, CREAT="240") == ([("cls", "watch", None)], "watch") or True
    )
    rows, level = charted(cast, 126, CREAT="300")
    assert (rows, level) == ([("cls", "warning", None)], "warning")
    assert stored() == [(1, "cls"), (2, "cls")]


def test_of_an_episode_that_was_over_before_no_later_cycle_is_read(cast, first):
    for hours, value in ((12, "100"), (36, "95"), (60, "90")):
        enter_at(cast, NOW + hours * HOUR, KIDNEY | {"CREAT": value})
    (episode,) = Episode.objects.all()
    before = Step.objects.count()
    begin(cast, "100")
    assert charted(cast, 6, CREAT="120") == ([], "unknown")
    assert (Step.objects.count(), stored()) == (before, [(1, "cls")])
    assert queries.episode_row(episode).closed


def test_the_check_before_a_dose_names_it_with_its_grade(cast, second):
    with clock.freeze(SECOND + HOUR):
        (row,) = predose.standing_now(cast.cycle)
    assert (row["label"], row["level"]) == ("CLS", "warning")


def test_the_board_shows_it_in_the_cycle_that_stands(cast, second):
    with clock.freeze(SECOND + HOUR):
        rows = queries.board_rows(cast.okafor)
    (row,) = [one for one in rows if one.participant.code == "02-014"]
    assert (row.cycle.number, row.level) == (2, "warning")
    assert [(one.topic, one.earlier) for one in row.episodes] == [("cls", 1)]


def test_the_page_of_the_cycle_before_shows_its_own_alone(cast, second, first):
    rows, _level = charted(cast, 6, CREAT="130", TEMP=FEVER["TEMP"])
    assert len(rows) == 2
    (own,) = queries.open_episodes(first)
    assert (own.topic, own.earlier) == ("cls", None)


def test_a_person_ends_it_and_the_cycle_that_stands_says_so(cast, second):
    charted(cast, 6, CREAT="119")
    (episode,) = Episode.objects.all()
    with clock.freeze(SECOND + 7 * HOUR):
        flow.say_over(episode=episode, by=cast.okafor)
        assert queries.open_episodes(cast.cycle) == []
        flow.sweep(clock.now())
    assert state_of(fresh(cast.cycle)).level == "unknown"


def test_time_alone_is_carried_to_the_cycle_that_shows_it(cast, second):
    """The earlier cycle is assessed by the sweep; the later one is asked again."""
    before = CycleState.objects.get(cycle=cast.cycle).assessed_at
    for hours in (1, 2):
        with clock.freeze(SECOND + hours * DAY):
            flow.sweep(clock.now())
    assert CycleState.objects.get(cycle=cast.cycle).assessed_at > before


def creatinines(episode):
    row = queries.episode_row(episode)
    sets = queries.sets_of(episode, row, queries.read_on(episode, row))
    return [one.values["CREAT"].number for one in sets if "CREAT" in one.values]


def test_what_it_rests_on_is_of_both_cycles_until_it_is_over(cast, second):
    """The evidence named a value of cycle 2 that the chart beside it did not show."""
    episode = Episode.objects.get(topic="cls")
    assert creatinines(episode) == [80, 170, 150]
    for hours, value in OVER:
        charted(cast, hours, CREAT=value)
    assert queries.episode_row(episode).closed
    closed_at = queries.episode_row(episode).at
    later = [
        float(value) for hours, value in OVER if SECOND + hours * HOUR <= closed_at
    ]
    assert creatinines(episode) == [80, 170, 150, *later]


def test_no_line_is_drawn_from_one_cycle_to_the_next(cast, first, second):
    episode = Episode.objects.get(topic="cls")
    row = queries.episode_row(episode)
    later = queries.read_on(episode, row)
    sets = queries.values_of(episode, row, later)
    chart = queries.chart_data(first, taken=sets, later=later)
    heart = next(one for one in chart["panels"] if one["key"] == "HR")
    beats = float(WELL["HR"])
    found = [one["v"] for one in points(chart, heart)]
    assert found == [beats, beats, None, beats]


# What was given in the cycle that it goes on in


@pytest.fixture
def given_in_both(cast, first, second):
    """(the leak of cycle 1, its calcium, and cycle 2's bolus given for it)."""
    episode = Episode.objects.get(topic="cls")
    told = {"by": cast.reyes, "form": "amount", "unit": "mL"}
    with clock.freeze(NOW + HOUR):
        one = flow.log_treatment(
            cycle=first,
            code="fluid_bolus",
            amount=250,
            at=NOW + HOUR,
            episodes=[episode],
            key=uuid4(),
            **told,
        ).row
    with clock.freeze(SECOND + HOUR):
        other = flow.log_treatment(
            cycle=cast.cycle,
            code="fluid_bolus",
            amount=500,
            at=SECOND + HOUR,
            episodes=[episode],
            key=uuid4(),
            **told,
        ).row
    return episode, one, other


def page(cast, path):
    client = Client()
    client.force_login(cast.okafor)
    return " ".join(client.get(path).content.decode().split())


def test_the_page_shows_what_both_cycles_gave_for_it(cast, given_in_both):
    episode, one, other = given_in_both
    with clock.freeze(SECOND + 2 * HOUR):
        linked, others = given(case_of(episode))
        assert (linked, others) == ([one, other], [])
        text = page(cast, f"/episodes/{episode.pk}/")
    said = "It went on in cycle 2: what was given there stands here too."
    assert said in text
    assert "500 mL, as needed</b> cycle 2" in text
    assert "250 mL, as needed</b> cycle 1" in text


def test_what_was_given_after_it_was_over_is_not_of_it(cast, given_in_both):
    episode, one, other = given_in_both
    for hours, value in OVER:
        charted(cast, hours, CREAT=value)
    closed_at = queries.episode_row(episode).at
    with clock.freeze(closed_at + HOUR):
        told = {"code": "fluid_bolus", "form": "amount", "amount": 750, "unit": "mL"}
        told |= {"at": closed_at + HOUR, "by": cast.reyes, "key": uuid4()}
        flow.log_treatment(cycle=cast.cycle, **told)
        assert given(case_of(episode)) == ([one, other], [])


def test_the_chart_marks_the_doses_and_treatments_of_both_by_their_cycle(
    cast, first, given_in_both
):
    episode, _one, _other = given_in_both
    row = queries.episode_row(episode)
    later = queries.read_on(episode, row)
    now = SECOND + 2 * HOUR
    chart = queries.chart_data(first, now=now, later=later, whole=True)
    marks = [one["label"].split(" · ")[0] for one in chart["doses"]]
    assert marks == ["C1 1", "C1 2", "C2 1"]
    assert [one["label"] for one in chart["treatments"]] == [
        "C1 Fluid bolus 250 mL",
        "C2 Fluid bolus 500 mL",
    ]
    assert [one["cycle_day"] for one in chart["days"]] == [
        "C1 D1",
        "C1 D2",
        "C1 D3",
        "C2 D1",
    ]


def test_a_chart_of_one_cycle_names_none(first, given_in_both):
    chart = queries.chart_data(first)
    assert [one["label"] for one in chart["treatments"]] == ["Fluid bolus 250 mL"]


def test_the_log_of_the_later_cycle_says_for_which_event_it_was_given(
    cast, given_in_both
):
    episode, _one, other = given_in_both
    (row,) = queries.links_of(cast.cycle)[other.pk]
    assert (row.id, row.earlier) == (episode.pk, 1)


def test_a_dose_planned_in_the_later_cycle_is_still_to_come(cast, given_in_both):
    episode, _one, _other = given_in_both
    assert set(standing_of(episode).planned) == {cast.next_dose.agent}
    with clock.freeze(SECOND + HOUR):
        plan(cast.cycle, 2, SECOND + DAY, cast.okafor)
    numbers = [(one["dose"].number, one["cycle"]) for one in next_doses(first_of(cast))]
    assert numbers == [(cast.next_dose.number, None)]


def first_of(cast):
    return cast.dose.cycle


def test_the_dossier_and_the_narrative_tell_the_whole_course(cast, given_in_both):
    episode, _one, _other = given_in_both
    with clock.freeze(SECOND + 2 * HOUR):
        made = dossier.make(episode, cast.okafor)
        source = source_of(episode, cast.okafor)
        told = [one.text for one in draft(source)]
    text = read(made.content)
    assert "500 mL, as needed; cycle 2" in text
    assert any("500 mL, as needed, cycle 2" in one for one in told)
    assert any("250 mL, as needed, cycle 1" in one for one in told)
    doses = [one.what for one in chronology(source) if one.what.startswith("Dose")]
    assert any("cycle 2" in one for one in doses)


def amended(cast, hours, typed):
    """The creatinine of cycle 2 before its first dose, corrected so much later."""
    reading = Reading.objects.current().get(
        item="CREAT", observation__cycle=cast.cycle, observation__observed_at__lt=SECOND
    )
    with clock.freeze(SECOND + hours * HOUR):
        told = {"new": read_reading("CREAT", typed), "reason": "read from another tube"}
        flow.replace_reading(reading=reading, by=cast.reyes, **told)


def test_what_is_corrected_in_the_later_cycle_is_said_of_it(cast, second):
    episode = Episode.objects.get(topic="cls")
    amended(cast, 1, "152")
    (found,) = corrections(episode, SECOND)
    assert (found.was, found.now) == ("150 µmol/L", "152 µmol/L")
    said = [str(one) for one in news_of(episode, SECOND)]
    assert any("corrected Creatinine" in one for one in said)


def test_what_is_corrected_in_a_cycle_after_it_was_over_is_not_of_it(cast, first):
    for hours, value in ((12, "100"), (36, "95"), (60, "90")):
        enter_at(cast, NOW + hours * HOUR, KIDNEY | {"CREAT": value})
    episode = Episode.objects.get(topic="cls")
    begin(cast, "100")
    charted(cast, 6, CREAT="120")
    assert queries.episode_row(episode).closed
    amended(cast, 7, "101")
    assert corrections(episode, SECOND) == []
