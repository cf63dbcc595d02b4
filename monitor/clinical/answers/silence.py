"""Patterns that can be left unasked, and what their columns then say.

Whether somebody may know a pattern's answer is no question of this core. It only can
leave one out, as if there were no such pattern. Not one on which others rest, nor one
that every page needs: those are asked about always.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from monitor.clinical.answers.held import LEAK
from monitor.clinical.answers.topics import TOPICS
from monitor.clinical.patterns import LEVELS, PATTERNS
from monitor.clinical.patterns import rooms as ROOMS

__all__ = ["ROOMS", "can_be_unasked", "columns_of"]


@cache
def can_be_unasked() -> frozenset[str]:
    """The keys of patterns without which everything else is still answered."""
    asked = {key for topic in TOPICS for key in topic.asks}
    rested_on = {key for one in PATTERNS.values() for key in one.rests_on}
    in_a_composite = {name.removeprefix("raw:") for name in LEAK}
    every = {one.key for one in PATTERNS.values()}
    return frozenset(every - asked - rested_on - in_a_composite)


def columns_of(unasked: Iterable[str]) -> Iterator[str]:
    """The columns that say whether these patterns are true, and how high they lift."""
    left_out = frozenset(unasked)
    for name in [one.name for one in PATTERNS.values() if one.key in left_out]:
        yield from (f"raw:{name}", f"pattern:{name}", f"standing:{name}")
        yield from (f"standing:{name}:{word}" for word in LEVELS)
