"""A laboratory has limits from a date on; a value is read by those of its own."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.bedside import actions, limits
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Observation, ReferenceRange
from monitor.bedside.standards import LaboratoryRange, SiteUnit
from monitor.episodes.queries import sets_table
from monitor.episodes.timelines import facts_of
from monitor.refusal import Refused
from tests.bedside.test_observe_page import PAGE
from tests.cast import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RANGES = "/participants/02-014/ranges/"
UNITS = "/participants/02-014/units/"
LABS = f"{PAGE}?panel=labs"
CENTRAL, NIGHT = "Central", "Night laboratory"


def limit(cast, typed, laboratory=CENTRAL, item="ALB", unit="g/L", **given):
    """Limits of a laboratory, in force since ten days ago."""
    told = {"site": cast.boston, "by": cast.reyes, "key": uuid4()}
    told |= {"since": NOW - 10 * DAY, "laboratory": laboratory}
    told |= {"item": item, "typed": typed, "unit": unit}
    return flow.record_laboratory_range(**told | given)


def drawn(cast, at, value="31", laboratory=CENTRAL, item="ALB"):
    readings = [read_reading(item, value)]
    told = {"by": cast.reyes, "key": uuid4(), "panel": "labs"}
    told |= {"source": "laboratory", "laboratory": laboratory}
    return flow.record_set(cycle=cast.cycle, observed_at=at, readings=readings, **told)


def in_record(cast, item="ALB"):
    """(low, high, laboratory, since) of what grades the participant's values."""
    rows = limits.ranges_of(cast.cycle).filter(item=item)
    return [(one.low, one.high, one.laboratory, one.since) for one in rows]


# What a set takes over


def test_a_set_is_read_by_the_limits_of_its_laboratory(cast, now):
    limit(cast, "35..52")
    drawn(cast, now - HOUR)
    assert in_record(cast) == [(35, 52, CENTRAL, now - HOUR)]


def test_the_same_limits_are_taken_over_once(cast, now):
    limit(cast, "35..52")
    drawn(cast, now - 2 * HOUR)
    drawn(cast, now - HOUR)
    assert len(in_record(cast)) == 1


def test_another_laboratory_has_its_own_limits(cast, now):
    limit(cast, "35..52")
    limit(cast, "32..48", NIGHT)
    drawn(cast, now - 2 * HOUR)
    drawn(cast, now - HOUR, laboratory=NIGHT)
    assert in_record(cast) == [
        (35, 52, CENTRAL, now - 2 * HOUR),
        (32, 48, NIGHT, now - HOUR),
    ]


def test_a_draw_that_is_entered_late_leaves_the_later_one_its_limits(cast, now):
    limit(cast, "35..52")
    limit(cast, "32..48", NIGHT)
    drawn(cast, now - 3 * HOUR)
    drawn(cast, now - HOUR)
    drawn(cast, now - 2 * HOUR, laboratory=NIGHT)
    assert in_record(cast) == [
        (35, 52, CENTRAL, now - 3 * HOUR),
        (32, 48, NIGHT, now - 2 * HOUR),
        (35, 52, CENTRAL, now - HOUR),
    ]


def test_new_limits_grade_no_value_of_the_past(cast, now):
    limit(cast, "35..52")
    drawn(cast, now - 2 * HOUR)
    limit(cast, "33..50", since=now - DAY)
    assert in_record(cast) == [(35, 52, CENTRAL, now - 2 * HOUR)]
    drawn(cast, now - HOUR)
    assert in_record(cast)[-1] == (33, 50, CENTRAL, now - HOUR)


def test_limits_hold_from_their_date_on_to_the_second(cast, now):
    limit(cast, "35..52")
    limit(cast, "33..50", since=now - HOUR)
    drawn(cast, now - HOUR - timedelta(seconds=1))
    drawn(cast, now - HOUR)
    assert [row[:2] for row in in_record(cast)] == [(35, 52), (33, 50)]


