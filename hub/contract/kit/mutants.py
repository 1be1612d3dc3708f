"""Seeded faults: a kit is worth what it catches, so each fault planted must fail some law."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.contract import Connector


@dataclass(frozen=True)
class Mutant:
    """One fault to plant: `attribute` of a module of the connector's folder ("events", or
    "shop.rest") is bound to `replacement(the genuine one)` while the folder is read afresh.

    `test` names the test of the folder that catches it ("test_orders.py::test_…"), where no law of
    the kit can know of it.
    """

    name: str
    module: str
    attribute: str
    replacement: Callable[[Any], Any]
    test: str = ""


@dataclass(frozen=True)
class Seeded:
    """One fault that any connector of its kind could have; `laws` are those likely to catch it."""

    name: str
    laws: tuple[str, ...]
    connector: Connector
