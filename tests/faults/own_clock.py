"""A clock that a test can put back under processes that run: ours and the schedule's.

`MONITOR_TEST_CLOCK` names a file with the seconds by which it is off. How long
something lasts is measured truly, as it is when a real clock steps.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery import Celery

from monitor import clock

FILE = "MONITOR_TEST_CLOCK"


def use() -> None:
    """From here on this process lives by that clock, if its environment names one."""
    if told := os.environ.get(FILE):
        clock.now = off_by(Path(told), clock.now)
        Celery.now = off_by(Path(told), Celery.now)


def off_by(file: Path, true: Callable[..., datetime]) -> Callable[..., datetime]:
    def now(*told: Any) -> datetime:
        return true(*told) + timedelta(seconds=float(file.read_text()))

    return now


def put(file: Path, seconds: int) -> None:
    """So many seconds off the true time, for everybody at once."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(seconds))
    fresh.replace(file)
