"""Rules are read in the form in which Polars writes its expressions.

What is not known here is left to Polars as it is (a `Leaf`), so that a rule never means
anything else than its expression does.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any

import polars as pl

from monitor.clinical.logic import (
    Choice,
    Column,
    Constant,
    Joined,
    Kind,
    Known,
    Leaf,
    Node,
    Not,
    Rule,
    Where,
    same_of,
)

Written = Mapping[str, Any]
# `&` and `|` could be of the bits of numbers, too, but in no rule are.
ORDERS = frozenset({"Eq", "NotEq", "Lt", "LtEq", "Gt", "GtEq"})
COMPARISONS = ORDERS | {"And", "Or"}
SUMS = frozenset({"Plus", "Minus", "Multiply", "RustDivide", "TrueDivide"})
# What gives as many rows as it is given, in their order.
KEEPING = frozenset({"FillNullWithStrategy", "CumSum", "CumMax", "CumMin"})
KINDS: dict[str, Kind] = {"Int32": pl.Int32(), "String": pl.String()}


class Reader:
    """Takes expressions apart; what several of them have in common, once."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Node] = {}
        self._leaves: dict[str, Leaf] = {}

    def read(self, made: pl.Expr) -> Rule:
        written = json.loads(made.meta.serialize(format="json"))
        while "Alias" in written:
            written = written["Alias"][0]
        if _is_logic(written):
            return self._node(written)
        return self._choice(written) or self._where(written) or self._leaf(written)

    def _once(self, *key: Any, make: Callable[[], Node]) -> Node:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _leaf(self, written: Written) -> Leaf:
        text = json.dumps(written)
        if text not in self._leaves:
            # A column's name counts for nothing here, so long as there is no other.
            name = f"{len(self._leaves)}"
            made, alone = (_expression(one, name) for one in (written, _alone(written)))
            self._leaves[text] = Leaf(
                made, alone, _nothing(written), _compares(written)
            )
        return self._leaves[text]

    def _node(self, written: Written) -> Node:
        """Of an expression that is true, false or unknown."""
        match written:
            case {"Column": str(name)}:
                return self._once("column", name, make=lambda: Column(name))
            case {"Literal": {"Scalar": {"Boolean": bool(value)}}}:
                return self._constant(value)
            case {"Literal": {"Scalar": {"Null": _}}}:
                return self._constant(None)
            case {"BinaryExpr": {"op": "And", "left": one, "right": other}}:
                return self._all((one, other))
            case {"BinaryExpr": {"op": "Or", "left": one, "right": other}}:
                return self._any((one, other))
            case {"Ternary": {"predicate": test, "truthy": then, "falsy": other}}:
                return self._either(self._node(test), self._node(then), other)
            case {"Function": {"input": parts, "function": function}}:
                return self._function(parts, function) or self._leaf(written)
        return self._leaf(written)

    def _function(self, parts: list[Written], function: Any) -> Node | None:
        match function, parts:
            case {"Boolean": "AllHorizontal"}, _:
                return self._all(parts)
            case {"Boolean": "AnyHorizontal"}, _:
                return self._any(parts)
            case {"Boolean": "Not"}, [part]:
                return self._not(self._node(part))
            case {"Boolean": "IsNotNull"}, [part] if _is_logic(part):
                return self._is_known(self._node(part))
            case {"Boolean": "IsNull"}, [part] if _is_logic(part):
                return self._not(self._is_known(self._node(part)))
            case {"Boolean": "IsNotNull"}, [{"Column": _}]:
                there = {"input": parts, "function": {"Boolean": "IsNull"}}
                return self._not(self._leaf({"Function": there}))
            case "FillNull", [part, _] if (unless := _yes_or_no(parts[1])) is not None:
                return self._filled(part, unless)
            case "Coalesce", [first, *others] if others:
                node, rest = self._node(first), {"input": others, "function": function}
                return self._either(self._is_known(node), node, {"Function": rest})
            case "Coalesce", [only]:
                return self._node(only)
        return None

    def _filled(self, part: Written, unless: bool) -> Node:
        """With an answer for unknown. A maximum is true where one of its parts is."""
        match part:
            case {"Function": {"input": parts, "function": "MaxHorizontal"}} if (
                not unless
            ):
                return self._known(self._any(parts))
        node = self._node(part)
        return self._not(self._known(self._not(node))) if unless else self._known(node)

    def _constant(self, value: bool | None) -> Node:
        return self._once("constant", value, make=lambda: Constant(value))

    def _not(self, part: Node) -> Node:
        return self._once("not", part, make=lambda: Not(part))

    def _known(self, part: Node) -> Node:
        return self._once("known", part, make=lambda: Known(part))

    def _is_known(self, part: Node) -> Node:
        either = (self._known(part), self._known(self._not(part)))
        return self._joined(either, True)

    def _either(self, test: Node, then: Node, otherwise: Written) -> Node:
        """One where the test is known true, else the other."""
        yes = self._known(test)
        one = self._joined((yes, then), False)
        other = self._joined((self._not(yes), self._node(otherwise)), False)
        return self._joined((one, other), True)

    def _all(self, parts: Iterable[Written]) -> Node:
        return self._joined(map(self._node, parts), False)

    def _any(self, parts: Iterable[Written]) -> Node:
        return self._joined(map(self._node, parts), True)

    def _joined(self, parts: Iterable[Node], settles: bool) -> Node:
        flat: dict[Node, None] = {}
        for part in parts:
            if isinstance(part, Joined) and part.settles is settles:
                flat.update(dict.fromkeys(part.parts))
            else:
                flat[part] = None
        every = tuple(flat)
        if len(every) == 1:
            return every[0]
        return self._once(settles, *every, make=lambda: Joined(every, settles))

    def _where(self, written: Written) -> Where | None:
        match written:
            case {
                "Ternary": {
                    "predicate": test,
                    "truthy": {"Column": str(name)},
                    "falsy": {"Literal": {"Scalar": {"Null": _}}},
                }
            }:
                return Where(self._node(test), name)
        return None

    def _choice(self, written: Written) -> Choice | None:
        """Of an expression that says one of several values, as they are written."""
        arms: list[tuple[Node, Any]] = []
        kinds = set[str]()
        while "Ternary" in written:
            part = written["Ternary"]
            if (value := _value(part["truthy"])) is None:
                return None
            arms.append((self._node(part["predicate"]), value[1]))
            kinds.add(value[0])
            written = part["falsy"]
        last = _value(written)
        kinds |= {last[0]} if last else set()
        if not arms or last is None or len(kinds - {""}) != 1:
            return None
        kind = KINDS[next(iter(kinds - {""}))]
        said = ((test, same_of(value, kind)) for test, value in arms)
        return Choice(tuple(said), same_of(last[1], kind))


