"""Every story of the demo ends as its file says; told twice it is there once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from monitor import agreeing, clock, demo
from monitor.audit import chain, queries
from monitor.audit.models import Event
from monitor.bedside.models import Observation, Reading
from monitor.demo import cast as people
from monitor.demo.stories import (
    STORIES,
    s02_006,
    s02_008,
    s02_009,
    s02_011,
    s02_012,
    s02_014,
    s02_015,
    s02_016,
    s02_017,
    s02_018,
    s03_001,
    s03_002,
    sh1_002,
    sh1_003,
    sh1_005,
    sk1_001,
    sk1_002,
    sx1_001,
)
from monitor.demo.told import Story
from monitor.episodes import queries as episodes
from monitor.episodes.models import CycleState, Episode, Step
from monitor.episodes.shapes import BoardRow
from monitor.notices import queries as notices
from monitor.notices.models import Notice
from monitor.review.models import Signature
from monitor.review.queries import queue
from monitor.review.reporting import clocks_of
from monitor.review.states import State
from monitor.treatments.injected import Injection
from monitor.trials.models import Cycle, Dose, Participant, Trial, User
from monitor.trials.permissions import Permission, may
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def silent(line: str) -> None:
    """Nobody reads along."""


@dataclass
class End:
    """Where a story leaves its participant."""

    participant: Participant
    cycle: Cycle
    state: CycleState
    row: BoardRow

    def line(self, topic: str) -> dict[str, Any]:
        lines = self.state.summary["lines"]
        return next(line for line in lines if line["topic"] == topic)

    def steps(self, topic: str) -> list[Step]:
        """The standing steps of the participant's last episode of a topic."""
        told = Episode.objects.filter(cycle__participant=self.participant, topic=topic)
        standing = episodes.standing_steps().filter(episode=told.latest("opened_at"))
        return list(standing.order_by("at", "pk"))

    @property
    def topics(self) -> set[str]:
        return set(
            Episode.objects.filter(cycle=self.cycle).values_list("topic", flat=True)
        )


def end_of(story: Story) -> End:
    demo.tell([story], NOW, silent)
    assert list(agreeing.differing()) == []
    participant = Participant.objects.get(code=story.code)
    cycle = participant.cycles.latest("number")
    reyes = User.objects.get(username="reyes")
    with clock.freeze(NOW):
        row = episodes.board(reyes, answers=notices.answers(reyes)).rows[0]
    return End(participant, cycle, cycle.state, row)


# The stories


def test_02_014_ends_with_a_low_pressure_that_nobody_has_taken():
    end = end_of(s02_014.STORY)
    last = end.steps("crs")[-1]
    assert (last.level, last.grade, last.status) == ("warning", 2, "needs_review")
    assert NOW - last.at == timedelta(minutes=4)
    assert end.row.unanswered
    assert (
        Reading.objects.filter(item="ACVPU", observation__observed_at=last.at).count()
        == 0
    )


def test_02_011_rises_to_grade_3_and_resolves():
    end = end_of(s02_011.STORY)
    steps = end.steps("crs")
    assert [step.grade for step in steps if step.level == "critical"] == [2, 2, 3]
    assert (steps[-1].grade, steps[-1].max_grade) == (0, 3)
    assert steps[-1].status == "resolved" or steps[-1].closed
    given = end.cycle.treatments.values_list("code", flat=True)
    assert {"norepinephrine", "tocilizumab"} <= set(given)
    assert not Signature.objects.exists()


def test_02_009_leaks_without_fever_and_without_hemoconcentration():
    end = end_of(s02_009.STORY)
    assert "crs" not in end.topics
    assert end.steps("cls")[-1].level == "warning"
    assert end.line("cls")["patterns"]["albumin"] is True
    assert end.line("cls")["patterns"]["daily_weight"] is True
    readings = Reading.objects.filter(observation__cycle=end.cycle)
    assert not readings.filter(item="TEMP", number__gte=38).exists()
    assert not readings.filter(item="SYSBP", number__lt=90).exists()
    hematocrits = readings.filter(item="HCT").order_by("observation__observed_at")
    assert hematocrits.last().number <= hematocrits.first().number
    assert (end.row.due.what, end.row.due.late) == ("set", True)
    assert end.row.dose.status == "held"


def test_02_006_is_hypoxic_before_any_oxygen_is_charted():
    end = end_of(s02_006.STORY)
    last = end.steps("crs")[-1]
    assert (last.level, last.grade, last.status) == ("critical", 2, "needs_review")
    devices = Reading.objects.filter(observation__cycle=end.cycle, item="OXYGEN_DEVICE")
    assert set(devices.values_list("choice", flat=True)) == {"room_air"}
    assert end.row.acknowledged.by == "Mary Okafor, MD"


