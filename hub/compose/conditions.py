"""What an «if» may ask: names, constants, comparisons, and/or/not."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinja2 import nodes

from hub.compose.faults import TemplateError, UnfitValue
from hub.compose.filters import ANY, Scope
from hub.compose.names import Names, Reference
from hub.compose.values import Unfit, money_of, number_of, text_of

Test = Callable[[Scope], bool]
Operator = Callable[[Any, Any], Any]  # as the operator module types them

_FALSE = frozenset({"false", "no", "0"})
_COMPARED_AS = {
    "text": "text",
    "url": "text",
    "number": "number",
    "money": "number",
    "flag": "flag",
    ANY: ANY,
}
_OPERATORS: dict[str, Operator] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
}


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its words, what it compares as, its value (None: missing)."""

    label: str
    kind: str
    read: Callable[[Scope], object]


def condition_of(node: nodes.Node, names: Names) -> Test:
    """The condition as a function of the values; a missing variable is false."""
    match node:
        case nodes.And():
            left, right = condition_of(node.left, names), condition_of(node.right, names)
            return lambda scope: left(scope) and right(scope)
        case nodes.Or():
            left, right = condition_of(node.left, names), condition_of(node.right, names)
            return lambda scope: left(scope) or right(scope)
        case nodes.Not():
            inner = condition_of(node.node, names)
            return lambda scope: not inner(scope)
        case nodes.Compare():
            return _comparison(node, names)
        case nodes.Const():
            fixed = bool(node.value)
            return lambda _: fixed
        case _:
            return _truth(names.resolve(node))


def _comparison(node: nodes.Compare, names: Names) -> Test:
    if len(node.ops) != 1:
        raise TemplateError(node.lineno, "Compare two values at a time, joined with «and».")
    asked = node.ops[0]
    if asked.op not in _OPERATORS:
        raise TemplateError(node.lineno, "«in» is not allowed. Compare with == and join with «or».")
    left, right = _side(node.expr, names), _side(asked.expr, names)
    if ANY not in (left.kind, right.kind) and left.kind != right.kind:
        words = f"«{left.label}» is a {left.kind} and «{right.label}» a {right.kind}."
        raise TemplateError(node.lineno, f"{words} Compare values of one kind.")
    compare = _OPERATORS[asked.op]
    return lambda scope: _compared(asked.op, compare, left.read(scope), right.read(scope))


def _compared(op: str, compare: Operator, left: object, right: object) -> bool:
    """Values of different types, a missing one included, are unequal and in no order."""
    if type(left) is not type(right) or left is None:
        unequal = not (left is None and right is None)
        return unequal if op == "ne" else op == "eq" and not unequal
    return bool(compare(left, right))


def _side(node: nodes.Node, names: Names) -> Side:
    if isinstance(node, nodes.Const):
        return _constant(node)
    reference = names.resolve(node)
    kind = _COMPARED_AS.get(reference.kind)
    if kind is None:
        words = f"«{reference.label}» is a {reference.kind}, which cannot be compared."
        raise TemplateError(node.lineno, words)

    def read(scope: Scope) -> object:
        value = reference.read(scope)
        return None if value is None else _fitting(reference, _comparable, value, reference.kind)

    return Side(reference.label, kind, read)


def _constant(node: nodes.Const) -> Side:
    value = node.value
    if value is None:
        raise TemplateError(node.lineno, "«none» is not allowed. Write «not name».")
    if isinstance(value, bool):
        return Side(str(value).lower(), "flag", lambda _: value)
    if isinstance(value, str):
        return Side(value, "text", lambda _: value)
    number = Decimal(str(value))
    return Side(str(value), "number", lambda _: number)


def _comparable(value: object, kind: str) -> object:
    match kind:
        case "number":
            return number_of(value)
        case "money":
            return money_of(value)[0]
        case "flag":
            return _is_true(value)
        case "text" | "url":
            return text_of(value)
        case _:
            return _by_shape(value)


def _by_shape(value: object) -> object:
    if isinstance(value, bool | str):
        return value
    return money_of(value)[0] if isinstance(value, dict) else number_of(value)


def _truth(reference: Reference) -> Test:
    numeric = reference.kind in ("number", "money")

    def ask(scope: Scope) -> bool:
        value = reference.read(scope)
        if value is None or not numeric:
            return _is_true(value)
        return bool(_fitting(reference, _comparable, value, reference.kind))

    return ask


def _is_true(value: object) -> bool:
    return value.lower() not in _FALSE if isinstance(value, str) else bool(value)


def _fitting(
    reference: Reference, convert: Callable[[object, str], object], value: object, kind: str
) -> object:
    try:
        return convert(value, kind)
    except Unfit as unfit:
        raise UnfitValue(reference.label, str(unfit)) from None
