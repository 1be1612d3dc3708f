"""The form of an installation: read against what the connector declares, every problem by its
field."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.contract import Connector, Field, Keys, OAuth2, Way
from hub.contract.addresses import fault_in
from hub.contract.outbound import opened_inwards
from hub.contract.signing_in import fields_of


class BadForm(ValueError):
    """The form cannot be used; `problems` are (field, words) pairs."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(f"{name}: {words}" for name, words in problems))
        self.problems = problems


@dataclass(frozen=True)
class Form:
    """A form that was read: the way of signing in with its name, the settings filled in, and
    whether the vendor's own page must hand out the keys."""

    name: str
    way: Way
    settings: dict[str, str]
    wants_consent: bool


def read_form(
    connector: Connector, settings: Mapping[str, str], secrets: Mapping[str, str], way: str
) -> Form:
    """Raises BadForm with every problem."""
    if way and way not in connector.ways:
        known = ", ".join(f"«{name}»" for name in connector.ways)
        raise BadForm([("way", f"Choose one of {known}.")])
    name = way or next(iter(connector.ways))
    chosen = connector.ways[name]
    filled, problems = filled_in(connector, settings)
    problems += unknown(fields_of(chosen), secrets)
    required = [f for f in fields_of(chosen) if f.required]
    missing = [f for f in required if not secrets.get(f.name)]
    can_ask = isinstance(chosen, OAuth2) or (isinstance(chosen, Keys) and chosen.grant is not None)
    if missing and (len(missing) < len(required) or not can_ask):
        problems += [(f.name, f"{f.label} is required.") for f in missing]
    if problems:
        raise BadForm(problems)
    return Form(name, chosen, filled, bool(missing))


def filled_in(
    connector: Connector, given: Mapping[str, str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The settings with their defaults, and what is wrong with them."""
    problems = unknown(connector.settings, given)
    filled = {f.name: str(given.get(f.name) or f.default) for f in connector.settings}
    problems += [
        (f.name, f"{f.label} is required.")
        for f in connector.settings
        if f.required and not filled[f.name]
    ]
    problems += [
        (f.name, fault)
        for f in connector.settings
        if f.kind == "url"
        and filled[f.name]
        and (fault := fault_in(filled[f.name].strip(), opened_inwards()))
    ]
    return filled, problems


def unknown(fields: tuple[Field, ...], given: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed for fields that are not there."""
    known = {f.name for f in fields}
    return [(name, "This field is not known here.") for name in given if name not in known]
