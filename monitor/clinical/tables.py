"""How the timeline grows: a few columns taken, what follows from them set beside it.

An operation on a frame of a thousand columns costs ten times the same one on ten, and a
bedside save is made of such costs alone: its frames have few rows. So a timeline's
columns are kept on a sheet, and each stage makes a frame of those alone that it reads.

Most items are never asked of a person, and most signs say one thing from the first
instant to the last. Such a column is kept as its one value. What follows row by row
from such columns alone says one thing throughout, too, and was most likely worked out
before: by the same expression, from the same values.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, TypeVar

import polars as pl

from monitor.clinical.logic import (
    NO,
    UNKNOWN,
    YES,
    Answer,
    Choice,
    Kind,
    Leaf,
    Node,
    Rule,
    Same,
    Where,
    leaves_of,
    same_of,
)
from monitor.clinical.written import Reader

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
# Past this many answers of one expression they are forgotten, so that none pile up.
REMEMBERED = 512


@dataclass(frozen=True, eq=False)
class Part:
    """One expression of a stage, taken apart; `inputs`: the columns that it reads."""

    name: str
    inputs: tuple[str, ...]
    rule: Rule
    leaves: tuple[Leaf, ...]

    @property
    def by_row(self) -> bool:
        """Whether each row's answer follows from that row."""
        return all(one.by_row for one in self.leaves)


@dataclass(frozen=True, eq=False)
class Stage:
    """Expressions that are worked out together, each under its own name."""

    made: tuple[pl.Expr, ...]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        reader = Reader()
        return tuple(_part(one, reader) for one in self.made)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """The columns that they read."""
        return frozenset(name for one in self.parts for name in one.inputs)


def _part(made: pl.Expr, reader: Reader) -> Part:
    rule = reader.read(made)
    inputs = tuple(dict.fromkeys(made.meta.root_names()))
    return Part(made.meta.output_name(), inputs, rule, leaves_of(rule))


class Sheet:
    """The columns of a timeline by name, all of one height."""

    def __init__(self, columns: Iterable[pl.Series]) -> None:
        self._columns: dict[str, pl.Series] = {}
        self.same: dict[str, Same] = {}
        self._throughout: dict[Same, pl.Series] = {}
        self.add(columns)
        self.height = len(next(iter(self._columns.values())))

    def __contains__(self, name: object) -> bool:
        return name in self._columns or name in self.same

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns | self.same)

    def __len__(self) -> int:
        return len(self._columns | self.same)

    def __getitem__(self, name: str) -> pl.Series:
        found = self._columns.get(name)
        if found is None:
            found = self.filled(self.same[name]).alias(name)
            self._columns[name] = found
        return found

    def filled(self, same: Same) -> pl.Series:
        """A column that says this throughout."""
        found = self._throughout.get(same)
        if found is None:
            one = pl.Series([same.value], dtype=same.kind)
            found = self._throughout[same] = one.new_from_index(0, self.height)
        return found

    def values(self, name: str, places: pl.Series) -> list[Any]:
        """What a column says at these places."""
        if name in self.same:
            return [self.same[name].value] * len(places)
        # Indexing is many times quicker than `gather`, which makes a query of itself.
        return self[name][places].to_list()

    def every(self, name: str) -> list[Any]:
        """What a column says from the first instant to the last."""
        same = self.same.get(name)
        return self[name].to_list() if same is None else [same.value] * self.height

    def moments(self, name: str, places: pl.Series) -> list[int | None]:
        """The times at these places, in microseconds of the epoch."""
        if name in self.same and self.same[name].value is None:
            return [None] * len(places)
        return self[name][places].cast(pl.Int64).to_list()

    def take(self, *names: str) -> pl.DataFrame:
        """A frame of these columns. To begin with one is quicker than with a list."""
        if not names:
            return pl.DataFrame()
        first, *others = (self[name] for name in names)
        return first.to_frame().hstack(others)

    def at(self, places: pl.Series, names: Iterable[str]) -> "Sheet":
        """These columns at these places."""
        found = [name for name in names if name not in self.same]
        made = Sheet(self.take(*found)[places].get_columns())
        made.same.update((name, self.same[name]) for name in names if name in self.same)
        return made

    def frame(self) -> pl.DataFrame:
        """All columns as one frame: dear, and only for who wants to see them all."""
        return self.take(*self)

    def add(self, columns: Iterable[pl.Series]) -> Self:
        """Sets these beside the others, or in the place of those of the same names."""
        for column in columns:
            self._columns[column.name] = column
            if (same := _same(column)) is None:
                self.same.pop(column.name, None)
            else:
                self.same[column.name] = same
        return self

    def with_column(self, column: pl.Series) -> "Sheet":
        """The same with this column beside the others, or in its place."""
        made = copy(self)
        made._columns, made.same = dict(self._columns), dict(self.same)
        return made.add([column])

    def constant(self, names: Iterable[str], value: Any, kind: Kind) -> Self:
        """Columns that say one thing throughout."""
        same = same_of(value, kind)
        for name in names:
            self._set(name, same)
        return self

    def _set(self, name: str, same: Same) -> None:
        self._columns.pop(name, None)
        self.same[name] = same

    def follow(self, *stages: Stage) -> Self:
        """Takes the stages one after the other; each may read what the last made."""
        for stage in stages:
            self.keep(stage.parts)
        return self

    def keep(self, parts: Iterable[Part]) -> None:
        """Adds what these parts of a stage give."""
        for name, found in self._answers(parts).items():
            if isinstance(found, Same):
                self._set(name, found)
            else:
                self.add([found.alias(name)])

    def answer(self, stage: Stage) -> list[pl.Series]:
        """What the stage's expressions give for each row, without keeping it."""
        found = self._answers(stage.parts).values()
        return [self.filled(one) if isinstance(one, Same) else one for one in found]

    def says(self, name: str, value: Any) -> bool:
        """Whether the column says this throughout, unknown being None."""
        found = self.same.get(name)
        return found is not None and found.value is value

    def _answers(self, parts: Iterable[Part]) -> dict[str, pl.Series | Same]:
        """By name; what follows from what is the same throughout, as that alone."""
        parts = list(parts)
        leaves = dict.fromkeys(leaf for part in parts for leaf in part.leaves)
        asked = Answers(self, self._worked_out(leaves))
        return {part.name: asked.of(part.rule) for part in parts}

    def _worked_out(self, leaves: Iterable[Leaf]) -> dict[Leaf, pl.Series | Same]:
        found: dict[Leaf, pl.Series | Same] = {}
        todo = []
        for leaf in leaves:
            said = self._said(leaf) if leaf.inputs else _remembered(leaf, ())
            if said is None:
                todo.append(leaf)
            else:
                found[leaf] = said
        if todo:
            inputs = dict.fromkeys(name for one in todo for name in one.inputs)
            rows = self.take(*inputs).lazy()
            alone = "g" in self.same
            some = [one.alone if alone else one.made for one in todo]
            made = worked(rows.select(some))
            found.update(zip(todo, made.get_columns(), strict=True))
        return found

    def _is_nothing(self, name: str) -> bool:
        same = self.same.get(name)
        return same is not None and same.value is None

    def _said(self, leaf: Leaf) -> Same | None:
        """What the leaf says where all that it reads is the same throughout."""
        if not leaf.by_row:
            return None
        if leaf.nothing and not self[leaf.nothing].has_nulls():
            return NO
        if leaf.compares and any(map(self._is_nothing, leaf.inputs)):
            return UNKNOWN
        try:
            key = tuple([self.same[name] for name in leaf.inputs])
        except KeyError:
            return None
        return _remembered(leaf, key)


