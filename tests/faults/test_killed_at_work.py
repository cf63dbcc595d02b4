"""Killed in the middle of a save, a correction, a signature, a backup or an import.

After each blow the trail verifies and nothing is half there. A share of rounds by a
seed; by hand, longer: MONITOR_FAULT_SECONDS=600.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count

from monitor import agreeing, backup
from monitor.audit import chain, queries
from monitor.bedside.models import Observation
from monitor.review.models import Review, Signature
from monitor.trials.models import Cycle
from tests.acts import LOW, baseline, enter
from tests.cast import assemble
from tests.faults.machine import database_url
from tests.harness import ROOT

SECONDS = float(os.environ.get("MONITOR_FAULT_SECONDS", "8"))
PATIENCE = 120
ACTS = {"save", "correct", "sign", "back_up", "load"}
#: As `tests.faults.actor` has them, which cannot be imported into a test.
LOADED, SETS = "IMP-", 12
SEED = int(os.environ.get("MONITOR_FAULT_SEED", "5"))


@pytest.fixture
def actor(transactional_db, now, tmp_path):
    cast = assemble()
    baseline(cast)
    enter(cast, now, LOW)
    (tmp_path / "backups").mkdir()
    environment = {"MONITOR_DATA": str(tmp_path), "DATABASE_URL": database_url()}
    with (tmp_path / "done.txt").open("w") as done:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.actor"],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=done,
            text=True,
            bufsize=1,
        )
        yield process
        process.kill()
        process.communicate()


def blow(actor, seed, where, after):
    """Start someone at work, wait until something was done and longer, and kill."""
    before = done_in(where).total()
    actor.stdin.write(f"{seed} {where}\n")
    child = int(actor.stdout.readline())
    end = time.monotonic() + PATIENCE
    while done_in(where).total() == before:
        assert time.monotonic() < end, (where / "done.txt").read_text()[-2000:]
        time.sleep(0.02)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    assert actor.stdout.readline().strip() == "dead"


def done_in(where):
    """What was done to its end, and how often."""
    lines = (where / "done.txt").read_text().split()
    return Counter(line for line in lines if line in ACTS)


def half_there():
    """Rows that only make sense with others, without them."""
    signed = Signature.objects.values("review")
    loaded = Cycle.objects.filter(participant__code__startswith=LOADED)
    sets = loaded.annotate(n=Count("observations")).exclude(n=0)
    return {
        "chart loaded in part": sets.exclude(n=SETS).count(),
        "chart loaded and not assessed": sets.filter(state__assessed=0).count(),
        "set without a value": Observation.objects.filter(readings=None).count(),
        "decision without its signature": Review.objects.exclude(pk__in=signed).count(),
    }


@pytest.mark.requirement("I7.5")
def test_whatever_it_is_killed_in_nothing_is_half_there(actor, tmp_path, say):
    chance, blows = random.Random(SEED), 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end or blows < 3:
        blow(actor, SEED + blows, tmp_path, chance.uniform(0, 1.5))
        blows += 1
        assert chain.verify(queries.rows(), queries.head()) is None, (SEED, blows)
        assert set(half_there().values()) == {0}, (SEED, blows, half_there())
        assert list(agreeing.differing()) == [], (SEED, blows)
    done = done_in(tmp_path)
    whole = whole_backups(tmp_path / "backups")
    say(
        f"{connection.vendor}: {blows} killed at work, seed {SEED}, "
        f"done between {dict(done)}, {whole} backups whole"
    )
    assert whole >= done["back_up"]


def whole_backups(folder):
    """How many stand under their name; each of them must be whole."""
    made = [one for one in folder.iterdir() if not one.name.endswith(".partial")]
    return len([backup.read_manifest(one) for one in made])
