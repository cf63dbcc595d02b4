"""Whatever is killed (`kill -9`) and started again: each notice arrives, shown once.

Real processes: two workers with their schedules, one who saves as the web does, a
pager, and a Redis on a port of its own. Which of them dies, and when, comes from a
seed. By hand, longer: MONITOR_FAULT_SECONDS=600.
"""

import os
import random
import shutil
import sys
import time
import uuid
from collections import Counter

import pytest
from django.db import connection

from monitor.notices.models import Attempt, Delivery, Notice, Sending
from tests.cast import assemble
from tests.faults.machine import Machine, environment
from tests.faults.test_brokers import address
from tests.faults.test_demo import free_port

SECONDS = float(os.environ.get("MONITOR_FAULT_SECONDS", "8"))
SEED = int(os.environ.get("MONITOR_FAULT_SEED", "6"))
SETTLED_WITHIN = 60
LONGEST_LIFE, LONGEST_DEATH = 0.4, 0.1
WORKERS = ("worker", "second worker")


@pytest.fixture
def machine(transactional_db, tmp_path):
    assemble()
    port = str(free_port())
    url = f"http://127.0.0.1:{port}/"
    made = Machine(environment(tmp_path, MONITOR_WEBHOOK_URL=url), tmp_path)
    pager = (sys.executable, "-m", "tests.faults.receiver", port)
    made.command("pager", *pager, str(tmp_path / "taken.txt"))
    yield made
    made.end()


def begin(machine, broker, claim=5):
    """The broker, two workers, and who saves; the name of their queue.

    `claim`: the seconds after which a worker that does not answer is thought dead.
    """
    if broker == "redis":
        own_redis(machine)
    else:
        machine.environment |= address(broker)
    queue = f"tests-{uuid.uuid4().hex}"
    for name in WORKERS:
        machine.program(name, "hasty_worker", queue, str(claim))
    machine.program("saver 0", "saver", "0", "100000", queue)
    return queue


def own_redis(machine):
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not there.")
    port = str(free_port())
    here = ("--bind", "127.0.0.1", "--save", "", "--dir", str(machine.directory))
    machine.command("broker", "redis-server", "--port", port, *here)
    machine.environment["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{port}/0"


@pytest.mark.requirement("I6.1")
@pytest.mark.parametrize("broker", ["folder", "redis", "rabbitmq"])
def test_whatever_is_killed_each_notice_arrives_and_is_shown_once(
    machine, broker, capsys
):
    queue = begin(machine, broker)
    killed = kill_at_random(machine, queue)
    kept = everything_kept(machine)
    wait_until_settled()
    with capsys.disabled():
        print(
            f"\n{broker}, {connection.vendor}: {killed.total()} rounds, seed {SEED}, "
            f"{len(kept)} notices, killed {dict(killed)}"
        )
    assert_nothing_is_lost_or_doubled(machine, kept)


def test_without_any_broker_notices_go_out_all_the_same(machine):
    begin(machine, "redis")
    wait_for_first(machine)
    machine.kill("broker")
    gone_at = len(machine.said("saver 0"))
    wait_for_saved(machine, gone_at + 10)
    machine.kill("saver 0")
    wait_until_settled()
    assert_nothing_is_lost_or_doubled(machine, everything_kept(machine))


def test_two_workers_and_two_schedules_at_once_send_each_message_once(machine):
    begin(machine, "folder", claim=60)
    wait_for_first(machine)
    wait_for_saved(machine, len(machine.said("saver 0")) + 10)
    machine.kill("saver 0")
    wait_until_settled()
    assert_nothing_is_lost_or_doubled(machine, everything_kept(machine))
    taken = (machine.directory / "taken.txt").read_text().split()
    assert len(taken) == len(set(taken))


def kill_at_random(machine, queue):
    """Until the time is over kill one process, wait, and start it again."""
    chance, killed, savers = random.Random(SEED), Counter(), 0
    wait_for_first(machine)
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        broker = [name for name in machine.others if name == "broker"]
        name = chance.choice([*broker, *machine.running])
        time.sleep(chance.uniform(0, LONGEST_LIFE))
        machine.kill(name)
        killed[name.rstrip(" 0123456789")] += 1
        time.sleep(chance.uniform(0, LONGEST_DEATH))
        if name.startswith("saver"):
            del machine.running[name]
            savers += 1
            machine.program(f"saver {savers}", "saver", str(savers), "100000", queue)
        else:
            machine.again(name)
    machine.kill(next(name for name in machine.running if "saver" in name))
    return killed


def everything_kept(machine):
    """The keys of all notices of which a saver said that they are kept."""
    savers = [name for name in machine.started if "saver" in name]
    return [key for name in savers for key in machine.said(name)]


def wait_for_first(machine):
    """The killing begins once notices go out: else only beginnings are tried."""
    wait_for(lambda: Sending.objects.filter(state="sent").exists(), "Nothing was sent")


def wait_for_saved(machine, number):
    wait_for(lambda: len(machine.said("saver 0")) >= number, "Nothing was saved")


def wait_for(told, otherwise):
    end = time.monotonic() + SETTLED_WITHIN
    while not told():
        assert time.monotonic() < end, f"{otherwise} though nothing was killed."
        time.sleep(0.1)


def wait_until_settled():
    end = time.monotonic() + SETTLED_WITHIN + SECONDS
    while time.monotonic() < end:
        waiting = Notice.objects.filter(state="waiting").exists()
        if not waiting and not Sending.objects.filter(state="waiting").exists():
            return
        time.sleep(0.2)


def assert_nothing_is_lost_or_doubled(machine, kept):
    notices = Notice.objects.filter(key__in=kept)
    assert notices.count() == len(kept) > 0
    assert set(Notice.objects.values_list("state", flat=True)) == {"delivered"}
    shown = Counter(Delivery.objects.values_list("notice__key", "user__username"))
    assert set(shown.values()) == {1}
    assert len(shown) == 2 * Notice.objects.count()
    assert logged("shown", "notice__key", "user__username") == shown
    messages = Counter(Sending.objects.values_list("key", flat=True))
    assert len(messages) == len(shown)
    assert set(Sending.objects.values_list("state", flat=True)) == {"sent"}
    assert logged("sent", "key") == messages
    assert_the_log_is_complete(machine, messages)


def assert_the_log_is_complete(machine, messages):
    """Every attempt stands in it from its beginning, whoever died before its end."""
    begun = logged("begun", "key")
    assert begun == Counter(dict(Sending.objects.values_list("key", "attempts")))
    taken = Counter((machine.directory / "taken.txt").read_text().split())
    assert set(taken) == set(messages)
    assert {key: n for key, n in taken.items() if n > begun[key]} == {}


def logged(outcome, *what):
    rows = Attempt.objects.filter(outcome=outcome)
    return Counter(rows.values_list(*what, flat=len(what) == 1))
