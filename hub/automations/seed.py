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
    """Add the gallery's templates and the starters; `changes` edits a starter's document."""
    for scenario in _gallery(gallery):
        spoken = [t for t in scenario.texts if t.channel == "sms"]
        defaults = {name: value for t in spoken for name, value in t.defaults.items()}
        templates.save(
            db,
            workspace_id,
            scenario.slug,
            kind=scenario.kind,
            title=next((t.title for t in spoken if t.language == "en"), scenario.slug),
            texts={t.language: t.source for t in spoken},
            defaults=defaults,
            transliterate=True,
        )
    for slug, automation in STARTERS.items():
        document = {**as_json(automation), **(changes or {}).get(slug, {})}
        automations.save(db, workspace_id, slug, document, state, now)
