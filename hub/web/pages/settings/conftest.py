"""What tests of the settings hold: the owner's browser, and the workspace's row as it is now."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from hub.store import workspaces
from hub.store.database import Row
from hub.store.ground import Ground


@pytest.fixture
def owner(browser: Callable[..., Any]) -> Any:
    """Signed in."""
    return browser("owner")


@pytest.fixture
def kept(ground: Ground, workspace: UUID) -> Callable[[], Row | None]:
    """`kept()`: the row."""

    def now() -> Row | None:
        with ground.database.begin() as db:
            return workspaces.get(db, workspace)

    return now
