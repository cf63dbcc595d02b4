"""Run as a program: someone at work who can be killed at any moment.

A line on its input, `SEED DIRECTORY`, makes it fork a child that saves, corrects,
signs, backs up and loads charts in an order of the seed, over and over. It answers
with the child's process id, and waits until that is dead before the next line.
Nothing is assessed before the fork: the threads of Polars would not survive it.
"""

import os
import random
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import django

django.setup()
settings = django.conf.settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

from django.core.management import call_command  # noqa: E402

from monitor import backup, clock, flow  # noqa: E402
from monitor.bedside.entry import read_reading  # noqa: E402
from monitor.bedside.models import Reading  # noqa: E402
from monitor.episodes import queries as episodes  # noqa: E402
from monitor.episodes.models import Episode  # noqa: E402
from monitor.trials.models import Cycle, User  # noqa: E402
from tests.acts import LOW, WELL  # noqa: E402
from tests.cast import NOW, PASSWORD  # noqa: E402
from tests.review.whole import whole  # noqa: E402

LOADED, SETS = "IMP-", 12
UNITS = {"TEMP": "Cel", "HR": "/min", "SYSBP": "mm[Hg]", "DIABP": "mm[Hg]"}


def save(chance: random.Random, where: Path) -> None:
    typed = chance.choice((LOW, WELL))
    flow.record_set(
        cycle=Cycle.objects.get(participant__code="02-014"),
        observed_at=clock.now(),
        readings=[read_reading(item, value) for item, value in typed.items()],
        by=User.objects.get(username="reyes"),
        key=uuid4(),
    )


def correct(chance: random.Random, where: Path) -> None:
    found = Reading.objects.current().filter(
        item="HR", observation__cycle__participant__code="02-014"
    )
    flow.correct_reading(
        reading=found.latest("pk"),
        typed=str(chance.randint(80, 130)),
        unit=None,
        by=User.objects.get(username="reyes"),
        reason="misread",
    )


def sign(chance: random.Random, where: Path) -> None:
    episode = Episode.objects.filter(cycle__participant__code="02-014").first()
    if episode is None:
        return
    row = episodes.episode_row(episode)
    flow.review_and_sign(
        episode=episode,
        by=User.objects.get(username="okafor"),
        password=PASSWORD,
        meaning="I reviewed, graded and attributed this event.",
        **whole(episode, scale=row.scale, grade=row.max_grade),
    )


def back_up(chance: random.Random, where: Path) -> None:
    backup.make(where / "backups", clock.now())


def load(chance: random.Random, where: Path) -> None:
    """A chart of somebody new: `SETS` sets, a dose and a treatment."""
    code = f"{LOADED}{uuid4().hex[:12]}"
    begin = NOW - timedelta(hours=SETS)
    rows = [f"{code},1,{begin.isoformat()},dose,NARA,1200,[iU]/kg,"]
    for hour in range(SETS):
        at = (begin + timedelta(hours=hour)).isoformat()
        typed = chance.choice((LOW, WELL))
        for item, unit in UNITS.items():
            rows.append(f"{code},1,{at},reading,{item},{typed[item]},{unit},")
    chart = where / f"{code}.csv"
    head = "participant,cycle,at,kind,code,value,unit,until"
    chart.write_text("\n".join([head, *rows]) + "\n")
    to = {"trial": "NARA-2", "site": "02", "by": "chen"}
    call_command("load_chart", str(chart), stdout=StringIO(), **to)


ACTS = (save, correct, sign, back_up, load)


def work(seed: int, where: Path) -> None:
    chance = random.Random(seed)
    minutes = seed * 1000
    while True:
        minutes += 1
        with clock.freeze(NOW + timedelta(minutes=minutes)):
            act = chance.choice(ACTS)
            act(chance, where)
        print(act.__name__, file=sys.stderr, flush=True)


def main() -> None:
    for line in sys.stdin:
        seed, where = line.split(maxsplit=1)
        child = os.fork()
        if child == 0:
            work(int(seed), Path(where.strip()))
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


if __name__ == "__main__":
    main()
