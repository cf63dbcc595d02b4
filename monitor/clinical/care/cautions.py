"""What is printed where an agent is logged: off-label use, and IL-2 beside it.

Nothing here refuses or asks: it is said, with its source.
"""

import tomllib
from dataclasses import dataclass

from monitor.clinical.items.catalogue import TREATMENTS
from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, BadKnowledge, Source

FILE = "cautions.toml"
KEYS = {"treatments", "text", "source"}


@dataclass(frozen=True, slots=True)
class Caution:
    """One sentence about some agents, by their codes."""

    treatments: tuple[str, ...]
    text: str
    source: Source


def read() -> tuple[Caution, ...]:
    """Every caution, in file order. Raises BadKnowledge."""
    rows = tomllib.loads((KNOWLEDGE / FILE).read_text(encoding="utf-8"))["caution"]
    made = []
    for row in rows:
        odd = set(row) ^ KEYS | set(row.get("treatments", ())) - set(TREATMENTS)
        if row.get("source") not in SOURCES:
            odd.add("source")
        if odd:
            raise BadKnowledge(f"{FILE}: mend {', '.join(sorted(odd))}.")
        codes = tuple(row["treatments"])
        made.append(Caution(codes, row["text"], SOURCES[row["source"]]))
    return tuple(made)


CAUTIONS = read()


def cautions_of(code: str) -> list[Caution]:
    """What is said of the agent, in the order of the file."""
    return [one for one in CAUTIONS if code in one.treatments]