def test_a_set_that_names_no_laboratory_takes_nothing_over(cast, now):
    limit(cast, "35..52")
    drawn(cast, now - HOUR, laboratory="")
    assert in_record(cast) == []


def test_what_was_stated_for_the_participant_holds(cast, now):
    limit(cast, "35..52")
    told = {"cycle": cast.cycle, "by": cast.reyes, "key": uuid4(), "item": "ALB"}
    flow.record_range(typed="30..45", unit="g/L", since=now - 2 * HOUR, **told)
    drawn(cast, now - HOUR)
    assert in_record(cast) == [(30, 45, "", now - 2 * HOUR)]


@pytest.mark.parametrize(("sex", "low"), [("F", 120), ("M", 140), ("", 130)])
def test_limits_for_a_sex_are_for_that_sex_alone(cast, now, sex, low):
    for whose, typed in (("", "130..160"), ("F", "120..155"), ("M", "140..175")):
        limit(cast, typed, item="HGB", sex=whose)
    person = cast.cycle.participant
    person.sex = sex or person.Sex.UNKNOWN
    held = limits.held(person, now)
    assert held[CENTRAL]["HGB"].low == low


@pytest.mark.parametrize(
    ("age", "low"),
    [(17, 130), (18, 120), (64, 120), (65, 110), (None, 130)],
)
def test_limits_for_an_age_are_for_that_age_alone(cast, now, age, low):
    limit(cast, "130..160", item="HGB")
    limit(cast, "120..155", item="HGB", age_from=18, age_to=64)
    limit(cast, "110..150", item="HGB", age_from=65)
    person = cast.cycle.participant
    person.age = age
    assert limits.held(person, now)[CENTRAL]["HGB"].low == low


def test_limits_for_a_sex_and_an_age_go_before_those_for_either(cast, now):
    limit(cast, "110..150", item="HGB", sex="F", age_from=50)
    limit(cast, "120..155", item="HGB", sex="F")
    limit(cast, "115..152", item="HGB", age_from=50)
    held = limits.held(cast.cycle.participant, now)
    assert held[CENTRAL]["HGB"].low == 110


def test_a_set_takes_over_the_limits_of_the_participants_age(cast, now):
    limit(cast, "35..52")
    limit(cast, "33..50", age_from=cast.cycle.participant.age)
    drawn(cast, now - HOUR)
    assert in_record(cast) == [(33, 50, CENTRAL, now - HOUR)]


def test_the_grade_is_read_by_the_limits_that_were_taken_over(cast, now):
    limit(cast, "35..52")
    drawn(cast, now - HOUR, "34")
    facts = facts_of(cast.cycle)
    (line,) = facts.filter(facts["kind"] == "range").to_dicts()
    assert (line["code"], line["value"], line["at"]) == ("ALB", "35..52", now - HOUR)


# The verbs


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"laboratory": "  "}, "laboratory"),
        ({"sex": "X"}, "whose"),
        ({"since": NOW + timedelta(seconds=1)}, "since"),
        ({"age_from": 65, "age_to": 64}, "age_to"),
        ({"typed": "normal"}, "ALB"),
        ({"unit": "mmol/L"}, "ALB"),
    ],
)
def test_limits_that_cannot_be_are_refused_at_their_field(cast, now, given, field):
    typed = given.pop("typed", "35..52")
    with pytest.raises(Refused) as refused:
        limit(cast, typed, **given)
    assert refused.value.field == field
    assert not LaboratoryRange.objects.exists()


def test_limits_sent_twice_are_one_and_can_be_struck_out(cast, now):
    key = uuid4()
    row = limit(cast, "35..52", key=key)
    assert limit(cast, "35..52", key=key) == row
    told = {"range_": row, "by": cast.reyes, "reason": "other laboratory"}
    actions.void_laboratory_range(**told)
    assert limits.held(cast.cycle.participant, now) == {}


