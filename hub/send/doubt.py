"""Doubt: messages whose worker died, or whose carrier never answered. Asked about, waited for,
and sent again only with proof that they never went."""

import logging
from datetime import datetime, timedelta
from typing import Any

from hub.contract import Carrier, ConnectorError, Found
from hub.send import spending
from hub.send.beneath import put_beneath
from hub.send.outcomes import outcome_of, said_of
from hub.store import connections, sending, write_backs
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.numbers import tokened

log = logging.getLogger(__name__)

_SURELY = 0.8  # of the time a carrier promises
BETWEEN_LOOKUPS = 60.0  # seconds; less where the carrier's own delay is less


def mark_abandoned(ground: Ground, lock_class: int) -> int:
    """Messages of a dead worker become uncertain: it may have died after the carrier said yes."""
    now = ground.clock()
    words = (
        "Uncertain: the hub was stopped while it was being sent. It may have reached the phone; "
        "the hub asks the carrier."
    )
    with ground.database.begin() as db:
        lost = sending.abandoned(db, lock_class, now)
        sending.doubt(db, [row["id"] for row in lost], now, words)
    if lost:
        log.warning("send.abandoned", extra={"messages": len(lost)})
    return len(lost)


def settle_doubtful(ground: Ground, limit: int = 50) -> int:
    """Ask carriers about uncertain messages whose turn it is; how many were asked about."""
    now = ground.clock()
    with ground.database.begin() as db:
        asked = sending.doubtful(db, now, now + timedelta(seconds=60), limit)
        carriers = connections.by_ids(db, [m["carrier_id"] for m in asked])
    for message in asked:
        try:
            _settle(ground, message, carriers[message["carrier_id"]])
        except Exception:  # one that a connector stumbles over must not hold up the others
            log.exception("doubt.failed", extra={"message_id": message["id"]})
    return len(asked)


def _settle(ground: Ground, message: Row, carrier_row: Row) -> None:
    carrier = ground.connectors[carrier_row["connector"]].carrier
    if carrier is not None and _may_replay(ground, carrier, message):
        return _replay(ground, message)
    if carrier is None or carrier.find is None:
        return _keep_waiting(ground, message, 3600.0, lookups=message["lookups"])
    wait, find = _delay(carrier, carrier_row), carrier.find
    try:
        found = ground.call(carrier_row, lambda ctx: find(ctx, str(message["id"])))
    except ConnectorError as error:
        log.warning("doubt.not_asked", extra={"message_id": message["id"], "why": error.words})
        return _keep_waiting(ground, message, min(wait, 60.0), lookups=message["lookups"])
    if found is not None:
        return _accept(ground, message, found)
    return _missed(ground, message, wait)


def _may_replay(ground: Ground, carrier: Carrier, message: Row) -> bool:
    """Whether the same reference given again to the same carrier surely stays one message: well
    inside the time for which the carrier promises that, counted from the first attempt."""
    if carrier.replay_within is None:
        return False
    first: datetime = message["first_at"] or message["sending_at"]
    return ground.clock() - first < carrier.replay_within * _SURELY


def _replay(ground: Ground, message: Row) -> None:
    with ground.database.begin() as db:
        sending.replay(db, message["id"], message["fence"], ground.clock())
    log.info("doubt.replayed", extra={"message_id": message["id"]})


def _delay(carrier: Carrier, row: Row) -> float:
    """How long after the attempt a miss is not believed, in seconds."""
    chosen = row["settings"].get("settle_seconds")
    return float(chosen) if chosen else carrier.settle_after.total_seconds()


def _accept(ground: Ground, message: Row, found: Found) -> None:
    now = ground.clock()
    name = tokened(ground.vault, message["workspace_id"], found.carrier_message_id)
    state = found.state if found.state in ("delivered", "read", "failed", "expired") else "sent"
    with ground.database.begin() as db:
        changed = sending.found(db, message["id"], state, name, now)
        write_backs.add_all(db, [o for row in changed for o in _told(row, now)])
        put_beneath(db, [row for row in changed if row["state"] in ("failed", "expired")], now)
    log.info("doubt.found", extra={"message_id": message["id"], "state": state})


def _told(row: Row, now: datetime) -> list[dict[str, Any]]:
    told = outcome_of(row, "sent", now, said_of(row, "sent"), row["body"])
    if row["state"] in ("delivered", "read"):
        told += outcome_of(row, row["state"], now, said_of(row, row["state"]), row["body"])
    if row["state"] in ("failed", "expired") and row["channel"] != "rcs":
        told += outcome_of(row, "failed", now, "Not delivered: the carrier gave up.", row["body"])
    return told


def _missed(ground: Ground, message: Row, wait: float) -> None:
    """The carrier does not know it. Believed only when asked twice, late enough, far apart."""
    now = ground.clock()
    believed_from: datetime = message["sending_at"] + timedelta(seconds=wait)
    between = min(BETWEEN_LOOKUPS, wait)
    if now < believed_from:
        left = (believed_from - now).total_seconds()
        return _keep_waiting(ground, message, left, lookups=0)
    if message["lookups"] == 0:
        return _keep_waiting(ground, message, between, lookups=1)
    if message["kind"] == "marketing":
        return _keep_waiting(ground, message, 3600.0, lookups=message["lookups"] + 1)
    with ground.database.begin() as db:
        if sending.send_again(db, message["id"], message["fence"], now):
            spending.release(db, [(message["id"], message["tries"])], now)
    log.info("doubt.proved_unsent", extra={"message_id": message["id"]})
    return None


def _keep_waiting(ground: Ground, message: Row, seconds: float, *, lookups: int) -> None:
    at = ground.clock() + timedelta(seconds=seconds)
    with ground.database.begin() as db:
        sending.ask_again(db, message["id"], at, lookups)
