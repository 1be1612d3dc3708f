"""A text with its branches chosen: what a template says in one world, for these values."""

from collections.abc import Iterable

from hub.compose.extent.outline import Choice, Loop, Node, Words, World
from hub.compose.faults import RenderError
from hub.compose.filters import Scope, items_of


def speak(outline: Iterable[Node], world: World, scope: Scope) -> str:
    """The words. What has no value is left out; in a loop every question is answered yes."""
    return "".join(_said(node, world, scope) for node in outline).strip()


def _said(node: Node, world: World, scope: Scope) -> str:
    match node:
        case Words():
            return node.text
        case Choice():
            bodies = (b for q, b in node.branches if q is None or q.holds(world))
            return "".join(_said(one, world, scope) for one in next(bodies, ()))
        case Loop():
            return "".join(_repeated(node, world, scope))
        case _:
            try:
                return node.part(scope)
            except RenderError:
                return ""


def _repeated(loop: Loop, world: World, scope: Scope) -> Iterable[str]:
    for item in items_of(scope.values.get(loop.name) or []):
        scope.item = item
        yield from (_said(one, world, scope) for one in loop.body)
