"""Faults of what is declared: more, or less, than is true."""

from collections.abc import Iterator
from dataclasses import replace

from hub.contract import Connector
from hub.contract.events import VOCABULARY
from hub.contract.kit.mutants import Seeded


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each thing declared wrongly."""
    if connector.emits:
        others = [name for name in VOCABULARY if name not in connector.emits]
        more = replace(connector, emits=(*connector.emits, others[0]))
        yield Seeded("emits: an event nobody has seen is promised", ("emits-shown",), more)
        less = replace(connector, emits=connector.emits[1:])
        yield Seeded("emits: an event comes that is not declared", ("vocabulary",), less)
    yield Seeded("title: there is none", ("declared",), replace(connector, title=" "))
