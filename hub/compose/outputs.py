"""What {{ name | filter }} becomes: a value looked up, put into words, never a hole."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from jinja2 import nodes

from hub.compose.alphabet import tidy
from hub.compose.constructs import refusal
from hub.compose.faults import TemplateError, UnfitValue
from hub.compose.filters import (
    ANY,
    FILTERS,
    FIRST_WORD,
    SHOWN,
    TEXT,
    Filter,
    Scope,
    Step,
    Wording,
    first_of,
    linked,
    short,
)
from hub.compose.names import Names, Reference
from hub.compose.values import LONGEST_VALUE, Unfit, clean

Part = Callable[[Scope], str]

MOST_FILTERS = 5
_ADDRESS = re.compile(r"https://[^\s/]\S*")
_CALLED = {int: "a number", str: "a text"}


@dataclass
class Chain:
    """The way from a raw value to words; grows as the filters are read. `named` are the filters
    with their arguments, in order; `short` says that a link comes out."""

    kind: str
    fields: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    fallback: str | None = None
    named: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)
    short: bool = False


def output_of(node: nodes.Node, names: Names) -> Part:
    """The part that shows this variable."""
    return part_of(*chain_of(node, names))


def chain_of(node: nodes.Node, names: Names) -> tuple[Reference, Chain]:
    """What is shown, and its way into words. Raises TemplateError."""
    filters: list[nodes.Filter] = []
    while isinstance(node, nodes.Filter):
        filters.append(node)
        if node.node is None:
            raise refusal(node)
        node = node.node
    if len(filters) > MOST_FILTERS:
        words = f"There are {len(filters)} filters in a row, more than {MOST_FILTERS}."
        raise TemplateError(filters[0].lineno, f"{words} Remove some.")
    reference = _address_of(node, filters) or names.resolve(node)
    chain = Chain(reference.kind, reference.fields)
    for one in reversed(filters):
        _extend(chain, one, reference.label)
    if not chain.wordings:
        _put_into_words(chain, node.lineno, reference.label)
    return reference, chain


def _address_of(node: nodes.Node, filters: list[nodes.Filter]) -> Reference | None:
    """An address written out, which only «short» may show: {{ "https://…"|short }}."""
    if not (isinstance(node, nodes.Const) and filters and filters[-1].name == "short"):
        return None
    address = node.value
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise TemplateError(node.lineno, "«short» takes an address that begins with https://.")
    return Reference("link", "url", lambda _: address)


def _extend(chain: Chain, node: nodes.Filter, label: str) -> None:
    if node.name == "default":
        chain.fallback = str(*_arguments(node, (str,))).strip()
        if not chain.fallback:
            raise TemplateError(node.lineno, "«default» needs words between the quotes.")
        return
    if node.name == "short":
        _shorten(chain, node, label)
        return
    if chain.short:
        words = f"«{node.name}» would change the link. Remove it, or put it before another text."
        raise TemplateError(node.lineno, words)
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
    chain.named.append((node.name, arguments))


def _shorten(chain: Chain, node: nodes.Filter, label: str) -> None:
    if chain.kind not in ("url", ANY) or chain.named:
        words = f"«short» makes a link, and «{label}» is no address here."
        raise TemplateError(node.lineno, f"{words} Use it on a variable that is one.")
    arguments = _arguments(node, (str,)) if node.args else ()
    chain.steps.append(short(str(*arguments) or label))
    chain.kind, chain.short = TEXT, True
    chain.named.append(("short", arguments))


def _filter_of(node: nodes.Filter, chain: Chain) -> Filter:
    if node.name == "first":
        return first_of(chain.fields) if chain.kind == "list" else FIRST_WORD
    if node.name in FILTERS:
        return FILTERS[node.name]
    listed = ", ".join(sorted([*FILTERS, "default", "first", "short"]))
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


def part_of(reference: Reference, chain: Chain) -> Part:
    """The part that takes this way."""
    read, label, fallback = reference.read, reference.label, chain.fallback
    steps, wordings, is_link = tuple(chain.steps), tuple(chain.wordings), chain.short

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
        if value is None and is_link and _ADDRESS.fullmatch(text):
            text = linked(text, label, scope)
        for wording in wordings:
            text = wording(text)
        return text

    return show


def _instead(label: str, fallback: str | None, scope: Scope) -> str:
    """The default of a missing value; without one the name is noted and the text never leaves."""
    words = fallback or clean(scope.defaults.get(label, ""))
    (scope.filled if words else scope.missing).append(label)
    return words