def test_a_key_of_another_site_is_no_repetition(cast):
    key = uuid4()
    limit(cast, "35..52", key=key)
    with pytest.raises(Refused):
        limit(cast, "35..52", key=key, site=cast.uppsala, by=cast.lindqvist)


@pytest.mark.parametrize(
    ("minutes", "status"), [(-1, 422), (0, 302), (30, 302), (31, 422)]
)
def test_a_laboratory_reports_after_the_draw_and_before_now(nurse, minutes, status):
    """Drawn at 14:00; it is 14:30."""
    at = NOW - timedelta(minutes=30) + timedelta(minutes=minutes)
    typed = {"key": str(uuid4()), "at": "14:00", "ALB": "31"}
    local = (at - 5 * HOUR).strftime("%H:%M")
    assert nurse.post(LABS, typed | {"reported_at": local}).status_code == status


def test_a_draw_that_is_entered_when_it_is_reported_is_not_late(nurse, cast):
    typed = {"key": str(uuid4()), "at": "08:00", "ALB": "31"}
    nurse.post(LABS, typed | {"reported_at": "14:20"})
    nurse.post(LABS, typed | {"key": str(uuid4())})
    second, first = sets_table(cast.cycle)
    assert (first.lag, first.reported_at) == (None, NOW - timedelta(minutes=10))
    assert second.lag == timedelta(hours=6, minutes=30)


# The pages


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


def test_the_range_stands_beside_the_field_in_the_fields_unit(nurse, cast):
    limit(cast, "3.5..5.2", unit="g/dL")
    limit(cast, "..5", item="CRP", unit="mg/L")
    page = nurse.get(LABS).content.decode()
    assert "35 to 52 g/L" in page
    assert "at most 5.0 mg/L" in page


@pytest.mark.requirement("W4")
def test_the_only_laboratory_is_chosen_and_else_the_last_one(nurse, cast, now):
    limit(cast, "35..52")
    assert '<option value="Central" selected>' in nurse.get(LABS).content.decode()
    limit(cast, "32..48", NIGHT)
    page = nurse.get(LABS).content.decode()
    assert " selected>Central" not in page
    drawn(cast, now - HOUR, laboratory=NIGHT)
    assert f'<option value="{NIGHT}" selected>' in nurse.get(LABS).content.decode()


def test_a_set_of_the_page_names_its_laboratory_and_both_times(nurse, cast, now):
    limit(cast, "35..52")
    typed = {"key": str(uuid4()), "at": "13:30", "reported_at": "14:10"}
    answer = nurse.post(LABS, typed | {"laboratory": CENTRAL, "ALB": "31"})
    assert answer.status_code == 302
    kept = Observation.objects.get()
    assert (kept.laboratory, kept.observed_at) == (CENTRAL, now - HOUR)
    assert kept.reported_at == now - timedelta(minutes=20)
    page = nurse.get("/participants/02-014/").content.decode()
    assert "Central, reported 14:10" in page


def test_the_limits_of_a_laboratory_are_entered_once_for_everybody(nurse, cast):
    sent = {
        "key": str(uuid4()),
        "laboratory": CENTRAL,
        "whose": "",
        "at": "1 Nov 07:00",
    }
    sent |= {"ALB": "3.5..5.2", "ALB_unit": "g/dL", "CREAT": "", "CREAT_unit": "mg/dL"}
    assert nurse.post(RANGES, sent).status_code == 302
    nurse.post(RANGES, sent)
    row = LaboratoryRange.objects.get()
    assert (row.site, row.item, row.low, row.sex) == (cast.boston, "ALB", 35, "")
    other = nurse.get("/participants/02-015/ranges/")
    assert other.status_code == 404 or "3.5..5.2" in other.content.decode()


def test_limits_of_no_laboratory_are_refused(nurse):
    sent = {"key": str(uuid4()), "laboratory": "", "whose": "", "at": "14:00"}
    answer = nurse.post(RANGES, sent | {"ALB": "35..52", "ALB_unit": "g/L"})
    assert "Say which laboratory these limits are of." in answer.content.decode()
    assert answer.status_code == 422


