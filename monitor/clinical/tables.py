"""How the timeline grows: a few columns taken, what follows from them set beside it.

An operation on a frame of a thousand columns costs ten times the same one on ten, and a
bedside save is made of such costs alone: its frames have few rows. So a timeline's
columns are kept on a sheet, and each stage makes a frame of those alone that it reads.

Most items are never asked of a person, and most signs say one thing from the first
instant to the last. Such a column is kept as its one value. What follows row by row
from such columns alone says one thing throughout, too, and was most likely worked out
before: by the same expression, from the same values.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Self, TypeVar

import polars as pl
from polars.datatypes import DataTypeClass

Kind = pl.DataType | DataTypeClass
Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
# Past this many answers of one expression they are forgotten, so that none pile up.
REMEMBERED = 512


class Same(NamedTuple):
    """What a column says throughout."""

    value: Any
    kind: Kind


NOTHING = Same(None, pl.Null())


@dataclass(frozen=True, eq=False)
class Part:
    """One expression of a stage. `by_row`: each row's answer follows from that row."""

    made: pl.Expr
    name: str
    inputs: tuple[str, ...]
    by_row: bool
    remembered: dict[tuple[Same, ...], Same] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Stage:
    """Expressions that are worked out together, each under its own name."""

    made: tuple[pl.Expr, ...]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return tuple(_part(one) for one in self.made)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """The columns that they read."""
        return frozenset(name for one in self.parts for name in one.inputs)


def _part(made: pl.Expr) -> Part:
    inputs = tuple(dict.fromkeys(made.meta.root_names()))
    return Part(made, made.meta.output_name(), inputs, _by_row(made))


def _by_row(made: pl.Expr) -> bool:
    """Whether no part of it looks at another row."""
    todo = [made]
    while todo:
        one = todo.pop()
        if not one.meta.is_row_separable():
            return False
        todo += one.meta.pop()
    return True


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
            found = self._filled(self.same[name]).alias(name)
            self._columns[name] = found
        return found

    def _filled(self, same: Same) -> pl.Series:
        if same not in self._throughout:
            one = pl.Series([same.value], dtype=same.kind)
            self._throughout[same] = one.new_from_index(0, self.height)
        return self._throughout[same]

    def values(self, name: str, places: pl.Series) -> list[Any]:
        """What a column says at these places."""
        if name in self.same:
            return [self.same[name].value] * len(places)
        # Indexing is many times quicker than `gather`, which makes a query of itself.
        return self[name][places].to_list()

    def moments(self, name: str, places: pl.Series) -> list[int | None]:
        """The times at these places, in microseconds of the epoch."""
        if name in self.same and self.same[name].value is None:
            return [None] * len(places)
        return self[name][places].cast(pl.Int64).to_list()

    def take(self, *names: str) -> pl.DataFrame:
        """A frame of these columns."""
        return pl.DataFrame([self[name] for name in names])

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
        same = Same(value, kind)
        for name in names:
            self._columns.pop(name, None)
            self.same[name] = same
        return self

    def follow(self, *stages: Stage) -> Self:
        """Takes the stages one after the other; each may read what the last made."""
        for stage in stages:
            self.keep(stage.parts)
        return self

    def keep(self, parts: Iterable[Part]) -> None:
        """Adds what these parts of a stage give."""
        for name, found in self._answers(parts).items():
            if isinstance(found, Same):
                self.constant([name], *found)
            else:
                self.add([found])

    def answer(self, stage: Stage) -> list[pl.Series]:
        """What the stage's expressions give for each row, without keeping it."""
        found = self._answers(stage.parts).values()
        return [self._filled(one) if isinstance(one, Same) else one for one in found]

    def says(self, name: str, value: Any) -> bool:
        """Whether the column says this throughout, unknown being None."""
        found = self.same.get(name)
        return found is not None and found.value is value

    def _answers(self, parts: Iterable[Part]) -> dict[str, pl.Series | Same]:
        """By name; what follows from what is the same throughout, as that alone."""
        todo = []
        found: dict[str, pl.Series | Same] = {part.name: NOTHING for part in parts}
        for part in parts:
            said = self._said(part)
            if said is None:
                todo.append(part)
            else:
                found[part.name] = said
        if todo:
            inputs = dict.fromkeys(name for one in todo for name in one.inputs)
            rows = self.take(*inputs).lazy()
            made = worked(rows.select([one.made for one in todo]))
            found.update((one.name, one) for one in made.get_columns())
        return found

    def _said(self, part: Part) -> Same | None:
        """What the part says where all that it reads is the same throughout."""
        if not part.by_row:
            return None
        try:
            key = tuple([self.same[name] for name in part.inputs])
        except KeyError:
            return None
        said = part.remembered.get(key)
        if said is None:
            if len(part.remembered) >= REMEMBERED:
                part.remembered.clear()
            said = part.remembered[key] = _of_one_row(part, key)
        return said


def _of_one_row(part: Part, values: tuple[Same, ...]) -> Same:
    row = [
        pl.Series(name, [one.value], dtype=one.kind)
        for name, one in zip(part.inputs, values, strict=True)
    ]
    made = pl.DataFrame(row).select(part.made).to_series()
    return Same(made[0], made.dtype)


def _same(column: pl.Series) -> Same | None:
    """What the column says, if it is nothing, or one answer or count throughout."""
    unknown = column.null_count()
    if unknown == len(column):
        return Same(None, column.dtype)
    if unknown:
        return None
    if column.dtype == pl.Boolean:
        some = column.any()
        return Same(some, pl.Boolean()) if some == column.all() else None
    if column.dtype.is_integer():
        least = column.min()
        return Same(least, column.dtype) if least == column.max() else None
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