def _is_logic(written: Written) -> bool:
    """Whether it is certain to be true, false or unknown."""
    match written:
        case {"Literal": {"Scalar": {"Boolean": _} | {"Null": "Boolean"}}}:
            return True
        case {"BinaryExpr": {"op": op}}:
            return op in COMPARISONS
        case {"Function": {"function": {"Boolean": _}}}:
            return True
        case {"Function": {"input": [_, other], "function": "FillNull"}}:
            return _yes_or_no(other) is not None
        case {"Function": {"input": parts, "function": "Coalesce"}}:
            return any(map(_is_logic, parts))
        case {"Ternary": {"truthy": one, "falsy": other}}:
            return _is_logic(one) or _is_logic(other)
    return False


def _expression(written: Written, name: str) -> pl.Expr:
    text = json.dumps(written).encode()
    return pl.Expr.deserialize(BytesIO(text), format="json").alias(name)


def _alone(written: Any) -> Any:
    """Without `over`, which costs as much as all the rest and divides nothing there."""
    match written:
        case {"Over": {"function": {"Function": {"function": function}} as inner}} if (
            written["Over"]["partition_by"] == [{"Column": "g"}]
            and (function == "Shift" or set(function) <= KEEPING)
        ):
            return _alone(inner)
        case dict():
            return {name: _alone(part) for name, part in written.items()}
        case list():
            return list(map(_alone, written))
    return written


def _nothing(written: Written) -> str:
    match written:
        case {
            "Function": {
                "input": [{"Column": str(name)}],
                "function": {"Boolean": "IsNull"},
            }
        }:
            return name
    return ""


def _compares(written: Written) -> bool:
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


def _yes_or_no(written: Written) -> bool | None:
    match written:
        case {"Literal": {"Scalar": {"Boolean": bool(value)}}}:
            return value
    return None


def _value(written: Written) -> tuple[str, Any] | None:
    """The kind and the value of what stands there as a value; '' if it is unknown."""
    match written:
        case {"Literal": {"Scalar": {"Null": kind}}}:
            return ("" if kind == "Null" else kind), None
        case {"Literal": {"Scalar": {"Int32": value}}}:
            return "Int32", value
        case {"Literal": {"Scalar": {"String": value}}}:
            return "String", value
    return None
