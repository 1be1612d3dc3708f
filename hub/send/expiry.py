"""Expiry: an RCS message whose time is over. It is taken back where the carrier can, asked about
where it can say, and only with proof that it will never show does the SMS beneath it go."""

import logging
from datetime import timedelta

from hub.contract import Carrier, ConnectorError, Found
from hub.send.beneath import put_beneath, take_back
from hub.send.outcomes import outcome_of, said_of
from hub.store import connections, expiring, numbers, write_backs
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(seconds=60)
ASK_FOR = timedelta(hours=24)
_UNPROVEN = (
    "The carrier does not say whether it arrived, so no SMS was sent in its place: "
    "the person might have got both."
)
_REVOKED = "Taken back: the phone was not reached in time."


def expire_due(ground: Ground, limit: int = 50) -> int:
    """Look at RCS messages whose time to live is over; how many."""
    now = ground.clock()
    with ground.database.begin() as db:
        due = expiring.claim(db, now, now + ASK_AGAIN, limit)
        carriers = connections.by_ids(db, [m["carrier_id"] for m in due])
        named = [(m["workspace_id"], m["carrier_message_id"] or "") for m in due]
        names = numbers.whole(db, ground.vault, named)
    for message, name in zip(due, names, strict=True):
        try:
            _end(ground, message, carriers[message["carrier_id"]], name)
        except Exception:  # one that a connector stumbles over must not hold up the others
            log.exception("expiry.failed", extra={"message_id": message["id"]})
    return len(due)


def _end(ground: Ground, message: Row, carrier_row: Row, name: str) -> None:
    carrier = ground.connectors[carrier_row["connector"]].carrier
    if carrier is None:
        return
    try:
        if _revoked(ground, carrier, carrier_row, name):
            _settle(ground, message, "expired", _REVOKED)
            return
        found = _look(ground, carrier, carrier_row, message, name)
    except ConnectorError as error:
        log.warning("expiry.not_asked", extra={"message_id": message["id"], "why": error.words})
        return
    if found is not None and found.state in ("delivered", "read", "failed", "expired"):
        _settle(ground, message, found.state, "Not delivered in time." if _lost(found) else "")
    elif message["went_at"] < ground.clock() - ASK_FOR or not _can_tell(carrier):
        _give_up(ground, message)


def _lost(found: Found) -> bool:
    return found.state in ("failed", "expired")


def _can_tell(carrier: Carrier) -> bool:
    return any((carrier.revoke, carrier.status, carrier.find))


def _revoked(ground: Ground, carrier: Carrier, row: Row, name: str) -> bool:
    revoke = carrier.revoke
    return bool(revoke and name and ground.call(row, lambda ctx: revoke(ctx, name)))


def _look(ground: Ground, carrier: Carrier, row: Row, message: Row, name: str) -> Found | None:
    status, find = carrier.status, carrier.find
    if status and name:
        return ground.call(row, lambda ctx: status(ctx, name))
    if find:
        return ground.call(row, lambda ctx: find(ctx, str(message["id"])))
    return None


def _settle(ground: Ground, message: Row, state: str, sentence: str) -> None:
    now = ground.clock()
    with ground.database.begin() as db:
        changed = expiring.ended(db, message["id"], state, sentence, now)
        if state in ("failed", "expired"):
            put_beneath(db, changed, now)
        else:
            take_back(db, changed, now)
            told = [o for r in changed for o in outcome_of(r, state, now, said_of(r, state))]
            write_backs.add_all(db, told)
    log.info("expiry.settled", extra={"message_id": message["id"], "state": state})


def _give_up(ground: Ground, message: Row) -> None:
    """No proof will come: it stays as it is, with the reason for all to see."""
    with ground.database.begin() as db:
        expiring.unproven(db, message["id"], _UNPROVEN, ground.clock())
