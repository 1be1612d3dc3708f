"""After a restore: the carriers are asked which of the held messages went. What went is noted, what
is proven not to have gone goes; the rest waits for a person."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.contract import Carrier, ConnectorError, Found
from hub.send.outcomes import outcome_of, said_of
from hub.store import connections, numbers, restored, write_backs
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

_PAGE = 500
_ENDS = ("delivered", "read", "failed", "expired")
Sender = tuple[Row, Carrier]


@dataclass(frozen=True)
class Asked:
    """What the carriers said: so many `went`, so many are `unsent` and go now, so many stay `open`,
    of which the carriers lists are too `young` to be believed yet."""

    went: int = 0
    unsent: int = 0
    open: int = 0
    young: int = 0


def ask_about_held(ground: Ground) -> Asked:
    """Ask about everything that is held; safe to stop anywhere and to do again."""
    said: dict[str, int] = {"went": 0, "unsent": 0, "open": 0, "young": 0}
    for message, senders in _held(ground):
        verdict = _verdict(ground, message, senders)
        if isinstance(verdict, tuple):
            _note(ground, message, *verdict)
        elif verdict == "unsent":
            with ground.database.begin() as db:
                restored.release(db, [message["id"]], ground.clock())
        said[verdict if isinstance(verdict, str) else "went"] += 1
    return Asked(**said)


def _held(ground: Ground) -> Iterator[tuple[Row, Sequence[Sender]]]:
    after: UUID | None = None
    known: dict[UUID, Sequence[Sender]] = {}
    while True:
        with ground.database.begin() as db:
            page = numbers.beside(db, ground.vault, restored.held(db, after, _PAGE))
        for message in page:
            workspace = message["workspace_id"]
            if workspace not in known:
                known[workspace] = _senders(ground, workspace)
            yield message, known[workspace]
        if len(page) < _PAGE:
            return
        after = page[-1]["id"]


def _senders(ground: Ground, workspace_id: UUID) -> Sequence[Sender]:
    """Every carrier of a workspace that may have had it, those removed since included: they cannot
    be asked, and so nothing is proven."""
    able = {slug: c.carrier for slug, c in ground.connectors.items() if c.carrier is not None}
    with ground.database.begin() as db:
        found = connections.listed(db, workspace_id)
    return [(one, able[one["connector"]]) for one in found if one["connector"] in able]


def _verdict(ground: Ground, message: Row, senders: Sequence[Sender]) -> str | tuple[UUID, Found]:
    proven = bool(senders)
    for row, carrier in senders:
        if ground.clock() - message["restored_at"] < carrier.settle_delay(row["settings"]):
            return "young"
        try:
            found = _ask(ground, message, row, carrier)
        except ConnectorError as error:
            log.warning("restored.not_asked", extra={"carrier": row["id"], "why": error.words})
            found = False
        if isinstance(found, Found):
            return row["id"], found
        proven = proven and found
    return "unsent" if proven else "open"


def _ask(ground: Ground, message: Row, row: Row, carrier: Carrier) -> Found | bool:
    """What the carrier has of it; True when it surely has nothing, False when it cannot say.

    A message that came again has a name that no carrier has heard: only that nothing went to this
    number in that time is proof then.
    """
    if message["again"]:
        return _silent(ground, message, row, carrier)
    if (find := carrier.find) is None:
        return False
    return ground.call(row, lambda ctx: find(ctx, str(message["id"]))) or True


def _silent(ground: Ground, message: Row, row: Row, carrier: Carrier) -> bool:
    if (listed := carrier.listed) is None or message["to"] is None:
        return False
    to, since, until = message["to"], message["taken_at"], message["restored_at"]
    return not ground.call(row, lambda ctx: listed(ctx, to, since, until))


def _note(ground: Ground, message: Row, carrier_id: UUID, found: Found) -> None:
    now: datetime = ground.clock()
    state = found.state if found.state in _ENDS else "sent"
    name = numbers.tokened(ground.vault, message["workspace_id"], found.carrier_message_id)
    had = {"state": state, "carrier_message_id": name}
    with ground.database.begin() as db:
        row = restored.went(db, message["id"], carrier_id, had, now)
        if row is not None:
            told = outcome_of(row, "sent", now, said_of(row, "sent"), row["body"])
            write_backs.add_all(db, told)