SAID = {True: YES, False: NO, None: UNKNOWN}


class Answers(dict[Node, Answer]):
    """What the nodes of a stage say on a sheet, each asked once."""

    def __init__(self, sheet: Sheet, leaves: Mapping[Leaf, pl.Series | Same]) -> None:
        self.sheet, self.leaves = sheet, leaves

    def __missing__(self, node: Node) -> Answer:
        found = self[node] = node.said(self)
        return found

    def column(self, name: str) -> Answer:
        same = self.sheet.same.get(name)
        return self.sheet[name] if same is None else same.value

    def value(self, name: str) -> pl.Series | Same:
        return self.sheet.same.get(name) or self.sheet[name]

    def worked_out(self, leaf: Leaf) -> Answer:
        found = self.leaves[leaf]
        return found.value if isinstance(found, Same) else found

    def throughout(self, same: Same) -> pl.Series:
        return self.sheet.filled(same)

    def of(self, rule: Rule) -> pl.Series | Same:
        """A column; or, where it is the same throughout, what it says."""
        if isinstance(rule, Leaf):
            return self.leaves[rule]
        if isinstance(rule, Choice | Where):
            return rule.said(self)
        found = self[rule]
        return found if isinstance(found, pl.Series) else SAID[found]


def _remembered(leaf: Leaf, values: tuple[Same, ...]) -> Same:
    """What the leaf says of these values, worked out at most once."""
    said = leaf.remembered.get(values)
    if said is None:
        if len(leaf.remembered) >= REMEMBERED:
            leaf.remembered.clear()
        said = leaf.remembered[values] = _of_one_row(leaf, values)
    return said


def _of_one_row(leaf: Leaf, values: tuple[Same, ...]) -> Same:
    row = [
        pl.Series(name, [one.value], dtype=one.kind)
        for name, one in zip(leaf.inputs, values, strict=True)
    ]
    made = pl.DataFrame(row).select(leaf.made).to_series()
    return Same(made[0], made.dtype)


def _same(column: pl.Series) -> Same | None:
    """What the column says, if it is nothing, or one answer or count throughout."""
    unknown, kind = column.null_count(), column.dtype
    if unknown == len(column):
        return same_of(None, kind)
    if unknown:
        return None
    if kind == pl.Boolean:
        some = column.any()
        return SAID[some] if some == column.all() else None
    if kind.is_integer():
        least: Any = column.min()
        return same_of(least, kind) if least == column.max() else None
    return None


# As written: a plan of a few rows costs more to improve than to follow.
PLAIN = pl.QueryOptFlags.none()


def worked(frame: pl.LazyFrame) -> pl.DataFrame:
    """What the steps give, worked out at once: each by itself costs as much as all."""
    return frame.collect(engine="in-memory", optimizations=PLAIN)


def all_worked(frames: Iterable[pl.LazyFrame]) -> list[pl.DataFrame]:
    """The same of several frames that do not rest on one another."""
    return pl.collect_all(list(frames), engine="in-memory", optimizations=PLAIN)


def latest(instants: Frame, rows: Frame) -> Frame:
    """For each instant (g, at) the last of the rows of its cycle by then.

    Both are sorted by g and at.
    """
    return instants.join_asof(rows, on="at", by="g", check_sortedness=False)
