"""Whatever is killed (`kill -9`) and started again: each notice arrives, shown once.

Real processes: the web server with two people at it, two workers with their schedules,
a schedule alone, somebody who saves past the web, a pager, and a Redis or a RabbitMQ of
the test's own. Which of them dies, and when, comes from a seed. By hand, longer:
MONITOR_FAULT_ROUNDS=1000 MONITOR_FAULT_SEED=1, without xdist (`-n 0`).
"""

import os
import random
import sys
import time
import uuid
from collections import Counter

import pytest
from django.db import connection

from monitor.audit import chain, queries
from monitor.bedside.models import Observation
from monitor.notices.models import Attempt, Delivery, Notice, Sending
from monitor.review.models import Question
from tests.cast import assemble
from tests.faults import brokers, own_clock, ward
from tests.faults.machine import Machine, environment
from tests.faults.test_demo import free_port

#: Of killing; how many rounds that is, is printed.
SECONDS = float(os.environ.get("MONITOR_FAULT_SECONDS", "12"))
ROUNDS = int(os.environ.get("MONITOR_FAULT_ROUNDS", "0"))
SEED = int(os.environ.get("MONITOR_FAULT_SEED", "6"))
SETTLED_WITHIN = 120
HOUR = 3600
LONGEST_LIFE, LONGEST_DEATH = 0.4, 0.1
WORKERS = ("worker", "second worker")
#: People and what they reach the program by go on; the others may die.
SPARED = {"pager", "visitor", "names of the broker"}
#: Both kinds page the nurse and the investigator; levels go by their own policy.
PAGING = ("question", "signature")


@pytest.fixture
def machine(transactional_db, tmp_path):
    port = str(free_port())
    url = f"http://127.0.0.1:{port}/"
    # The pager checks each signature; its clock may be the only one that is right.
    told = {"MONITOR_WEBHOOK_URL": url, "PAGER_OLD": str(24 * HOUR)}
    made = Machine(environment(tmp_path, **told), tmp_path)
    pager = (sys.executable, "-m", "tests.faults.receiver", port)
    made.command("pager", *pager, str(tmp_path / "taken.txt"))
    yield made
    made.end()


def begin(machine, claim=5):
    """Two workers and who saves; the name of their queue.

    `claim`: the seconds after which a worker that does not answer is thought dead.
    """
    queue = f"tests-{uuid.uuid4().hex}"
    for name in WORKERS:
        machine.program(name, "hasty_worker", queue, str(claim))
    machine.program("saver 0", "saver", "0", "1000000", queue)
    return queue


def open_doors(machine, queue, told):
    """The web server, two people at it, and a schedule that nobody works beside."""
    port = str(free_port())
    machine.program("web", "web", port, queue)
    machine.program("schedule", "schedule", queue)
    people = (told.reading, told.nurse, told.investigator)
    machine.program("visitor", "visitor", port, ward.CODE, *people)


@pytest.mark.requirement("I6.1")
@pytest.mark.parametrize("broker", brokers.STARTS)
def test_whatever_is_killed_each_notice_arrives_and_is_shown_once(machine, broker, say):
    told = ward.open_ward()
    brokers.start(machine, broker)
    queue = begin(machine)
    open_doors(machine, queue, told)
    killed = kill_at_random(machine, queue)
    kept = everything_kept(machine)
    wait_until_settled()
    say(
        f"{broker}, {connection.vendor}: {killed.total()} rounds, seed {SEED}, "
        f"{Notice.objects.count()} notices, "
        f"{Sending.objects.count()} messages, killed {dict(killed)}"
    )
    assert_nothing_is_lost_or_doubled(machine, kept)
    assert_each_form_was_kept_once(machine)
    assert chain.verify(queries.rows(), queries.head()) is None


@pytest.mark.parametrize("broker", ["folder", "redis"])
def test_a_clock_that_steps_back_holds_no_notice_up(machine, broker, say):
    """Once for certain between a notice and its worker, then at random beside kills."""
    assemble()
    brokers.start(machine, broker)
    file = machine.directory / "clock"
    own_clock.put(file, 0)
    machine.environment[own_clock.FILE] = str(file)
    begin(machine)
    wait_for_first(machine)
    for name in WORKERS:
        machine.kill(name)
    wait_for_saved(machine, len(machine.said("saver 0")) + 5)
    own_clock.put(file, -HOUR)
    for name in WORKERS:
        machine.again(name)
    wait_for(lambda: len(set(logged("clock", "notice"))) >= 5, "No timer moved back")
    steps = step_at_random(machine, file)
    machine.kill("saver 0")
    wait_until_settled()
    found = f"{Notice.objects.count()} notices, the clock put to {steps} s"
    say(f"{broker}, {connection.vendor}: {found}, seed {SEED}")
    assert_nothing_is_lost_or_doubled(machine, everything_kept(machine))


def step_at_random(machine, file):
    """Up to three hours before and after the true time; workers die beside it."""
    chance, steps = random.Random(SEED), []
    end = time.monotonic() + SECONDS / 2
    while time.monotonic() < end:
        time.sleep(chance.uniform(0, 2))
        steps.append(chance.choice((-1, 1)) * chance.randint(120, 3 * HOUR))
        own_clock.put(file, steps[-1])
        if chance.random() < 0.5:
            name = chance.choice(WORKERS)
            machine.kill(name)
            machine.again(name)
    return steps


