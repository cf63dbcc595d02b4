"""A cycle's rows handed to the clinical core, under the cycle's own protocol."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import polars as pl

from monitor.clinical.assess import assess
from monitor.clinical.study.protocol import Protocol
from monitor.episodes.timelines import ChartFacts, chart_facts
from monitor.trials.blinding import hidden_patterns
from monitor.trials.models import Cycle


def assess_cycle(
    cycle: Cycle, now: datetime, later: Iterable[Cycle] = ()
) -> tuple[ChartFacts, Any]:
    """The facts of the cycle and the core's Assessment of them, as of `now`.

    `later`: cycles that are read with it, for an episode that is open goes on (R9).
    A loaded chart may lie in a year to come: it is assessed to its own last reading.
    Whatever the core raises is raised: `flow` keeps the observation all the same.
    """
    chart = chart_facts(cycle, later)
    facts = chart.facts
    try:
        protocol = shown_protocol(cycle)
        return chart, assess(facts, protocol, now=last_moment(facts, now))
    except pl.exceptions.PanicException as fault:  # No Exception, so nobody sees it.
        raise NotAssessed("The frame library gave up.") from fault


def shown_protocol(cycle: Cycle) -> Protocol:
    """The protocol as everybody is shown what it says.

    Less the patterns that the trial hides. And where the trial hides dose levels, less
    windows that are open for some levels only: a fever that is called expected would
    say the level. What is not expected is told more loudly, to everybody alike.
    """
    protocol, trial = protocol_of(cycle), cycle.participant.site.trial
    if hidden := hidden_patterns(trial):
        protocol = replace(protocol, unasked=hidden)
    if trial.blinding and protocol.expected and protocol.expected.levels:
        protocol = replace(protocol, expected=None)
    return protocol


class NotAssessed(RuntimeError):
    """The core could not answer."""


def last_moment(facts: pl.DataFrame, now: datetime) -> datetime:
    """`now`, or the last reading where that is later."""
    last = facts.filter(pl.col("kind") == "reading")["at"].max()
    return max(now, last) if isinstance(last, datetime) else now


def protocol_of(cycle: Cycle) -> Protocol:
    """The protocol version in force for the cycle. Raises BadProtocol."""
    version = cycle.protocol
    if version.parsed is None:
        version.parsed = _read(json.dumps(version.document, sort_keys=True))
    return version.parsed


@lru_cache(maxsize=64)
def _read(document: str) -> Protocol:
    return Protocol.from_document(json.loads(document))
