"""A confirmed event becomes an adverse event record: what it says, when it stands."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review.adverse import contents_of
from monitor.review.adverse_csv import ENOUGH, too_few
from monitor.review.adverse_rows import of_episode, rows_for
from monitor.review.events import AdverseEvent
from monitor.sheets import cell
from tests.acts import FEVER, LOW, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, open_cycle
from tests.review.test_signing import decision, sign

MINUTE = timedelta(minutes=1)


@pytest.fixture
def episode(cast, now):
    """Fever from 13:30, a low pressure from 14:00: CRS of grade 1, then 2."""
    baseline(cast)
    enter_at(cast, now - 60 * MINUTE, FEVER)
    enter_at(cast, now - 30 * MINUTE, LOW)
    return Episode.objects.get(topic="crs")


def told(event):
    return [(one["grade"], one["from"], one["until"]) for one in event.intervals]


def test_who_agrees_records_the_event_with_term_version_and_grades(cast, now, episode):
    sign(cast, episode)
    event = AdverseEvent.objects.get()
    assert str(event) == "02-014 AE1 Cytokine release syndrome"
    assert (event.decoded, event.ctcae) == ("Cytokine release syndrome", "v5")
    assert (event.number, event.version, event.grade) == (1, 1, 2)
    first, second = now - 60 * MINUTE, now - 30 * MINUTE
    assert told(event) == [
        (1, first.isoformat(), second.isoformat()),
        (2, second.isoformat(), None),
    ]
    assert (event.starts_at, event.ends_at) == (first, None)


def test_who_is_blinded_reads_the_events_without_a_dose_level(cast, episode):
    sign(cast, episode)
    client = Client()
    client.force_login(cast.reyes)
    for address in ("/adverse-events/", "/participants/02-014/adverse-events/"):
        page = client.get(address).content.decode()
        assert "02-014 AE1" in page
        assert [one for one in ("1200", "Level 4", "IU/kg") if one in page] == []


def test_a_draft_records_nothing(cast, episode):
    flow.save_review(episode=episode, by=cast.okafor, **decision(episode))
    assert not AdverseEvent.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"verdict": "not_significant", "grade": None, "reason": "one low reading"},
        {
            "verdict": "not_this_event",
            "grade": None,
            "reason": "urosepsis",
            "attribution": {"infection": "probable"},
        },
    ],
)
def test_what_is_no_such_event_makes_no_record_and_is_kept(cast, episode, told):
    signed = sign(cast, episode, **told)
    assert not AdverseEvent.objects.exists()
    assert signed.review.verdict == told["verdict"]


REGRADED = {"verdict": "regrade", "grade": 3, "reason": "pressor was prepared"}


def test_a_regraded_event_carries_the_reviewers_grade(cast, episode):
    sign(cast, episode, **REGRADED, ctcae_grade=3)
    event = AdverseEvent.objects.get()
    assert [one["grade"] for one in event.intervals] == [1, 3]
    assert event.grade == 3


def test_its_grade_in_ctcae_can_be_another_than_on_the_studys_scale(cast, episode):
    sign(cast, episode, **REGRADED, ctcae_grade=4)
    assert AdverseEvent.objects.get().grade == 4


def test_who_regrades_on_another_scale_says_the_grade_in_ctcae_too(cast, episode):
    with pytest.raises(Refused) as refused:
        sign(cast, episode, **REGRADED)
    assert refused.value.field == "ctcae_grade"
    assert not AdverseEvent.objects.exists()


def test_a_number_of_another_scale_is_never_read_as_one_of_ctcae(cast, episode):
    """A decision that was kept before the grade in CTCAE was asked for."""
    review = sign(cast, episode, **REGRADED, ctcae_grade=4).review
    review.ctcae_grade = None
    (record,) = contents_of(review)
    assert (review.scale, record["grade"]) == ("astct", 2)
    review.scale = "ctcae_v5"
    (record,) = contents_of(review)
    assert record["grade"] == 3


def test_a_death_ends_the_event(cast, now, episode):
    sign(
        cast,
        episode,
        verdict="regrade",
        grade=5,
        reason="died",
        serious=["AESDTH"],
        outcome="FATAL",
        died_at=now - 5 * MINUTE,
    )
    event = AdverseEvent.objects.get()
    assert (event.grade, event.ends_at) == (5, now - 5 * MINUTE)
    first, second = now - 60 * MINUTE, now - 30 * MINUTE
    died = (now - 5 * MINUTE).isoformat()
    assert told(event) == [
        (1, first.isoformat(), second.isoformat()),
        (2, second.isoformat(), died),
        (5, died, died),
    ]


def test_signing_again_makes_a_version_and_keeps_the_first(cast, now, episode):
    sign(cast, episode)
    with clock.freeze(now + 10 * MINUTE):
        worse = {"OXYGEN_DEVICE": "invasive_ventilation", "FIO2": "60"}
        enter(cast, now + 10 * MINUTE, {**LOW, **worse})
        sign(cast, episode)
    first, second = AdverseEvent.objects.order_by("pk")
    assert (first.number, first.version, first.grade) == (1, 1, 2)
    assert (second.number, second.version, second.grade) == (1, 2, 4)
    (row,) = rows_for(cast.okafor)
    assert row.event == second


def test_another_episode_is_another_event(cast, now, episode):
    sign(cast, episode)
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, "02-014", number=2)
    enter(cast, now, LOW, cycle=cycle)
    other = Episode.objects.get(cycle=cycle, topic="fever")
    sign(cast, other, grade=1, ctcae_term="Fever")
    first, second = rows_for(cast.okafor)
    assert (first.event.number, second.event.number) == (1, 2)
    named = (second.event.term, second.event.decoded)
    assert named == ("Fever outside the window", "Fever")
    assert [one.grade for one in second.intervals] == [1]


def test_a_record_falls_with_its_signature(cast, episode):
    sign(cast, episode)
    (row,) = of_episode(episode)
    assert row.stands
    low = Reading.objects.get(item="SYSBP", number=86)
    flow.void_reading(reading=low, by=cast.reyes, reason="another bed")
    (row,) = of_episode(episode)
    assert (row.stands, row.state) == (False, "signature withdrawn")


def test_a_record_does_not_stand_while_it_is_decided_again(cast, now, episode):
    sign(cast, episode)
    with clock.freeze(now + MINUTE):
        told = decision(episode, note="the blood culture grew")
        flow.save_review(episode=episode, by=cast.okafor, **told)
    (row,) = of_episode(episode)
    assert row.state == "being decided again"


def test_a_record_says_when_it_was_decided_to_be_another_event(cast, now, episode):
    sign(cast, episode)
    cause = {"attribution": {"infection": "probable"}, "reason": "culture"}
    with clock.freeze(now + MINUTE):
        sign(cast, episode, verdict="not_this_event", grade=None, **cause)
    (row,) = of_episode(episode)
    assert (row.stands, row.state) == (False, "not this event")


# Who reads it, and the file


def test_each_reads_the_events_of_their_own_site(cast, episode):
    sign(cast, episode)
    readers = {"okafor": 1, "reyes": 1, "moreau": 1, "berg": 0, "silva": 0}
    found = {name: len(rows_for(cast.people[name])) for name in readers}
    assert found == readers
    assert rows_for(cast.moreau, site="03") == []
    assert rows_for(cast.moreau, code="02-015") == []


def exported(cast, by=None, **which):
    text = flow.export_events(by=by or cast.okafor, **which)
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_the_names_of_cdisc(cast, episode):
    sign(
        cast,
        episode,
        serious=["AESHOSP"],
        expected="unexpected",
        attribution={"study_drug": "probable", "infection": "unlikely"},
        action={"study_drug": "DRUG INTERRUPTED"},
        outcome="RECOVERING/RESOLVING",
    )
    (row,) = exported(cast)
    assert row["STUDYID"] == "NARA-2"
    assert row["USUBJID"] == "NARA-2-02-014"
    assert row["AEDECOD"] == "Cytokine release syndrome"
    assert row["AETOXGR"] == "2"
    assert row["AESTDTC"] == "2026-11-19T13:30-05:00"
    assert row["AEENDTC"] == ""
    assert (row["AESER"], row["AESHOSP"], row["AESDTH"]) == ("Y", "Y", "N")
    assert row["AEREL_STUDY_DRUG"] == "PROBABLE"
    assert row["AERELYN_STUDY_DRUG"] == "Y"
    assert row["AEREL_INFECTION"] == "UNLIKELY"
    assert row["AEACN_STUDY_DRUG"] == "DRUG INTERRUPTED"
    assert row["AEOUT"] == "RECOVERING/RESOLVING"
    assert row["AEEXPECT"] == "UNEXPECTED"
    assert row["AESIGNBY"] == "C. Okafor, MD"


def test_by_grade_there_is_a_row_for_each_interval(cast, episode):
    sign(cast, episode)
    rows = exported(cast, by_grade=True)
    assert [(row["AEGRPID"], row["AETOXGR"]) for row in rows] == [
        ("AE1", "1"),
        ("AE1", "2"),
    ]
    assert rows[0]["AEENDTC"] == rows[1]["AESTDTC"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+A1", "'+A1"),
        ("-A1", "'-A1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-1.5", "-1.5"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula_to_a_spreadsheet(text, written):
    assert cell(text) == written


@pytest.mark.requirement("P4")
def test_who_takes_a_file_of_few_is_told_that_each_may_be_known_again(cast, episode):
    sign(cast, episode)
    client = Client()
    client.force_login(cast.okafor)
    said = "A file of these tells of 1 participant."
    for address in ("/adverse-events/", "/participants/02-014/adverse-events/"):
        assert said in client.get(address).content.decode()


@pytest.mark.requirement("P4")
@pytest.mark.parametrize(("people", "few"), [(ENOUGH - 1, ENOUGH - 1), (ENOUGH, 0)])
def test_few_are_fewer_than_eleven(people, few):
    rows = [SimpleNamespace(participant=SimpleNamespace(pk=n)) for n in range(people)]
    assert too_few([*rows, *rows]) == few


def test_an_export_is_kept_in_the_trail(cast, episode):
    sign(cast, episode)
    exported(cast, code="02-014")
    told = Event.objects.get(action="events.exported")
    assert (told.actor, told.participant) == ("okafor", "02-014")
    assert {"field": "rows", "old": None, "new": "1"} in told.changes


def test_nobody_exports_a_site_at_which_they_may_not(cast, episode):
    sign(cast, episode)
    assert exported(cast, by=cast.berg) == []
    assert exported(cast, by=cast.reyes) == []


def test_the_lists_cost_the_same_however_many_there_are(
    cast, now, episode, django_assert_max_num_queries
):
    sign(cast, episode)
    # Three for what can be of special interest: decisions, reports, since when known.
    with django_assert_max_num_queries(6):
        rows_for(cast.okafor)


def test_a_record_is_never_changed(cast, episode):
    sign(cast, episode)
    with pytest.raises(Exception, match="never changed"):
        AdverseEvent.objects.update(grade=1)


def test_a_nurse_signs_no_event(cast, episode):
    with pytest.raises(PermissionDenied):
        sign(cast, episode, by=cast.reyes)
    assert not AdverseEvent.objects.exists()
