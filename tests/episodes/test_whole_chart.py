"""The whole chart, as a reviewer has it: fluid balance and blood under the vitals."""

from datetime import datetime, timedelta
from uuid import uuid4

from monitor import clock, flow
from monitor.bedside.entry import not_done, read_reading
from monitor.episodes import queries
from monitor.episodes.models import Episode
from monitor.episodes.set_values import set_values
from tests.acts import LOW, WELL, baseline, enter

HOUR = timedelta(hours=1)


def keys(cast, **more):
    return [one["key"] for one in queries.chart_data(cast.cycle, **more)["panels"]]


def panel(cast, key):
    found = queries.chart_data(cast.cycle, whole=True)["panels"]
    return next(one for one in found if one["key"] == key)


def rows(chart):
    """The values of each row of the table, by column."""
    values = chart["sets"]["values"]
    return [
        {key: column[n] for key, column in values.items() if column[n]}
        for n in range(len(chart["sets"]["at"]))
    ]


def fluid(cast, item, volume, start, end):
    read = read_reading(item, str(volume), at=start, until=end)
    told = {"by": cast.reyes, "key": uuid4(), "panel": "fluids"}
    with clock.freeze(end):
        flow.record_set(cycle=cast.cycle, observed_at=start, readings=[read], **told)


VITALS = ["TEMP", "HR", "BP", "OXYSAT", "RESP"]


def test_what_was_never_measured_has_no_panel(cast, now):
    enter(cast, now, WELL)
    assert keys(cast, whole=True) == VITALS


def test_blood_has_panels_on_the_whole_chart_alone(cast, now):
    blood = {"ALB": "33", "HCT": "44", "CRP": "80", "WEIGHT": "71.4"}
    enter(cast, now, {**WELL, **blood})
    assert keys(cast) == [*VITALS, "WEIGHT"]
    assert keys(cast, whole=True) == [*VITALS, "WEIGHT", "ALB", "HCT", "CRP"]


def test_the_table_has_a_column_for_whatever_is_drawn_and_has_a_value(cast, now):
    enter(cast, now - HOUR, {"ALB": "33", "CRP": "80"})
    enter(cast, now, {**WELL, "WEIGHT": "71.4"})
    chart = queries.chart_data(cast.cycle, whole=True)
    vitals = ["TEMP", "HR", "BP", "OXYSAT", "OXYGEN_DEVICE", "RESP", "ACVPU"]
    assert [key for key, _label in chart["columns"]] == [
        *vitals,
        "WEIGHT",
        "ALB",
        "CRP",
    ]
    assert chart["columns"][-2:] == [["ALB", "Albumin g/L"], ["CRP", "CRP mg/L"]]
    blood, signs = rows(chart)
    assert blood == {"ALB": "33", "CRP": "80.0"}
    assert (signs["WEIGHT"], "ALB" in signs) == ("71.4", False)


def test_a_set_with_nothing_that_is_drawn_is_no_row_of_the_table(cast, now):
    fluid(cast, "URINE_OUTPUT", 400, now - HOUR, now)
    enter(cast, now, WELL)
    (row,) = rows(queries.chart_data(cast.cycle, whole=True))
    assert row["TEMP"] == "36.8"


def test_albumin_carries_the_line_of_the_protocol(cast, now):
    enter(cast, now, {**WELL, "ALB": "33"})
    found = panel(cast, "ALB")
    assert found["lines"] == [{"value": 35, "label": "35"}]
    assert found["v"] == [33]


def test_a_shift_of_which_enough_was_measured_has_its_net_in_liters(cast, now):
    # The ward's day begins at 07:00; now is 14:30, seven and a half hours later.
    start = now - 7.5 * HOUR
    fluid(cast, "FLUID_INTAKE", 2400, start, now)
    fluid(cast, "URINE_OUTPUT", 900, start, now)
    assert panel(cast, "BALANCE")["v"] == [1.5]


def test_a_shift_of_which_too_little_was_measured_breaks_the_line(cast, now):
    start = now - 7.5 * HOUR
    fluid(cast, "FLUID_INTAKE", 2400, start - 12 * HOUR, start)
    fluid(cast, "URINE_OUTPUT", 900, start - 12 * HOUR, start)
    fluid(cast, "URINE_OUTPUT", 100, start, start + HOUR)
    assert panel(cast, "BALANCE")["v"] == [1.5, None]


