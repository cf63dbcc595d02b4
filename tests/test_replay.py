"""A generated chart, entered row by row at the bedside, and replayed from its rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hypothesis import Phase, given, seed, settings

from monitor import clock
from monitor.clinical.assess import assess
from monitor.clinical.facts.chartfile import read_chart
from monitor.episodes.queries import standing_steps
from monitor.episodes.timelines import facts_of
from monitor.trials.models import Cycle
from tests.clinical import generated
from tests.clinical.casefile import Variant, rows
from tests.clinical.charts import HEAD
from tests.playing import play

SETS = 4
SAID = ("level", "status", "grades", "max_grades", "patterns", "danger", "missing")
Told = tuple[str, datetime, str, str, int | None]


def said(lines):
    """What every line says, without who typed it."""
    return [(one["topic"], one["at"], *(one[part] for part in SAID)) for one in lines]


def kept(cycle: Cycle) -> list[Told]:
    """The steps that stand in the database."""
    steps = standing_steps().filter(episode__cycle=cycle).select_related("episode")
    return told(
        (step.episode.topic, step.at, step.level, step.status, step.max_grade)
        for step in steps
    )


def folded(assessment, scale: str) -> list[Told]:
    """The steps of the same episodes, by the core alone."""
    found = []
    for episode in assessment.episodes:
        for line in episode.steps:
            grades = line["max_grades"]
            grade = grades.get(scale, next(iter(grades.values()), None))
            at = datetime.fromisoformat(line["at"])
            found.append((episode.topic, at, line["level"], line["status"], grade))
    return told(found)


def told(every: Iterable[Told]) -> list[Told]:
    """In order of time, each once: a step is a change of level, status or grade."""
    found: dict[str, list[Told]] = {}
    for one in sorted(every):
        before = found.setdefault(one[0], [])
        if not before or before[-1][2:] != one[2:]:
            before.append(one)
    return [one for topic in sorted(found) for one in found[topic]]


def eventful(chart: list[generated.Written]) -> bool:
    """Several sets, a fever, a low pressure and a treatment."""
    told = {row.text for row in chart}
    fever = told & {f"reading,TEMP,{value},Cel" for value in ("38.0", "38.6", "39.5")}
    low = told & {f"reading,SYSBP,{value},mm[Hg]" for value in ("88", "89")}
    sets = sum(row.code == "RESP" for row in chart)
    treated = any(row.kind == "treatment" for row in chart)
    return bool(fever and low and treated and sets >= SETS)


def drawn_by(number: int) -> list[generated.Written]:
    """A chart of some course, the same for a number on every run."""
    found: list[list[generated.Written]] = []

    @seed(number)
    @settings(max_examples=1, database=None, phases=[Phase.generate], deadline=None)
    @given(one=generated.rows(full=True).filter(eventful))
    def draw(one):
        found.append(one)

    draw()
    return found[0]


def test_what_was_entered_row_by_row_is_what_the_whole_chart_replays(cast):
    text = HEAD + generated.chart(drawn_by(1))
    variant = Variant({"id": "G1"}, "", tuple(rows(text)), {}, {})
    cycle = play(cast, variant)
    end = max(row.seen for row in variant.rows) + timedelta(minutes=1)
    with clock.freeze(end):
        from_rows = assess(facts_of(cycle), now=end)
    pure = assess(read_chart(variant.chart()).facts, now=end)
    assert said(from_rows.lines) == said(pure.lines)
    assert kept(cycle) == folded(pure, "astct") != []
