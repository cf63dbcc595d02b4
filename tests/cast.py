"""The standing cast: people, two trials and their participants, made by the verbs.

    NARA-2 (opened by the administrator Vance)
      02 Boston   Reyes RN, Okafor MD, coordinator Chen,
                  pharmacist Haddad                          02-014, 02-015
      03 Uppsala  Lindqvist RN, Berg MD                      03-001
      all sites   data monitor Moreau, safety physician Iyer MD
    OTHER-1 (opened by Vance)
      01 Boston   Novak RN, Silva MD                         X1-001

The story stands still on Thursday 19 November 2026, 14:30 in Boston (`NOW`). 02-014 is
in cycle 1 on dose level 4: dose 1 was given at 10:05 today, dose 2 is planned for
tomorrow. Everything before happened in the days before. A test that needs another
moment freezes the clock again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from monitor import clock
from monitor.trials import actions
from monitor.trials.models import (
    Cohort,
    Cycle,
    Dose,
    Participant,
    ProtocolVersion,
    Role,
    Site,
    Trial,
    User,
)
from tests.remembered import Remembered

NOW = datetime(2026, 11, 19, 19, 30, tzinfo=UTC)
OPENED = NOW - timedelta(days=60)
ENROLLED = NOW - timedelta(days=10)
CYCLE_OPENED = NOW - timedelta(days=2)
GIVEN = datetime(2026, 11, 19, 15, 5, tzinfo=UTC)
PASSWORD = "four lamps on the quay"
AGENT = "NARA"

PROTOCOL = {"name": "NARA-2", "version": "1.0", "scale": "astct"}


@dataclass
class Cast:
    """Who and what there is; people also by name, as in `cast.reyes`."""

    people: dict[str, User] = field(default_factory=dict)
    participants: dict[str, Participant] = field(default_factory=dict)

    trial: Trial = None  # type: ignore[assignment]
    other_trial: Trial = None  # type: ignore[assignment]
    boston: Site = None  # type: ignore[assignment]
    uppsala: Site = None  # type: ignore[assignment]
    elsewhere: Site = None  # type: ignore[assignment]
    protocol: ProtocolVersion = None  # type: ignore[assignment]
    cohort: Cohort = None  # type: ignore[assignment]
    cycle: Cycle = None  # type: ignore[assignment]
    dose: Dose = None  # type: ignore[assignment]
    next_dose: Dose = None  # type: ignore[assignment]

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def account(cast: Cast, username: str, printed_name: str) -> User:
    user = actions.create_user(
        username=username,
        printed_name=printed_name,
        password=PASSWORD,
        by=cast.vance,
    )
    cast.people[username] = user
    return user


def hire(
    cast: Cast,
    username: str,
    printed_name: str,
    role: Role,
    site: Site | None = None,
    trial: Trial | None = None,
) -> User:
    user = account(cast, username, printed_name)
    actions.grant(
        user=user, trial=trial or cast.trial, site=site, role=role, by=cast.vance
    )
    return user


def open_trials(cast: Cast) -> None:
    owner = actions.create_owner(
        username="vance", printed_name="P. Vance", password=PASSWORD
    )
    cast.people["vance"] = owner
    cast.trial = actions.open_trial(
        code="NARA-2", title="No-alpha IL-2 mutein, dose escalation", by=owner
    )
    cast.other_trial = actions.open_trial(
        code="OTHER-1", title="Another trial", by=owner
    )


def open_sites(cast: Cast) -> None:
    cast.boston = actions.add_site(
        trial=cast.trial,
        code="02",
        name="Boston",
        time_zone="America/New_York",
        emergency_number="2222",
        by=cast.vance,
    )
    cast.uppsala = actions.add_site(
        trial=cast.trial,
        code="03",
        name="Uppsala",
        time_zone="Europe/Stockholm",
        by=cast.vance,
    )
    cast.elsewhere = actions.add_site(
        trial=cast.other_trial,
        code="01",
        name="Boston",
        time_zone="America/New_York",
        by=cast.vance,
    )


def hire_people(cast: Cast) -> None:
    boston, uppsala = cast.boston, cast.uppsala
    hire(cast, "reyes", "A. Reyes, RN", Role.NURSE, boston)
    hire(cast, "lindqvist", "E. Lindqvist, RN", Role.NURSE, uppsala)
    hire(cast, "okafor", "C. Okafor, MD", Role.INVESTIGATOR, boston)
    hire(cast, "berg", "S. Berg, MD", Role.INVESTIGATOR, uppsala)
    hire(cast, "chen", "L. Chen", Role.COORDINATOR, boston)
    hire(cast, "haddad", "M. Haddad", Role.PHARMACIST, boston)
    hire(cast, "moreau", "J. Moreau", Role.DATA_MONITOR)
    hire(cast, "iyer", "N. Iyer, MD", Role.SAFETY_PHYSICIAN)
    hire(cast, "novak", "K. Novak, RN", Role.NURSE, cast.elsewhere, cast.other_trial)
    # The other trial has its own investigator, who enrolls its participant.
    hire(
        cast,
        "silva",
        "R. Silva, MD",
        Role.INVESTIGATOR,
        cast.elsewhere,
        cast.other_trial,
    )


def approve_protocol(cast: Cast, trial: Trial) -> ProtocolVersion:
    draft = actions.draft_protocol(
        trial=trial, number="1.0", document=PROTOCOL, by=cast.vance
    )
    return actions.approve_protocol(protocol=draft, by=cast.vance)


def add_cohort(cast: Cast, trial: Trial) -> Cohort:
    return actions.add_cohort(
        trial=trial,
        number=4,
        name="1200 IU/kg",
        neutral_label="Cohort D",
        color=4,
        by=cast.vance,
    )


def enroll(cast: Cast, code: str, site: Site, cohort: Cohort, by: User) -> None:
    cast.participants[code] = actions.enroll(
        code=code, site=site, cohort=cohort, sex="F", age=58, bed="12", by=by
    )


def enroll_participants(cast: Cast) -> None:
    cast.cohort = add_cohort(cast, cast.trial)
    enroll(cast, "02-014", cast.boston, cast.cohort, cast.okafor)
    enroll(cast, "02-015", cast.boston, cast.cohort, cast.okafor)
    enroll(cast, "03-001", cast.uppsala, cast.cohort, cast.berg)
    other = add_cohort(cast, cast.other_trial)
    enroll(cast, "X1-001", cast.elsewhere, other, cast.silva)


def begin_cycle(cast: Cast) -> None:
    cast.cycle = open_cycle(cast, "02-014")
    cast.dose = plan(cast.cycle, 1, GIVEN - timedelta(minutes=5), cast.okafor)
    cast.next_dose = plan(cast.cycle, 2, GIVEN + timedelta(days=1), cast.okafor)


def open_cycle(cast: Cast, code: str, number: int = 1, by: User | None = None) -> Cycle:
    """Another cycle, for whoever needs one."""
    return actions.open_cycle(
        participant=cast.participants[code],
        number=number,
        protocol=cast.protocol,
        by=by or cast.okafor,
    )


def plan(cycle: Cycle, number: int, planned_at: datetime, by: User) -> Dose:
    return actions.plan_dose(
        cycle=cycle,
        agent=AGENT,
        number=number,
        planned_at=planned_at,
        amount=1200,
        unit="[iU]/kg",
        route="subcutaneous",
        by=by,
    )


def assemble() -> Cast:
    """The whole cast, each part at its own time, up to `NOW`."""
    cast = Cast()
    with clock.freeze(OPENED):
        open_trials(cast)
        open_sites(cast)
        hire_people(cast)
        cast.protocol = approve_protocol(cast, cast.trial)
        approve_protocol(cast, cast.other_trial)
    with clock.freeze(ENROLLED):
        enroll_participants(cast)
    with clock.freeze(CYCLE_OPENED):
        begin_cycle(cast)
    with clock.freeze(GIVEN):
        cast.dose = actions.record_dose(
            dose=cast.dose, status="given", given_at=GIVEN, by=cast.reyes
        )
    return cast


@pytest.fixture
def now() -> Iterator[datetime]:
    """The clock stands at `NOW` for the whole test."""
    with clock.freeze(NOW):
        yield NOW


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    return remembered()


remembered = Remembered(assemble)