def test_02_016_may_hide_a_fever_under_paracetamol():
    line = end_of(s02_016.STORY).line("crs")
    assert (line["status"], line["level"]) == ("not_gradable", "watch")
    assert line["grades"]["astct"] is None
    assert line["patterns"]["masked_fever"] is True


def test_02_017_misses_a_temperature_and_says_so():
    end = end_of(s02_017.STORY)
    assert end.state.level == "unknown"
    missing = {one["item"]: one["why"] for one in end.line("crs")["missing"]}
    assert missing["TEMP"] == missing["OXYSAT"] == "stale"
    assert missing["RESP"] == "not_done"
    assert end.row.overdue


def test_02_018_has_never_had_a_set():
    end = end_of(s02_018.STORY)
    assert end.row.last_set is None
    assert (end.state.level, end.row.overdue) == ("unknown", False)
    assert not Observation.objects.exists()


def test_02_015_is_well_with_an_antipyretic_on_board():
    end = end_of(s02_015.STORY)
    assert end.state.level == "clear"
    assert end.line("crs")["grades"]["astct"] == 0
    assert end.topics == set()
    assert end.cycle.treatments.get().code == "paracetamol"


def test_02_012_carries_a_signature_that_holds():
    end = end_of(s02_012.STORY)
    signature = Signature.objects.get()
    assert (signature.printed_name, signature.role) == (
        "Mary Okafor, MD",
        "investigator",
    )
    assert signature.review.grade == 1
    assert not hasattr(signature, "withdrawal")
    assert (end.cycle.number, end.state.level) == (2, "clear")


def test_02_008_is_at_home_and_not_late():
    end = end_of(s02_008.STORY)
    assert (end.row.place, end.row.overdue) == ("AT_HOME", False)
    assert end.topics == set()
    assert end.row.values["TEMP"].text == "36.9"
    assert Observation.objects.latest("observed_at").source == "reported"


def test_03_001_was_taken_by_the_investigator_in_uppsala():
    end = end_of(s03_001.STORY)
    assert end.steps("crs")[-1].grade == 1
    assert end.row.acknowledged.by == "K. Lindqvist, MD"


def test_03_001_was_referred_to_the_sites_other_reviewer():
    end_of(s03_001.STORY)
    with clock.freeze(NOW):
        lindqvist, okafor = (
            queue(User.objects.get(username=name)) for name in ("lindqvist", "okafor")
        )
    places = [
        {row.state: section.key for section in found.sections for row in section.rows}
        for found in (lindqvist, okafor)
    ]
    assert places == [{State.REFERRED: "waiting"}, {State.REFERRED: "due"}]


def test_03_002_has_a_signature_that_the_sites_other_reviewer_disputes():
    end_of(s03_002.STORY)
    with clock.freeze(NOW):
        found = queue(User.objects.get(username="lindqvist"))
    (row,) = [row for section in found.sections for row in section.rows]
    assert (row.state, row.disputed, row.elsewhere) == (State.SIGNED, True, False)
    assert row.state_note.startswith("Mary Okafor, MD disagrees: “The disease is")


def test_03_002_was_reported_in_time():
    end = end_of(s03_002.STORY)
    leaks = episodes_of_person(end)
    found = [clock for clocks in clocks_of(leaks).values() for clock in clocks]
    assert [(one.kind, one.runs, one.late(NOW)) for one in found] == [
        ("site", False, False)
    ]


def episodes_of_person(end):
    people = Episode.objects.filter(cycle__participant=end.cycle.participant)
    return list(
        people.select_related("cycle__protocol", "cycle__participant__site__trial")
    )


def test_03_002_began_cycle_2_on_an_albumin_that_had_not_recovered():
    end = end_of(s03_002.STORY)
    assert end.cycle.number == 2
    assert end.line("cls")["level"] == "watch"
    assert end.line("cls")["patterns"]["albumin"] is True
    assert end.line("crs")["level"] == "clear"


def test_h1_003_is_critical_before_any_pressor():
    end = end_of(sh1_003.STORY)
    last = end.steps("crs")[-1]
    assert (last.level, last.grade) == ("critical", 2)
    codes = set(end.cycle.treatments.values_list("code", flat=True))
    assert codes == {"paracetamol", "indomethacin", "fluid_bolus"}


def test_what_was_given_to_h1_003_counts_as_an_action_after_its_notices():
    end = end_of(sh1_003.STORY)
    told = Notice.objects.filter(participant=end.participant, kind="level")
    assert [(one.level, one.acted_at is not None) for one in told.order_by("pk")] == [
        ("warning", True),
        ("critical", True),
        ("critical", True),
        ("critical", False),
    ]


