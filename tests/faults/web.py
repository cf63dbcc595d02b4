"""Run as a program: the web server as the README starts it. `web.py PORT QUEUE`."""

import sys

import django

django.setup()

from gunicorn.app import wsgiapp  # noqa: E402

from monitor.celery import app  # noqa: E402
from tests.faults import own_queue  # noqa: E402

port, queue = sys.argv[1:]
own_queue.use(app, queue)
sys.argv = ["gunicorn", "--threads", "8", "--bind", f"127.0.0.1:{port}", "monitor.wsgi"]
wsgiapp.run()
