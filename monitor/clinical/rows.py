"""Rows of a wide frame, read by name; a column is fetched when it is first asked for.

A timeline has more than a thousand columns, of which a line says a few dozen.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from monitor.clinical.tables import Sheet


def last_places(found: Sheet) -> pl.Series:
    """Where the last instant of each cycle stands in a timeline."""
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
    """The values at chosen places by the column's name, once they were asked for."""

    def __init__(self, found: Sheet, places: pl.Series) -> None:
        super().__init__()
        self.sheet = found
        self._places = places
        self._moments: dict[str, list[int | None]] = {}

    def __missing__(self, name: str) -> list[Any]:
        found = self.sheet.values(name, self._places)
        self[name] = found
        return found

    def moments(self, name: str) -> list[int | None]:
        """A column of times as whole microseconds of the epoch, which are many times

        quicker to fetch and to look up than times of a zone.
        """
        found = self._moments.get(name)
        if found is None:
            found = self._moments[name] = self.sheet.moments(name, self._places)
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
        found = self._columns.get(name)
        if found is None:
            if name not in self._columns.sheet:
                return default
            found = self._columns[name]
        return found[self._place]

    def moment(self, name: str) -> int | None:
        """A time in microseconds of the epoch; None where there is no such column."""
        if name not in self._columns.sheet:
            return None
        return self._columns.moments(name)[self._place]

    def several(self, names: Iterable[str]) -> list[Any]:
        """The values of these columns, in their order: quicker than one by one."""
        columns, place = self._columns, self._place
        return [columns[name][place] for name in names]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.sheet)

    def __len__(self) -> int:
        return len(self._columns.sheet)
