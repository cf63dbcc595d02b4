"""Thin: what the worker runs. Each calls one verb of `flow`, and may run twice.

The schedule's messages go through a broker, which may be gone, full, or hold them back
for somebody who died. So the worker's own timer looks at the rows too (`..._overdue`).
"""

from datetime import timedelta

from celery import shared_task

from monitor import clock, flow
from monitor.notices import pulse
from monitor.notices.queries import heartbeat


@shared_task
def sweep() -> None:
    """Every few seconds: the guarantee. It tells the outside that all of it ran."""
    if flow.sweep(clock.now()).late_told:
        pulse.tell()


@shared_task
def wake() -> None:
    """After a save: the hint. It tells what the sweep would tell a little later."""
    flow.deliver(clock.now())
    flow.send(clock.now())


@shared_task
def send() -> None:
    """Messages to mailboxes, pagers and chats; a receiver that hangs delays only it."""
    flow.send(clock.now())


def sweep_overdue(seconds: float) -> bool:
    """Sweep if nobody did for twice `seconds`, or the clock went back that far."""
    now, last = clock.now(), heartbeat().at
    if last is not None and abs(now - last) <= timedelta(seconds=2 * seconds):
        return False
    sweep()
    return True


def send_overdue(seconds: float) -> int:
    """Send what has been due for longer than `seconds`; how many arrived."""
    return flow.send(clock.now() - timedelta(seconds=seconds))
