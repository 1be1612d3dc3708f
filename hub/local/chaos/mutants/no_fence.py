"""A lease and nothing else: whoever was stopped for longer goes on as if it still owned its
messages, and another takes them over as soon as the lease is up."""

import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from hub.local.chaos.mutants.replacing import put
from hub.send import dispatch
from hub.store import sending
from hub.store.database import Row, rows

_TAKEN_OVER = """SELECT id, carrier_id, tries FROM messages WHERE state = 'sending'
    AND lease_until < :now FOR UPDATE SKIP LOCKED LIMIT 500"""


_SLOWLY = 1.0  # seconds between claim and call, as on a busy machine


def patch() -> None:
    """No look at the lease or the proof of life before a call; none at the owner's life either."""

    def may_call(*_: object) -> bool:
        time.sleep(_SLOWLY)
        return True

    put(dispatch, _may_call=may_call)

    def abandoned(db: Connection, lock_class: int, now: datetime) -> Sequence[Row]:
        return rows(db, _TAKEN_OVER, now=now)

    put(sending, abandoned=abandoned)
