"""A dose that starts no cycle, or in a unit that counts none, is asked about."""

import pytest

from monitor.refusal import Refused
from monitor.trials import actions
from tests.cast import AGENT

from .charts import assessed, line, protocol

ALDESLEUKIN = {"code": "aldesleukin", "label": "Aldesleukin", "unit": "[iU]/kg"}
ANTIBODY = {"code": "pembrolizumab", "label": "Pembrolizumab", "cytokine": False}
STUDY = protocol(agents=[ALDESLEUKIN, ANTIBODY], baseline_before=["cyclophosphamide"])
FEVER = "3:00,set,T 38.6 HR 90 BP 122/76 RR 16 SpO2 98 air A\n"
SAID = (
    "aldesleukine is no study agent of the protocol, so that this dose starts no "
    "cycle: write aldesleukin or pembrolizumab or cyclophosphamide, or let the "
    "protocol name it."
)


def asked(rows, using=STUDY):
    found = assessed(rows, using).queries
    return [(one["code"], one["check"], one["reason"]) for one in found]


@pytest.mark.parametrize(
    ("dose", "check"),
    [
        ("aldesleukin,600000,[iU]/kg", ""),
        ("pembrolizumab,200,mg", ""),
        ("cyclophosphamide,300,mg/m2", ""),
        ("aldesleukin,", ""),
        ("aldesleukine,600000,[iU]/kg", "no_study_agent"),
        ("aldesleukine,", "no_study_agent"),
        ("aldesleukine,held,", "no_study_agent"),
    ],
)
def test_a_dose_that_the_study_does_not_know_is_asked_about(dose, check):
    assert [one[1] for one in asked(f"0:00,dose,{dose}\n{FEVER}")] == [check][
        : bool(check)
    ]


def test_it_says_what_to_do_and_asks_once_of_doses_alike():
    rows = "".join(f"{8 * n}:00,dose,aldesleukine,600000,[iU]/kg\n" for n in range(3))
    assert asked(rows + FEVER) == [("aldesleukine", "no_study_agent", SAID)]
    # It is asked, not refused: the fever is one outside any cycle.
    assert line(assessed(rows + FEVER, STUDY), "fever", "3:00")["level"] == "warning"


def test_where_a_protocol_names_no_agent_any_dose_starts_the_cycle():
    assert asked(f"0:00,dose,index_admission,1,{{dose}}\n{FEVER}", protocol()) == []


def plan(cast, now, agent=AGENT, unit="[iU]/kg"):
    told = {"number": 9, "planned_at": now, "amount": 600.0, "unit": unit}
    return actions.plan_dose(cycle=cast.cycle, by=cast.okafor, agent=agent, **told)


def test_a_dose_of_no_study_agent_is_not_planned_and_says_what_to_do(cast, now):
    named = {"agents": [ALDESLEUKIN | {"code": AGENT}]}
    cast.cycle.protocol.document |= named
    with pytest.raises(Refused) as refused:
        plan(cast, now, agent="aldesleukine")
    assert refused.value.field == "agent"
    assert "aldesleukine is no study agent of the protocol" in refused.value.sentence
    assert plan(cast, now).agent == AGENT


@pytest.mark.parametrize("unit", ["U", "bananas", "[iU]/min"])
def test_a_dose_is_not_planned_in_a_unit_that_counts_none(cast, now, unit):
    with pytest.raises(Refused) as refused:
        plan(cast, now, unit=unit)
    assert refused.value.field == "unit"
    assert refused.value.sentence.startswith("A dose is counted in g, mg, ug, ")
    assert refused.value.sentence.endswith(f", not {unit}.")
