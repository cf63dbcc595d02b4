"""A mail server and a pager that refuse, hang, are slow or say no: real processes."""

import os
import re
import socket
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor import clock, outside
from monitor.notices import actions
from monitor.notices.actions import firing
from monitor.notices.channels import email, webhook
from monitor.notices.models import Notice, Sending
from tests.faults.machine import SECRET, Machine
from tests.faults.test_demo import free_port
from tests.notices.told import SECOND, deliver, logged, policy, put, telling, told_to

PATIENCE = 0.4


@pytest.fixture
def machine(tmp_path):
    made = Machine({}, tmp_path)
    yield made
    made.end()


@pytest.fixture
def reached(cast, settings, monkeypatch):
    """Okafor has an address, and the program waits a moment only."""
    actions.set_email(user=cast.okafor, email="okafor@example.org", by=cast.okafor)
    monkeypatch.setattr(email, "PATIENCE", PATIENCE)
    monkeypatch.setattr(webhook, "PATIENCE", PATIENCE)
    settings.MONITOR_URL = "https://monitor.example"
    settings.MONITOR_WEBHOOK_SECRET = SECRET
    return cast


def start(machine, program, *how):
    port = free_port()
    file = str(machine.directory / f"{program}.taken")
    command = (sys.executable, "-m", f"tests.faults.{program}", str(port), file)
    machine.command(program, *command, *how)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as asked:
            if not asked.connect_ex(("127.0.0.1", port)):
                return port
        time.sleep(0.02)
    raise AssertionError(f"{program} does not listen.")


def mail(machine, settings, how):
    set_mail(settings, start(machine, "mailer", how))


def set_mail(settings, port):
    url = f"smtp://127.0.0.1:{port}"
    settings.MONITOR_EMAIL = outside.email(url, "monitor@example.org")


def pager(machine, settings, *how):
    port = start(machine, "receiver", *how)
    settings.MONITOR_WEBHOOK_URL = f"http://127.0.0.1:{port}/"


def taken(machine, program):
    file = machine.directory / f"{program}.taken"
    found = file.read_text().splitlines() if file.exists() else []
    return [re.sub(r"Message-ID: <(.+)@.+>", r"\1", one) for one in found]


def page(cast, now, **more):
    notice = put(cast, now, policy=telling("investigator", how="page"), **more)
    deliver(now)
    return notice


def send(at):
    with clock.freeze(at):
        return actions.send_due(at)


def answers(notice):
    """What the log says of each attempt: the outcome, and what the other side said."""
    rows = notice.attempts.filter(outcome__in=("begun", "retry", "failed", "sent"))
    return [(one.outcome, one.answer) for one in rows.order_by("pk")]


# Mail


def test_a_mail_server_that_takes_it_gets_it_once(machine, reached, settings, now):
    mail(machine, settings, "accept")
    notice = page(reached, now)
    assert (send(now), send(now)) == (1, 0)
    assert answers(notice) == [("begun", ""), ("sent", "accepted")]
    assert taken(machine, "mailer") == [Sending.objects.get().key]


def test_a_mail_server_that_is_not_there_is_tried_again(
    machine, reached, settings, now
):
    set_mail(settings, free_port())
    notice = page(reached, now)
    assert send(now) == 0
    mail(machine, settings, "accept")
    assert send(now + firing.FIRST_PAUSE - SECOND) == 0
    assert send(now + firing.FIRST_PAUSE) == 1
    assert answers(notice) == [
        ("begun", ""),
        ("retry", "ConnectionRefusedError"),
        ("begun", ""),
        ("sent", "accepted"),
    ]


def test_a_mail_server_that_hangs_holds_up_nobody_else(machine, reached, settings, now):
    mail(machine, settings, "hang")
    pager(machine, settings)
    notice = page(reached, now)
    assert send(now) == 1
    hung, sent = Sending.objects.order_by("channel")
    assert (hung.channel, hung.state, hung.due_at) == (
        "email",
        "waiting",
        now + firing.FIRST_PAUSE,
    )
    assert (sent.channel, sent.state) == ("webhook", "sent")
    assert ("retry", "SMTPServerDisconnected") in answers(notice)
    assert taken(machine, "receiver") == [sent.key]


