"""Run as a program: a worker of ours takes one task that needs Polars, and ends.

Prints what the task found and whether the worker ended in time.
"""

import queue
import sys

import django
import polars as pl
from kombu import Queue

django.setup()

from monitor.celery import app  # noqa: E402
from monitor.management.commands.worker import Background  # noqa: E402

SECONDS = 90
found: queue.Queue[float] = queue.Queue()


@app.task(name="tests.highest")
def highest(values: list[float]) -> None:
    frame = pl.DataFrame({"temp": values})
    found.put(frame.select(pl.col("temp").rolling_max(2).max()).item())


def main() -> int:
    # A queue of its own, so that what others left waiting is not ours to take.
    app.conf.task_default_queue = sys.argv[1]
    app.conf.task_queues = [Queue(sys.argv[1], routing_key=sys.argv[1], expires=60)]
    app.conf.task_default_routing_key = sys.argv[1]
    app.conf.beat_schedule = {}
    with Background() as background:
        highest.delay([37.1, 39.4, 38.0])
        print(found.get(timeout=SECONDS))
    return int(background.threads[0].is_alive())


if __name__ == "__main__":
    sys.exit(main())
