"""Merchants: what a batch of decisions knows of each workspace, read once per wording."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson

from hub.automations.caps import Cap
from hub.automations.document import Automation, DocumentError, parse
from hub.automations.house_rules import caps_of
from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING
from hub.store.database import Row

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Live:
    """An automation's row with its document read."""

    row: Row
    document: Automation

    def answers(self, event_type: str) -> bool:
        """Whether events of this type are what it waits for."""
        trigger = self.document.event
        return event_type in TELLS_OF_UPCOMING if trigger == UPCOMING else event_type == trigger


@dataclass(frozen=True)
class Merchant:
    """A workspace's row, its automations by id, its templates by slug, its connections by id."""

    shop: Row
    automations: Sequence[Live]
    templates: Mapping[str, Row]
    connections: Mapping[UUID, Row]
    caps: Sequence[Cap]


@lru_cache(maxsize=128)
def merchant(written: str) -> Merchant:
    """The merchant that this text of `store.merchants` tells of. It is known again by all of its
    words, so whatever anybody changes is read at once."""
    found = orjson.loads(written)
    shop = _named(found["shop"])
    lives = (read(_dated(_named(row))) for row in found["automations"] or ())
    templates = map(_named, found["templates"] or ())
    return Merchant(
        shop=shop,
        automations=tuple(live for live in lives if live is not None),
        templates={row["slug"]: row for row in sorted(templates, key=itemgetter("slug"))},
        connections={row["id"]: row for row in map(_named, found["connections"] or ())},
        caps=tuple(caps_of(shop)),
    )


def read(row: Row) -> Live | None:
    """A stored automation with its document, read once per version; None where this hub cannot
    read it (it was written by a newer one), so that the others live on."""
    try:
        return Live(row, _document(row["id"], row["version"], orjson.dumps(row["document"])))
    except DocumentError as error:
        log.warning("automation.unreadable", extra={"automation": row["id"], "why": str(error)})
        return None


@lru_cache(maxsize=4096)
def _document(automation_id: UUID, version: int, document: bytes) -> Automation:
    return parse(orjson.loads(document))


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "id": UUID(row["id"])}


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    since = row["live_since"]
    return {**row, "live_since": datetime.fromisoformat(since) if since else None}
