"""Run as a program: the web's part. Writes notices, and prints each once it is kept.

`saver.py PREFIX NUMBER QUEUE [SECONDS]` wakes the worker after each, as a save does,
and rests.
"""

import sys
import time

import django
from kombu.exceptions import OperationalError

django.setup()

from monitor import clock  # noqa: E402
from monitor.celery import app  # noqa: E402
from monitor.clinical.study.escalation import Policy, PolicyStep  # noqa: E402
from monitor.notices import actions  # noqa: E402
from monitor.notices.tasks import wake  # noqa: E402
from monitor.trials.models import Participant  # noqa: E402
from tests.faults import own_clock, own_queue  # noqa: E402

# A moment later, so that a timer of its own comes due.
MOMENT = 0.012
PAGED = Policy("faults", (PolicyStep(MOMENT / 60, ("nurse", "investigator"), "page"),))
pause = float(sys.argv[4]) if len(sys.argv) > 4 else 0.05
prefix, number = sys.argv[1], int(sys.argv[2])
own_queue.use(app, sys.argv[3])
own_clock.use()
participant = Participant.objects.get(code="02-014")
for each in range(number):
    now = clock.now()
    actions.queue(
        participant=participant,
        # Not of a level: those would be told together, and page only once.
        kind="signature",
        level="",
        policy=PAGED,
        lines=["A signature was withdrawn."],
        path="/participants/02-014/",
        happened_at=now,
        key=f"{prefix}-{each}",
    )
    print(f"{prefix}-{each}", flush=True)
    time.sleep(MOMENT)
    try:
        wake.apply_async(retry=False, expires=5)
    except (OSError, OperationalError):
        pass  # A hint that is lost costs a second, never the notice.
    time.sleep(pause)
