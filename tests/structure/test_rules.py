"""A rule of the clinical core holds no number and skips no null."""

import ast

import pytest

from tests.structure.sources import Modules, rules

# In Polars these pass over what is unknown, as if it had not been asked.
NULL_SKIPPING = {
    "all",
    "any",
    "coalesce",
    "cum_count",
    "cum_max",
    "cum_min",
    "cum_sum",
    "drop_nulls",
    "fill_nan",
    "fill_null",
    "filter",
    "max_horizontal",
    "mean_horizontal",
    "min_horizontal",
    "sum_horizontal",
    "when",
}

GRADES = range(1, 6)


def numbers(sources: Modules) -> list[str]:
    """Where a number stands. True and False are answers, and text is no number."""
    return [
        f"{name}:{node.lineno} {node.value}"
        for name, source in sources.items()
        for tree in [ast.parse(source)]
        for node in set(ast.walk(tree)) - grades(tree)
        if isinstance(node, ast.Constant) and type(node.value) in {int, float}
    ]


def grades(tree: ast.AST) -> set[ast.AST]:
    """The grade in a pair `(3, "high_flow")`: what a scale answers, not a limit."""
    return {
        pair.elts[0]
        for pair in ast.walk(tree)
        if isinstance(pair, ast.Tuple)
        and [type(part) for part in pair.elts] == [ast.Constant, ast.Constant]
        and [type(part.value) for part in pair.elts] == [int, str]
        and pair.elts[0].value in GRADES
    }


def null_skippers(sources: Modules) -> list[str]:
    return [
        f"{name}:{node.lineno} {node.func.attr}"
        for name, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in NULL_SKIPPING
    ]


def test_there_are_rules_to_walk():
    assert "monitor.clinical.signs" in rules()


def test_no_number_stands_in_a_rule():
    assert numbers(rules()) == []


def test_no_rule_skips_a_null():
    assert null_skippers(rules()) == []


@pytest.mark.parametrize(
    "planted",
    [
        'def fever(lines):\n    return now("TEMP") >= 38',
        'def fever(lines):\n    return now("TEMP") >= 38.0',
        "def steep(lines, line=-20):\n    return fall() > line",
        'ARMS = ((38, "fever"), (2.5, "steep"), (0, "well"))',
    ],
)
def test_a_planted_number_is_found(planted):
    assert numbers({"monitor.clinical.signs": planted})


def test_the_grade_of_a_pair_is_let_be():
    assert numbers({"monitor.clinical.grading.crs": 'ARMS = ((3, "fever"),)'}) == []


@pytest.mark.parametrize(
    "planted",
    [
        "pl.max_horizontal(fever, low)",
        "fever.any()",
        "fever.all()",
        "pl.when(fever).then(low)",
        "frame.filter(fever)",
        "fever.cum_max()",
        "fever.fill_null(False)",
    ],
)
def test_a_planted_null_skipper_is_found(planted):
    assert null_skippers({"monitor.clinical.signs": planted})
