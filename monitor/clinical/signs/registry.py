"""How a sign enters the list: one bedside sentence, one named answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

Lines = Mapping[str, float]
Rule = Callable[[Lines], pl.Expr]


@dataclass(frozen=True, slots=True)
class Sign:
    """A named answer, the item whose value decides it, and the line it is held to."""

    name: str
    item: str
    line: str
    says: str
    rule: Rule


SIGNS: dict[str, Sign] = {}


def answers(item: str, line: str, says: str) -> Callable[[Rule], Rule]:
    """Enter a sign in the list, under its function's name."""

    def enter(rule: Rule) -> Rule:
        SIGNS[rule.__name__] = Sign(rule.__name__, item, line, says, rule)
        return rule

    return enter
