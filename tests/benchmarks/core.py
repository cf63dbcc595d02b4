"""How fast the core answers: `python -m tests.benchmarks.core [bedside|whole|plain]`.

bedside   one save's assessment of a cycle of 20, 200 and 2,000 instants, as the live
          program asks for it: every pattern, five scales, a protocol of the library
whole     10,000, 100,000 and 1,000,000 instants over many participants, lines written,
          with the most memory that was held (`whole SIZE [PROCESSES]`: one size)
plain     the ASTCT grade and L1 to L4 on the same rows in plain Python, checked to
          agree with the core before either is timed; the core with every answer, and
          asked for these alone

Charts are made up (see `charts`) and the same for a seed. Beside the seconds on the
clock stand, in brackets, those of the processors, which a busy machine does not
stretch. Nothing here is a test.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median

import polars as pl

from monitor.clinical import assess as core
from monitor.clinical.batch import Said, in_batches
from monitor.clinical.facts.intake import take_in
from monitor.clinical.instants import timeline
from monitor.clinical.items import loading
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet
from tests.benchmarks.alone import Alone
from tests.benchmarks.charts import facts
from tests.benchmarks.plain import ANSWERS, COLUMNS, evaluate

DOCUMENT = Path(core.__file__).parent / "protocols" / "aldesleukin.toml"
CYCLE_SIZES, LONG_STAY, ILL = (20, 200, 2_000), 70.0, 11
SIZES, A_PARTICIPANT, DAYS = (10_000, 100_000, 1_000_000), 200, 2.75
SAVES = 60
COMPARED = 200
MIB = 1024


def demo_protocol() -> Protocol:
    return Protocol.from_document(loading.read_toml(DOCUMENT))


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processors."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def cycle_of(instants: int) -> tuple[pl.DataFrame, datetime]:
    """A cycle as it was at its instant of that number, and when that was."""
    chart = facts(1, LONG_STAY, seed=ILL)
    frame = timeline.build(take_in(chart), demo_protocol()).frame
    now = frame["at"][instants - 1]
    return chart.filter(pl.col("at") <= now), now


def bedside() -> None:
    protocol = demo_protocol()
    for size in CYCLE_SIZES:
        chart, now = cycle_of(size)

        def save(chart: pl.DataFrame = chart, now: datetime = now) -> object:
            return core.assess(chart, protocol, now=now)

        save()
        found = [timed(save) for _ in range(SAVES)]
        wall, cpu = (
            sorted(1000 * one for one in part) for part in zip(*found, strict=True)
        )
        lines = core.assess(chart, protocol, now=now).summary
        print(
            f"bedside, {lines['instants']} instants, {chart.height} rows: median "
            f"{median(wall):.0f} ms, 95 % under {wall[int(0.95 * SAVES)]:.0f} ms "
            f"({median(cpu):.0f} ms)"
        )


def whole(size: int, processes: int = 2) -> None:
    """One size; only reading the chart is not timed. Memory is of all processes."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "facts.parquet"
        # Made elsewhere, so that the making does not count as memory.
        _again("make", str(size), str(file))
        chart = pl.read_parquet(file)
    protocol = demo_protocol()
    core.assess(chart.head(500), protocol)
    children = resource.RUSAGE_CHILDREN
    before, found = resource.getrusage(children), list[Said]()
    with tempfile.TemporaryDirectory() as directory:
        told = (chart, protocol, None, Path(directory), processes)
        wall, cpu = timed(lambda: found.extend(in_batches(*told)))
        lines = sum(one.file.read_bytes().count(b"\n") for one in found)
    after = resource.getrusage(children)
    cpu += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # The largest of the children, as often as there were any.
    memory = (own + (processes * after.ru_maxrss if processes > 1 else 0)) / MIB
    instants = sum(one.instants for one in found)
    each = 1e6 / instants
    print(
        f"{instants:,} instants of {sum(one.participants for one in found):,} "
        f"participants ({chart.height:,} rows, {lines:,} lines), {processes} "
        f"processes: {wall:.1f} s ({cpu:.1f} s), {wall * each:.0f} us an instant "
        f"({cpu * each:.0f} us), {memory:,.0f} MiB",
        flush=True,
    )


def make(size: int, file: str) -> None:
    facts(size // A_PARTICIPANT, DAYS).write_parquet(file)


def plain() -> None:
    protocol = demo_protocol()
    chart = facts(COMPARED, DAYS)
    frame = timeline.build(take_in(chart), protocol).frame
    rows = frame.select(COLUMNS).to_dicts()
    expected = evaluate(rows, protocol.lines)
    alone = Alone(protocol, ANSWERS)
    answered = core.answer(frame, protocol)
    few = alone.answer(Sheet(frame.get_columns())).take(*ANSWERS)
    for found in (answered, few):
        told = zip(found.select(ANSWERS).rows(), expected, strict=True)
        if differ := sum(one != other for one, other in told):
            sys.exit(f"{differ} of {frame.height:,} instants differ")
    ways: tuple[Callable[[], object], ...] = (
        lambda: evaluate(rows, protocol.lines),
        lambda: core.reasoned(Sheet(frame.get_columns()), protocol),
        lambda: alone.answer(Sheet(frame.get_columns())),
    )
    each = 1e6 / frame.height
    slow, whole, part = (min(timed(way) for _ in range(5))[1] * each for way in ways)
    count = sum(name.startswith(("pattern:", "grade:")) for name in answered.columns)
    print(
        f"{frame.height:,} instants, none differs; microseconds of the processor an "
        f"instant\nplain Python, {len(ANSWERS)} answers: {slow:.1f}\n"
        f"the core, {count} answers and what holds them: {whole:.1f}, "
        f"{slow / whole:.1f} times as fast whole, "
        f"{slow / len(ANSWERS) * count / whole:.1f} times an answer\n"
        f"the core, the same {len(ANSWERS)} answers alone: {part:.1f}, "
        f"{slow / part:.1f} times as fast"
    )


def _again(*words: str) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.core", *words]
    subprocess.run(command, check=True)


def main(words: list[str]) -> None:
    # As `monitor.environment` has it.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    match words:
        case ["make", size, file]:
            make(int(size), file)
        case ["whole", size, *processes]:
            whole(int(size), *map(int, processes))
        case ["bedside"]:
            bedside()
        case ["plain"]:
            plain()
        case ["whole"]:
            for size in SIZES:
                _again("whole", str(size))
        case []:
            print(f"{os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}", flush=True)
            for part in ("bedside", "plain", "whole"):
                _again(part)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
