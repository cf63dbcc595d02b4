"""Run as a program: the worker with its schedule, as `manage.py worker` runs it.

Only hastier, so that a test sees in seconds what takes a ward a minute: it sweeps each
second, its claims lapse after five or as many as it is told, what failed is tried again
after one, and no time is quiet: each notice is a message to each of its people.
"""

import sys
from dataclasses import replace
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from monitor.celery import app  # noqa: E402
from monitor.clinical.study import escalation  # noqa: E402
from monitor.management.commands import worker  # noqa: E402
from monitor.notices.actions import firing, sending  # noqa: E402
from tests.faults import own_clock, own_queue  # noqa: E402

own_queue.hurry(app, sys.argv[1])
own_clock.use()
claim = float(sys.argv[2]) if len(sys.argv) > 2 else 5
firing.CLAIM = sending.CLAIM = timedelta(seconds=claim)
firing.FIRST_PAUSE = sending.FIRST_PAUSE = timedelta(seconds=1)
restless = replace(escalation.quiet(), interruption_minutes=0)
escalation.quiet = lambda: restless
worker.Background.__init__.__defaults__ = (1,)
call_command("worker")
