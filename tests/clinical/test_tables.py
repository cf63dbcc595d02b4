"""A sheet answers as one frame of every row would, whatever it need not work out."""

from itertools import product

import polars as pl
import pytest

from monitor.clinical.assess import reasoned
from monitor.clinical.facts.intake import take_in
from monitor.clinical.instants import timeline
from monitor.clinical.logic import same_of
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet, Stage
from tests.benchmarks.charts import facts

A, B = pl.col("a"), pl.col("b")
BY_ROW = {
    "and": A & B,
    "or": A | B,
    "not": ~A,
    "if": pl.when(A).then(B).otherwise(None),
    "known": A.fill_null(False),
    "any": pl.any_horizontal(A, B),
    "nothing": A.is_null(),
}
ACROSS = {
    "the row before": A.shift(1),
    "carried on": A.forward_fill(),
    "so far": A.cum_sum(),
    "within the cycle": A.fill_null(True).shift(1).over("g").fill_null(False),
    "beneath another": pl.when(A.shift(1).is_null()).then(True).otherwise(B),
}
ANSWERS = (True, False, None)


def sheet_of(**columns: list) -> Sheet:
    schema = {name: pl.Boolean for name in columns if name in "ab"}
    return Sheet(pl.DataFrame(columns, schema_overrides=schema).get_columns())


@pytest.mark.parametrize(("a", "b"), list(product(ANSWERS, repeat=2)), ids=str)
@pytest.mark.parametrize("rule", [*BY_ROW, *ACROSS])
def test_what_follows_from_one_answer_is_what_every_row_would_give(rule, a, b):
    made = ((BY_ROW | ACROSS)[rule]).alias("answer")
    sheet = sheet_of(g=[0, 0, 1], a=[a] * 3, b=[b] * 3)
    expected = sheet.frame().select(made)["answer"]
    for _ in range(2):
        assert sheet.answer(Stage((made,)))[0].to_list() == expected.to_list()
    assert sheet.follow(Stage((made,)))["answer"].equals(expected)


@pytest.mark.parametrize("rule", BY_ROW)
def test_a_remembered_answer_is_of_these_values_alone(rule):
    step = Stage((BY_ROW[rule].alias("answer"),))
    for a, b in [*product(ANSWERS, repeat=2)] * 2:
        sheet = sheet_of(a=[a] * 2, b=[b] * 2)
        expected = sheet.frame().select(BY_ROW[rule].alias("answer"))
        assert sheet.answer(step)[0].to_list() == expected["answer"].to_list()


@pytest.mark.parametrize("rule", ACROSS)
def test_what_looks_at_another_row_is_never_taken_from_memory(rule):
    (part,) = Stage((ACROSS[rule],)).parts
    assert not part.by_row


def test_a_column_that_is_set_anew_says_what_it_says_now():
    sheet = sheet_of(a=[True, True], b=[None, True])
    assert sheet.says("a", True)
    assert not sheet.says("b", True)
    sheet.add([pl.Series("a", [True, False]), pl.Series("b", [True, True])])
    assert not sheet.says("a", True)
    assert sheet.says("b", True)
    sheet.constant(["a"], None, pl.Boolean())
    assert sheet["a"].to_list() == [None, None]
    assert sheet.same["a"] is same_of(None, pl.Boolean())


def test_a_number_is_not_a_yes():
    sheet = Sheet(pl.DataFrame({"one": [1, 1], "yes": [True, True]}).get_columns())
    step = Stage((pl.col("one").alias("x"), pl.col("yes").alias("y")))
    assert [one.to_list() for one in sheet.answer(step)] == [[1, 1], [True, True]]
    assert not sheet.says("one", True)


def test_places_are_taken_of_both_kinds_of_columns():
    sheet = sheet_of(g=[0, 0, 1], a=[True, True, True], b=[None, True, False])
    some = sheet.at(pl.Series([0, 2], dtype=pl.UInt32), ["g", "a", "b"])
    assert some.frame().to_dict(as_series=False) == {
        "g": [0, 1],
        "b": [None, False],
        "a": [True, True],
    }
    assert sheet.values("a", pl.Series([2], dtype=pl.UInt32)) == [True]


@pytest.mark.parametrize("people", [1, 6])
def test_the_whole_core_answers_as_if_nothing_were_remembered(monkeypatch, people):
    protocol, chart = Protocol.default(), facts(people, 3.0, seed=7)

    def answered() -> pl.DataFrame:
        built = timeline.build(take_in(chart), protocol)
        return reasoned(built.sheet, protocol).frame()

    short = answered()
    monkeypatch.setattr(Sheet, "_said", lambda sheet, part: None)
    whole = answered()
    assert set(short.columns) == set(whole.columns)
    assert short.select(sorted(short.columns)).equals(
        whole.select(sorted(whole.columns))
    )


def test_cycles_together_are_answered_as_each_alone():
    """Also what is followed only where it happens, which is not in each of them."""
    protocol, chart = Protocol.default(), facts(8, 4.0, seed=3)

    def answered(some: pl.DataFrame) -> pl.DataFrame:
        built = timeline.build(take_in(some), protocol)
        return reasoned(built.sheet, protocol).frame().drop("g")

    together = answered(chart)
    alone = [answered(part) for part in chart.partition_by("participant")]
    assert together["standing:hypotension"].any()
    assert any(not one["standing:hypotension"].any() for one in alone)
    names = sorted(set(together.columns).intersection(*(one.columns for one in alone)))
    found = pl.concat([one.select(names) for one in alone])
    assert together.select(names).equals(found)
    assert len(names) == len(together.columns)
