"""What each verb of the notes says, through the verbs that a page would use.

A row that is looked at goes through `flow`, which assesses the cycle; the others are
only recorded, by the rooms' own verbs.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid5

from monitor import arranging, flow
from monitor.bedside import actions as bedside
from monitor.bedside import queries as seen
from monitor.bedside.models import Observation
from monitor.demo.desk import (
    acknowledge,
    ask,
    decide,
    disagree,
    look,
    refer,
    reply,
    report,
    sign,
)
from monitor.demo.sets import read_set, readings_of
from monitor.demo.teller import Teller, matched
from monitor.demo.told import Row
from monitor.episodes import queries as episodes
from monitor.notices import actions as notices
from monitor.treatments import actions as treatments
from monitor.treatments.models import Treatment
from monitor.trials import actions as trials
from monitor.trials.queries import doses_of

Source, Form = Observation.Source, Treatment.Form

PLAN = re.compile(
    r"(?P<agent>\w+) (?P<first>\d+)\.\.(?P<last>\d+) every (?P<hours>\d+) h"
    r" from (?P<start>D\S+ \S+) (?P<amount>[\d.]+) (?P<unit>\S+) (?P<route>.+)"
)
GIFT = re.compile(
    r"(?P<code>\w+)(?: (?P<amount>[\d.]+) (?P<unit>\S+))?"
    r"(?: (?!for |until )(?P<route>\w+))?(?: until (?P<until>D\S+ \S+))?"
    r"(?: for (?P<indication>.+))?"
)
PERIOD = re.compile(r"(?P<amount>\d+) mL over (?P<hours>\d+) h")
CORRECTION = re.compile(
    r"(?P<item>\w+) of (?P<at>D\S+ \S+) to (?P<to>\S+): (?P<why>.+)"
)


# Enrollment, cycles and doses


def enroll(story: Teller, row: Row) -> None:
    told = story.story
    story.participant = trials.enroll(
        code=told.code,
        site=story.world.sites[told.site],
        cohort=story.world.cohorts[told.trial, told.cohort],
        sex=told.sex,
        age=told.age,
        bed=told.bed,
        by=story.by(row),
    )


def open_cycle(story: Teller, row: Row) -> None:
    story.cycle = trials.open_cycle(
        participant=story.participant,
        number=int(row.rest),
        protocol=story.world.protocols[story.story.trial],
        by=story.by(row),
    )


def plan(story: Teller, row: Row) -> None:
    told = matched(PLAN, row)
    verb = flow.plan_dose if row.looked else trials.plan_dose
    numbers = range(int(told["first"]), int(told["last"]) + 1)
    for place, number in enumerate(numbers):
        last = number == numbers[-1]
        (verb if last else trials.plan_dose)(
            cycle=story.cycle,
            agent=told["agent"],
            number=number,
            planned_at=story.at(told["start"])
            + place * timedelta(hours=int(told["hours"])),
            amount=float(told["amount"]),
            unit=told["unit"],
            route=told["route"],
            by=story.by(row),
        )


def give_dose(story: Teller, row: Row) -> None:
    """`dose il2_mutein 3` or `dose irx_2 3 at left level II`."""
    agent, number, *place = row.rest.split(maxsplit=2)
    given: dict[str, Any] = {"given_at": story.moment(row.at)}
    if place:
        given["body_site"] = place[0].removeprefix("at ")
    settle_dose(story, row, agent, number, "given", **given)


def inject(story: Teller, row: Row) -> None:
    """`inject irx_2 3 left level_2 0.5 ultrasound local`."""
    agent, number, side, place, volume, guidance, anesthesia = row.rest.split()
    flow.log_injection(
        dose=doses_of(story.cycle).get(agent=agent, number=int(number)),
        at=story.moment(row.at),
        side=side,
        place=place,
        volume=float(volume),
        guidance=guidance,
        anesthesia=anesthesia,
        by=story.by(row),
        key=story.key(row),
    )


def reduce_dose(story: Teller, row: Row) -> None:
    """`reduce aldesleukin 6 to 400000: reason`."""
    what, reason = row.rest.split(": ", 1)
    agent, number, _, amount = what.split()
    given = {"given_at": story.moment(row.at), "amount": float(amount)}
    settle_dose(story, row, agent, number, "reduced", reason=reason, **given)


def not_given(status: str, story: Teller, row: Row) -> None:
    """`hold il2_mutein 4: reason` or `omit aldesleukin 5..14: reason`."""
    what, reason = row.rest.split(": ", 1)
    agent, numbers = what.split()
    first, _, last = numbers.partition("..")
    for number in range(int(first), int(last or first) + 1):
        settle_dose(story, row, agent, str(number), status, reason=reason)


def settle_dose(
    story: Teller, row: Row, agent: str, number: str, status: str, **told: Any
) -> None:
    dose = doses_of(story.cycle).get(agent=agent, number=int(number))
    verb = flow.record_dose if row.looked else trials.record_dose
    verb(dose=dose, status=status, by=story.by(row), **told)
    if not row.looked and status != "given":
        follow(story, row, notices.DOSE)


def follow(story: Teller, row: Row, what: str) -> None:
    """What nobody looks at yet still answers what people were told of before."""
    flow.heeded(story.cycle, what, story.moment(row.at), story.by(row))


# At the bedside


def record(
    story: Teller, row: Row, answers: Mapping[str, str], panel: str, **told: Any
) -> None:
    at = told.pop("observed_at", story.moment(row.at))
    told_units = told.pop("units", None)
    until = told.pop("until", None)
    before = seen.previous_values(story.cycle, at) if row.looked else {}
    verb = flow.record_set if row.looked else bedside.record_observation
    verb(
        observed_at=at,
        readings=readings_of(answers, before, told_units, at=at, until=until),
        panel=panel,
        **story.who(row),
        **told,
    )


def record_set(source: str, story: Teller, row: Row) -> None:
    record(story, row, read_set(row.rest).answers, "set", source=source)


def labs(story: Teller, row: Row) -> None:
    """`ALB 3.8 g/dL, CREAT 0.9 mg/dL, INR 1.1`."""
    parts = [part.split() for part in row.rest.split(", ")]
    answers = {item: typed for item, typed, *_ in parts}
    units = {item: unit[0] for item, _, *unit in parts if unit}
    record(story, row, answers, "labs", units=units, source=Source.LABORATORY)


def ranges(story: Teller, row: Row) -> None:
    """`ALB 3.5..5.2 g/dL, CREAT 0.6..1.1 mg/dL`."""
    for part in row.rest.split(", "):
        item, typed, unit = part.split()
        bedside.record_range(
            cycle=story.cycle,
            item=item,
            typed=typed,
            unit=unit,
            since=story.moment(row.at),
            by=story.by(row),
            key=uuid5(story.key(row), item),
        )


def weigh(story: Teller, row: Row) -> None:
    record(story, row, {"WEIGHT": row.rest}, "examination")


def fluids(item: str, story: Teller, row: Row) -> None:
    """`out 480 mL over 8 h`, told at its end."""
    told = matched(PERIOD, row)
    end = story.moment(row.at)
    start = end - timedelta(hours=int(told["hours"]))
    record(story, row, {item: told["amount"]}, "fluids", observed_at=start, until=end)


def fact(story: Teller, row: Row) -> None:
    """`fact CENTRAL_LINE picc`."""
    code, *value = row.rest.split(maxsplit=1)
    verb = flow.record_fact if row.looked else bedside.record_fact
    verb(
        code=code,
        value=value[0] if value else "",
        at=story.moment(row.at),
        **story.who(row),
    )


def plan_surgery(story: Teller, row: Row) -> None:
    """`surgery D25`: the day that ends the doses."""
    day = story.at(f"{row.rest} 12:00").date().isoformat()
    flow.record_fact(
        code="SURGERY", value=day, at=story.moment(row.at), **story.who(row)
    )


def contact(story: Teller, row: Row) -> None:
    """`contact telephone D9 20:00`."""
    how, when = row.rest.split(maxsplit=1)
    arranging.plan_contact(how=how, at=story.at(when), **story.who(row))


def take(story: Teller, row: Row) -> None:
    """`take until D3 19:00`: the participant is theirs until then."""
    until = story.at(row.rest.removeprefix("until "))
    arranging.assign(nurse=story.by(row), until=until, **story.who(row))


def correct(story: Teller, row: Row) -> None:
    """`correct OXYGEN_FLOW of D3 15:05 to 4: read from wrong meter`."""
    told = matched(CORRECTION, row)
    readings = seen.current_readings(story.cycle)
    flow.correct_reading(
        reading=readings.get(
            item=told["item"], observation__observed_at=story.at(told["at"])
        ),
        typed=told["to"],
        unit=None,
        by=story.by(row),
        reason=told["why"],
    )


# The management log


def treat(form: str, story: Teller, row: Row) -> None:
    """`give paracetamol 1000 mg oral for fever`: linked to what is open then."""
    told = {key: value for key, value in matched(GIFT, row).items() if value}
    if "amount" in told:
        told["amount"] = float(told["amount"])
    if "until" in told:
        told["until"] = story.at(told["until"])
    if form == Form.SCHEDULED:
        told["as_needed"] = False
    told |= {"form": form, "at": story.moment(row.at)} | story.who(row)
    open_now = episodes.open_episodes(story.cycle) if "indication" in told else []
    found = [one.episode for one in open_now]
    if row.looked:
        flow.log_treatment(episodes=found, **told)
        return
    treatment, _ = treatments.log(**told)
    for episode in found:
        flow.link(episode, treatment, story.by(row))
    follow(story, row, notices.TREATMENT)


def stop(story: Teller, row: Row) -> None:
    """`stop norepinephrine ug/min`: a rate of 0 ends it."""
    code, unit = row.rest.split()
    treat(Form.RATE, story, Row(row.at, row.by, "stop", f"{code} 0 {unit}", row.looked))


VERBS: dict[str, Callable[[Teller, Row], None]] = {
    "enroll": enroll,
    "cycle": open_cycle,
    "plan": plan,
    "dose": give_dose,
    "inject": inject,
    "reduce": reduce_dose,
    "hold": partial(not_given, "held"),
    "omit": partial(not_given, "omitted"),
    "set": partial(record_set, Source.BEDSIDE),
    "phone": partial(record_set, Source.REPORTED),
    "labs": labs,
    "ranges": ranges,
    "weight": weigh,
    "out": partial(fluids, "URINE_OUTPUT"),
    "in": partial(fluids, "FLUID_INTAKE"),
    "fact": fact,
    "surgery": plan_surgery,
    "contact": contact,
    "take": take,
    "correct": correct,
    "give": partial(treat, Form.AMOUNT),
    "start": partial(treat, Form.RATE),
    "stop": stop,
    "regimen": partial(treat, Form.SCHEDULED),
    "act": partial(treat, Form.ACTION),
    "ack": acknowledge,
    "look": look,
    "sign": sign,
    "refer": refer,
    "disagree": disagree,
    "report": report,
    "ask": ask,
    "decide": decide,
    "reply": reply,
}


def tell(story: Teller, row: Row) -> None:
    """Say one row of the notes. Whatever it raises says which row it was."""
    try:
        VERBS[row.verb](story, row)
    except Exception as error:
        error.add_note(f"{story.story.code}: {row.verb} {row.rest} ({row.at})")
        raise
