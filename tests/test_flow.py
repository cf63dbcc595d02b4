"""The story of a save: recorded, assessed, told, or kept unassessed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.models import Observation, Reading
from monitor.episodes import assessing, queries
from monitor.episodes.models import CycleState, Episode, Step, TreatmentLink
from monitor.notices.models import Notice
from monitor.review.models import Review
from tests.acts import FEVER, LOW, WELL, baseline, enter, enter_at, readings
from tests.cast import PASSWORD
from tests.review.whole import whole

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def standing():
    steps = queries.standing_steps().order_by("at", "pk")
    return [(step.episode.topic, step.level, step.max_grade) for step in steps]


@pytest.fixture
def broken(monkeypatch):
    """The clinical core fails, whatever it is asked."""

    def fail(*args, **kwargs):
        raise ZeroDivisionError("39.1 is what somebody typed")

    monkeypatch.setattr(assessing, "assess", fail)


def test_a_set_that_meets_a_pattern_opens_an_episode(cast, now):
    baseline(cast)
    saved = enter(cast, now, LOW)
    assert saved.created
    assert saved.assessed
    assert standing() == [("crs", "warning", 2)]
    state = CycleState.objects.get()
    assert (state.level, state.is_current) == ("warning", True)


def test_a_well_participant_has_no_episode_and_a_level(cast, now):
    baseline(cast)
    enter(cast, now, WELL)
    assert standing() == []
    assert Notice.objects.count() == 0
    assert CycleState.objects.get().summary["sets"] == 2


def test_a_rise_is_told_to_nurse_and_investigator_in_one_notice(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    notice = Notice.objects.get()
    assert notice.policy["key"] == "warning_reported"
    assert notice.level == "warning"
    assert notice.path == "/participants/02-014/"
    assert len(notice.lines) == 1
    assert notice.spared == cast.reyes


def test_two_submits_are_one_observation_one_episode_one_notice(cast, now):
    key = uuid4()
    first = enter(cast, now, LOW, key=key)
    second = enter(cast, now, LOW, key=key)
    assert (first.created, second.created) == (True, False)
    assert first.row == second.row
    assert second.assessed
    assert Observation.objects.count() == 1
    assert Episode.objects.count() == 1
    assert Notice.objects.count() == 1


def test_the_same_finding_again_adds_no_step_and_no_notice(cast, now):
    baseline(cast)
    enter_at(cast, now - 10 * MINUTE, LOW)
    before = (Step.objects.count(), Notice.objects.count())
    flow.assess_cycle(cycle=cast.cycle)
    flow.assess_cycle(cycle=cast.cycle)
    assert (Step.objects.count(), Notice.objects.count()) == before


def test_the_order_of_entry_does_not_matter(cast, now):
    times = [now - 3 * HOUR, now - 2 * HOUR, now - HOUR]
    other = cast_cycle(cast)
    for at, typed in zip(times, (FEVER, LOW, FEVER), strict=True):
        enter(cast, at, typed)
    for at, typed in reversed(list(zip(times, (FEVER, LOW, FEVER), strict=True))):
        enter(cast, at, typed, cycle=other)
    course = [
        [
            (step.at, step.level, step.status, step.grade, step.max_grade)
            for step in queries.standing_steps()
            .filter(episode__cycle=cycle)
            .order_by("at", "episode__topic")
        ]
        for cycle in (cast.cycle, other)
    ]
    assert course[0] == course[1]
    assert course[0]


def cast_cycle(cast):
    """02-015 in the same cycle on the same dose as 02-014."""
    from tests.cast import CYCLE_OPENED, GIVEN, open_cycle, plan

    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, "02-015")
        first = plan(cycle, 1, GIVEN - 5 * MINUTE, cast.okafor)
        plan(cycle, 2, GIVEN + timedelta(days=1), cast.okafor)
    with clock.freeze(GIVEN):
        flow.record_dose(dose=first, status="given", given_at=GIVEN, by=cast.reyes)
    return cycle


# When the assessment fails


def test_a_failed_assessment_keeps_the_observation(cast, now, broken):
    saved = enter(cast, now, LOW)
    assert saved.created
    assert not saved.assessed
    assert Observation.objects.count() == 1
    assert Event.objects.filter(action="observation.recorded").exists()
    assert Step.objects.count() == 0
    state = CycleState.objects.get()
    assert state.failed_at == now
    assert not state.is_current


def test_the_board_says_not_assessed_and_shows_the_values(cast, now, broken):
    enter(cast, now, LOW)
    row = queries.board(cast.reyes).rows[0]
    assert row.level == "not_assessed"
    assert row.values["SYSBP"].text == "86"
    assert queries.result_of(cast.cycle).level == "not_assessed"


def test_a_failure_says_nothing_of_what_was_typed(cast, now, broken):
    enter(cast, now, LOW)
    assert "39.1" not in CycleState.objects.get().failure


def test_the_sweep_tries_again(cast, now, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(assessing, "assess", None)
        enter(cast, now, LOW)
        assert flow.sweep(now).failed == 1
    with clock.freeze(now + MINUTE):
        assert flow.sweep(now + MINUTE).assessed == 1
    assert CycleState.objects.get().is_current
    assert standing() == [("crs", "warning", 2)]


def test_not_assessed_is_told_only_if_it_lasts(cast, now, broken):
    enter(cast, now, LOW)
    notice = Notice.objects.get(kind="not_assessed")
    told = lambda: {one.user.username for one in notice.deliveries.all()}  # noqa: E731
    flow.sweep(now + MINUTE)
    assert told() == set()
    flow.sweep(now + 3 * MINUTE)
    assert told() == {"reyes", "vance"}
    flow.sweep(now + 10 * MINUTE)
    assert told() == {"reyes", "vance", "okafor"}


def test_what_was_assessed_in_time_is_told_to_nobody(cast, now, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(assessing, "assess", None)
        enter(cast, now, WELL)
    flow.sweep(now)
    flow.sweep(now + 3 * MINUTE)
    notice = Notice.objects.get(kind="not_assessed")
    assert (notice.ended_at, notice.deliveries.count()) == (now, 0)


def test_a_failed_assessment_takes_back_its_own_rows_only(cast, now, monkeypatch):
    from monitor import story

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(story.episodes, "settle", fail)
    enter(cast, now, LOW)
    assert Step.objects.count() == 0
    assert Episode.objects.count() == 0
    assert Observation.objects.count() == 1


@pytest.mark.requirement("I7.5")
def test_a_program_that_is_killed_leaves_all_or_nothing(cast, now, monkeypatch):
    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(assessing, "assess", killed)
    with pytest.raises(KeyboardInterrupt):
        enter(cast, now, LOW)
    assert Observation.objects.count() == 0
    assert not Event.objects.filter(action="observation.recorded").exists()
    assert not CycleState.objects.filter(cycle=cast.cycle, entered__gt=0).exists()


def test_a_panic_of_the_frame_library_is_a_failure_too(cast, now, monkeypatch):
    import polars as pl

    def panic(*args, **kwargs):
        raise pl.exceptions.PanicException("index out of bounds")

    monkeypatch.setattr(assessing, "assess", panic)
    assert not enter(cast, now, LOW).assessed
    assert Observation.objects.count() == 1


# Late, corrected, struck out


@pytest.mark.parametrize(
    ("minutes", "cause"), [(29, "entry"), (30, "entry"), (31, "late")]
)
def test_an_entry_is_late_after_half_an_hour(cast, now, minutes, cause):
    baseline(cast)
    enter(cast, now - minutes * MINUTE, LOW)
    assert {step.cause for step in Step.objects.all()} == {cause}


@pytest.mark.requirement("R5")
def test_a_late_entry_is_marked_and_wakes_nobody_when_it_is_over(cast, now):
    baseline(cast)
    enter(cast, now - 2 * MINUTE, WELL)
    enter(cast, now - 3 * HOUR, LOW)
    assert {step.cause for step in Step.objects.all()} == {"late"}
    assert queries.open_episodes(cast.cycle)
    assert Notice.objects.count() == 0


def test_a_late_entry_that_is_still_true_is_told(cast, now):
    baseline(cast)
    enter(cast, now - 40 * MINUTE, LOW)
    assert {step.cause for step in Step.objects.all()} == {"late"}
    assert Notice.objects.get().level in ("warning", "critical")


def test_a_correction_withdraws_the_steps_that_fall(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    shown = queries.standing_steps().get()
    low = Reading.objects.get(item="SYSBP", number=86)
    saved = flow.correct_reading(
        reading=low,
        typed="116",
        unit=None,
        by=cast.reyes,
        reason="read from the wrong arm",
    )
    assert saved.assessed
    shown.refresh_from_db()
    assert shown.withdrawn_by.cause == "correction"
    assert shown.level == "warning"
    assert [grade for _topic, _level, grade in standing()] == [1]
    history = queries.history(Episode.objects.get())
    assert [row.withdrawn_at is not None for row in history].count(True) == 1


def test_an_episode_without_its_data_says_so_and_waits_for_a_person(cast, now):
    baseline(cast)
    observation = enter(cast, now, LOW).row
    flow.void_set(observation=observation, by=cast.reyes, reason="wrong participant")
    row = queries.episodes_of(cast.cycle)[0]
    assert row.unsupported
    assert not row.closed
    assert row.status == "needs_review"
    again = Step.objects.count()
    flow.assess_cycle(cycle=cast.cycle)
    assert Step.objects.count() == again


def test_an_episode_whose_data_come_back_stands_again(cast, now):
    baseline(cast)
    observation = enter(cast, now, LOW).row
    flow.void_set(observation=observation, by=cast.reyes, reason="wrong participant")
    enter(cast, now, LOW)
    assert standing() == [("crs", "warning", 2)]
    assert Episode.objects.count() == 1


def sign(cast, episode, **more):
    row = queries.episode_row(episode)
    told = {"verdict": "agree", "scale": row.scale, "grade": row.max_grade, **more}
    return flow.review_and_sign(
        episode=episode,
        by=cast.okafor,
        password=PASSWORD,
        meaning="I reviewed, graded and attributed this event.",
        **whole(episode, **told),
    )


@pytest.mark.requirement("S3")
def test_a_correction_withdraws_the_signature_and_tells_the_investigators(cast, now):
    baseline(cast)
    enter(cast, now - 5 * MINUTE, LOW)
    signed = sign(cast, Episode.objects.get())
    low = Reading.objects.get(item="SYSBP", number=86)
    with clock.freeze(now + MINUTE):
        flow.correct_reading(
            reading=low, typed="84", unit=None, by=cast.reyes, reason="misread"
        )
    assert signed.signature.withdrawal.at == now + MINUTE
    notice = Notice.objects.get(kind="signature")
    assert notice.policy["key"] == "signature"
    assert notice.path == f"/episodes/{Episode.objects.get().pk}/"


def test_who_signs_again_ends_the_notice_of_the_signature_that_fell(cast, now):
    baseline(cast)
    enter(cast, now - 5 * MINUTE, LOW)
    sign(cast, Episode.objects.get())
    low = Reading.objects.get(item="SYSBP", number=86)
    with clock.freeze(now + MINUTE):
        flow.correct_reading(
            reading=low, typed="84", unit=None, by=cast.reyes, reason="misread"
        )
    fell = Notice.objects.get(kind="signature")
    assert fell.ended_at is None
    with clock.freeze(now + 2 * MINUTE):
        sign(cast, Episode.objects.get(), reason="with the right pressure")
    fell.refresh_from_db()
    assert fell.ended_at == now + 2 * MINUTE


def test_what_comes_after_a_signature_leaves_it_standing(cast, now):
    baseline(cast)
    enter(cast, now - 5 * MINUTE, FEVER)
    signed = sign(cast, Episode.objects.get())
    with clock.freeze(now + HOUR):
        enter(cast, now + HOUR, LOW)
    assert not hasattr(signed.signature, "withdrawal")
    assert standing()[-1] == ("crs", "warning", 2)


def test_a_treatment_that_was_signed_and_is_corrected_withdraws_too(cast, now):
    baseline(cast)
    enter(cast, now - 30 * MINUTE, LOW)
    episode = Episode.objects.get()
    given = log_bolus(cast, now - 20 * MINUTE, [episode]).row
    signed = sign(cast, episode)
    flow.correct_treatment(
        treatment=given, by=cast.reyes, reason="half of it", amount=250.0
    )
    assert signed.signature.withdrawal.cause


def log_bolus(cast, at, episodes=()):
    return flow.log_treatment(
        cycle=cast.cycle,
        code="fluid_bolus",
        form="amount",
        at=at,
        until=at + 10 * MINUTE,
        amount=500,
        unit="mL",
        episodes=episodes,
        by=cast.reyes,
        key=uuid4(),
    )


def test_a_treatment_is_linked_to_what_it_was_given_for(cast, now):
    enter(cast, now, LOW)
    episode = Episode.objects.get()
    saved = log_bolus(cast, now - 15 * MINUTE, [episode])
    assert TreatmentLink.objects.get().treatment == saved.row
    assert [row.id for row in queries.links_of(cast.cycle)[saved.row.pk]] == [
        episode.pk
    ]


def test_a_wrong_password_keeps_nothing_but_that_it_was_tried(cast, now):
    from monitor.review.actions import WrongPassword

    enter(cast, now, LOW)
    episode = Episode.objects.get()
    with pytest.raises(WrongPassword):
        flow.review_and_sign(
            episode=episode,
            by=cast.okafor,
            password="five lamps",
            meaning="I reviewed this.",
            **whole(episode, verdict="agree", scale="astct", grade=2),
        )
    assert Review.objects.count() == 0
    assert Event.objects.get(action="signature.refused").actor == "okafor"


# What time does


def test_time_alone_brings_a_step_by_the_sweep(cast, now):
    baseline(cast)
    enter(cast, now, FEVER)
    state = CycleState.objects.get()
    assert state.due_at is not None
    later = state.due_at + MINUTE
    with clock.freeze(later):
        assert flow.sweep(later).assessed == 1
    state.refresh_from_db()
    assert state.assessed_at == later
    assert state.due_at is None or state.due_at > later


def test_a_sweep_with_nothing_to_do_leaves_its_heartbeat(cast, now):
    from monitor.notices.queries import heartbeat

    assert heartbeat(now).late
    swept = flow.sweep(now)
    assert (swept.assessed, swept.failed, swept.delivered) == (0, 0, 0)
    assert not heartbeat(now + MINUTE).late
    assert heartbeat(now + 5 * MINUTE).late


def test_one_cycle_that_fails_does_not_hold_up_the_others(cast, now, monkeypatch):
    other = cast_cycle(cast)
    whole = assessing.assess

    def fail_for_one(facts, *args, **kwargs):
        if "02-014" in facts["participant"]:
            raise ZeroDivisionError
        return whole(facts, *args, **kwargs)

    monkeypatch.setattr(assessing, "assess", None)
    enter(cast, now, WELL)
    enter(cast, now, WELL, cycle=other)
    monkeypatch.setattr(assessing, "assess", fail_for_one)
    swept = flow.sweep(now)
    assert (swept.assessed, swept.failed) == (1, 1)


# The hint


def test_a_commit_wakes_the_worker(cast, now, monkeypatch, capture):
    from monitor import story

    sent = []
    monkeypatch.setattr(
        story.current_app, "send_task", lambda name, **more: sent.append(name)
    )
    with capture(execute=True):
        enter(cast, now, WELL)
    assert sent == ["monitor.notices.tasks.wake"]


def test_a_broker_that_is_away_does_no_harm(cast, now, monkeypatch, capture):
    from monitor import story

    def away(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(story.current_app, "send_task", away)
    with capture(execute=True):
        saved = enter(cast, now, WELL)
    assert saved.assessed


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def test_the_sweep_after_the_save_delivers(cast, now):
    enter(cast, now, LOW)
    assert flow.sweep(now).delivered == 2
    assert flow.sweep(now).delivered == 0


def test_readings_are_read_as_the_page_reads_them():
    assert [one.number for one in readings({"TEMP": "391"})] == [39.1]
