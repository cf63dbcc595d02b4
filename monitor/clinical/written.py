"""Rules are read in the form in which Polars writes its expressions.

What is not known here is left to Polars as it is (a `Leaf`), so that a rule never means
anything else than its expression does.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from monitor.clinical import shapes
from monitor.clinical.logic import (
    Choice,
    Column,
    Constant,
    Enough,
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
from monitor.clinical.shapes import Written

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
        if shapes.is_logic(written):
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
            made, alone = (
                shapes.as_expression(one, name)
                for one in (written, shapes.on_one_cycle(written))
            )
            self._leaves[text] = Leaf(
                made, alone, shapes.asked_for_gaps(written), shapes.compares(written)
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
            case {
                "BinaryExpr": {"op": "GtEq" | "Lt" as op, "left": tally, "right": least}
            }:
                if (parts := shapes.tallied(tally)) and (
                    number := shapes.number_of(least)
                ):
                    enough = self._enough(parts, number)
                    return enough if op == "GtEq" else self._not(enough)
                return self._leaf(written)
            case {
                "BinaryExpr": {"op": op, "left": {"Ternary": one}, "right": line}
            } if op in shapes.ORDERS and "Literal" in line:
                return self._either(
                    self._node(one["predicate"]),
                    self._node(shapes.compared(one["truthy"], op, line)),
                    shapes.compared(one["falsy"], op, line),
                )
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
            case {"Boolean": "IsNotNull"}, [part] if shapes.is_logic(part):
                return self._is_known(self._node(part))
            case {"Boolean": "IsNull"}, [part] if shapes.is_logic(part):
                return self._not(self._is_known(self._node(part)))
            case {"Boolean": "IsNotNull"}, [{"Column": _}]:
                there = {"input": parts, "function": {"Boolean": "IsNull"}}
                return self._not(self._leaf({"Function": there}))
            case "FillNull", [part, _] if (
                unless := shapes.yes_or_no(parts[1])
            ) is not None:
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

    def _enough(self, parts: Iterable[Written], number: float) -> Node:
        each = tuple(self._known(self._node(part)) for part in parts)
        return self._once("enough", number, *each, make=lambda: Enough(each, number))

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
        written = shapes.by_rank(written)
        arms: list[tuple[Node, Any]] = []
        kinds = set[str]()
        while "Ternary" in written:
            part = written["Ternary"]
            if (value := shapes.value_of(part["truthy"])) is None:
                return None
            arms.append((self._node(part["predicate"]), value[1]))
            kinds.add(value[0])
            written = part["falsy"]
        last = shapes.value_of(written)
        kinds |= {last[0]} if last else set()
        if last is None or len(kinds - {""}) != 1:
            return None
        kind = KINDS[next(iter(kinds - {""}))]
        said = ((test, same_of(value, kind)) for test, value in arms)
        return Choice(tuple(said), same_of(last[1], kind))
