"""The four trials of the demo, after the drugs that this program is made for."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.clinical.study.plan import Intensity
from monitor.clinical.study.protocol import Protocol
from monitor.trials import actions
from monitor.trials.models import Cohort, ProtocolVersion, Site, Trial, User

EMERGENCY = "2222"


@dataclass(frozen=True)
class Plan:
    """A trial: `sites` are (code, name, time zone), `levels` the cohorts' names.

    Dose levels and sites are assumptions of the demo; the protocol documents name
    theirs.
    """

    code: str
    title: str
    document: str
    sites: tuple[tuple[str, str, str], ...]
    levels: tuple[str, ...]


PLANS = (
    Plan(
        "NARA-2",
        "NARA-2 · no-alpha IL-2 mutein, dose escalation",
        "mutein",
        (
            ("02", "Boston", "America/New_York"),
            ("03", "Uppsala", "Europe/Stockholm"),
        ),
        ("300 IU/kg", "600 IU/kg", "1200 IU/kg", "1800 IU/kg", "2400 IU/kg"),
    ),
    Plan(
        "HD-ALD",
        "HD-ALD · high-dose aldesleukin",
        "aldesleukin",
        (("H1", "Pittsburgh", "America/New_York"),),
        ("600,000 IU/kg every 8 h",),
    ),
    Plan(
        "IRX-2",
        "IRX-2 · perilymphatic injections before surgery",
        "irx2",
        (("X1", "Portland", "America/Los_Angeles"),),
        ("230 U a day",),
    ),
    Plan(
        "ILKN421H",
        "ILKN421H · every three weeks, alone and with pembrolizumab",
        "ilkn421h",
        (("K1", "Houston", "America/Chicago"),),
        ("30 µg/kg", "30 µg/kg with pembrolizumab"),
    ),
)
PROTOCOLS = Path(__file__).parents[1] / "clinical" / "protocols"


@dataclass(frozen=True)
class World:
    """What the stories happen in: sites by code, cohorts by (trial, level)."""

    people: dict[str, User]
    sites: dict[str, Site]
    cohorts: dict[tuple[str, int], Cohort]
    protocols: dict[str, ProtocolVersion]

    def schedule(self, trial: str) -> Sequence[Intensity]:
        """When sets are due in a trial."""
        return Protocol.from_document(self.protocols[trial].document).plan.sets


def open_trials(people: dict[str, User], owner: User) -> tuple[World, list[Trial]]:
    """Every trial with its sites, cohorts and an approved protocol."""
    world = World(people, {}, {}, {})
    return world, [open_trial(plan, world, owner) for plan in PLANS]


def open_trial(plan: Plan, world: World, by: User) -> Trial:
    trial = actions.open_trial(code=plan.code, title=plan.title, by=by)
    for code, name, zone in plan.sites:
        world.sites[code] = actions.add_site(
            trial=trial,
            code=code,
            name=name,
            time_zone=zone,
            emergency_number=EMERGENCY,
            by=by,
        )
    for number, name in enumerate(plan.levels, start=1):
        world.cohorts[plan.code, number] = actions.add_cohort(
            trial=trial,
            number=number,
            name=name,
            neutral_label=f"Cohort {chr(ord('A') + number - 1)}",
            color=number,
            by=by,
        )
    world.protocols[plan.code] = approve(trial, document(plan), by)
    return trial


def approve(trial: Trial, document: dict[str, Any], by: User) -> ProtocolVersion:
    draft = actions.draft_protocol(
        trial=trial, number=document["version"], document=document, by=by
    )
    return actions.approve_protocol(protocol=draft, by=by)


def document(plan: Plan) -> dict[str, Any]:
    return tomllib.loads((PROTOCOLS / f"{plan.document}.toml").read_text("utf-8"))
