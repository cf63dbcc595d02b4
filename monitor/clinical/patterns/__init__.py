"""Patterns: signs combined into one answer each, with their level and clearing rule.

A pattern's functions read aloud: what makes it true, from when it is a warning or
critical, when it is over. No number stands here; `lines` holds the protocol's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

Lines = Mapping[str, float]
Rule = Callable[[Lines], pl.Expr]
LEVELS = ("watch", "warning", "critical")


@dataclass(frozen=True, slots=True)
class Clearing:
    """When a pattern is over (B4): keys of thresholds, and what it rests on.

    `rule`: known true at a clear reading (default: the pattern known false), and
    `levels` the same for a level of its own; `once`: true at one of them; `blocked`: no
    clear reading counts; `excused`: what fired before was held to a line no longer in
    force; `fresh`: items of which one must be read anew. `gap`: the longest time
    between two clear readings, where it is not that of the bedside sets. `person`: only
    a person ends it, with the study that shows it.
    """

    fresh: tuple[str, ...]
    hours: str = ""
    sets: str = ""
    rule: Rule | None = None
    once: Rule | None = None
    blocked: Rule | None = None
    excused: Rule | None = None
    gap: str = ""
    levels: Mapping[str, Rule] = field(default_factory=dict)
    person: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One answer of a topic. `needs`: items without which it is unknown; `signs`: what

    its evidence shows; `rests_on`: other patterns that must be answered before it.
    `name` is its key, with the topic where several topics have the same one. A level in
    `together` ends when the pattern itself does; from the others it comes down a step.
    """

    name: str
    key: str
    reference: str
    family: str
    topic: str
    title: str
    needs: tuple[str, ...]
    signs: tuple[str, ...]
    source: str
    rule: Rule
    clearing: Clearing
    levels: dict[str, Rule] = field(default_factory=dict)
    base_level: str = "watch"
    rests_on: tuple[str, ...] = ()
    together: set[str] = field(default_factory=set)

    def steps(self, word: str) -> bool:
        """Whether it has this level, and comes down from it to the next one."""
        return word in self.levels and word not in self.together


PATTERNS: dict[str, Pattern] = {}


def pattern_of(topic: str, key: str) -> Pattern:
    """The pattern that stands under this key in a line of the topic."""
    return PATTERNS.get(f"{key}@{topic}") or PATTERNS[key]


def pattern(
    reference: str,
    family: str,
    title: str,
    *,
    needs: tuple[str, ...],
    signs: tuple[str, ...],
    source: str,
    clearing: Clearing,
    topic: str = "",
    base_level: str = "watch",
    rests_on: tuple[str, ...] = (),
    key: str = "",
) -> Callable[[Rule], Rule]:
    """Enter a pattern in the list, under its function's name or, if given, its key."""

    def enter(rule: Rule) -> Rule:
        name = f"{key}@{topic}" if key else rule.__name__
        PATTERNS[name] = Pattern(
            name,
            key or rule.__name__,
            reference,
            family,
            topic or family,
            title,
            needs,
            signs,
            source,
            rule,
            clearing,
            base_level=base_level,
            rests_on=rests_on,
        )
        return rule

    return enter


def raises(name: str, level: str, together: bool = False) -> Callable[[Rule], Rule]:
    """From when a pattern is a warning, or critical, or what is watched before it is

    true (B3). `together`: that level ends with the pattern.
    """

    def enter(rule: Rule) -> Rule:
        PATTERNS[name].levels[level] = rule
        if together:
            PATTERNS[name].together.add(level)
        return rule

    return enter
