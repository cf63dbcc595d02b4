"""The study agents of a protocol, and what stands in the way of using them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a study agent is counted in, as it is or per kg or m2. Spelled out: `U` alone can
# be read two ways (reference 8).
AMOUNTS = ("g", "mg", "ug", "ng", "[iU]", "k[iU]", "M[iU]", "[U]", "mL", "{dose}")
AMOUNT_PER = ("", "/kg", "/m2")
COUNTED = f"A dose is counted in {', '.join(AMOUNTS)}, alone or with /kg or /m2"


@dataclass(frozen=True, slots=True)
class Agent:
    """A study agent; `cytokine` agents start the cycle. `checkpoint`: an anti-PD-1 or

    the like, whose harms come late. `course`: the most doses of a course; 0: no limit.
    `injected`: each site of a dose is logged by itself.
    """

    code: str
    label: str
    cytokine: bool = True
    checkpoint: bool = False
    unit: str = ""
    route: str = ""
    course: int = 0
    injected: bool = False


def counts_doses(unit: Any) -> bool:
    return unit in {f"{one}{per}" for one in AMOUNTS for per in AMOUNT_PER}


def dosed_by(document: Mapping[str, Any]) -> tuple[str, ...]:
    """All that a dose of the study may be of; empty: of anything."""
    codes = [one["code"] for one in document.get("agents", [])]
    return (*codes, *document.get("baseline_before", [])) if codes else ()


def odd_unit(unit: str) -> str:
    """What is said of a unit that counts no dose; "" for one that does."""
    return "" if counts_doses(unit) else f"{COUNTED}, not {unit or 'without a unit'}."


def no_agent(code: str, known: Sequence[str]) -> str:
    """What is asked of a dose that starts no cycle, since the study does not know it.

    "" for what it knows; a study that names no agent starts a cycle with any dose.
    """
    if not known or code in known:
        return ""
    return (
        f"{code} is no study agent of the protocol, so that this dose starts no cycle: "
        f"write {' or '.join(known)}, or let the protocol name it."
    )


def problems(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What stands in the way of using these agents, in sentences."""
    for number, one in enumerate(entries, start=1):
        try:
            made = Agent(**one)
        except TypeError:
            yield f"agents, entry {number}: unknown or missing parts."
            continue
        yield from (f"agents, entry {number}: {said}" for said in _faults(made))


def _faults(made: Agent) -> Iterator[str]:
    """A text in place of true or false would be taken for true."""
    for key in ("code", "label"):
        said = getattr(made, key)
        if not isinstance(said, str) or not said or said != said.strip():
            yield f"{key} is a text, and no space begins or ends it."
    for key in ("cytokine", "checkpoint", "injected"):
        if not isinstance(getattr(made, key), bool):
            yield f"{key} is true or false, without quotation marks."
    if not isinstance(made.course, int) or made.course < 0:
        yield "course is a number of doses."
    if made.unit and not counts_doses(made.unit):
        yield (
            f"unit {made.unit} counts no dose: give one of {', '.join(AMOUNTS)}, "
            "alone or with /kg or /m2."
        )
