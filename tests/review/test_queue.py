"""The queue: what waits for a decision, in sections, within reach."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitor import clock, flow
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.review import queries, states
from monitor.review.due import sign_by
from monitor.review.queries import QueueFilters
from monitor.trials.models import Role
from tests.acts import LOW, baseline, enter
from tests.cast import CYCLE_OPENED, enroll, hire, open_cycle
from tests.review.test_signing import decision, sign

MINUTE = timedelta(minutes=1)
BOSTON = ZoneInfo("America/New_York")


def sections(user, **more):
    return {
        section.key: [row.participant.code for row in section.rows]
        for section in queries.queue(user, **more).sections
    }


@pytest.fixture
def episode(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    return Episode.objects.get()


def another(cast, code, now):
    if code not in cast.participants:
        enroll(cast, code, cast.boston, cast.cohort, cast.okafor)
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, code)
    enter(cast, now, {**LOW, "SYSBP": "76", "DIABP": "40"}, cycle=cycle)
    return Episode.objects.filter(cycle=cycle).first()


def test_an_empty_queue_has_its_sections(cast):
    assert sections(cast.okafor) == {
        "overdue": [],
        "due": [],
        "waiting": [],
        "done": [],
    }


def test_a_new_episode_is_due(cast, now, episode):
    assert sections(cast.okafor)["due"] == ["02-014"]
    (row,) = queries.queue(cast.okafor).rows
    assert row.grade_text == "ASTCT at least grade 2"
    assert row.due_at == now + timedelta(hours=24)
    assert row.state_word == "new"
    assert row.changed


def test_after_its_time_it_is_overdue(cast, now, episode):
    later = now + timedelta(hours=25)
    assert sections(cast.okafor, now=later)["overdue"] == ["02-014"]


def test_what_is_signed_is_done_today_and_waits_while_it_is_open(cast, now, episode):
    sign(cast, episode)
    assert sections(cast.okafor)["done"] == ["02-014"]
    tomorrow = now + timedelta(days=1)
    assert sections(cast.okafor, now=tomorrow)["waiting"] == ["02-014"]
    assert queries.waiting(cast.okafor) == 0


def test_the_worst_comes_first(cast, now, episode):
    another(cast, "02-015", now)
    codes = [row.participant.code for row in queries.queue(cast.okafor).rows]
    assert codes[0] == "02-015"
    assert codes[-1] == "02-014"


def test_the_count_equals_the_rows_to_do(cast, now, episode):
    another(cast, "02-015", now)
    queue = queries.queue(cast.okafor)
    to_do = [s for s in queue.sections if s.key in ("overdue", "due")]
    assert queue.total == sum(len(s.rows) for s in to_do)
    assert queue.total == queries.waiting(cast.okafor)


def test_the_frame_says_what_waits_whatever_is_filtered(client, cast, now, episode):
    queue = queries.queue(cast.okafor, QueueFilters(family="cls"))
    assert queue.total == 0
    assert queue.waiting == queries.waiting(cast.okafor) == 1
    client.force_login(cast.okafor)
    page = client.get("/queue/?family=cls").content.decode()
    assert 'aria-current="page">Queue <span class="count">1</span>' in page


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        ({}, 0),
        ({"SYSBP": "94", "DIABP": "50"}, 0),
        ({"OXYGEN_DEVICE": "nasal_cannula", "OXYGEN_FLOW": "8"}, 1),
        ({"SYSBP": "76", "DIABP": "40"}, 1),
    ],
)
def test_what_rises_after_its_signature_is_counted_again(
    cast, now, episode, after, waits
):
    sign(cast, episode)
    with clock.freeze(now + 20 * MINUTE):
        enter(cast, now + 20 * MINUTE, {**LOW, **after})
    own = [row for row in queries.queue(cast.okafor).rows if row.episode.topic == "crs"]
    assert [row.state in states.OPEN for row in own] == [bool(waits)]
    assert queries.waiting(cast.okafor) == queries.queue(cast.okafor).total


def test_a_withdrawn_signature_and_lost_data_are_counted_again(cast, now, episode):
    sign(cast, episode)
    low = Reading.objects.get(item="SYSBP", number=86)
    flow.void_reading(reading=low, by=cast.reyes, reason="another bed")
    fever = Reading.objects.get(item="TEMP", number=39.1)
    flow.void_reading(reading=fever, by=cast.reyes, reason="another bed")
    assert queries.waiting(cast.okafor) == queries.queue(cast.okafor).total == 1


@pytest.mark.parametrize("hours", [0, 23, 24, 25, 48])
def test_next_and_previous_follow_the_queue_whatever_happened_to_its_events(
    cast, now, episode, hours
):
    """New, signed, changed, withdrawn, drafted, referred to one and by one."""
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    codes = [f"02-{n:03}" for n in range(15, 21)]
    made = [another(cast, code, now) for code in codes]
    signed, gone_on, withdrawn, drafted, handed, asked = made
    for one in (signed, gone_on, withdrawn):
        sign(cast, one)
    with clock.freeze(now + 20 * MINUTE):
        worse = {**LOW, "SYSBP": "60", "DIABP": "32", "OXYGEN_DEVICE": "cpap"}
        enter(cast, now + 20 * MINUTE, worse, cycle=gone_on.cycle)
        low = Reading.objects.get(
            item="SYSBP", number=76, observation__cycle=withdrawn.cycle
        )
        flow.void_reading(reading=low, by=cast.reyes, reason="another bed")
        flow.save_review(episode=drafted, by=cast.okafor, **decision(drafted))
        why = {"reason": "please decide", "key": uuid4()}
        flow.refer(episode=handed, by=cast.okafor, to=weber, **why)
        back = {"reason": "please decide", "key": uuid4()}
        flow.refer(episode=asked, by=weber, to=cast.okafor, **back)
    later = now + timedelta(hours=hours) + 20 * MINUTE
    for person in (cast.okafor, weber, cast.berg):
        found = queries.queue(person, now=later)
        shown = [
            row.episode.id
            for section in found.sections
            if section.key in ("overdue", "due")
            for row in section.rows
        ]
        assert queries.to_do(person, later) == shown
        assert queries.waiting(person, later) == len(shown)


def test_the_count_is_one_query(cast, now, episode, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.waiting(cast.okafor) == 1
    assert queries.waiting(cast.berg) == 0


def test_another_site_has_its_own_queue(cast, now, episode):
    assert queries.queue(cast.berg).rows == []


def test_a_look_takes_the_dot_away(cast, now, episode):
    flow.look(episode=episode, by=cast.okafor)
    (row,) = queries.queue(cast.okafor).rows
    assert not row.changed


@pytest.mark.parametrize(
    ("filters", "there"),
    [
        ({"family": "crs"}, True),
        ({"family": "cls"}, False),
        ({"site": "02"}, True),
        ({"site": "03"}, True),  # No site of theirs: an address that says nothing.
        ({"mine": True}, True),
    ],
)
def test_the_filters_of_the_queue(cast, now, episode, filters, there):
    assert bool(queries.queue(cast.okafor, QueueFilters(**filters)).rows) is there


def test_a_site_where_nothing_waits_shows_nothing(cast, now, episode):
    """To who reads every site of the trial."""
    found = queries.queue(cast.moreau, QueueFilters(site="03"))
    assert found.rows == []
    assert [code for code, _name in found.sites] == ["02", "03"]


def test_neighbors_are_those_of_the_queue(cast, now, episode):
    other = another(cast, "02-015", now)
    ids = [row.episode.id for row in queries.queue(cast.okafor).rows]
    here = queries.neighbors(cast.okafor, episode)
    assert (here.position, here.total) == (len(ids), len(ids))
    assert here.next is None
    assert queries.neighbors(cast.okafor, other).next is not None


def test_three_episodes_ask_as_much_as_one(cast, now, episode):
    def counted():
        with CaptureQueriesContext(connection) as captured:
            queries.queue(cast.okafor)
        return len(captured)

    one = counted()
    another(cast, "02-015", now)
    another(cast, "02-016", now)
    assert counted() == one


def test_three_that_are_signed_or_referred_ask_as_much_as_one(cast, now, episode):
    """Nor does what was decided, signed and handed on cost a query each."""
    weber = hire(cast, "weber", "H. Weber, MD", Role.INVESTIGATOR, cast.boston)
    told = {"to": weber, "reason": "please decide", "by": cast.okafor}

    def counted():
        with CaptureQueriesContext(connection) as captured:
            queries.queue(cast.okafor)
        return len(captured)

    sign(cast, episode)
    flow.refer(episode=another(cast, "02-015", now), key=uuid4(), **told)
    one_each = counted()
    sign(cast, another(cast, "02-016", now))
    sign(cast, another(cast, "02-017", now))
    flow.refer(episode=another(cast, "02-018", now), key=uuid4(), **told)
    assert counted() == one_each


# By when


@pytest.mark.requirement("S6")
def test_a_warning_is_signed_within_a_day():
    known = datetime(2026, 11, 19, 19, 30, tzinfo=UTC)
    assert sign_by("warning", known, BOSTON) == known + timedelta(hours=24)
    assert sign_by("critical", known, BOSTON) == known + timedelta(hours=24)


@pytest.mark.parametrize(
    ("known", "due"),
    [
        (datetime(2026, 11, 19, 19, 30, tzinfo=UTC), "Fri 20 Nov 17:00 -0500"),
        (datetime(2026, 11, 20, 19, 30, tzinfo=UTC), "Mon 23 Nov 17:00 -0500"),
        (datetime(2026, 11, 22, 3, 30, tzinfo=UTC), "Mon 23 Nov 17:00 -0500"),
        (datetime(2026, 10, 30, 19, 30, tzinfo=UTC), "Mon 02 Nov 17:00 -0500"),
    ],
)
def test_what_is_milder_waits_until_the_end_of_the_next_working_day(known, due):
    assert f"{sign_by('watch', known, BOSTON):%a %d %b %H:%M %z}" == due


def test_when_it_was_signed_is_told_in_the_zone_of_the_page(client, cast, now, episode):
    """As when the others are due: who reads two sites reads one clock."""
    sign(cast, episode)
    read = {}
    for reader in (cast.okafor, cast.iyer):
        client.force_login(reader)
        page = client.get("/queue/").content.decode()
        read[reader] = re.findall(r"signed <time[^>]*>(\d\d:\d\d)</time>", page)
    here = now.astimezone(BOSTON)
    assert read == {cast.okafor: [f"{here:%H:%M}"], cast.iyer: [f"{now:%H:%M}"]}


def test_who_decides_nothing_is_not_told_that_it_is_theirs_to_do(client, cast, episode):
    read = []
    for reader in (cast.okafor, cast.iyer):
        client.force_login(reader)
        page = client.get("/queue/").content.decode()
        read.append(
            [said for said in ("1 to do", "1 for an investigator") if said in page]
        )
    assert read == [["1 to do"], ["1 for an investigator"]]


def test_the_reason_of_a_line_says_when_it_was_so(client, cast, now, episode):
    client.force_login(cast.okafor)
    page = client.get("/queue/").content.decode()
    why = re.search(r'queue-why">(.*?)</span>', page, re.S)[1]
    said = " ".join(re.sub("<[^>]*>", " ", why).split())
    (row,) = queries.queue(cast.okafor).rows
    at = row.episode.at.astimezone(BOSTON)
    assert said == f"{at:%H:%M} · {row.why}"
