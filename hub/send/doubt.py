"""Doubt: messages whose worker died, or whose carrier never answered. Settled by what their carrier
can prove, waited for, and sent again only with proof that they never went, or by a policy."""

import logging
from datetime import datetime, timedelta
from typing import Any

from hub.contract import Carrier, ConnectorError, Found, Listed
from hub.send import spending, spool
from hub.send.beneath import put_beneath
from hub.send.doubt_rules import (
    Doubt,
    Step,
    after_failure,
    after_list,
    after_miss,
    after_silence,
    sentence_of,
)
from hub.send.outcomes import outcome_of, said_of
from hub.send.settled import send_again
from hub.store import connections, doubts, numbers, sending, write_backs
from hub.store.batches import is_gone
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.numbers import tokened

log = logging.getLogger(__name__)

_SURELY = 0.8  # of the time a carrier promises
_AROUND = timedelta(minutes=2)  # the attempt, in a carrier's own list


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
    """Look into uncertain messages whose turn it is; how many there were. Raises what the database
    raised where it is gone: no other doubt would fare better."""
    spool.replay(ground)
    now = ground.clock()
    with ground.database.begin() as db:
        due = doubts.due(db, now, now + timedelta(seconds=60), limit)
        asked = numbers.beside(db, ground.vault, due)
        carriers = connections.by_ids(db, [m["carrier_id"] for m in asked])
    for message in asked:
        try:
            _settle(ground, message, carriers[message["carrier_id"]])
        except Exception as error:  # one that a connector stumbles over must not hold up the others
            if is_gone(error):
                raise
            log.exception("doubt.failed", extra={"message_id": message["id"]})
    return len(asked)


def _settle(ground: Ground, message: Row, carrier_row: Row) -> None:
    connector = ground.connectors.get(carrier_row["connector"])
    carrier = connector.carrier if connector else None
    if carrier is not None and _may_replay(ground, carrier, message):
        return _replay(ground, message)
    doubt = _doubt(ground, message, carrier, carrier_row)
    try:
        found = _ask(ground, message, carrier, carrier_row, doubt)
    except ConnectorError as error:
        log.warning("doubt.not_asked", extra={"message_id": message["id"], "why": error.words})
        return _take(ground, message, after_failure(doubt))
    if isinstance(found, Found):
        return _accept(ground, message, found)
    return _take(ground, message, found)


def _ask(
    ground: Ground, message: Row, carrier: Carrier | None, row: Row, doubt: Doubt
) -> Found | Step:
    """What the carrier says of it, in the best way it has; else the step to take."""
    if carrier is not None and (find := carrier.find) is not None:
        found = ground.call(row, lambda ctx: find(ctx, str(message["id"])))
        return found or after_miss(doubt)
    if carrier is not None and carrier.listed is not None and message["to"] is not None:
        alike = _alike(ground, message, carrier, row)
        if len(alike) == 1:
            return Found(alike[0].carrier_message_id, alike[0].state, alike[0].code)
        return after_list(doubt, len(alike))
    return after_silence(doubt, carrier is not None and carrier.echoes)


def _doubt(ground: Ground, message: Row, carrier: Carrier | None, row: Row) -> Doubt:
    settle = carrier.settle_delay(row["settings"]) if carrier else timedelta(0)
    policy = message["resend_after"]
    return Doubt(
        age=(ground.clock() - message["sending_at"]).total_seconds(),
        settle=settle.total_seconds(),
        lookups=message["lookups"],
        marketing=message["kind"] == "marketing",
        resend_after=int(policy) * 60.0 if policy else None,
    )


def _may_replay(ground: Ground, carrier: Carrier, message: Row) -> bool:
    """Whether the same reference given again to the same carrier surely stays one message: well
    inside the time for which the carrier promises that, counted from the first attempt."""
    if carrier.replay_within is None:
        return False
    first: datetime = message["first_at"] or message["sending_at"]
    return ground.clock() - first < carrier.replay_within * _SURELY


def _replay(ground: Ground, message: Row) -> None:
    with ground.database.begin() as db:
        doubts.replay(db, message["id"], message["fence"], ground.clock())
    log.info("doubt.replayed", extra={"message_id": message["id"]})


def _alike(ground: Ground, message: Row, carrier: Carrier, row: Row) -> list[Listed]:
    """Lines of the carrier's list that may be this message: to its number, its text, around its
    attempt, and no other message's."""
    listed = carrier.listed
    if listed is None:
        return []
    at, to = message["sending_at"], message["to"]
    lines = ground.call(row, lambda ctx: listed(ctx, to, at - _AROUND, at + _AROUND))
    names = [_name(ground, message, line) for line in lines]
    with ground.database.begin() as db:
        taken = doubts.named(db, row["id"], names)
    return [
        line
        for line, name in zip(lines, names, strict=True)
        if name not in taken
        and abs(line.at - at) <= _AROUND
        and _same_text(line.text, message["body"], carrier)
    ]


def _same_text(listed: str, sent: str, carrier: Carrier) -> bool:
    """Whether these are the same words; a carrier may have added how to stop them."""
    there, ours = " ".join(listed.split()), " ".join(sent.split())
    return there == ours or (carrier.appends_stop and there.startswith(f"{ours} "))


def _name(ground: Ground, message: Row, told: Found | Listed) -> str:
    """The carrier's id as rows keep it: some hold the number it went to."""
    return tokened(ground.vault, message["workspace_id"], told.carrier_message_id)


def _accept(ground: Ground, message: Row, found: Found) -> None:
    now = ground.clock()
    name = _name(ground, message, found)
    state = found.state if found.state in ("delivered", "read", "failed", "expired") else "sent"
    with ground.database.begin() as db:
        changed = doubts.found(db, message["id"], state, name, now)
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


def _take(ground: Ground, message: Row, step: Step) -> None:
    """Do what the rules say."""
    now = ground.clock()
    with ground.database.begin() as db:
        match step.do:
            case "wait":
                at = now + timedelta(seconds=step.wait)
                doubts.ask_again(db, message["id"], at, step.lookups)
            case "unsent":
                if doubts.send_again(db, message["id"], message["fence"], now):
                    spending.release(db, [(message["id"], message["tries"])], now)
            case "resend":
                send_again(db, [message["id"]], message["workspace_id"], "the automation", now)
            case _:
                doubts.close(db, message["id"], step.why, sentence_of(step.why), now)
    if step.do != "wait":
        log.info(f"doubt.{step.do}", extra={"message_id": message["id"], "why": step.why})
