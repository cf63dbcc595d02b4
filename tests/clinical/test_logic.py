"""A rule that is taken apart says what Polars says of it as one expression."""

from functools import reduce
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clinical.answers.reasoning import plan_of
from monitor.clinical.logic import Choice, Column, Joined, Known, Leaf, leaves_of
from monitor.clinical.study.protocol import Protocol
from monitor.clinical.tables import Sheet, Stage
from monitor.clinical.words import any_known, at_least, choose, highest, known
from monitor.clinical.written import Reader

NAMES = "abc"
ANSWERS = (True, False, None)
ALL_SAY = pl.all_horizontal(*NAMES)
EVERY = list(product(ANSWERS, repeat=len(NAMES)))


def of(*parts: st.SearchStrategy[pl.Expr]) -> st.SearchStrategy[pl.Expr]:
    """Every way in which a rule joins answers."""
    (one,) = parts
    several = st.lists(one, min_size=1, max_size=4)
    three = st.tuples(one, one, one)
    return st.one_of(
        st.tuples(one, one).map(lambda two: two[0] & two[1]),
        st.tuples(one, one).map(lambda two: two[0] | two[1]),
        one.map(lambda it: ~it),
        one.map(known),
        one.map(lambda it: it.fill_null(True)),
        one.map(lambda it: it.is_null()),
        one.map(lambda it: it.is_not_null()),
        several.map(any_known),
        several.map(pl.any_horizontal),
        several.map(pl.all_horizontal),
        several.map(pl.coalesce),
        several.map(lambda some: at_least(2, *some)),
        three.map(lambda it: choose(*it)),
        three.map(lambda it: pl.when(it[0]).then(it[1]).otherwise(it[2])),
        one.map(lambda it: pl.when(it).then(True)),
        one.map(lambda it: (it & pl.col("a")).forward_fill().over("g")),
        one.map(lambda it: (it & pl.col("b")).shift(1).over("g").fill_null(False)),
        one.map(lambda it: (it | pl.col("c")).cum_sum().over("g") > 1),
    )


LITERALS = [pl.lit(True), pl.lit(False), pl.lit(None, dtype=pl.Boolean)]
RULES = st.recursive(
    st.sampled_from([*map(pl.col, NAMES), *LITERALS]), of, max_leaves=9
)


def sheet_of(rows: list[tuple[bool | None, ...]], cycles: list[int]) -> Sheet:
    schema = dict.fromkeys(NAMES, pl.Boolean)
    answers = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet([pl.Series("g", cycles), *answers.get_columns()])


@given(
    rule=RULES,
    rows=st.lists(st.sampled_from(EVERY), min_size=3, max_size=9),
    cycles=st.sampled_from([1, 2]),
)
@settings(max_examples=400)
def test_a_rule_says_what_its_expression_says(rule, rows, cycles):
    sheet = sheet_of(rows, sorted(place % cycles for place in range(len(rows))))
    made = rule.cast(pl.Boolean).alias("answer")
    expected = sheet.frame().with_columns(made)["answer"]
    found = sheet.answer(Stage((rule.alias("answer"),)))[0]
    assert found.to_list() == expected.to_list()


@pytest.mark.parametrize("rows", [[one] * 2 for one in EVERY] + [EVERY], ids=str)
def test_a_grade_is_that_of_the_first_finding_that_is_known(rows):
    a, b, c = map(pl.col, NAMES)
    four = pl.when(a).then(pl.lit(4, pl.Int32)).when(b | c).then(pl.lit(2, pl.Int32))
    least = pl.lit(0, pl.Int32)
    for rule in (
        four.otherwise(least),
        four.otherwise(None),
        highest([(1, c), (3, a), (2, b & c), (0, c)]),
    ):
        assert isinstance(Reader().read(rule), Choice)
        sheet = sheet_of(rows, [0] * len(rows))
        expected = sheet.frame().select(rule.alias("grade"))["grade"]
        assert sheet.follow(Stage((rule.alias("grade"),)))["grade"].equals(expected)


def test_words_are_chosen_as_grades_are():
    rule = pl.when("a").then(pl.lit("graded")).otherwise(pl.lit("clear"))
    assert isinstance(Reader().read(rule), Choice)
    sheet = sheet_of(EVERY, [0] * len(EVERY)).follow(Stage((rule.alias("said"),)))
    assert sheet["said"].to_list() == ["graded" if a else "clear" for a, _, _ in EVERY]


@pytest.mark.parametrize("rows", [[one] * 2 for one in EVERY] + [EVERY], ids=str)
def test_a_value_is_there_where_the_answer_is_known_true(rows):
    rule = pl.when(pl.col("a") & pl.col("b")).then("number").alias("found")
    for number in (list(range(len(rows))), [None] * len(rows), [0.5] * len(rows)):
        sheet = sheet_of(rows, [0] * len(rows))
        sheet.add([pl.Series("number", number, dtype=pl.Float64)])
        expected = sheet.frame().select(rule)["found"]
        assert sheet.follow(Stage((rule,)))["found"].equals(expected)
        assert sheet["found"].dtype == pl.Float64


@pytest.mark.parametrize("number", [0.0, 1.0, 2.0, None])
@pytest.mark.parametrize("rows", [[one] * 2 for one in EVERY] + [EVERY], ids=str)
def test_a_value_by_cases_is_held_to_a_line_case_by_case(rows, number):
    cases = pl.when("a").then("number").when(pl.col("b").is_null()).then(2.0)
    for value in (cases, cases.otherwise(0.0), cases.otherwise(pl.col("number") - 1)):
        for rule in (value >= 1, value < 1, value > pl.lit(1.5), value == 2):
            sheet = sheet_of(rows, [0] * len(rows))
            sheet.add([pl.Series("number", [number] * len(rows), dtype=pl.Float64)])
            expected = sheet.frame().select(rule.alias("found"))["found"]
            assert sheet.answer(Stage((rule,)))[0].to_list() == expected.to_list()


def test_what_is_no_logic_is_left_as_it_is():
    for rule in (
        pl.col("now:TEMP") >= 38.0,
        pl.max_horizontal("a", "b"),
        pl.col("a").forward_fill().over("g"),
        pl.when("a").then("b").otherwise("c"),
    ):
        assert isinstance(Reader().read(rule), Leaf)


def test_what_two_rules_have_in_common_is_one_question():
    reader = Reader()
    low = pl.col("now:SYSBP") < 90.0
    one, other = reader.read(known(low) & pl.col("a")), reader.read(~known(low))
    assert isinstance(one, Joined)
    assert isinstance(one.parts[0], Known)
    assert isinstance(one.parts[1], Column)
    assert leaves_of(one) == leaves_of(other)
    assert len(leaves_of(one)) == 1


def test_so_many_of_several_is_a_question_of_its_own():
    rule = Reader().read(at_least(2, *(pl.col(name) & ALL_SAY for name in NAMES)))
    assert leaves_of(rule) == ()


def test_a_long_rule_is_one_question_of_many_parts():
    rule = reduce(lambda so_far, name: so_far & pl.col(name), NAMES, pl.col("d"))
    found = Reader().read(rule)
    assert isinstance(found, Joined)
    assert len(found.parts) == 4


def test_no_more_than_one_column_in_three_is_left_to_polars():
    """A newer Polars that writes its expressions in other words would be slow."""
    plan = plan_of(Protocol.default().lines)
    rules = [part for each in plan.rounds for part in each.raw.parts]
    left = [part for part in rules if isinstance(part.rule, Leaf)]
    assert 3 * len(left) < len(rules)
