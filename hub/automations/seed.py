"""A new workspace's first templates and automations: the shipped ones, ready to be edited."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.document import as_json
from hub.automations.starters import STARTERS
from hub.compose.gallery import Scenario, load
from hub.store import automations, templates

OWN_WORDS = frozenset({"stop-confirmed", "which-booking"})  # the hub's answers to replies


@lru_cache(maxsize=4)
def _gallery(folder: Path) -> tuple[Scenario, ...]:
    return load(folder)


def plant(
    db: Connection,
    workspace_id: UUID,
    gallery: Path,
    now: datetime,
    *,
    state: str = "live",
    changes: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Add the starters with the templates they send, and those that the hub sends by itself; the
    rest of the gallery is there to be taken from. `changes` edits a starter's document."""
    sent = {automation.template for automation in STARTERS.values()} | OWN_WORDS
    for scenario in _gallery(gallery):
        if scenario.slug in sent:
            templates.save(db, workspace_id, scenario.slug, **scenario.as_template())
    for slug, automation in STARTERS.items():
        document = {**as_json(automation), **(changes or {}).get(slug, {})}
        automations.save(db, workspace_id, slug, document, state, now)
