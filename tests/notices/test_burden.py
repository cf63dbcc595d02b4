"""The alarm burden: what is counted, over what, and what one click adds."""

import re
from datetime import timedelta

import pytest

from monitor import clock
from monitor.audit.models import Event
from monitor.notices import actions
from monitor.notices.burden import burden
from monitor.notices.models import Usefulness
from tests.acts import WELL, enter
from tests.notices.told import MINUTE, deliver, policy, put

DAY = timedelta(days=1)


def at_boston(cast, now, days=28):
    found = burden(cast.iyer, now - days * DAY, now + DAY)
    return next(one for one in found if one.site == cast.boston)


def test_a_patient_day_is_a_day_of_the_site_with_a_set(cast, now):
    assert at_boston(cast, now).whole.patient_days == 0
    # 14:30 in Boston, and twice on the evening before, which in UTC is this day.
    for hours in (0, 1, 16, 16.5):
        enter(cast, now - timedelta(hours=hours), WELL)
    assert at_boston(cast, now).whole.patient_days == 2


def test_without_a_patient_day_there_is_no_rate(cast, now):
    put(cast, now)
    whole = at_boston(cast, now).whole
    assert (whole.notices, whole.per_day, whole.interrupting_per_day) == (1, None, None)


def test_what_came_of_each_notice_is_counted(cast, now):
    enter(cast, now, WELL)
    first = put(cast, now, patterns=["crs", "shock_index"], policy=policy("warning"))
    put(cast, now, "two", kind="overdue", level="", policy=policy("overdue"))
    deliver(now)
    with clock.freeze(now + 4 * MINUTE):
        actions.acknowledge(notice=first, by=cast.okafor)
    with clock.freeze(now + 9 * MINUTE):
        told = {"participant": first.participant, "by": cast.reyes}
        actions.acted(what="recheck", at=clock.now(), **told)
        assert at_boston(cast, now).whole.acted == 0
        actions.acted(what="treatment", at=clock.now(), **told)
    found = at_boston(cast, now)
    whole = found.whole
    assert (whole.notices, whole.interrupting, whole.patient_days) == (2, 1, 1)
    assert (whole.per_day, whole.interrupting_per_day) == (2, 1)
    assert (whole.taken_share, whole.median_taken) == (0.5, 4 * MINUTE)
    assert (whole.acted_share, whole.median_acted) == (1, 9 * MINUTE)
    # Whether anything was done about a set that is late is not noted.
    assert [row.acted_share for row in found.rows] == [1, 1, None]
    assert [(row.what, row.notices, row.interrupting) for row in found.rows] == [
        ("CRS of grade 2 or more", 1, 1),
        ("Shock index", 1, 1),
        ("overdue", 1, 0),
    ]


def test_what_lies_outside_the_period_is_not_counted(cast, now):
    put(cast, now)
    with clock.freeze(now - 8 * DAY):
        put(cast, now, "earlier")
        enter(cast, clock.now(), WELL)
    enter(cast, now, WELL)
    seven, more = at_boston(cast, now, 7).whole, at_boston(cast, now, 9).whole
    assert (seven.notices, seven.patient_days) == (1, 1)
    assert (more.notices, more.patient_days) == (2, 2)


def test_other_sites_are_counted_apart_and_to_others_not_at_all(cast, now):
    put(cast, now)
    assert [one.whole.notices for one in burden(cast.iyer, now - DAY, now + DAY)] == [
        1,
        0,
    ]
    assert [one.site for one in burden(cast.berg, now - DAY, now + DAY)] == [
        cast.uppsala
    ]


@pytest.mark.parametrize("notices", [1, 3])
def test_four_queries_however_much_there_is(
    cast, now, notices, django_assert_num_queries
):
    for number in range(notices):
        put(cast, now, f"{number}")
        enter(cast, now - number * DAY, WELL)
    with django_assert_num_queries(4):
        burden(cast.iyer, now - 28 * DAY, now + DAY)


# One click


def test_one_click_says_whether_it_was_useful(cast, now, client):
    notice = put(cast, now)
    client.force_login(cast.okafor)
    address = f"/notices/{notice.pk}/"
    answer = client.post(f"{address}useful/", {"useful": "no"})
    assert answer.headers["Location"] == address
    assert 'aria-pressed="true"' in client.get(address).content.decode()
    whole = at_boston(cast, now).whole
    assert (whole.useful, whole.useless) == (0, 1)


def test_the_last_word_of_each_person_counts(cast, now):
    notice = put(cast, now)
    for who, useful in ((cast.okafor, False), (cast.okafor, True), (cast.reyes, True)):
        actions.say_useful(notice=notice, by=who, useful=useful)
    whole = at_boston(cast, now).whole
    assert (whole.useful, whole.useless) == (2, 0)


def test_the_same_click_twice_is_one_row_and_each_is_audited(cast, now):
    notice = put(cast, now)
    for useful in (False, False, True):
        actions.say_useful(notice=notice, by=cast.okafor, useful=useful)
    assert Usefulness.objects.count() == 2
    judged = Event.objects.filter(action="notice.judged").order_by("sequence")
    assert [one.changes for one in judged] == [
        [{"field": "useful", "old": None, "new": "false"}],
        [{"field": "useful", "old": "false", "new": "true"}],
    ]


def test_who_may_not_acknowledge_is_not_asked(cast, now, client):
    notice = put(cast, now)
    client.force_login(cast.moreau)
    address = f"/notices/{notice.pk}/"
    assert "Was this notice useful?" not in client.get(address).content.decode()
    answer = client.post(f"{address}useful/", {"useful": "yes"})
    assert answer.status_code == 403
    assert Usefulness.objects.count() == 0


# The page


def test_the_page_says_the_numbers(cast, now, client):
    enter(cast, now, WELL)
    notice = put(cast, now, patterns=["shock_index"], policy=policy("warning"))
    deliver(now)
    with clock.freeze(now + 4 * MINUTE):
        actions.acknowledge(notice=notice, by=cast.okafor)
        client.force_login(cast.okafor)
        page = client.get("/burden/?days=7").content.decode()
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "1 patient-day" in said
    assert "Shock index 1 1.00 1.00 100 % after 4 min 0 % 0, 0" in said
    assert "All notices 1 1.00 1.00 100 % after 4 min 0 % 0, 0" in said


def test_a_period_that_there_is_not_is_four_weeks(cast, client):
    client.force_login(cast.okafor)
    page = client.get("/burden/?days=1000").content.decode()
    assert re.search(r'href="\?days=28"\s+aria-current="true"', page)
