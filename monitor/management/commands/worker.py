import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self

from celery import beat
from celery.worker import WorkController, state
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from monitor.celery import SWEEP_SECONDS, app
from monitor.notices import tasks

logger = logging.getLogger(__name__)

SECONDS_TO_FINISH = 20


class Every(threading.Thread):
    """Does one thing again and again, until told to end."""

    def __init__(self, name: str, seconds: float, do: Callable[[float], object]):
        super().__init__(name=name, daemon=True)
        self.seconds, self.do = seconds, do
        self.ending = threading.Event()

    def run(self) -> None:
        while not self.ending.wait(self.seconds):
            close_old_connections()
            try:
                self.do(self.seconds)
            except Exception:
                logger.exception("The worker's own round failed; it comes again.")


class Background:
    """Worker and beat in threads of this process, until the block ends.

    Beside them, by a timer and past the broker, what must not wait for a message: a
    broker that is gone, or hands nothing out, delays notices and never stops them.

    WorkController and not Celery's own Worker: that one takes over the signals, which
    belong to the command.
    """

    def __init__(self, seconds: float = SWEEP_SECONDS) -> None:
        state.should_stop = None
        self.ending = threading.Event()
        # The schedule stands in code, so there is nothing to remember between starts.
        self.beat = beat.Service(app, scheduler_cls=beat.Scheduler)
        self.threads = [
            threading.Thread(target=self.work, name="worker", daemon=True),
            threading.Thread(target=self.beat.start, name="beat", daemon=True),
        ]
        self.standby = [
            Every("standby sweep", seconds, tasks.sweep_overdue),
            Every("standby send", seconds, tasks.send_overdue),
        ]

    def __enter__(self) -> Self:
        for thread in self.threads + self.standby:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more tasks, and wait for those that run."""
        self.beat.stop()
        self.ending.set()
        state.should_stop = 0
        for one in self.standby:
            one.ending.set()
        for thread in (self.threads[0], *self.standby):
            thread.join(SECONDS_TO_FINISH)

    def work(self) -> None:
        """The worker; one that ends by itself begins again.

        A message that it cannot read ends it: the message is gone by then, and what it
        asked for stands in the rows.
        """
        while not self.ending.is_set():
            WorkController(
                app=app,
                pool_cls="threads",
                hostname="monitor",
                # It has nothing to ask other workers, and is there a second sooner.
                without_gossip=True,
                without_mingle=True,
            ).start()
            if not self.ending.wait(1):
                logger.error("The worker ended by itself and begins again.")

    @property
    def running(self) -> bool:
        return all(thread.is_alive() for thread in self.threads + self.standby)


def stop_on_signal() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set, instead of breaking in anywhere."""
    stop = threading.Event()

    def asked(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    return stop


class Command(BaseCommand):
    help = "Runs the worker and the schedule, until SIGTERM or Ctrl-C."

    def handle(self, *args: object, **options: object) -> None:
        stop = stop_on_signal()
        with Background() as background:
            self.stdout.write("The worker and the schedule run.")
            while not stop.wait(1):
                if not background.running:
                    raise CommandError("The worker has ended. Its reason stands above.")
        self.stdout.write("Stopped.")
