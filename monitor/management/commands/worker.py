import signal
import threading
from types import FrameType
from typing import Self

from celery import beat
from celery.worker import WorkController, state
from django.core.management.base import BaseCommand, CommandError

from monitor.celery import app

SECONDS_TO_FINISH = 20


class Background:
    """Worker and beat in threads of this process, until the block ends.

    WorkController and not Celery's own Worker: that one takes over the signals, which
    belong to the command.
    """

    def __init__(self) -> None:
        state.should_stop = None
        self.worker = WorkController(app=app, pool_cls="threads", hostname="monitor")
        # The schedule stands in code, so there is nothing to remember between starts.
        self.beat = beat.Service(app, scheduler_cls=beat.Scheduler)
        self.threads = [
            threading.Thread(target=self.worker.start, name="worker", daemon=True),
            threading.Thread(target=self.beat.start, name="beat", daemon=True),
        ]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more tasks, and wait for those that run."""
        self.beat.stop()
        state.should_stop = 0
        self.threads[0].join(SECONDS_TO_FINISH)

    @property
    def running(self) -> bool:
        return all(thread.is_alive() for thread in self.threads)


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
