"""Before a dose: its check, the decision with it, and a dose given otherwise."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.models import Fact, Reading
from monitor.clinical.predose.answers import Value
from monitor.episodes import wording
from monitor.episodes.assessing import protocol_of
from monitor.notices.models import Notice
from monitor.refusal import Refused
from monitor.review import predose
from monitor.review.actions import WrongPassword
from monitor.review.dose_lines import threshold_words
from monitor.review.dose_rows import (
    ahead_words,
    counts,
    label,
    value_words,
)
from monitor.review.models import DoseDecision, DoseDeviation
from monitor.trials.models import Dose
from monitor.trials.queries import doses_of
from tests.acts import LOW, WELL, baseline, enter
from tests.cast import AGENT, PASSWORD

Choice = DoseDecision.Choice
Kind = DoseDeviation.Kind


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def low(cast, now):
    """The pressure is 86 and the temperature 39.1: two gates of the default table."""
    baseline(cast)
    return enter(cast, now, LOW)


def states(cast, at=None) -> dict[str, str]:
    found = predose.check_of(cast.cycle, AGENT, at)
    return {one.criterion.key: one.state for one in found.answers}


def decide(cast, choice=Choice.HOLD, **more) -> DoseDecision:
    seen = predose.seen(predose.kept(predose.check_of(cast.cycle, AGENT)))
    told = {
        "dose": cast.next_dose,
        "choice": choice,
        "by": cast.okafor,
        "password": PASSWORD,
        "key": uuid4(),
        "seen": seen,
        "reason": "Pressure and fever.",
    }
    return flow.decide_dose(**(told | more))


def give(cast, at, status=Dose.Status.GIVEN, **more) -> Dose:
    with clock.freeze(at):
        told = {"dose": cast.next_dose, "status": status, "given_at": at}
        return flow.record_dose(**told, by=cast.reyes, **more).row


# The check


def test_the_check_reads_what_was_charted(cast, low):
    found = states(cast)
    assert found["pressure_gate"] == "met"
    assert found["fever_gate"] == "met"
    assert found["heart_rate_gate"] == "not_met"
    assert found["albumin_gate"] == "unknown"
    assert found["antihypertensive"] == "unknown"


@pytest.mark.parametrize(
    ("course", "said"), [(0, "Doses given: 1"), (14, "Doses given: 1 of at most 14")]
)
def test_the_doses_given_are_counted_against_those_of_a_course(cast, low, course, said):
    found = replace(predose.check_of(cast.cycle, AGENT), course=course)
    assert counts(found, protocol_of(cast.cycle).lines)[-1] == said


def test_the_count_of_relative_criteria_says_what_one_of_them_asks(cast, low):
    said = counts(predose.check_of(cast.cycle, AGENT), protocol_of(cast.cycle).lines)
    assert said[0].endswith("(each: correct first; 3 withhold)")


@pytest.mark.parametrize(
    ("criterion", "line"),
    [
        ("fever_gate", "≥ 38 °C"),
        ("edema_gate", "≥ grade 1"),
        ("liver_gate", "> 5 × the upper limit of normal"),
        ("albumin_fall_gate", "a fall of ≥ 5 g/L"),
    ],
)
def test_the_line_of_a_criterion_is_said_as_a_ward_writes_it(
    cast, low, criterion, line
):
    found = predose.check_of(cast.cycle, AGENT).answers
    (one,) = [answer for answer in found if answer.criterion.key == criterion]
    assert threshold_words(one) == line


@pytest.mark.parametrize(
    ("days", "said"), [(0, False), (1, True), (9, True)], ids=["today", "next", "far"]
)
def test_a_dose_of_a_later_day_is_judged_by_what_is_known_today(cast, low, days, said):
    at, zone = cast.dose.planned_at, cast.cycle.participant.site.time_zone
    words = ahead_words(at + timedelta(days=days), at, zone)
    assert bool(words) is said


def test_the_page_of_tomorrows_dose_says_that_it_is_judged_again(cast, low):
    text = as_(cast.okafor).get(page_of(cast)).content.decode()
    assert "This dose is planned for a later day." in text


def test_a_value_that_is_too_old_for_a_dose_is_stale(cast, low, now):
    assert states(cast, now + timedelta(hours=12))["pressure_gate"] == "stale"


def test_an_answer_of_a_person_feeds_the_check(cast, low):
    answers = {"ANTIHYPERTENSIVE": "yes", "STEROID": "no"}
    flow.answer_before_dose(
        cycle=cast.cycle, answers=answers, by=cast.reyes, key=uuid4()
    )
    found = states(cast)
    assert found["antihypertensive"] == "met"
    assert found["steroid"] == "not_met"


def test_the_same_answers_sent_twice_are_kept_once(cast, low):
    told = {"answers": {"STEROID": "no"}, "by": cast.reyes, "key": uuid4()}
    flow.answer_before_dose(cycle=cast.cycle, **told)
    again = flow.answer_before_dose(cycle=cast.cycle, **told)
    assert again.created is False
    assert Fact.objects.filter(code="STEROID").count() == 1


def test_an_answer_is_one_of_the_list(cast, low):
    with pytest.raises(Refused, match="Choose one of the answers"):
        flow.answer_before_dose(
            cycle=cast.cycle, answers={"STEROID": "some"}, by=cast.reyes, key=uuid4()
        )
    assert not Fact.objects.filter(code="STEROID").exists()


# The decision


def test_a_decision_is_kept_with_the_check_as_it_stood(cast, low, now):
    made = decide(cast)
    assert (made.choice, made.printed_name) == (Choice.HOLD, "C. Okafor, MD")
    assert (made.role, made.protocol) == ("investigator", cast.protocol)
    assert made.decided_at == now
    kept = {one["key"]: one for one in made.check_kept["criteria"]}
    assert kept["pressure_gate"]["state"] == "met"
    value = kept["pressure_gate"]["values"][0]
    assert (value["item"], value["value"], value["hours"]) == ("SYSBP", 86, 0)
    assert kept["albumin_gate"]["values"][0]["age"] == "never"
    assert made.digest == predose.sealed(DoseDecision.objects.get())


def test_the_digest_is_of_everything_that_was_decided(cast, low):
    made = DoseDecision.objects.get(pk=decide(cast).pk)
    made.reason = "Another reason."
    assert predose.sealed(made) != made.digest
    made.refresh_from_db()
    made.check_kept["criteria"][0]["state"] = "met"
    assert predose.sealed(made) != made.digest


def test_a_decision_is_audited(cast, low):
    decide(cast)
    event = Event.objects.filter(action="dose.decided").get()
    assert (event.actor, event.reason) == ("okafor", "Pressure and fever.")
    told = {one["field"]: one["new"] for one in event.changes}
    assert (told["choice"], told["number"]) == ("hold", "2")


def test_the_same_decision_sent_twice_is_one(cast, low):
    key = uuid4()
    first, again = decide(cast, key=key), decide(cast, key=key)
    assert first.pk == again.pk
    assert DoseDecision.objects.count() == 1


def test_a_wrong_password_decides_nothing_and_is_kept(cast, low):
    with pytest.raises(WrongPassword):
        decide(cast, password="guess")
    assert not DoseDecision.objects.exists()
    assert Event.objects.filter(action="signature.refused").count() == 1


@pytest.mark.parametrize("name", ["reyes", "chen", "haddad", "moreau", "iyer", "berg"])
def test_only_an_investigator_of_the_site_decides(cast, low, name):
    with pytest.raises(PermissionDenied):
        decide(cast, by=getattr(cast, name))
    assert not DoseDecision.objects.exists()


@pytest.mark.parametrize("choice", list(Choice))
def test_every_decision_on_an_unsettled_check_needs_its_reason(cast, low, choice):
    with pytest.raises(Refused) as refused:
        decide(cast, choice, reason="  ")
    assert refused.value.field == "reason"


def test_giving_against_the_check_is_kept_as_such(cast, low):
    assert decide(cast, Choice.GIVE).overrides is True
    assert decide(cast, Choice.HOLD).overrides is False


def test_nobody_decides_on_a_check_that_has_changed(cast, low, now):
    seen = predose.seen(predose.kept(predose.check_of(cast.cycle, AGENT)))
    later = now + timedelta(minutes=5)
    with clock.freeze(later):
        decide(cast, seen=seen)
        enter(cast, later, WELL)
        with pytest.raises(Refused, match="The check has changed"):
            decide(cast, seen=seen)


def test_nobody_decides_on_a_dose_that_was_recorded(cast, low):
    flow.record_dose(
        dose=cast.next_dose, status=Dose.Status.HELD, by=cast.reyes, reason="fever"
    )
    with pytest.raises(Refused, match="recorded about this dose"):
        decide(cast)


def test_the_last_decision_stands(cast, low, now):
    decide(cast)
    with clock.freeze(now + timedelta(minutes=1)):
        decide(cast, Choice.GIVE)
        assert predose.decision_on(cast.next_dose).choice == Choice.GIVE
    assert predose.decision_on(cast.next_dose, now).choice == Choice.HOLD
    assert predose.decision_on(cast.next_dose, now - timedelta(minutes=1)) is None


def test_a_discontinued_agent_is_decided_for_every_later_dose(cast, low, now):
    decide(cast, Choice.DISCONTINUE)
    third = flow.plan_dose(
        cycle=cast.cycle,
        agent=AGENT,
        number=3,
        planned_at=now + timedelta(days=2),
        by=cast.okafor,
    ).row
    assert predose.decision_on(third).choice == Choice.DISCONTINUE


# What changed since


def test_late_and_corrected_data_say_what_changed_since(cast, low, now):
    made = decide(cast)
    assert predose.changed_since(made) == []
    with clock.freeze(now + timedelta(minutes=10)):
        reading = Reading.objects.get(item="SYSBP", observation=low.row)
        flow.correct_reading(
            reading=reading, typed="96", unit=None, by=cast.reyes, reason="misread"
        )
        changed = {one.says: one for one in predose.changed_since(made)}
    said = next(
        one["says"]
        for one in made.check_kept["criteria"]
        if one["key"] == "pressure_gate"
    )
    assert changed[said].before["state"] == "met"
    assert changed[said].after["state"] == "not_met"


def test_what_came_after_the_decision_changes_nothing_of_it(cast, low, now):
    made = decide(cast)
    later = now + timedelta(minutes=30)
    with clock.freeze(later):
        enter(cast, later, WELL)
        assert predose.changed_since(made) == []


# A dose given with, without and against a decision


def test_a_dose_given_without_a_decision_is_recorded_and_named(cast, low, now):
    row = give(cast, now + timedelta(minutes=5))
    assert row.status == Dose.Status.GIVEN
    found = DoseDeviation.objects.get(dose=row)
    assert (found.kind, found.decision) == (Kind.UNDECIDED, None)
    assert predose.withholds(found.check_kept) is True
    assert Event.objects.filter(action="dose.deviation").get().actor == "reyes"
    told = Notice.objects.get(kind=Notice.Kind.DOSE_AGAINST)
    assert "given without a decision" in told.lines[0]


@pytest.mark.parametrize(
    ("choice", "status", "kind"),
    [
        (Choice.GIVE, Dose.Status.GIVEN, None),
        (Choice.GIVE, Dose.Status.REDUCED, Kind.AGAINST),
        (Choice.REDUCE, Dose.Status.REDUCED, None),
        (Choice.REDUCE, Dose.Status.GIVEN, Kind.AGAINST),
        (Choice.HOLD, Dose.Status.GIVEN, Kind.AGAINST),
        (Choice.OMIT, Dose.Status.GIVEN, Kind.AGAINST),
        (Choice.DISCONTINUE, Dose.Status.REDUCED, Kind.AGAINST),
        (Choice.GIVE, Dose.Status.HELD, None),
    ],
)
def test_a_dose_departs_from_its_decision(cast, low, now, choice, status, kind):
    made = decide(cast, choice)
    given = now if status in Dose.GIVEN_STATES else None
    assert predose.deviates(status, given, made) == kind


def test_a_decision_to_give_stands_two_hours(cast, low, now):
    made = decide(cast, Choice.GIVE)
    until = now + timedelta(minutes=120)
    second = timedelta(seconds=1)
    assert predose.deviates("given", until - second, made) is None
    assert predose.deviates("given", until, made) is None
    assert predose.deviates("given", until + second, made) == Kind.LAPSED


def test_a_dose_given_as_decided_is_no_deviation(cast, low, now):
    decide(cast, Choice.GIVE)
    give(cast, now + timedelta(minutes=5))
    assert not DoseDeviation.objects.exists()
    assert not Notice.objects.filter(kind=Notice.Kind.DOSE_AGAINST).exists()


def test_a_decision_made_after_the_dose_was_given_does_not_cover_it(cast, low, now):
    with clock.freeze(now + timedelta(minutes=30)):
        decide(cast, Choice.GIVE)
        told = {"status": Dose.Status.GIVEN, "given_at": now + timedelta(minutes=10)}
        flow.record_dose(dose=cast.next_dose, by=cast.reyes, **told)
    assert DoseDeviation.objects.get().kind == Kind.UNDECIDED


def test_a_check_that_fails_keeps_no_dose_from_being_recorded(
    cast, low, now, monkeypatch
):
    def fails(*_args, **_more):
        raise ValueError("no check")

    monkeypatch.setattr(predose, "check_of", fails)
    row = give(cast, now + timedelta(minutes=5))
    assert row.status == Dose.Status.GIVEN
    assert DoseDeviation.objects.get().check_kept == {}


# Notices


def lines_of(kind) -> list[str]:
    told = Notice.objects.filter(kind=kind, ended_at__isnull=True)
    return [one.lines[0] for one in told.order_by("pk")]


def test_a_criterion_that_is_met_is_told_two_hours_before_the_dose(cast, low):
    planned = cast.next_dose.planned_at
    with clock.freeze(planned - timedelta(minutes=121)):
        enter(cast, planned - timedelta(minutes=130), LOW)
        flow.sweep(clock.now())
    assert lines_of(Notice.Kind.PRE_DOSE) == []
    for minutes in (120, 119):
        with clock.freeze(planned - timedelta(minutes=minutes)):
            flow.sweep(clock.now())
    assert lines_of(Notice.Kind.PRE_DOSE) == [
        f"{AGENT} dose 2: a hold criterion is met."
    ]


def test_a_dose_that_is_due_and_undecided_is_told_once_more(cast, low):
    planned = cast.next_dose.planned_at
    with clock.freeze(planned):
        enter(cast, planned - timedelta(minutes=10), LOW)
        flow.sweep(planned)
        flow.sweep(planned + timedelta(minutes=1))
    assert lines_of(Notice.Kind.PRE_DOSE) == [
        f"{AGENT} dose 2 is due, nobody has decided on it."
    ]


def test_a_decision_ends_what_was_told_and_tells_the_bedside(cast, low):
    planned = cast.next_dose.planned_at
    with clock.freeze(planned):
        enter(cast, planned - timedelta(minutes=10), LOW)
        flow.sweep(planned)
        decide(cast)
        flow.sweep(planned)
    assert lines_of(Notice.Kind.PRE_DOSE) == [
        f"{AGENT} dose 2, decision of C. Okafor, MD: Hold."
    ]


def test_without_a_criterion_met_nobody_is_told(cast):
    planned = cast.next_dose.planned_at
    baseline(cast)
    with clock.freeze(planned):
        enter(cast, planned - timedelta(minutes=10), WELL)
        flow.sweep(planned)
    assert lines_of(Notice.Kind.PRE_DOSE) == []


# The page


def page_of(cast) -> str:
    return f"/participants/02-014/dose/{cast.next_dose.pk}/check/"


def posted(cast, **more) -> dict[str, str]:
    seen = predose.seen(predose.kept(predose.check_of(cast.cycle, AGENT)))
    told = {"key": str(uuid4()), "seen": seen, "decide": "1", "choice": "hold"}
    return told | {"reason": "Fever.", "password": PASSWORD} | more


def test_the_fixed_address_leads_to_the_next_dose(cast, low):
    answer = as_(cast.reyes).get("/participants/02-014/dose/")
    assert answer.url == page_of(cast)


def test_the_page_says_what_is_met_and_what_is_not_known(cast, low):
    text = as_(cast.reyes).get(page_of(cast)).content.decode()
    met = sum(one == "met" for one in states(cast).values())
    unknown = sum(one == "unknown" for one in states(cast).values())
    assert f"{met} criteria met; {unknown} unknown" in text
    assert text.index("Speaks against a dose") < text.index("Unknown or stale")
    assert "86 mmHg" in text
    assert "all clear" not in text.lower()


def test_what_a_lapsed_pressure_met_comes_before_what_nobody_knows(cast, low, now):
    late = now + timedelta(minutes=40)
    found = predose.check_of(cast.cycle, AGENT, late).by_state("stale")
    (says,) = (one.criterion.says for one in found if one.last_met)
    with clock.freeze(late):
        text = as_(cast.okafor).get(page_of(cast)).content.decode()
    lapsed = text.partition("Met by a last value that is too old for a dose")[2]
    first, _, unknown = lapsed.partition("Unknown or stale")
    assert ", 1 met by its last value, which is too old; " in text
    assert (says in first, says in unknown) == (True, False)


def test_what_is_made_from_others_has_a_name(cast):
    made = ("URINE_HOURLY", "CREAT_RISE", "URINE_HOURLY_16H", "URINE_8H")
    assert [label(code) for code in made] == [
        "Urine per hour",
        "Rise of creatinine",
        "Urine per hour over 16 h",
        "Urine in 8 h",
    ]
    made = ("URINE_PER_KG", "CREAT_RISE", "SHOCK_INDEX")
    assert [wording.item_short(code) for code in made] == [
        "urine",
        "rise of creatinine",
        "shock index",
    ]


def test_a_value_that_was_made_says_from_what_it_was_typed():
    told = ("CREAT_RISE", 26.5, "umol/L", "1.2 mg/dL")
    made = Value(*told, at=None, by="AR", age="fresh", hours=0, gate=1, gate_rule="")
    assert value_words(made) == "26.5 µmol/L (from 1.2 mg/dL)"
    typed = replace(made, item="CREAT", value=106.104)
    assert value_words(typed) == "106 µmol/L (1.2 mg/dL)"


def test_without_a_criterion_met_the_page_counts_what_is_unknown(cast, now):
    baseline(cast)
    enter(cast, now, WELL)
    text = as_(cast.okafor).get(page_of(cast)).content.decode()
    assert "No criterion met; " in text
    assert "Speaks against a dose" not in text


def test_a_nurse_answers_and_an_investigator_decides_on_the_page(cast, low):
    nurse = as_(cast.reyes)
    answer = nurse.post(
        page_of(cast), {"key": str(uuid4()), "answer": "1", "STEROID": "yes"}
    )
    assert answer.status_code == 302
    assert states(cast)["steroid"] == "met"
    assert b'name="password"' not in nurse.get(page_of(cast)).content
    assert as_(cast.okafor).post(page_of(cast), posted(cast)).status_code == 302
    text = nurse.get(page_of(cast)).content.decode()
    assert "Decided: Hold" in text
    assert "Nothing of the time before the decision was entered" in text


def test_an_open_episode_is_named_with_its_grade_and_kept_with_the_decision(cast, low):
    text = as_(cast.okafor).get(page_of(cast)).content.decode()
    said = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    assert re.search(r"Warning Open: CRS ASTCT (at least )?grade 2", said)
    kept = decide(cast).check_kept["episodes"]
    crs = next(one for one in kept if one["label"] == "CRS")
    assert (crs["scale"], crs["grade"], crs["level"]) == ("astct", 2, "warning")


def test_without_an_episode_the_page_says_that_none_is_open(cast, now):
    enter(cast, now, WELL)
    assert "No episode is open." in as_(cast.reyes).get(page_of(cast)).content.decode()


def test_an_episode_nobody_could_look_for_is_not_said_to_be_none(
    cast, now, monkeypatch
):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("monitor.episodes.assessing.assess", broken)
    enter(cast, now, WELL)
    text = as_(cast.reyes).get(page_of(cast)).content.decode()
    assert "No episode is open." not in text
    assert "whether an episode is open is not known" in text


def test_what_is_met_is_an_option_with_its_source_and_its_restart_line(cast, low):
    text = as_(cast.reyes).get(page_of(cast)).content.decode()
    said = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    assert "To consider: waiting until it is under the line [Elzonris label]" in said
    assert "Restart line: Under the line (not reached)" in said


@pytest.mark.parametrize("sent", [{"decide": "1"}, {"STEROID": "yes"}])
def test_whoever_only_reads_may_not_send_it(cast, low, sent):
    told = {"key": str(uuid4()), **sent}
    assert as_(cast.moreau).post(page_of(cast), told).status_code == 403
    assert not Fact.objects.filter(code="STEROID").exists()


def test_the_page_refuses_in_words(cast, low):
    client = as_(cast.okafor)
    for wrong, said in (
        ({"password": "guess"}, "This is not your password. Type it again."),
        ({"reason": ""}, "Give the reason."),
        ({"choice": ""}, "Choose what is decided."),
        ({"seen": "0" * 64}, "The check has changed since you opened it."),
    ):
        answer = client.post(page_of(cast), posted(cast, **wrong))
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not DoseDecision.objects.exists()
    assert as_(cast.reyes).post(page_of(cast), posted(cast)).status_code == 403


def test_a_participant_out_of_reach_has_no_check(cast, low):
    assert as_(cast.lindqvist).get(page_of(cast)).status_code == 404
    other = f"/participants/02-015/dose/{cast.next_dose.pk}/check/"
    assert as_(cast.reyes).get(other).status_code == 404


def test_the_page_of_a_dose_warns_and_never_blocks(cast, low, now):
    client, page = as_(cast.reyes), f"/participants/02-014/dose/{cast.next_dose.pk}/"
    assert b"Nobody has decided on this dose yet." in client.get(page).content
    decide(cast)
    assert b"given otherwise than was decided" in client.get(page).content
    sent = {"key": str(uuid4()), "status": "given", "at": "14:20"}
    answer = client.post(page, sent, follow=True)
    assert b"Kept with it as a deviation" in answer.content
    assert doses_of(cast.cycle).get(number=2).status == Dose.Status.GIVEN
