"""Who is told, when and how loudly: policies of the program and of a protocol."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Literal

from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, BadKnowledge

How = Literal["page", "screen"]
HOW = ("page", "screen")
PERSON = "person:"
#: Parts of a policy that a protocol may set, and what each must be.
NUMBERS = {
    "acknowledgements": 1,
    "act_within_minutes": 1,
    "repeat_minutes": 1,
    "repeat_times": 0,
    "snooze_minutes": 1,
}
STEP = {"after_minutes", "tell", "how"}
SOURCED = {"source", "verified"}


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """So long after the start these are told. `page` interrupts, `screen` does not.

    `tell` holds duties of the rota, roles, or `person:USERNAME`.
    """

    after_minutes: float
    tell: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Policy:
    """How one kind of notice is told until somebody answers. Times in minutes.

    `act_within_minutes`: an acknowledgement lapses after it when nothing was done or
    measured (None: it stands). The last step is repeated `repeat_times`.
    """

    key: str
    steps: tuple[PolicyStep, ...]
    acknowledgements: int = 1
    act_within_minutes: float | None = None
    repeat_minutes: float | None = None
    repeat_times: int = 0
    snooze_minutes: float | None = None

    def frozen(self) -> dict[str, Any]:
        """As plain values, to be kept beside what it was applied to."""
        return asdict(self)

    @classmethod
    def thawed(cls, kept: Mapping[str, Any]) -> "Policy":
        steps = tuple(
            PolicyStep(one["after_minutes"], tuple(one["tell"]), one["how"])
            for one in kept["steps"]
        )
        return cls(**{**kept, "steps": steps})


@dataclass(frozen=True, slots=True)
class Quiet:
    """What keeps notices from being too many."""

    interruption_minutes: float
    held_hours: float
    after_dose_hours: float


@cache
def knowledge() -> dict[str, Any]:
    text = (KNOWLEDGE / "escalation.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def quiet() -> Quiet:
    return read_quiet()


def read_quiet() -> Quiet:
    """Raises BadKnowledge for a part that nothing reads, or without its reason."""
    told, numbers = knowledge()["quiet"], set(Quiet.__dataclass_fields__)
    reasons = {f"{name.rsplit('_', 1)[0]}_why" for name in numbers}
    odd = set(told) ^ (numbers | reasons | SOURCED)
    if odd or told["source"] not in SOURCES:
        parts = ", ".join(sorted(odd or {"source"}))
        raise BadKnowledge(f"escalation.toml, quiet: mend {parts}.")
    return Quiet(**{name: told[name] for name in numbers})


def duties() -> dict[str, str]:
    """Duty of the rota -> the role that fills it."""
    return knowledge()["duties"]


def roles() -> list[str]:
    return knowledge()["roles"]


@cache
def defaults() -> dict[str, Policy]:
    """Every policy of the program, by key."""
    return read_policies()


def read_policies() -> dict[str, Policy]:
    """Raises BadKnowledge for what would be refused of a protocol, or has no source."""
    found = knowledge()["policies"]
    for key, one in found.items():
        parts = {name: part for name, part in one.items() if name not in SOURCED}
        wrong = [*_policy_problems(key, parts)]
        if one.get("source") not in SOURCES:
            wrong.append(f"escalation, {key}: source is one of sources.toml.")
        if wrong:
            raise BadKnowledge(" ".join(wrong))
    return {key: _made(key, one) for key, one in found.items()}


def _made(key: str, told: Mapping[str, Any]) -> Policy:
    numbers = {name: told[name] for name in NUMBERS if name in told}
    return Policy(key, _steps(told["steps"]), **numbers)


def _steps(told: Any) -> tuple[PolicyStep, ...]:
    made = [
        PolicyStep(one["after_minutes"], tuple(one["tell"]), one["how"]) for one in told
    ]
    return tuple(sorted(made, key=lambda one: one.after_minutes))


def policies(document: Mapping[str, Any]) -> dict[str, Policy]:
    """The policies in force: the program's, with what a checked protocol sets."""
    return defaults() | {
        key: _changed(defaults()[key], told)
        for key, told in document.get("escalation", {}).items()
    }


def _changed(policy: Policy, told: Mapping[str, Any]) -> Policy:
    parts = {name: value for name, value in told.items() if name in NUMBERS}
    if "steps" in told:
        parts["steps"] = _steps(told["steps"])
    return replace(policy, **parts)


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a protocol's `escalation`, in sentences."""
    told = document.get("escalation", {})
    if not isinstance(told, Mapping):
        yield "escalation: give a table for each policy."
        return
    for key, one in told.items():
        if key not in defaults():
            yield f"escalation: there is no policy {key}: {', '.join(defaults())}."
        elif not isinstance(one, Mapping):
            yield f"escalation, {key}: give a table."
        else:
            yield from _policy_problems(key, one)


def _policy_problems(key: str, one: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(set(one) - {*NUMBERS, "steps", "why"}):
        yield f"escalation, {key}: {name} is no part of a policy."
    for name, least in NUMBERS.items():
        if name in one and not _number(one[name], least):
            yield f"escalation, {key}: {name} is a number, {least} or more."
    if not one.get("why"):
        yield f"escalation, {key}: why is said."
    if "steps" not in one:
        return
    found = list(_step_problems(key, one["steps"]))
    yield from found
    if key == "critical" and not found and not _pages_at_once(one["steps"]):
        yield "escalation, critical: somebody is paged at once (after_minutes = 0)."


def _step_problems(key: str, steps: Any) -> Iterator[str]:
    if not isinstance(steps, list) or not steps:
        yield f"escalation, {key}: steps is a list with at least one step."
        return
    for number, step in enumerate(steps, start=1):
        where = f"escalation, {key}, step {number}"
        if not isinstance(step, Mapping) or set(step) != STEP:
            yield f"{where}: give after_minutes, tell and how."
            continue
        if not _number(step["after_minutes"], 0):
            yield f"{where}: after_minutes is a number, 0 or more."
        if step["how"] not in HOW:
            yield f"{where}: how is page or screen."
        if not isinstance(step["tell"], list) or not step["tell"]:
            yield f"{where}: tell is a list of whom to tell."
        else:
            yield from (
                f"{where}: {one} is no duty, no role and no {PERSON}USERNAME."
                for one in step["tell"]
                if not _known(one)
            )


def _pages_at_once(steps: list[Mapping[str, Any]]) -> bool:
    return any(step["how"] == "page" and not step["after_minutes"] for step in steps)


def _known(target: Any) -> bool:
    if not isinstance(target, str):
        return False
    named = target.startswith(PERSON) and target != PERSON
    return named or target in duties() or target in roles()


def _number(value: Any, least: float) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and least <= value < float("inf")
    )
