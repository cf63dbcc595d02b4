"""What notices cost: `python -m tests.benchmarks.notices [sqlite|postgres]`.

For each broker that is named (`TEST_REDIS_URL`, `TEST_AMQP_URL`; the data directory
always) a worker and a pager run as processes of their own, as they would at a site:

- one notice after another is written, and it is seen how long each message took,
- as many notices as PARTICIPANTS wait when the worker is woken: messages a second.

Last, a sweep that finds nothing due, before and after 100,000 notices that are over.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.benchmarks.saves import said, timed
from tests.benchmarks.stage import ENGINE, on_both_engines

PARTICIPANTS, ONE_BY_ONE = 300, 60
REST, PATIENCE = 0.25, 180
OLD, MODELS, ROUNDS = 100_000, 100, 7
BROKERS = {"redis": "TEST_REDIS_URL", "rabbitmq": "TEST_AMQP_URL"}
SECRET = "a secret of the benchmarks, long enough"


def enroll(count: int) -> list[Any]:
    """Participants without a cycle, so that the sweep has nothing to assess."""
    from tests import cast as people

    cast = people.assemble()
    for number in range(count):
        code = f"N-{number:03}"
        people.enroll(cast, code, cast.boston, cast.cohort, cast.okafor)
    return [one for code, one in cast.participants.items() if code.startswith("N-")]


def put(participant: Any, key: str) -> Any:
    """A notice that pages a nurse and an investigator: two messages."""
    from monitor import clock
    from monitor.clinical.study.escalation import Policy, PolicyStep
    from monitor.notices import actions

    step = PolicyStep(0, ("nurse", "investigator"), "page")
    return actions.queue(
        participant=participant,
        kind="signature",
        level="",
        policy=Policy("benchmark", (step,)),
        lines=["A signature was withdrawn."],
        path=f"/participants/{participant.code}/",
        happened_at=clock.now(),
        key=key,
    )


@contextmanager
def pager_and_worker() -> Iterator[None]:
    from tests.faults.machine import Machine
    from tests.faults.test_demo import free_port

    port = str(free_port())
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as directory:
        more = {
            "MONITOR_WEBHOOK_URL": f"http://127.0.0.1:{port}/",
            "MONITOR_WEBHOOK_SECRET": SECRET,
            "MONITOR_URL": "https://monitor.example",
        }
        machine = Machine(os.environ | more, Path(directory))
        pager = (sys.executable, "-m", "tests.faults.receiver", port)
        machine.command("pager", *pager, f"{directory}/taken.txt")
        machine.command("worker", sys.executable, "manage.py", "worker")
        try:
            yield
        finally:
            machine.end()


def all_sent(keys: Sequence[str]) -> list[Any]:
    """The messages about these notices, once the pager has each of them."""
    from monitor.notices.models import Sending

    wanted = Sending.objects.filter(notice__key__in=keys)
    end = time.monotonic() + PATIENCE
    while wanted.filter(state="sent").count() < 2 * len(keys):
        assert time.monotonic() < end, "Not everything was sent."
        time.sleep(0.05)
    return list(wanted.select_related("notice"))


def one_by_one(participants: Sequence[Any]) -> list[float]:
    """Seconds from a notice that is kept to each of its messages' arrival."""
    from monitor.story import nudge

    keys = [f"one-{one.code}" for one in participants]
    for participant, key in zip(participants, keys, strict=True):
        put(participant, key)
        nudge()
        time.sleep(REST)
    return [
        (one.settled_at - one.notice.created_at).total_seconds()
        for one in all_sent(keys)
    ]


def all_at_once(participants: Sequence[Any]) -> tuple[int, float]:
    """How many messages, and the seconds from the hint to the last arrival."""
    from monitor import clock
    from monitor.story import nudge

    keys = [f"all-{one.code}" for one in participants]
    for participant, key in zip(participants, keys, strict=True):
        put(participant, key)
    begun: datetime = clock.now()
    nudge()
    sent = all_sent(keys)
    last = max(one.settled_at for one in sent)
    return len(sent), (last - begun).total_seconds()


