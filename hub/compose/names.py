"""The names a template may say, and how their values are looked up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from jinja2 import nodes

from hub.compose.constructs import refusal
from hub.compose.faults import TemplateError
from hub.compose.filters import ANY, Scope
from hub.compose.values import clean


class Variable(Protocol):
    """What is asked of a declared variable; `fields` are those of a list's items."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Reference:
    """A name as written ("item.total"), its kind, and its look-up; None means: no value."""

    label: str
    kind: str
    read: Callable[[Scope], object]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """What may be said at one place of a template; `used` gathers what was."""

    variables: Mapping[str, Reference]
    event: str = ""
    item: str = ""
    item_fields: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)

    def resolve(self, node: nodes.Node) -> Reference:
        """The reference behind a name or an item's field; TemplateError for anything else."""
        if isinstance(node, nodes.Getattr):
            return self._field(node)
        if not isinstance(node, nodes.Name):
            raise refusal(node)
        if self.item and node.name == self.item:
            return self._whole_item(node)
        if node.name not in self.variables:
            raise TemplateError(node.lineno, self._unknown(node.name))
        self.used.add(node.name)
        return self.variables[node.name]

    def _field(self, node: nodes.Getattr) -> Reference:
        owner = node.node
        if not (self.item and isinstance(owner, nodes.Name) and owner.name == self.item):
            raise refusal(node)
        if node.attr not in self.item_fields:
            known = ", ".join(f"«{self.item}.{name}»" for name in self.item_fields) or "none"
            words = f"«{self.item}.{node.attr}» does not exist. The fields are: {known}."
            raise TemplateError(node.lineno, words)
        name = node.attr
        return Reference(f"{self.item}.{name}", ANY, lambda scope: _of_item(scope.item, name))

    def _whole_item(self, node: nodes.Name) -> Reference:
        if self.item_fields:
            example = f"{self.item}.{self.item_fields[0]}"
            words = f"«{self.item}» has several fields. Say which one, for instance «{example}»."
            raise TemplateError(node.lineno, words)
        return Reference(self.item, ANY, lambda scope: present(scope.item))

    def _unknown(self, name: str) -> str:
        known = [*self.variables, *([self.item] if self.item else [])]
        where = f"of {self.event}" if self.event else "that can be used here"
        near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        listed = ", ".join(sorted(known)) or "none"
        advice = f"Did you mean «{near[0]}»?" if near else f"The variables are: {listed}."
        return f"«{name[:60]}» is not a variable {where}. {advice}"


def reference_of(name: str, kind: str, fields: tuple[str, ...] = ()) -> Reference:
    """The reference of a variable that the event declares."""
    return Reference(name, kind, lambda scope: present(scope.values.get(name)), fields)


def present(value: object) -> object:
    """The value, cleaned if it is text; None where there is nothing to show."""
    return clean(value) or None if isinstance(value, str) else value


def _of_item(item: object, name: str) -> object:
    return present(item.get(name)) if isinstance(item, Mapping) else None
