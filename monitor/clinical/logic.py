"""A rule taken apart: what is logic, and what has to be worked out before.

Most of a rule is `and`, `or`, `not` and `known`, of answers that say the same from the
first instant to the last. To plan that as one expression takes Polars microseconds for
each of its nodes, and more the deeper they are nested; a bedside save is made of such
costs alone. So the logic is followed here, answer by answer, each asked once: what is
the same throughout is a plain true, false or unknown, and the rest a column. What is no
logic (a comparison, a sum, a look at another row) is a `Leaf`, and worked out by Polars
with all the others of its stage.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import and_, or_
from typing import Any, Protocol

import polars as pl
from polars.datatypes import DataTypeClass

Answer = pl.Series | bool | None
Kind = pl.DataType | DataTypeClass


@dataclass(frozen=True, eq=False, slots=True)
class Same:
    """What a column says throughout: one object for each value, which is quick to find.

    To hash or to compare a type of Polars takes longer than most of what is asked here.
    """

    value: Any
    kind: Kind


@lru_cache(maxsize=4096, typed=True)
def same_of(value: Any, kind: Kind) -> Same:
    return Same(value, kind)


YES, NO, UNKNOWN = (same_of(one, pl.Boolean()) for one in (True, False, None))


class Asked(Protocol):
    """Where the answers are from: one sheet, on which each node is asked once."""

    def __getitem__(self, node: "Node") -> Answer: ...

    def column(self, name: str) -> Answer: ...

    def value(self, name: str) -> pl.Series | Same: ...

    def worked_out(self, leaf: "Leaf") -> Answer: ...

    def throughout(self, same: Same) -> pl.Series: ...


class Node:
    """An answer that is true, false or unknown at each instant."""

    def said(self, asked: Asked) -> Answer:
        raise NotImplementedError


@dataclass(frozen=True, eq=False, slots=True)
class Column(Node):
    name: str

    def said(self, asked: Asked) -> Answer:
        return asked.column(self.name)


@dataclass(frozen=True, eq=False)
class Leaf(Node):
    """What Polars works out. `nothing`: the column of which it asks where it is null.

    `alone`: the same on one cycle alone. `compares`: whether it is a comparison, which
    says nothing of nothing. `remembered`: what it said of columns that are the same
    throughout.
    """

    made: pl.Expr
    alone: pl.Expr
    nothing: str = ""
    compares: bool = False
    remembered: dict[tuple[Same, ...], Same] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(dict.fromkeys(self.made.meta.root_names()))

    @cached_property
    def by_row(self) -> bool:
        """Whether no part of it looks at another row."""
        todo = [self.made]
        while todo:
            one = todo.pop()
            if not one.meta.is_row_separable():
                return False
            todo += one.meta.pop()
        return True

    def said(self, asked: Asked) -> Answer:
        return asked.worked_out(self)


@dataclass(frozen=True, eq=False, slots=True)
class Constant(Node):
    value: bool | None

    def said(self, asked: Asked) -> Answer:
        return self.value


@dataclass(frozen=True, eq=False, slots=True)
class Not(Node):
    part: Node

    def said(self, asked: Asked) -> Answer:
        found = asked[self.part]
        if isinstance(found, pl.Series):
            return ~found
        return None if found is None else not found


@dataclass(frozen=True, eq=False, slots=True)
class Known(Node):
    """True where the part is, else false."""

    part: Node

    def said(self, asked: Asked) -> Answer:
        found = asked[self.part]
        if not isinstance(found, pl.Series):
            return bool(found)
        if not found.has_nulls():
            return found
        return asked.throughout(YES).zip_with(found, asked.throughout(NO))


@dataclass(frozen=True, eq=False, slots=True)
class Joined(Node):
    """Kleene `and`, whose `settles` is false, or `or`, whose it is true: one part that

    says so throughout settles it, whatever the others say.
    """

    parts: tuple[Node, ...]
    settles: bool

    def said(self, asked: Asked) -> Answer:
        join = or_ if self.settles else and_
        found: pl.Series | None = None
        unknown = False
        for part in self.parts:
            said = asked[part]
            if said is self.settles:
                return said
            if said is None:
                unknown = True
            elif isinstance(said, pl.Series):
                found = said if found is None else join(found, said)
        if found is None:
            return None if unknown else not self.settles
        if not unknown:
            return found
        return join(found, asked.throughout(UNKNOWN))


@dataclass(frozen=True, eq=False, slots=True)
class Enough(Node):
    """Whether at least so many of the parts are known true. Never unknown."""

    parts: tuple[Node, ...]
    number: float

    def said(self, asked: Asked) -> Answer:
        found = [asked[part] for part in self.parts]
        some = [one for one in found if isinstance(one, pl.Series)]
        needed = self.number - sum(one is True for one in found)
        if needed <= 0 or len(some) < needed:
            return needed <= 0
        first, *others = (one.cast(pl.Int32) for one in some)
        return sum(others, first) >= needed


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """The value of the first arm that is known true, or else another."""

    arms: tuple[tuple[Node, Same], ...]
    otherwise: Same

    def said(self, asked: Asked) -> pl.Series | Same:
        met: list[tuple[pl.Series, Same]] = []
        last = self.otherwise
        for test, value in self.arms:
            said = asked[test]
            if said is True:
                last = value
                break
            if isinstance(said, pl.Series):
                met.append((said, value))
        if not met:
            return last
        found = asked.throughout(last)
        for column, value in reversed(met):
            found = asked.throughout(value).zip_with(column, found)
        return found


@dataclass(frozen=True, eq=False, slots=True)
class Where:
    """What a column says where the test is known true; else nothing."""

    test: Node
    name: str

    def said(self, asked: Asked) -> pl.Series | Same:
        said, value = asked[self.test], asked.value(self.name)
        if said is True:
            return value
        kind = value.kind if isinstance(value, Same) else value.dtype
        nothing = same_of(None, kind)
        if not isinstance(said, pl.Series):
            return nothing
        column = asked.throughout(value) if isinstance(value, Same) else value
        return column.zip_with(said, asked.throughout(nothing))


Rule = Node | Choice | Where


def leaves_of(rule: Rule) -> tuple[Leaf, ...]:
    """What has to be worked out before the rule is asked."""
    todo: list[Rule] = [rule]
    found, seen = dict[Leaf, None](), set[Rule]()
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        match one:
            case Leaf():
                found[one] = None
            case Not() | Known():
                todo.append(one.part)
            case Where():
                todo.append(one.test)
            case Joined() | Enough():
                todo += one.parts
            case Choice():
                todo += [test for test, _ in one.arms]
    return tuple(found)