def idle_sweep() -> str:
    from django.db import connection

    from monitor import clock, flow

    connection.cursor().execute("ANALYZE")
    flow.sweep(clock.now())
    every = []
    for _round in range(ROUNDS):
        with timed() as took:
            flow.sweep(clock.now())
        every.append(took)
    return str(said(every))


def grow_old(count: int) -> None:
    """Copies of notices that are over, answered, with their timers, messages and log.

    The database makes them itself, row for row; through Django it took too long.
    """
    from monitor.notices.models import Attempt, Delivery, Escalation, Notice, Sending

    done = Notice.objects.filter(state="delivered").order_by("pk")
    models = list(done.values_list("pk", flat=True)[:MODELS])
    each = count // len(models)
    over = dict.fromkeys(("answered_at", "ended_at"), "one.settled_at")
    copy(Notice, models, each, key=OLD_KEY, **over)
    for model in (Escalation, Sending, Delivery, Attempt):
        own = {"key": f"{OLD_KEY} || one.key"} if model is Sending else {}
        copy(model, models, each, notice_id="fresh.id", **own)
    assert Notice.objects.filter(key__startswith="old-").count() == each * len(models)


#: Of the copy of a notice; `n` says which.
OLD_KEY = "'old-' || {model} || '-' || n"


def copy(table: Any, models: Sequence[int], each: int, **changed: str) -> None:
    """`each` copies of the rows about these notices, but for what is `changed`."""
    from django.db import connection

    from monitor.notices.models import Notice

    name, notices = table._meta.db_table, Notice._meta.db_table
    model = "one.id" if table is Notice else "one.notice_id"
    key = OLD_KEY.format(model=model)
    columns = [field.column for field in table._meta.fields if not field.primary_key]
    quote = connection.ops.quote_name
    values = [
        changed.get(one, f"one.{quote(one)}").format(model=model) for one in columns
    ]
    joined = "" if table is Notice else f"JOIN {notices} fresh ON fresh.key = {key}"
    connection.cursor().execute(
        f"""
        INSERT INTO {name} ({", ".join(map(quote, columns))})
        WITH RECURSIVE copies(n) AS (
          SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {each}
        )
        SELECT {", ".join(values)} FROM {name} one CROSS JOIN copies {joined}
        WHERE {model} IN ({", ".join(map(str, models))})
        """
    )


def main(engine: str) -> None:
    broker = os.environ["MONITOR_BENCHMARK_BROKER"]
    print(f"{engine}, {broker}; {os.cpu_count()} cores", flush=True)
    participants = enroll(PARTICIPANTS)
    with pager_and_worker():
        put(participants[0], "first")
        all_sent(["first"])  # The worker is there.
        took = one_by_one(participants[1 : ONE_BY_ONE + 1])
        p95 = quantiles(took, n=20)[-1]
        print(f"  kept to arrived: median {median(took):.3f} s, p95 {p95:.3f} s")
        count, seconds = all_at_once(participants[ONE_BY_ONE + 1 :])
        print(f"  {count} messages: {count / seconds:.0f} a second", flush=True)
    if broker == "directory":
        print(f"  a sweep with nothing due: {idle_sweep()}")
        grow_old(OLD)
        print(f"  after {OLD:,} notices: {idle_sweep()}")
    print(f"  load {os.getloadavg()[0]:.1f}")


def brokers() -> dict[str, str]:
    named = {name: os.environ.get(variable) for name, variable in BROKERS.items()}
    return {"directory": "", **{name: url for name, url in named.items() if url}}


if __name__ == "__main__":
    if ENGINE in os.environ:
        on_both_engines("tests.benchmarks.notices", main)
    else:
        for name, url in brokers().items():
            os.environ["MONITOR_BENCHMARK_BROKER"] = name
            os.environ["CELERY_BROKER_URL"] = url
            on_both_engines("tests.benchmarks.notices", main)