def test_without_any_broker_notices_go_out_all_the_same(machine):
    assemble()
    brokers.start(machine, "redis")
    begin(machine)
    wait_for_first(machine)
    machine.kill("broker")
    gone_at = len(machine.said("saver 0"))
    wait_for_saved(machine, gone_at + 10)
    machine.kill("saver 0")
    wait_until_settled()
    assert_nothing_is_lost_or_doubled(machine, everything_kept(machine))


def test_two_workers_and_two_schedules_at_once_send_each_message_once(machine):
    assemble()
    begin(machine, claim=60)
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
    wait_for(lambda: len(machine.said("visitor")) > 2, "Nobody was answered")
    end = time.monotonic() + SECONDS
    answered = 0
    while killed.total() < ROUNDS if ROUNDS else time.monotonic() < end:
        name = chance.choice(mortal(machine, answered))
        time.sleep(chance.uniform(0, LONGEST_LIFE))
        brokers.kill(machine) if name == "broker" else machine.kill(name)
        killed[name.rstrip(" 0123456789")] += 1
        answered = len(machine.said("visitor")) if name == "web" else answered
        time.sleep(chance.uniform(0, LONGEST_DEATH))
        if name.startswith("saver"):
            del machine.running[name]
            savers += 1
            machine.program(f"saver {savers}", "saver", str(savers), "1000000", queue)
        else:
            machine.again(name)
    machine.kill(next(name for name in machine.running if "saver" in name))
    machine.kill("visitor")
    return killed


def mortal(machine, answered):
    """Who may die next: no broker and no web server that is not up again since it died

    last, which is seen by an answer to the visitor after the `answered` ones.
    """
    resting = set(SPARED)
    if not brokers.answers(machine):
        resting.add("broker")
    if len(machine.said("visitor")) <= answered:
        resting.add("web")
    return [one for one in (*machine.others, *machine.running) if one not in resting]


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
    """Until nothing waits any more, or nothing has moved for long."""
    left, end = None, 0.0
    while left != (0, 0):
        before = left
        left = (
            Notice.objects.filter(state="waiting", ended_at=None).count(),
            Sending.objects.filter(state="waiting").count(),
        )
        if left != before:
            end = time.monotonic() + SETTLED_WITHIN
        if time.monotonic() > end:
            return
        time.sleep(0.2)


def assert_nothing_is_lost_or_doubled(machine, kept):
    notices = Notice.objects.filter(key__in=kept)
    assert notices.count() == len(kept) > 0
    still_so = Notice.objects.filter(ended_at=None)
    assert set(still_so.values_list("state", flat=True)) == {"delivered"}
    shown = Counter(Delivery.objects.values_list("notice__key", "user__username"))
    assert set(shown.values()) == {1}
    assert {key for key, _name in shown} >= set(still_so.values_list("key", flat=True))
    assert logged("shown", "notice__key", "user__username") == shown
    called_off = Sending.objects.filter(state="called_off")
    assert told_with_a_later_one() >= set(called_off.values_list("notice", flat=True))
    rest = Sending.objects.exclude(pk__in=called_off)
    messages = Counter(rest.values_list("key", flat=True))
    assert set(rest.values_list("state", flat=True)) == {"sent"}
    assert logged("sent", "key") == messages
    assert_two_are_paged(shown)
    assert_the_log_is_complete(machine, messages)


def told_with_a_later_one():
    """Notices of a level that a graver one took over from before they had gone out."""
    off = Attempt.objects.filter(outcome="called_off", notice__kind="level")
    told = off.filter(answer__startswith="told with notice")
    return set(told.values_list("notice", flat=True))


def assert_two_are_paged(shown):
    """Each question and each fallen signature: nurse and investigator, no one else."""
    paging = Notice.objects.filter(kind__in=PAGING).values_list("key", flat=True)
    both = {(key, name) for key in paging for name in ("reyes", "okafor")}
    assert {one for one in shown if one[0] in set(paging)} == both
    sent = Sending.objects.filter(notice__kind__in=PAGING)
    assert set(sent.values_list("notice__key", "user__username")) == both
    assert sent.count() == len(both)


def assert_the_log_is_complete(machine, messages):
    """Every attempt stands in it from its beginning, whoever died before its end."""
    begun = logged("begun", "key")
    assert begun == Counter(dict(Sending.objects.values_list("key", "attempts")))
    taken = Counter((machine.directory / "taken.txt").read_text().split())
    assert set(taken) == set(messages)
    assert {key: n for key, n in taken.items() if n > begun[key]} == {}


def assert_each_form_was_kept_once(machine):
    """What the web answered is there, however often it had to be sent; told, too."""
    said = [line.split() for line in machine.said("visitor")]
    assert [line for line in said if line[0] == "answered"] == []
    sets = {key for what, key in said if what == "set"}
    asked = {key for what, key in said if what == "question"}
    assert sets
    assert asked
    kept = Observation.objects.filter(key__in=sets)
    assert {str(one.key) for one in kept} == sets
    questions = Question.objects.filter(key__in=asked)
    assert {str(one.key) for one in questions} == asked
    told = {f"question:{one.pk}:{one.key}" for one in questions}
    assert (
        set(Notice.objects.filter(key__in=told).values_list("key", flat=True)) == told
    )
    assert Notice.objects.filter(kind="level").exists()


def logged(outcome, *what):
    rows = Attempt.objects.filter(outcome=outcome)
    return Counter(rows.values_list(*what, flat=len(what) == 1))
