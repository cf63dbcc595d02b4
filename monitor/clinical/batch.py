"""Charts of many participants: batch after batch, or in several processes at once.

What is said of a batch goes to a file of its own as soon as it is known, so that memory
holds one batch for each process, however long the chart is.
"""

import gc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from monitor.clinical.assess import batches, dated, episodes_of, looked_at
from monitor.clinical.study.protocol import Protocol

PRIVATE = ("fold",)


@dataclass(frozen=True)
class Said:
    """What was said of one batch: its lines are in `file`, a JSON text each."""

    file: Path
    queries: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    participants: int
    instants: int
    episodes: int


def in_batches(
    facts: pl.DataFrame,
    protocol: Protocol,
    now: datetime | None,
    directory: Path,
    processes: int = 1,
) -> Iterator[Said]:
    """What is said of each batch of whole participants, in the order of the chart.

    Each of the `processes` holds one batch at a time. They are started anew rather than
    split off, for the frame library's threads don't survive that.
    """
    parts = list(batches(facts))
    files = [directory / f"{place}.jsonl" for place in range(len(parts))]
    told = (parts, repeat(protocol), repeat(now), files)
    if processes == 1 or len(parts) <= 1:
        yield from map(say, *told)
        return
    workers = min(processes, len(parts))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(say, *told)


def say(
    batch: pl.DataFrame, protocol: Protocol, now: datetime | None, file: Path
) -> Said:
    """Assesses one batch and writes its lines to the file."""
    with undisturbed():
        # By a call of its own, so that its objects are gone before they are searched.
        return _said(batch, protocol, now, file)


def _said(
    batch: pl.DataFrame, protocol: Protocol, now: datetime | None, file: Path
) -> Said:
    seen = looked_at(batch, protocol, now)
    found = seen.lines(protocol)
    episodes = len(episodes_of(found))
    with file.open("wb") as out:
        for line in found:
            for private in PRIVATE:
                del line[private]
            out.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    return Said(
        file,
        dated(seen.taken.queries),
        seen.taken.errors,
        batch["participant"].n_unique(),
        seen.timeline.sheet.height,
        episodes,
    )


def as_json(value: Any) -> str:
    return orjson.dumps(value).decode()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the search for cycles of objects: the core makes none, and its many small

    objects would be searched again and again. Afterwards it is as it was.
    """
    searched = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if searched:
            gc.enable()
