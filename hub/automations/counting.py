"""Counting: what a batch's people were sent lately, as far as their workspaces' caps need it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.caps import Cap, Sent
from hub.automations.document import KINDS
from hub.store import turns
from hub.store.database import Row

Who = tuple[UUID, str]


def lately(
    db: Connection,
    caps: Mapping[UUID, Sequence[Cap]],
    phones: Sequence[str],
    now: datetime,
    left_alone: bool = False,
) -> dict[Who, list[Sent]]:
    """What counts against these people, by workspace and phone; nothing where no cap is set. What
    waits is among it, unless what has left is asked for alone.

    Whoever is about to send to them holds them still first; see hub/store/turns.py.
    """
    every = [cap for own in caps.values() for cap in own]
    kinds = [kind for kind in KINDS if any(cap.covers(kind) for cap in every)]
    if not kinds or not phones:
        return {}
    since = now - timedelta(minutes=max(cap.minutes for cap in every))
    found: dict[Who, list[Sent]] = {}
    for row in turns.recent(db, list(caps), phones, kinds, since, left_alone):
        one = Sent(row["one"], row["kind"], row["at"], row["waits"])
        found.setdefault(_who(row), []).append(one)
    return found


def _who(row: Row) -> Who:
    return row["workspace_id"], row["phone"]
