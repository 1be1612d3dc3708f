"""Which carrier takes a message: the workspace's own, oldest connection first, never a paused one
while another is free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Carrier
from hub.store import connections
from hub.store.database import Row
from hub.store.ground import Ground


@dataclass(frozen=True)
class Route:
    """A carrier connection and the code that speaks to it."""

    row: Row
    carrier: Carrier

    def paused(self, now: datetime) -> bool:
        """Whether the carrier asked us to wait, or cannot take anything now."""
        return bool(self.row["paused_until"] and self.row["paused_until"] > now)


def routes_of(
    ground: Ground, db: Connection, workspace_ids: Sequence[UUID]
) -> Mapping[UUID, list[Route]]:
    """Every workspace's carriers, in the order they are tried."""
    slugs = [slug for slug, c in ground.connectors.items() if c.carrier is not None]
    found: dict[UUID, list[Route]] = {}
    for row in connections.active(db, workspace_ids, slugs):
        carrier = ground.connectors[row["connector"]].carrier
        if carrier is not None:
            found.setdefault(row["workspace_id"], []).append(Route(row, carrier))
    return found


def choose(routes: Sequence[Route], channel: str, now: datetime) -> Route | None:
    """The first that carries this channel and is not paused; else the first at all."""
    able = [r for r in routes if channel in r.carrier.channels]
    return next((r for r in able if not r.paused(now)), able[0] if able else None)
