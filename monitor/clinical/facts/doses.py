"""What is asked about the doses of a chart file: they count as they are written."""

from typing import Any

import polars as pl

from monitor.clinical.study import agents
from monitor.clinical.study.protocol import Protocol

NO_AGENT = "no_study_agent"


def queries(doses: pl.DataFrame, protocol: Protocol) -> list[dict[str, Any]]:
    """A query for each agent that is none of the study, at its first dose."""
    known = protocol.dosed
    if not known or doses["code"].is_in(known).all():
        return []
    strangers = doses.filter(~pl.col("code").is_in(known)).sort("line")
    firsts = strangers.unique(
        ["participant", "code"], keep="first", maintain_order=True
    )
    typed = pl.concat_str("value", "unit", separator=" ").str.strip_chars()
    rows = firsts.select("line", "participant", "at", "code", typed=typed).to_dicts()
    return [
        {**row, "check": NO_AGENT, "reason": agents.no_agent(row["code"], known)}
        for row in rows
    ]
