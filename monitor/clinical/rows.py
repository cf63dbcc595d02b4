"""One row of a wide frame, read by name, without a copy of its many columns."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl


class Row(Mapping[str, Any]):
    """The values of one row; `places` says where each column stands."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[self._places[name]]

    def get(self, name: str, default: Any = None) -> Any:
        place = self._places.get(name)
        return default if place is None else self._values[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def rows(frame: pl.DataFrame) -> Iterator[Row]:
    """Each row of the frame, in order."""
    places = {name: place for place, name in enumerate(frame.columns)}
    return (Row(places, values) for values in frame.iter_rows())
