"""How long a save takes: `python -m tests.benchmarks.saves [sqlite|postgres]`.

A nurse's form is posted and answered, everything included, for three participants with
0, 1,000 and 100,000 readings in an earlier cycle; each round saves one set for each of
them and inserts the same rows bare, so that whatever else the machine does meanwhile
falls on all four. Then eight clients save at once.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import uuid4

from tests.benchmarks.stage import on_both_engines

HISTORIES = (0, 1_000, 100_000)
ROUNDS = 15
CLIENTS, SAVES_EACH = 8, 5
TYPED = {
    "RESP": "16",
    "OXYSAT": "97",
    "OXYGEN_DEVICE": "room_air",
    "BP": "122/76",
    "HR": "78",
    "TEMP": "36.8",
    "TEMP_unit": "Cel",
    "ACVPU": "A",
}
MINUTE = timedelta(minutes=1)


@dataclass
class Took:
    """Seconds on the clock, and of the processors."""

    wall: float = 0.0
    cpu: float = 0.0

    def __str__(self) -> str:
        return f"{1000 * self.wall:.1f} ms (processor {1000 * self.cpu:.1f})"


@contextmanager
def timed() -> Iterator[Took]:
    took = Took()
    wall, cpu = time.perf_counter(), time.process_time()
    yield took
    took.wall, took.cpu = time.perf_counter() - wall, time.process_time() - cpu


def said(every: Sequence[Took]) -> Took:
    """The fastest of the rounds: what the program needs when nothing else runs."""
    return Took(min(one.wall for one in every), min(one.cpu for one in every))


class Ward:
    """The standing cast, and one participant for each history and client."""

    def __init__(self) -> None:
        from tests import cast

        self.now: datetime = cast.NOW
        self.cast = cast.assemble()
        self.cycles: dict[str, Any] = {}

    def admit(self, code: str, earlier: int) -> None:
        """In cycle 2 with a dose given and a set taken, after `earlier` readings."""
        from monitor import clock, flow
        from monitor.trials import actions
        from tests import acts
        from tests import cast as people

        cast = self.cast
        with clock.freeze(people.ENROLLED):
            people.enroll(cast, code, cast.boston, cast.cohort, cast.okafor)
            first = people.open_cycle(cast, code)
            fill(first, earlier, cast.reyes)
        with clock.freeze(people.CYCLE_OPENED):
            cycle = people.open_cycle(cast, code, 2)
            dose = people.plan(cycle, 1, people.GIVEN, cast.okafor)
        with clock.freeze(people.GIVEN):
            actions.record_dose(
                dose=dose, status="given", given_at=people.GIVEN, by=cast.reyes
            )
            flow.record_set(
                cycle=cycle,
                observed_at=people.GIVEN - MINUTE,
                readings=acts.readings(acts.WELL),
                by=cast.reyes,
                key=uuid4(),
            )
        self.cycles[code] = cycle

    def client(self) -> Any:
        from django.test import Client

        client = Client()
        client.force_login(self.cast.reyes)
        return client

    def save(self, client: Any, code: str, at: datetime) -> Took:
        from zoneinfo import ZoneInfo

        here = at.astimezone(ZoneInfo("America/New_York"))
        form = {**TYPED, "key": str(uuid4()), "at": f"{here:%d %b %H:%M}"}
        with timed() as took:
            answer = client.post(f"/participants/{code}/observe/", form)
        assert answer.status_code == 302, answer.content
        return took


def fill(cycle: Any, count: int, by: Any) -> None:
    """Rows of an earlier cycle, eight readings a set, written without their verbs."""
    from monitor.bedside.models import Observation, Reading
    from tests import acts

    set_of = acts.readings(acts.WELL)
    sets = [bare(cycle, cycle.opened_at + at * MINUTE, by) for at in range(count // 8)]
    Observation.objects.bulk_create(sets, batch_size=2_000)
    rows = [row for one in sets for row in rows_of(one, set_of, by)]
    Reading.objects.bulk_create(rows, batch_size=2_000)


def bare(cycle: Any, at: datetime, by: Any) -> Any:
    from monitor.bedside.models import Observation

    return Observation(
        cycle=cycle,
        observed_at=at,
        source=Observation.Source.BEDSIDE,
        panel="set",
        key=uuid4(),
        recorded_at=at,
        recorded_by=by,
    )


def rows_of(observation: Any, readings: Any, by: Any) -> list[Any]:
    from monitor.bedside.models import Reading
    from monitor.bedside.values import fields_of

    at = observation.recorded_at
    shared = {"observation": observation, "recorded_at": at, "recorded_by": by}
    return [Reading(**shared, **fields_of(one)) for one in readings]


def insert(cycle: Any, at: datetime, by: Any) -> Took:
    """The same rows by the ORM, and nothing else."""
    from django.db import transaction

    from monitor.bedside.models import Reading
    from tests import acts

    set_of = acts.readings(acts.WELL)
    with timed() as took, transaction.atomic():
        row = bare(cycle, at, by)
        row.save(force_insert=True)
        Reading.objects.bulk_create(rows_of(row, set_of, by))
    return took


def assessed(cycle: Any, now: datetime) -> Took:
    """The clinical core alone, over the facts as they are."""
    from monitor.clinical.assess import assess
    from monitor.episodes.assessing import protocol_of
    from monitor.episodes.timelines import facts_of

    facts = facts_of(cycle)
    with timed() as took:
        assess(facts, protocol_of(cycle), now=now)
    return took


def main(engine: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from monitor import clock

    ward = Ward()
    codes = {f"H-{earlier}": earlier for earlier in HISTORIES}
    for code, earlier in codes.items():
        ward.admit(code, earlier)
    ward.admit("BARE", 0)
    connection.cursor().execute("ANALYZE")
    nurse, took = ward.client(), defaultdict(list)
    with clock.freeze(ward.now):
        start = ward.now - 4 * 60 * MINUTE
        for code in codes:
            ward.save(nurse, code, start)
        for turn in range(1, ROUNDS + 1):
            at = start + turn * 5 * MINUTE
            for code in codes:
                took[code].append(ward.save(nurse, code, at))
                took["core"].append(assessed(ward.cycles[code], ward.now))
            took["bare"].append(insert(ward.cycles["BARE"], at, ward.cast.reyes))
        counts = {}
        for code in codes:
            with CaptureQueriesContext(connection) as asked:
                ward.save(nurse, code, ward.now - MINUTE)
            counts[code] = len(asked)
    load = os.getloadavg()[0]
    print(
        f"{engine}, {ROUNDS} rounds, the fastest; load {load:.1f} on {os.cpu_count()}"
    )
    none, core, rows = (said(took[name]) for name in ("H-0", "core", "bare"))
    for code, earlier in codes.items():
        save = said(took[code])
        print(
            f"  {earlier:>7,} earlier readings: {save}, {counts[code]} statements;"
            f" of none {save.wall / none.wall:.2f}, processor {save.cpu / none.cpu:.2f}"
        )
    save = said(took["H-100000"])
    wall, cpu = save.wall / (core.wall + rows.wall), save.cpu / (core.cpu + rows.cpu)
    print(f"  bare insert {rows}; core alone {core}")
    print(f"  a save is {wall:.2f} of insert and assessment, processor {cpu:.2f}")
    at_once(ward)


def at_once(ward: Ward) -> None:
    """Eight nurses save for four participants, each five sets, all at the same time."""
    from django.db import connection

    from monitor import clock
    from monitor.bedside.models import Observation

    for number in range(CLIENTS // 2):
        ward.admit(f"C-{number}", 0)
    before = Observation.objects.count()

    def work(number: int) -> list[Took]:
        client = ward.client()
        start = ward.now - (60 + number) * MINUTE
        try:
            code = f"C-{number // 2}"
            every = range(SAVES_EACH)
            return [ward.save(client, code, start + at * 10 * MINUTE) for at in every]
        finally:
            connection.close()

    begun = time.perf_counter()
    with clock.freeze(ward.now), ThreadPoolExecutor(CLIENTS) as pool:
        took = [one for own in pool.map(work, range(CLIENTS)) for one in own]
    whole = time.perf_counter() - begun
    kept = Observation.objects.count() - before
    assert kept == CLIENTS * SAVES_EACH, kept
    print(
        f"  {CLIENTS} clients at once: {kept} sets in {whole:.1f} s without an error,"
        f" {1000 * median(one.wall for one in took):.0f} ms each"
    )


if __name__ == "__main__":
    on_both_engines("tests.benchmarks.saves", main)
