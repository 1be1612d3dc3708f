"""Ready-made messages that ship with the hub: a merchant takes one, and then it is theirs."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.gallery import Scenario, load
from hub.send.publish import agent_of
from hub.store import templates
from hub.store.ground import Ground


def scenarios(ground: Ground) -> Mapping[str, Scenario]:
    """All of the gallery by slug; read once in the life of this process."""
    return _gallery(Path(ground.settings.templates))


def words_of(
    ground: Ground, db: Connection, workspace_id: UUID, scenario: Scenario
) -> dict[str, Any]:
    """A scenario as this workspace may publish it: without an RCS agent, its SMS alone."""
    words = {**templates.USUAL, **scenario.as_template()}
    if agent_of(ground, db, workspace_id) is None:
        words["rich"] = {}
    return words


@lru_cache(maxsize=4)
def _gallery(folder: Path) -> Mapping[str, Scenario]:
    return {one.slug: one for one in load(folder)}
