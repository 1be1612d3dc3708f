"""The allow-list of the template language: what is not built here cannot run.

Jinja2 only parses. Each allowed node of the parsed tree becomes a small closure over plain
dictionary look-ups; Jinja's code generator, attribute access and calls are never reached.
"""

from collections.abc import Iterable
from dataclasses import replace

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hub.compose.conditions import condition_of
from hub.compose.constructs import refusal
from hub.compose.faults import TemplateError, UnfitValue
from hub.compose.filters import Scope, items_of
from hub.compose.names import Names, Reference
from hub.compose.outputs import Part, output_of
from hub.compose.values import Unfit

MOST_NODES = 200
MOST_ITEMS = 20  # of a list, in a loop

_PARSER = ImmutableSandboxedEnvironment(autoescape=False, extensions=())


def build(source: str, names: Names) -> Part:
    """The text's maker; `names.used` gathers what it says. Raises TemplateError."""
    return _joined(_parts(parse(source).body, names))


def parse(source: str) -> nodes.Template:
    """The tree of a source that is not too large. Raises TemplateError."""
    try:
        tree = _PARSER.parse(source)
    except TemplateSyntaxError as fault:
        reason = (fault.message or "something is unfinished").rstrip(".")
        raise TemplateError(fault.lineno, f"This cannot be read: {reason}. Correct it.") from None
    except RecursionError:
        raise TemplateError(1, "The template is nested too deeply. Make it simpler.") from None
    if _size(tree) > MOST_NODES:
        words = f"The template has more than {MOST_NODES} elements. Make it simpler."
        raise TemplateError(1, words)
    return tree


def _size(tree: nodes.Template) -> int:
    seen, waiting = 0, [tree.iter_child_nodes()]
    while waiting and seen <= MOST_NODES:
        for node in waiting.pop():
            seen += 1
            waiting.append(node.iter_child_nodes())
    return seen


def _parts(body: Iterable[nodes.Node], names: Names) -> list[Part]:
    return [part for node in body for part in _statement(node, names)]


def _statement(node: nodes.Node, names: Names) -> list[Part]:
    match node:
        case nodes.Output():
            return [_piece(piece, names) for piece in node.nodes]
        case nodes.If():
            return [_choice(node, names)]
        case nodes.For():
            return [_loop(node, names)]
        case _:
            raise refusal(node)


def _piece(node: nodes.Node, names: Names) -> Part:
    if isinstance(node, nodes.TemplateData):
        words = node.data
        return lambda _: words
    return output_of(node, names)


def _joined(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    fixed = tuple(parts)
    return lambda scope: "".join([part(scope) for part in fixed])


def _choice(node: nodes.If, names: Names) -> Part:
    branches = tuple(
        (condition_of(branch.test, names), _joined(_parts(branch.body, names)))
        for branch in (node, *node.elif_)
    )
    otherwise = _joined(_parts(node.else_, names))

    def choose(scope: Scope) -> str:
        for holds, words in branches:
            if holds(scope):
                return words(scope)
        return otherwise(scope)

    return choose


def _loop(node: nodes.For, names: Names) -> Part:
    reference, inside = loop_of(node, names)
    words = _joined(_parts(node.body, inside))

    def repeat(scope: Scope) -> str:
        items = reference.read(scope)
        if items is None:
            scope.missing.append(reference.label)
            return ""
        try:
            return "".join(
                [_with_item(words, scope, item) for item in items_of(items)[:MOST_ITEMS]]
            )
        except Unfit as unfit:
            raise UnfitValue(reference.label, str(unfit)) from None

    return repeat


def loop_of(node: nodes.For, names: Names) -> tuple[Reference, Names]:
    """The list, and what may be said inside the loop. Raises TemplateError."""
    reference = _looped(node, names)
    return reference, replace(names, item=_target(node, names), item_fields=reference.fields)


def _with_item(words: Part, scope: Scope, item: object) -> str:
    scope.item = item
    return words(scope)


def _looped(node: nodes.For, names: Names) -> Reference:
    if names.item:
        raise TemplateError(node.lineno, "A «for» inside a «for» is not allowed. Use one list.")
    if node.test is not None or node.else_ or node.recursive:
        words = "«for» takes no «if», «else» or «recursive». Put an «if» inside or around it."
        raise TemplateError(node.lineno, words)
    reference = names.resolve(node.iter)
    if reference.kind != "list":
        words = f"«{reference.label}» is a {reference.kind}, not a list. Show it with {{{{ }}}}."
        raise TemplateError(node.lineno, words)
    return reference


def _target(node: nodes.For, names: Names) -> str:
    if not isinstance(node.target, nodes.Name):
        raise TemplateError(node.lineno, "«for» takes one name, as in «for item in items».")
    if node.target.name in names.variables:
        words = f"«{node.target.name}» is a variable already. Choose another name in «for»."
        raise TemplateError(node.lineno, words)
    return node.target.name