def test_the_limits_of_an_age_are_entered_and_shown_with_it(nurse, cast):
    sent = {"key": str(uuid4()), "laboratory": CENTRAL, "whose": "F", "at": "14:00"}
    sent |= {"age_from": "50", "age_to": "64", "ALB": "33..50", "ALB_unit": "g/L"}
    assert nurse.post(RANGES, sent).status_code == 302
    row = LaboratoryRange.objects.get()
    assert (row.age_from, row.age_to) == (50, 64)
    assert "Central, women, 50 to 64 years, since" in nurse.get(RANGES).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"age_from": "65", "age_to": "50"}, "The ages are the wrong way round."),
        ({"age_from": "50", "whose": "own"}, "Leave the ages blank"),
        ({"age_to": "640"}, "Type 120 or less."),
    ],
)
def test_ages_that_cannot_be_are_said(nurse, typed, sentence):
    sent = {"key": str(uuid4()), "laboratory": CENTRAL, "whose": "", "at": "14:00"}
    answer = nurse.post(RANGES, sent | {"ALB": "35..52", "ALB_unit": "g/L"} | typed)
    assert sentence in answer.content.decode()
    assert answer.status_code == 422
    assert not LaboratoryRange.objects.exists()


def test_of_one_participant_alone_no_laboratory_is_asked(nurse):
    sent = {"key": str(uuid4()), "laboratory": "", "whose": "own", "at": "14:00"}
    nurse.post(RANGES, sent | {"ALB": "35..52", "ALB_unit": "g/L"})
    assert ReferenceRange.objects.get().laboratory == ""


# Units


def test_a_site_chooses_the_unit_its_fields_begin_with(nurse, cast):
    page = nurse.get(UNITS)
    assert page.status_code == 200
    sent = {one.name: one.value() for one in page.context["form"].rows()}
    sent |= {"key": str(uuid4()), "TEMP": "[degF]"}
    nurse.post(UNITS, sent)
    nurse.post(UNITS, sent)
    assert SiteUnit.objects.get().unit == "[degF]"
    shown = nurse.get(PAGE).content.decode()
    assert '<option value="[degF]" selected>' in shown


def test_the_last_value_is_shown_in_the_sites_unit(nurse, cast, now):
    told = {"by": cast.reyes, "key": uuid4()}
    flow.choose_unit(site=cast.boston, item="TEMP", unit="[degF]", **told)
    readings = [read_reading("TEMP", "38.5")]
    told = {"by": cast.reyes, "key": uuid4(), "readings": readings}
    flow.record_set(cycle=cast.cycle, observed_at=now - HOUR, **told)
    assert "101.3 °F" in nurse.get(PAGE).content.decode()


def test_another_site_keeps_its_own_units(cast):
    told = {"item": "TEMP", "unit": "[degF]", "by": cast.reyes, "key": uuid4()}
    flow.choose_unit(site=cast.boston, **told)
    assert limits.units_of(cast.boston) == {"TEMP": "[degF]"}
    assert limits.units_of(cast.uppsala) == {}


def test_a_unit_that_the_item_is_not_read_in_is_refused(cast):
    told = {"site": cast.boston, "by": cast.reyes, "key": uuid4()}
    with pytest.raises(Refused) as refused:
        flow.choose_unit(item="TEMP", unit="g/L", **told)
    assert refused.value.field == "TEMP"


@pytest.mark.parametrize("path", [RANGES, UNITS])
def test_the_pages_are_for_who_enters_sets(client, cast, path):
    for name, status in (("lindqvist", 404), ("moreau", 403), ("okafor", 200)):
        client.force_login(cast.people[name])
        assert client.get(path).status_code == status


def test_a_correction_of_the_clock_moves_no_limit(cast, now):
    limit(cast, "35..52")
    with clock.freeze(now + DAY):
        drawn(cast, now - HOUR)
    assert in_record(cast)[0][3] == now - HOUR
