"""What is followed through time together, and only where there is something to follow.

The rows of several questions stand in one frame, a block for each, so that a pass costs
the same for one as for fifty. Within a block the rows are sorted by cycle and time, and
a cycle's first row is marked, so that running sums need no grouping. A block has whole
cycles: those in which anything happens at all.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from monitor.clinical.logic import Same
from monitor.clinical.tables import Sheet


def cycles_of(sheet: Sheet, happens: pl.Series) -> pl.Series | None:
    """Where the cycles are in which it happens at all; None for everywhere."""
    if "g" in sheet.same:
        return None
    cycle = sheet["g"]
    here = cycle.is_in(cycle.filter(happens).unique().to_list())
    return None if here.all() else here


def among(
    sheet: Sheet, found: pl.Series, places: pl.Series, others: Same | pl.Series
) -> pl.Series:
    """What was found at some places, among what is said at all the others."""
    said = sheet.filled(others) if isinstance(others, Same) else others
    return said.clone().scatter(places, found)


class Stacked:
    """The sheet's rows once for each block, one below the other, with its answers.

    `rows`: `at`; `starts`, whether a cycle begins; and each answer. `here`: of each
    block which of the sheet's rows it has, None for all of them.
    """

    def __init__(
        self,
        sheet: Sheet,
        blocks: Sequence[Mapping[str, pl.Series]],
        here: Sequence[pl.Series | None],
    ) -> None:
        self._sheet, self._here = sheet, here
        cycle = sheet["g"]
        shared = {"at": sheet["at"], "starts": cycle.ne_missing(cycle.shift(1))}
        parts = [
            {name: _only(column, some) for name, column in {**shared, **block}.items()}
            for block, some in zip(blocks, here, strict=True)
        ]
        self._heights = [len(part["at"]) for part in parts]
        self.rows = pl.DataFrame(
            {
                name: pl.concat([one[name] for one in parts], rechunk=True)
                for name in parts[0]
            }
        )

    def spread(self, numbers: pl.Series) -> pl.Series:
        """A number for each block, at each of its rows."""
        each = enumerate(self._heights)
        return pl.concat([numbers.new_from_index(*one) for one in each], rechunk=True)

    def apart(
        self, found: pl.Series, others: Sequence[Same | pl.Series]
    ) -> list[pl.Series]:
        """What was found, block by block, at each of the sheet's rows.

        `others`: of each block what is said where it has no rows.
        """
        made, begin = [], 0
        for height, here, rest in zip(self._heights, self._here, others, strict=True):
            part = found.slice(begin, height)
            begin += height
            if here is not None:
                part = among(self._sheet, part, here.arg_true(), rest)
            made.append(part)
        return made


def _only(column: pl.Series, here: pl.Series | None) -> pl.Series:
    return column if here is None else column.filter(here)
