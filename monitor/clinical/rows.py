"""Rows of a wide frame, read by name; a column is fetched when it is first asked for.

A timeline has more than a thousand columns, of which a line says a few dozen.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from monitor.clinical.tables import Sheet


def last_places(found: Sheet) -> pl.Series:
    """Where the last instant of each cycle stands in a timeline."""
    if "g" in found.same:
        return pl.Series([found.height - 1], dtype=pl.UInt32)
    cycle = found["g"]
    return cycle.ne_missing(cycle.shift(-1)).arg_true()


def rows(
    found: Sheet, places: pl.Series, more: Mapping[str, list[Any]] | None = None
) -> "list[Row]":
    """The rows that stand at these places, in their order.

    `more`: columns that have these rows alone.
    """
    columns = Columns(found, places)
    columns.update(more or {})
    return [Row(columns, place) for place in range(len(places))]


class Columns(dict[str, list[Any]]):
    """The values at chosen places by the column's name, once they were asked for.

    `perhaps` and `moments` have None for a column that there is not.
    """

    def __init__(self, found: Sheet, places: pl.Series) -> None:
        super().__init__()
        self.sheet, self.places = found, places
        self.perhaps, self.moments = Perhaps(self), Moments(self)
        self.together = Together(self)

    def __missing__(self, name: str) -> list[Any]:
        found = self[name] = self.sheet.values(name, self.places)
        return found


class Perhaps(dict[str, list[Any] | None]):
    """The same of columns that there may be."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self.columns = columns

    def __missing__(self, name: str) -> list[Any] | None:
        there = name in self.columns or name in self.columns.sheet
        found = self[name] = self.columns[name] if there else None
        return found


class Moments(dict[str, list[int | None] | None]):
    """Times as whole microseconds of the epoch, which are many times quicker to fetch

    and to look up than times of a zone.
    """

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self.sheet, self.places = columns.sheet, columns.places

    def __missing__(self, name: str) -> list[int | None] | None:
        there = name in self.sheet
        found = self[name] = self.sheet.moments(name, self.places) if there else None
        return found


class Together(dict[tuple[str, ...], list[tuple[Any, ...]]]):
    """Several columns side by side: what each row says in them."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self.columns = columns

    def __missing__(self, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
        some = zip(*(self.columns[name] for name in names), strict=True)
        found = self[names] = list(some) if names else [()] * len(self.columns.places)
        return found


class Row(Mapping[str, Any]):
    """The values of one row."""

    __slots__ = ("_columns", "_place")

    def __init__(self, columns: Columns, place: int) -> None:
        self._columns = columns
        self._place = place

    def __getitem__(self, name: str) -> Any:
        return self._columns[name][self._place]

    def get(self, name: str, default: Any = None) -> Any:
        found = self._columns.perhaps[name]
        return default if found is None else found[self._place]

    def moment(self, name: str) -> int | None:
        """A time in microseconds of the epoch; None where there is no such column."""
        found = self._columns.moments[name]
        return None if found is None else found[self._place]

    def several(self, names: tuple[str, ...]) -> tuple[Any, ...]:
        """The values of these columns, in their order: quicker than one by one."""
        return self._columns.together[names][self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.sheet)

    def __len__(self) -> int:
        return len(self._columns.sheet)
