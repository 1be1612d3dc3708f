"""What a template may say, as a tree: its fixed words, its variables, its choices, its loops.

The linter walks it where the sender's closures only answer for one person.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from jinja2 import nodes

from hub.compose.grammar import loop_of, parse
from hub.compose.language import Variable, names_of, prepared
from hub.compose.names import Names, Reference
from hub.compose.outputs import Chain, Part, chain_of, part_of

MOST_QUESTIONS = 8  # 256 worlds; a template that asks more is measured branch by branch


@dataclass(frozen=True)
class Words:
    """Fixed words."""

    text: str


@dataclass(frozen=True)
class Show:
    """A variable put into words by `part`; `name` is the variable or the item's field."""

    reference: Reference
    chain: Chain
    part: Part
    line: int

    @property
    def name(self) -> str:
        """ "first_name", or "name" for item.name and for the first of items."""
        if self.chain.fields and self.reference.kind == "list":
            return self.chain.fields[0]
        return self.reference.label.rpartition(".")[2]


@dataclass(frozen=True)
class Choice:
    """The first branch whose question is answered yes; the last one's question is None."""

    branches: tuple[tuple["Question | None", tuple["Node", ...]], ...]


@dataclass(frozen=True)
class Loop:
    """The body once for each item of the list called `name`."""

    name: str
    body: tuple["Node", ...]


@dataclass(frozen=True)
class Question:
    """A condition: one thing `asked` ("first_name"), or several joined by and, or, not."""

    how: str  # one | and | or | not | yes | no
    asked: str = ""
    sides: tuple["Question", ...] = ()

    def holds(self, world: Mapping[str, bool]) -> bool:
        """The answer in this world; what it does not tell is yes."""
        match self.how:
            case "one":
                return world.get(self.asked, True)
            case "and":
                return all(side.holds(world) for side in self.sides)
            case "or":
                return any(side.holds(world) for side in self.sides)
            case "not":
                return not self.sides[0].holds(world)
            case _:
                return self.how == "yes"

    def things(self) -> Iterator[str]:
        """What is asked, one by one."""
        if self.how == "one":
            yield self.asked
        for side in self.sides:
            yield from side.things()


Node = Words | Show | Choice | Loop
World = Mapping[str, bool]


def outline_of(
    source: str, variables: Iterable[Variable], *, event: str = "", each: str = ""
) -> tuple[Node, ...]:
    """The tree of a template. Raises TemplateError as `compile_template` does."""
    declared = [(v.name, v.kind, tuple(v.fields)) for v in variables]
    return _nodes(parse(prepared(source)).body, names_of(declared, event, each))


def worlds_of(outline: Iterable[Node]) -> list[World] | None:
    """Every way to answer the questions outside loops; None where there are too many."""
    asked = questions_of(outline)
    if len(asked) > MOST_QUESTIONS:
        return None
    answers = product((True, False), repeat=len(asked))
    return [dict(zip(asked, given, strict=True)) for given in answers]


def questions_of(outline: Iterable[Node]) -> list[str]:
    """What is asked outside loops, each thing once."""
    return list(dict.fromkeys(_asked(outline)))


def told(outline: Iterable[Node], world: World) -> Iterator[Node]:
    """What is said in this world: no choice is left outside loops."""
    for node in outline:
        if isinstance(node, Choice):
            yield from told(_chosen(node, world), world)
        else:
            yield node


def shows_of(outline: Iterable[Node]) -> Iterator[Show]:
    """Every place where a variable is shown."""
    for node in outline:
        if isinstance(node, Show):
            yield node
        elif isinstance(node, Loop):
            yield from shows_of(node.body)
        elif isinstance(node, Choice):
            for _, body in node.branches:
                yield from shows_of(body)


def _chosen(choice: Choice, world: World) -> tuple[Node, ...]:
    for question, body in choice.branches:
        if question is None or question.holds(world):
            return body
    return ()


def _asked(outline: Iterable[Node]) -> Iterator[str]:
    for node in outline:
        if isinstance(node, Choice):
            for question, body in node.branches:
                yield from question.things() if question else ()
                yield from _asked(body)


def _nodes(body: Iterable[nodes.Node], names: Names) -> tuple[Node, ...]:
    return tuple(made for node in body for made in _statement(node, names))


def _statement(node: nodes.Node, names: Names) -> Iterator[Node]:
    if isinstance(node, nodes.If):
        yield _choice(node, names)
    elif isinstance(node, nodes.For):
        reference, inside = loop_of(node, names)
        yield Loop(reference.label, _nodes(node.body, inside))
    else:
        yield from (_piece(piece, names) for piece in getattr(node, "nodes", ()))


def _piece(node: nodes.Node, names: Names) -> Node:
    if isinstance(node, nodes.TemplateData):
        return Words(node.data)
    reference, chain = chain_of(node, names)
    return Show(reference, chain, part_of(reference, chain), node.lineno)


def _choice(node: nodes.If, names: Names) -> Choice:
    asked = [(_question(b.test, names), _nodes(b.body, names)) for b in (node, *node.elif_)]
    return Choice((*asked, (None, _nodes(node.else_, names))))


def _question(node: nodes.Node, names: Names) -> Question:
    match node:
        case nodes.And() | nodes.Or():
            sides = (_question(node.left, names), _question(node.right, names))
            return Question(type(node).__name__.lower(), sides=sides)
        case nodes.Not():
            return Question("not", sides=(_question(node.node, names),))
        case nodes.Const():
            return Question("yes" if node.value else "no")
        case nodes.Compare():
            return Question("one", repr(node))
        case _:
            return Question("one", names.resolve(node).label)