def test_a_rate_of_nothing_is_said_as_the_end_of_it(cast, now):
    told = {"code": "norepinephrine", "form": "rate", "unit": "ug/min"}
    told |= {"cycle": cast.cycle, "by": cast.reyes}
    for amount, at in ((6, now - HOUR), (0, now)):
        flow.log_treatment(**told, amount=amount, at=at, key=uuid4())
    shown = queries.chart_data(cast.cycle)["treatments"]
    assert [one["label"] for one in shown] == [
        "Norepinephrine 6 µg/min",
        "Norepinephrine stopped",
    ]


def test_a_rate_is_drawn_until_it_changes_and_a_stop_for_as_long_as_it_blurs(cast, now):
    told = {"code": "norepinephrine", "form": "rate", "unit": "ug/min"}
    told |= {"cycle": cast.cycle, "by": cast.reyes}
    begun = now - 9 * HOUR
    for amount, after in ((6, 0), (4, 2), (0, 3)):
        flow.log_treatment(**told, amount=amount, at=begun + after * HOUR, key=uuid4())
    shown = queries.chart_data(cast.cycle)["treatments"]
    ends = [datetime.fromisoformat(one["to"]) - begun for one in shown]
    assert ends == [2 * HOUR, 3 * HOUR, 7 * HOUR]


def test_a_stop_that_blurs_nothing_is_a_moment(cast, now):
    told = {"code": "maintenance_fluid", "form": "rate", "unit": "mL/h"}
    told |= {"cycle": cast.cycle, "by": cast.reyes, "amount": 0}
    flow.log_treatment(**told, at=now - HOUR, key=uuid4())
    (one,) = queries.chart_data(cast.cycle)["treatments"]
    assert one["label"] == "Maintenance fluid stopped"


def test_a_value_says_only_what_its_set_does_not(cast, now):
    enter(cast, now - 2 * HOUR, WELL)
    read = [read_reading("TEMP", "102.2", "[degF]")]
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4()}
    flow.record_set(observed_at=now, readings=read, **told)
    chart = queries.chart_data(cast.cycle)
    assert chart["sets"]["past"]["TEMP"] == {"1": "warning"}
    said = {name: panel(cast, "TEMP")[name] for name in ("v", "by", "typed")}
    assert said == {"v": [36.8, 39], "by": {}, "typed": {"1": "102.2 °F"}}


def test_the_chart_and_the_table_read_the_same_sets(cast, now):
    """The chart reads its readings without their models."""
    start = now - 2 * HOUR
    enter(cast, start, {**WELL, "TEMP": "38.5", "OXYGEN_DEVICE": "room_air"})
    fluid(cast, "URINE_OUTPUT", 400, start, now)
    held = [read_reading("SYSBP", "12"), not_done("TEMP", "asleep")]
    told = {"by": cast.reyes, "key": uuid4()}
    flow.record_set(cycle=cast.cycle, observed_at=now, readings=held, **told)
    table = queries.sets_table(cast.cycle)[::-1]
    assert [(one.at, one.by, one.values, one.not_done) for one in table] == [
        (one.at, one.by, one.values, one.not_done) for one in set_values(cast.cycle)
    ]


def test_the_strip_of_grades_is_of_the_event_that_is_looked_at(cast, now):
    """A leak's own page had an empty line called CRS grade."""
    baseline(cast)
    leak = {"ALB": "28", "EDEMA_LIMBS": "2"}
    enter(cast, now, {**LOW, **leak})
    shown = {
        topic: queries.chart_data(cast.cycle, topic=topic)
        for topic in ("crs", "cls", "infection")
    }
    assert {key: one["words"]["grade"] for key, one in shown.items()} == {
        "crs": "CRS grade",
        "cls": "CLS grade",
        "infection": "Infection grade",
    }
    steps = Episode.objects.get(topic="cls").steps
    (stretch,) = shown["cls"]["grades"]
    assert stretch["text"].endswith(f"grade {steps.get().grade}")
    assert shown["infection"]["grades"] == []
