"""What {{ name | filter }} becomes: a value looked up, put into words, never a hole."""

from collections.abc import Callable
from dataclasses import dataclass, field

from jinja2 import nodes

from hub.compose.alphabet import tidy
from hub.compose.constructs import refusal
from hub.compose.faults import TemplateError, UnfitValue
from hub.compose.filters import (
    FILTERS,
    FIRST_WORD,
    SHOWN,
    TEXT,
    Filter,
    Scope,
    Step,
    Wording,
    first_of,
)
from hub.compose.names import Names, Reference
from hub.compose.values import LONGEST_VALUE, Unfit, clean

Part = Callable[[Scope], str]

MOST_FILTERS = 5
_CALLED = {int: "a number", str: "a text"}


@dataclass
class Chain:
    """The way from a raw value to words; grows as the filters are read."""

    kind: str
    fields: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    fallback: str | None = None


def output_of(node: nodes.Node, names: Names) -> Part:
    """The part that shows this variable."""
    filters: list[nodes.Filter] = []
    while isinstance(node, nodes.Filter):
        filters.append(node)
        if node.node is None:
            raise refusal(node)
        node = node.node
    if len(filters) > MOST_FILTERS:
        words = f"There are {len(filters)} filters in a row, more than {MOST_FILTERS}."
        raise TemplateError(filters[0].lineno, f"{words} Remove some.")
    reference = names.resolve(node)
    chain = Chain(reference.kind, reference.fields)
    for one in reversed(filters):
        _extend(chain, one, reference.label)
    if not chain.wordings:
        _put_into_words(chain, node.lineno, reference.label)
    return _shown(reference, chain)


def _extend(chain: Chain, node: nodes.Filter, label: str) -> None:
    if node.name == "default":
        chain.fallback = str(*_arguments(node, (str,))).strip()
        if not chain.fallback:
            raise TemplateError(node.lineno, "«default» needs words between the quotes.")
        return
    known = _filter_of(node, chain)
    if chain.kind not in known.takes:
        words = f"The filter «{node.name}» does not fit «{label}», which is a {chain.kind}."
        raise TemplateError(node.lineno, f"{words} Remove the filter.")
    arguments = _arguments(node, known.arguments)
    if known.wording is not None:
        _put_into_words(chain, node.lineno, label)
        chain.wordings.append(known.wording(*arguments))
    elif known.step is not None:
        chain.steps.append(known.step(*arguments))
        chain.kind = known.gives


def _filter_of(node: nodes.Filter, chain: Chain) -> Filter:
    if node.name == "first":
        return first_of(chain.fields) if chain.kind == "list" else FIRST_WORD
    if node.name in FILTERS:
        return FILTERS[node.name]
    listed = ", ".join(sorted([*FILTERS, "default", "first"]))
    words = f"«{node.name}» is not a filter. The filters are: {listed}."
    raise TemplateError(node.lineno, words)


def _arguments(node: nodes.Filter, types: tuple[type, ...]) -> tuple[object, ...]:
    """Constants of the right types, texts tidy, numbers from 1 to 500."""
    given = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
    extra = node.kwargs or node.dyn_args or node.dyn_kwargs
    if extra or len(given) != len(node.args) or [type(value) for value in given] != list(types):
        wanted = " and ".join(_CALLED[one] for one in types) or "nothing"
        raise TemplateError(node.lineno, f"The filter «{node.name}» takes {wanted} in brackets.")
    if any(isinstance(value, int) and not 1 <= value <= LONGEST_VALUE for value in given):
        words = f"«{node.name}» takes a number from 1 to {LONGEST_VALUE}."
        raise TemplateError(node.lineno, words)
    return tuple(tidy(value) if isinstance(value, str) else value for value in given)


def _put_into_words(chain: Chain, line: int, label: str) -> None:
    if chain.kind == TEXT and chain.steps:
        return
    if chain.kind not in SHOWN:
        advice = "Use it in «if»." if chain.kind == "flag" else "Use «for», or the filter «first»."
        raise TemplateError(line, f"«{label}» is a {chain.kind} and has no words. {advice}")
    chain.steps.append(SHOWN[chain.kind])
    chain.kind = TEXT


def _shown(reference: Reference, chain: Chain) -> Part:
    read, label, fallback = reference.read, reference.label, chain.fallback
    steps, wordings = tuple(chain.steps), tuple(chain.wordings)

    def show(scope: Scope) -> str:
        value = read(scope)
        try:
            for step in steps:
                if value is None:
                    break
                value = step(value, scope)
        except Unfit as unfit:
            raise UnfitValue(label, str(unfit)) from None
        text = value if isinstance(value, str) else _instead(label, fallback, scope)
        for wording in wordings:
            text = wording(text)
        return text

    return show


def _instead(label: str, fallback: str | None, scope: Scope) -> str:
    """The default of a missing value; without one the name is noted and the text never leaves."""
    words = fallback or clean(scope.defaults.get(label, ""))
    (scope.filled if words else scope.missing).append(label)
    return words