def test_a_mail_server_that_says_later_gets_the_same_mail_later(
    machine, reached, settings, now
):
    mail(machine, settings, "450x1")
    notice = page(reached, now)
    assert [send(now), send(now + firing.FIRST_PAUSE)] == [0, 1]
    assert answers(notice) == [
        ("begun", ""),
        ("retry", "450 not now"),
        ("begun", ""),
        ("sent", "accepted"),
    ]
    assert taken(machine, "mailer") == [Sending.objects.get().key]


def test_a_mail_server_that_says_never_raises_others_at_once(
    machine, reached, settings, now
):
    mail(machine, settings, "550")
    notice = put(reached, now, policy=policy("warning"))
    deliver(now)
    assert send(now) == 0
    assert answers(notice) == [("begun", ""), ("failed", "550 not now")]
    following = notice.escalations.filter(pulled=True).get()
    assert (following.due_at, following.step) == (now, 2)
    deliver(now)
    raised = Notice.objects.get(kind="undeliverable")
    assert told_to(raised) == ["chen", "okafor", "reyes", "vance"]


# The pager


def test_a_pager_slower_than_the_patience_sees_the_same_key_again(
    machine, reached, settings, now, monkeypatch
):
    pager(machine, settings, "1")
    notice = page(reached, now)
    assert send(now) == 0
    monkeypatch.setattr(webhook, "PATIENCE", 30)
    assert send(now + firing.FIRST_PAUSE) == 1
    key = Sending.objects.get().key
    assert taken(machine, "receiver") == [key, key]
    assert answers(notice) == [
        ("begun", ""),
        ("retry", "TimeoutError"),
        ("begun", ""),
        ("sent", "204"),
    ]


@pytest.mark.parametrize("answer", ["503", "429"])
def test_a_pager_that_says_later_each_time_is_given_up_and_raises_others(
    machine, reached, settings, now, answer
):
    pager(machine, settings, "0", answer)
    notice = page(reached, now)
    at, pauses = now, []
    for _attempt in range(firing.ATTEMPTS):
        send(at)
        sending = Sending.objects.get(notice=notice)
        pauses.append((sending.due_at - at) / firing.FIRST_PAUSE)
        at = sending.due_at
    assert pauses == [1, 2, 4, 8, 16, 0]
    assert (sending.state, sending.attempts) == ("failed", firing.ATTEMPTS)
    assert logged(notice, "failed") == [("failed", "okafor")]
    assert Notice.objects.filter(kind="undeliverable").count() == 1


def test_a_pager_that_says_no_is_not_asked_again(machine, reached, settings, now):
    pager(machine, settings, "0", "410")
    notice = page(reached, now)
    assert [send(now), send(now + 10 * firing.FIRST_PAUSE)] == [0, 0]
    assert answers(notice) == [("begun", ""), ("failed", "410")]


# What a hospital checks


@pytest.mark.parametrize(
    ("secret", "hours", "answer"),
    [
        (SECRET, 0, "sent"),
        ("another secret, just as long as ours is", 0, "failed"),
        (SECRET, 1, "failed"),  # Caught on its way, and sent again an hour later.
    ],
)
def test_a_pager_takes_what_is_signed_now_and_with_its_secret(
    reached, settings, now, tmp_path, secret, hours, answer
):
    machine = Machine(os.environ | {"MONITOR_WEBHOOK_SECRET": secret}, tmp_path)
    try:
        pager(machine, settings)
        notice = page(reached, now)
        assert send(datetime.now(UTC) - timedelta(hours=hours)) == (answer == "sent")
        said = {"sent": "204", "failed": "401"}[answer]
        assert answers(notice) == [("begun", ""), (answer, said)]
        assert len(taken(machine, "receiver")) == (answer == "sent")
    finally:
        machine.end()
