"""What an expression is, by the form in which Polars writes it.

The one place that knows this form. What it does not know is nothing special.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import polars as pl

Written = Mapping[str, Any]
# `&` and `|` could be of the bits of numbers, too, but in no rule are.
ORDERS = frozenset({"Eq", "NotEq", "Lt", "LtEq", "Gt", "GtEq"})
COMPARISONS = ORDERS | {"And", "Or"}
SUMS = frozenset({"Plus", "Minus", "Multiply", "TrueDivide"})
KEEPING = frozenset({"FillNullWithStrategy", "CumSum", "CumMax", "CumMin"})


def is_logic(written: Written) -> bool:
    """Whether it is certain to be true, false or unknown."""
    match written:
        case {"Literal": {"Scalar": {"Boolean": _} | {"Null": "Boolean"}}}:
            return True
        case {"BinaryExpr": {"op": op}}:
            return op in COMPARISONS
        case {"Function": {"function": {"Boolean": _}}}:
            return True
        case {"Function": {"input": [_, other], "function": "FillNull"}}:
            return yes_or_no(other) is not None
        case {"Function": {"input": parts, "function": "Coalesce"}}:
            return any(map(is_logic, parts))
        case {"Ternary": {"truthy": one, "falsy": other}}:
            return is_logic(one) or is_logic(other)
    return False


def as_expression(written: Written, name: str) -> pl.Expr:
    text = json.dumps(written).encode()
    return pl.Expr.deserialize(BytesIO(text), format="json").alias(name)


def on_one_cycle(written: Any) -> Any:
    """Without `over`, which costs as much as all the rest and divides nothing there."""
    match written:
        case {"Over": {"function": {"Function": {"function": function}} as inner}} if (
            written["Over"]["partition_by"] == [{"Column": "g"}] and _keeps(function)
        ):
            return on_one_cycle(inner)
        case dict():
            return {name: on_one_cycle(part) for name, part in written.items()}
        case list():
            return list(map(on_one_cycle, written))
    return written


def _keeps(function: Any) -> bool:
    """Whether it gives as many rows as it is given, in their order."""
    return function == "Shift" or (
        isinstance(function, dict) and set(function) <= KEEPING
    )


def asked_for_gaps(written: Written) -> str:
    match written:
        case {
            "Function": {
                "input": [{"Column": str(name)}],
                "function": {"Boolean": "IsNull"},
            }
        }:
            return name
    return ""


def compares(written: Written) -> bool:
    """Whether it is a comparison of numbers or times, each read or worked out."""
    match written:
        case {"BinaryExpr": {"op": op, "left": one, "right": other}}:
            return op in ORDERS and _is_number(one) and _is_number(other)
    return False


def _is_number(written: Written) -> bool:
    """Whether it is unknown as soon as one of the columns that it reads is."""
    match written:
        case {"Column": _} | {"Literal": _}:
            return True
        case {"BinaryExpr": {"op": op, "left": one, "right": other}}:
            return op in SUMS and _is_number(one) and _is_number(other)
        case {"Function": {"input": [part], "function": {"Round": _}}}:
            return _is_number(part)
    return False


def yes_or_no(written: Written) -> bool | None:
    match written:
        case {"Literal": {"Scalar": {"Boolean": bool(value)}}}:
            return value
    return None


def by_rank(written: Written) -> Written:
    """The highest of numbers, each given where something holds, as one choice."""
    match written:
        case {"Function": {"input": [least, *others], "function": "MaxHorizontal"}}:
            floor, arms = value_of(least), [one.get("Ternary") for one in others]
            if not floor or floor[1] is None or not all(map(_is_arm, arms)):
                return written
            chosen = least
            for arm in sorted(arms, key=_rank):
                if _rank(arm) > floor[1]:
                    chosen = {"Ternary": {**arm, "falsy": chosen}}
            return chosen
    return written


def _is_arm(arm: Written | None) -> bool:
    """A number of the same kind, or nothing."""
    if arm is None or value_of(arm["falsy"]) != ("", None):
        return False
    found = value_of(arm["truthy"])
    return found is not None and found[0] == "Int32" and found[1] is not None


def _rank(arm: Written) -> int:
    return int(arm["truthy"]["Literal"]["Scalar"]["Int32"])


def compared(value: Written, op: str, line: Written) -> Written:
    """One of two values with the line; of nothing it is unknown."""
    if value_of(value) == ("", None):
        return value
    return {"BinaryExpr": {"left": value, "op": op, "right": line}}


def tallied(written: Written) -> list[Written]:
    """Of a sum of answers, of which true counts as one: the answers."""
    match written:
        case {"BinaryExpr": {"op": "Plus", "left": one, "right": other}}:
            first, second = tallied(one), tallied(other)
            return first + second if first and second else []
        case {"Function": {"input": parts, "function": {"SumHorizontal": _}}}:
            casts = [part.get("Cast", {}) for part in parts]
            if all(one.get("dtype") == {"Literal": "Int32"} for one in casts):
                answers = [one["expr"] for one in casts]
                return answers if all(map(is_logic, answers)) else []
    return []


def number_of(written: Written) -> float | None:
    match written:
        case {"Literal": {"Dyn": {"Int": number} | {"Float": number}}}:
            return number
    return None


def value_of(written: Written) -> tuple[str, Any] | None:
    """The kind and the value of what stands there as a value; '' if it is unknown."""
    match written:
        case {"Literal": {"Scalar": {"Null": kind}}}:
            return ("" if kind == "Null" else kind), None
        case {"Literal": {"Scalar": {"Int32": value}}}:
            return "Int32", value
        case {"Literal": {"Scalar": {"String": value}}}:
            return "String", value
    return None