def test_h1_002_had_doses_held_reduced_and_omitted():
    end = end_of(sh1_002.STORY)
    stand = Dose.objects.current().filter(cycle=end.cycle).order_by("number")
    assert [dose.status for dose in stand] == [
        *["given"] * 6,
        "held",
        "reduced",
        *["omitted"] * 2,
        *["planned"] * 4,
    ]
    assert end.steps("crs")[-1].max_grade == 1


def test_h1_005_has_a_late_neutropenic_fever_outside_the_window():
    end = end_of(sh1_005.STORY)
    assert end.steps("fever")[-1].level == "critical"
    assert end.line("fever")["patterns"]["fever_outside_window"] is True
    assert end.line("crs")["grades"]["astct"] is None
    neutrophils = Reading.objects.filter(item="NEUT").latest("observation__observed_at")
    assert neutrophils.number == 0.3
    assert end.cycle.facts.filter(code="CENTRAL_LINE").exists()


def test_k1_001_is_resolving_at_grade_1():
    last = end_of(sk1_001.STORY).steps("crs")[-1]
    assert (last.status, last.max_grade) == ("resolved", 1)


def test_k1_002_lost_a_grade_by_a_correction():
    end = end_of(sk1_002.STORY)
    corrected = Reading.objects.get(item="OXYGEN_FLOW", supersedes__isnull=False)
    assert (corrected.supersedes.number, corrected.number) == (5, 4)
    assert corrected.reason == "read from wrong meter"
    withdrawn = Step.objects.get(withdrawn_by__isnull=False)
    assert (withdrawn.level, withdrawn.grade) == ("critical", 3)
    assert (end.steps("crs")[-1].level, end.steps("crs")[-1].max_grade) == (
        "warning",
        2,
    )


def test_x1_001_is_at_home_between_two_weeks_of_injections():
    end = end_of(sx1_001.STORY)
    injected = Dose.objects.current().filter(agent="irx_2", status="given")
    assert injected.count() == 5
    sides = [one.side for one in Injection.objects.order_by("at")]
    assert sides == ["left", "right"] * 5
    assert "crs" not in end.topics
    assert (end.row.place, end.row.overdue) == ("AT_HOME", False)


# The demo as a whole

PAGES = (
    "",
    "observe/",
    "observe/?panel=symptoms",
    "observe/?panel=labs",
    "observe/?panel=fluids",
    "observe/?panel=examination",
    "facts/",
    "ranges/",
    "arrange/",
    "treat/",
    "audit/",
)


@pytest.mark.parametrize("told", [s02_009, sh1_002, sk1_002, sx1_001])
def test_in_each_trial_every_page_of_the_bedside_opens(told, client):
    end = end_of(told.STORY)
    client.force_login(User.objects.get(username="reyes"))
    found = {}
    with clock.freeze(NOW):
        for page in PAGES:
            answer = client.get(f"/participants/{end.participant.code}/{page}")
            found[page] = answer.status_code
    assert found == dict.fromkeys(PAGES, 200)


def test_every_story_is_told_once():
    assert len({story.code for story in STORIES}) == len(STORIES) == 18


def test_a_second_telling_adds_nothing(monkeypatch):
    monkeypatch.setattr(demo, "STORIES", (s02_018.STORY,))
    accounts = demo.seed(NOW, silent)
    counted = Event.objects.count()
    assert demo.seed(NOW + timedelta(hours=1), silent) == accounts
    assert Event.objects.count() == counted
    assert chain.verify(queries.rows(), queries.head()) is None


def test_it_is_told_wholly_or_not_at_all(monkeypatch):
    broken = s02_018.STORY.notes + "\n    D1 13:20   reyes   juggle"
    story = Story(**vars(s02_018.STORY) | {"notes": broken})
    monkeypatch.setattr(demo, "STORIES", (story,))
    with pytest.raises(KeyError) as raised:
        demo.seed(NOW, silent)
    assert "02-018: juggle" in raised.value.__notes__[0]
    assert not Trial.objects.exists()


def test_the_accounts_open_the_doors_they_name(monkeypatch):
    monkeypatch.setattr(demo, "STORIES", (s02_018.STORY,))
    accounts = demo.seed(NOW, silent)
    assert len(accounts) == len(people.PEOPLE)
    for username, password, _role in accounts:
        user = User.objects.get(username=username)
        assert user.check_password(password)


def test_lindqvist_works_in_uppsala_alone(monkeypatch):
    monkeypatch.setattr(demo, "STORIES", (s02_018.STORY,))
    demo.seed(NOW, silent)
    lindqvist = User.objects.get(username="lindqvist")
    reyes = User.objects.get(username="reyes")
    sites = {
        site.code: site for trial in Trial.objects.all() for site in trial.sites.all()
    }
    may_read = {
        code for code, site in sites.items() if may(lindqvist, Permission.READ, site)
    }
    assert may_read == {"03"}
    assert all(may(reyes, Permission.READ, site) for site in sites.values())
