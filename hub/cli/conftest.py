"""The operator's commands on this test's database."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.local.testing import Installed, Road
from hub.store.database import row
from hub.store.ground import Ground

Hub = Callable[..., Result]


@pytest.fixture
def hub(ground: Ground) -> Hub:
    """`hub("explain", id)` runs the command; keywords change a setting."""

    def command(*words: str, **changes: Any) -> Result:
        settings = replace(ground.settings, **changes)
        return CliRunner().invoke(main, list(words), env=settings.environment())

    return command


@pytest.fixture
def sent(shop: Installed, carrier: Installed, road: Road, ground: Ground) -> UUID:
    """A message that was delivered."""
    shop.simulator.place_order(first_name="Zoë", phone="06 39 98 01 23", country="FR")
    road.walk()
    with ground.database.begin() as db:
        found = row(db, "SELECT id FROM messages")
    if found is None:
        raise AssertionError("No message came of the order.")
    return UUID(str(found["id"]))
