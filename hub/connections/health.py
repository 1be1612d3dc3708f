"""Looking after connections: finish what a consent page began, repair subscriptions, say what
needs a person."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hub.connections.install import finish, kept_state, look_again_after
from hub.contract import AuthLost, ConnectorError, Refused, Throttled
from hub.store import connections, health
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

CHECKED_WITHIN = timedelta(hours=2)


def look_after_due(ground: Ground) -> int:
    """Look at every connection whose turn it is; how many there were."""
    now = ground.clock()
    with ground.database.begin() as db:
        due = connections.claim_due(db, "check_due_at", now, now + timedelta(minutes=5))
        found = connections.by_ids(db, due)
    for connection_id in due:
        look_after(ground, found[connection_id])
    return len(due)


def look_after(ground: Ground, row: Row) -> str:
    """Check one connection and mend what can be mended; its problem in words, or nothing."""
    try:
        if row["state"] == "installing":
            finish(ground, row["id"])
        else:
            _mend(ground, row)
    except ConnectorError as error:
        return _report(ground, row["id"], error)
    return ""


def _mend(ground: Ground, row: Row) -> None:
    connector = ground.connectors.get(row["connector"])
    if connector is None:
        return
    account = ground.call(row, connector.check)
    if row["account"] and account.id and account.id != row["account"]:
        raise Refused(f"It is signed in to another account now, {account.label}, not to its own.")
    with ground.database.begin() as db:
        health.keep_account(db, row["id"], account, ground.clock())
        row = connections.by_ids(db, [row["id"]])[row["id"]]
    state = row["vendor_state"]
    repaired: tuple[str, ...] = ()
    if connector.webhook and connector.webhook.subscribe:
        standing = ground.call(row, connector.webhook.subscribe)
        state, repaired = kept_state(standing), standing.repaired
    with ground.database.begin() as db:
        health.recovered(db, row["id"])
        again = ground.clock() + look_again_after(connector)
        connections.keep_vendor_state(db, row["id"], state, again)
        for words in repaired:
            health.note(db, row["id"], words)
            log.warning("connection.repaired", extra={"connection": row["id"], "what": words})


def _report(ground: Ground, connection_id: UUID, error: ConnectorError) -> str:
    """A problem to a person's eyes; how long until the next look depends on who can help."""
    wait = timedelta(minutes=2)
    match error:
        case AuthLost():
            words, wait = f"{error.words} Reconnect it.", timedelta(minutes=15)
        case Refused():
            words, wait = f"{error.words} Put it right, then check it again.", timedelta(minutes=15)
        case Throttled(retry_after=after):
            words = f"{error.words} The hub tries again by itself."
            wait = max(wait, timedelta(seconds=after))
        case _:
            words = f"{error.words} The hub tries again by itself."
    with ground.database.begin() as db:
        health.needs_attention(db, connection_id, words)
        connections.look_again(db, connection_id, ground.clock() + wait)
    return words


@dataclass(frozen=True)
class Health:
    """How a connection is: `state` is healthy, degraded, sign_in or installing; `words` say what is
    wrong, `next_step` what to do, both empty when it is well."""

    state: str
    words: str = ""
    next_step: str = ""


def health_of(row: Row, now: datetime) -> Health:
    """Healthy is only said after a check that worked, not long ago; sign-in is only asked for when
    the vendor has refused a renewed token."""
    if row["signed_out"]:
        return Health("sign_in", row["problem"], "Reconnect it: sign in at the vendor again.")
    if row["state"] == "installing":
        return Health("installing", row["problem"], "Finish signing in at the vendor.")
    if row["problem"]:
        return Health("degraded", row["problem"], "The hub tries again; «check now» does at once.")
    if row["lacks"]:
        words = " ".join(row["lacks"])
        return Health("degraded", words, "Give the missing rights at the vendor, then reconnect.")
    if row["checked_at"] is None or now - row["checked_at"] > CHECKED_WITHIN:
        return Health("degraded", "It has not been checked for a while.", "Check it now.")
    return Health("healthy")
