"""Run as a program: a schedule alone, hasty like the workers. `schedule.py QUEUE`."""

import sys

import django

django.setup()

from celery import beat  # noqa: E402

from monitor.celery import app  # noqa: E402
from tests.faults import own_queue  # noqa: E402

own_queue.hurry(app, sys.argv[1])
beat.Service(app, scheduler_cls=beat.Scheduler).start()
