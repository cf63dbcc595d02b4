"""How long the board takes: `python -m tests.benchmarks.board [sqlite|postgres]`.

10, 100 and 500 participants on treatment, a third of them with an open episode: nine
whom the verbs made, and copies of them. The page whole, as a browser asks for it, and
the part that asks for itself every 30 s; on the clock, and of the processor.
"""

from __future__ import annotations

import os
from typing import Any
from uuid import uuid4

from tests.benchmarks.saves import MINUTE, Took, Ward, said, timed
from tests.benchmarks.stage import on_both_engines

SIZES = (10, 100, 500)
ADMITTED = 9  # With 02-014 of the cast they are ten.
ROUNDS = 7
PAGES = (
    ("the board whole", "/", {}),
    ("the part that refreshes", "/", {"HTTP_HX_REQUEST": "true"}),
    ("the due list", "/due/", {}),
    ("the handover sheet", "/handover/", {}),
)


def admit(ward: Ward, number: int) -> None:
    """One participant; every third has a fever and a low pressure."""
    from monitor import clock, flow
    from tests import acts

    code = f"B-{number:03}"
    ward.admit(code, 0)
    told = {"cycle": ward.cycles[code], "by": ward.cast.reyes, "key": uuid4()}
    at = ward.now - (number % 50) * MINUTE
    typed = acts.LOW if number % 3 == 0 else acts.WELL
    with clock.freeze(at + MINUTE):
        flow.record_set(observed_at=at, readings=acts.readings(typed), **told)


def measured(client: Any, address: str, headers: dict[str, str]) -> tuple[Took, int]:
    """The fastest of the rounds, and the statements of one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    every = []
    for _round in range(ROUNDS):
        with timed() as took:
            assert client.get(address, **headers).status_code == 200
        every.append(took)
    with CaptureQueriesContext(connection) as asked:
        client.get(address, **headers)
    return said(every), len(asked)


def main(engine: str) -> None:
    from django.db import connection

    from monitor import clock
    from tests.crowd import crowd

    ward, made = Ward(), SIZES[0]
    for number in range(ADMITTED):
        admit(ward, number)
    nurse = ward.client()
    print(f"{engine}, the fastest of {ROUNDS}; {os.cpu_count()} cores")
    for size in SIZES:
        crowd(list(ward.cycles.values()), size - made, f"C{size}")
        made = size
        connection.cursor().execute("ANALYZE")
        with clock.freeze(ward.now):
            for what, address, headers in PAGES:
                took, asked = measured(nurse, address, headers)
                print(f"  {size:>3}, {what}: {took}, {asked} statements", flush=True)
    print(f"  load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    on_both_engines("tests.benchmarks.board", main)
