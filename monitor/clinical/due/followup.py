"""How long a participant is followed after the last dose of each agent (R16)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.clinical.study.protocol import Agent, Protocol


def ends(protocol: Protocol, last: Mapping[str, datetime]) -> dict[str, datetime]:
    """Agent -> when its safety follow-up ends. `last`: agent -> its last dose given.

    An agent that the protocol does not name is followed like a cytokine.
    """
    known = {agent.code: agent for agent in protocol.agents}
    return {
        code: at + timedelta(days=_days(protocol, known.get(code)))
        for code, at in sorted(last.items(), key=lambda one: one[1])
    }


def _days(protocol: Protocol, agent: Agent | None) -> float:
    late = agent is not None and agent.checkpoint
    key = "follow_up_checkpoint_days" if late else "follow_up_cytokine_days"
    return protocol.lines[key]
