"""Run as a program: has ours loaded already, and forks what a test asks for.

Each line that comes in is JSON: `program`, one of those beside this file, its
`arguments`, and the files `said` and `logged` that take its output. Each answer is the
process's number. So a round of killing and starting takes moments and not seconds.
"""

import json
import os
import runpy
import signal
import sys

import django

django.setup()

from django.urls import get_resolver  # noqa: E402
from gunicorn.app import wsgiapp  # noqa: E402, F401

from monitor.management.commands import worker  # noqa: E402, F401
from tests.faults import own_clock, own_queue  # noqa: E402, F401

assert get_resolver().url_patterns  # And with them every page of the web.


def become(asked: dict) -> None:
    """This process is from here on the program that was asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, name in ((1, "said"), (2, "logged")):
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_APPEND | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = [asked["program"], *asked["arguments"]]
    runpy.run_module(f"tests.faults.{asked['program']}", run_name="__main__")
    sys.stdout.flush()


# Whoever is killed leaves nothing behind to be waited for.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    child = os.fork()
    if not child:
        become(json.loads(line))
        os._exit(0)
    os.setpgid(child, child)  # What it forks is killed with it.
    print(child, flush=True)
