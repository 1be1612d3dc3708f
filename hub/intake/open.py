"""Open: what an intake means. Parse (pure), find the person, keep the events that are news."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import ConnectorError, Event, Ignored, NotAPhone, Person, Phone, Pull, Request
from hub.contract import Parsed
from hub.contract.events import faults_of
from hub.intake.plain import plain
from hub.intake.posted import read_posted
from hub.store import connections, consent, events, intakes, people, workspaces
from hub.store.batches import in_batches
from hub.store.database import Row, new_id
from hub.store.ground import Ground

log = logging.getLogger(__name__)


@dataclass
class Opened:
    """What one batch turned into, before it is written."""

    verdicts: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    people: dict[tuple[UUID, str], dict[str, Any]] = field(default_factory=dict)
    words: list[dict[str, Any]] = field(default_factory=list)
    doorbells: list[UUID] = field(default_factory=list)


def open_batch(ground: Ground, limit: int = 200) -> int:
    """Open up to `limit` new intakes in one transaction; how many were opened."""
    return in_batches(partial(_open, ground), partial(_stumble, ground), limit)


def _stumble(ground: Ground, intake_id: UUID, reason: str) -> None:
    with ground.database.begin() as db:
        intakes.stumble(db, intake_id, ground.clock(), reason)


def _open(ground: Ground, limit: int, claimed: list[UUID]) -> int:
    now = ground.clock()
    with ground.database.begin() as db:
        batch = intakes.claim(db, "events", now, limit)
        claimed.extend(row["id"] for row in batch)
        if batch:
            opened = _read_all(ground, db, batch, now)
            _write(db, opened, now)
    return len(batch)


def _read_all(ground: Ground, db: Connection, batch: Sequence[Row], now: datetime) -> Opened:
    installed = connections.by_ids(db, [r["connection_id"] for r in batch if r["connection_id"]])
    shops = workspaces.by_ids(db, [r["workspace_id"] for r in batch])
    opened = Opened()
    for row in batch:
        connection = installed.get(row["connection_id"])
        try:
            parsed = _parse(ground, row, connection)
        except (ValueError, ConnectorError) as error:
            opened.verdicts[row["id"]] = ("bad", str(error)[:500])
            log.warning("open.bad", extra={"intake": row["id"], "why": str(error)[:200]})
            continue
        except Exception as error:
            log.exception("open.failed", extra={"intake": row["id"]})
            intakes.stumble(db, row["id"], now, f"The connector failed: {type(error).__name__}.")
            continue
        _sort(opened, row, parsed, shops[row["workspace_id"]])
    return opened


def _parse(ground: Ground, row: Row, connection: Row | None) -> Parsed:
    request = Request(
        row["method"],
        {**row["headers"], "x-relais-received-at": row["received_at"].isoformat()},
        bytes(row["body"]),
        row["query"],
    )
    if connection is None:
        return read_posted(request)
    connector = ground.connectors.get(connection["connector"])
    if connector is None or connector.webhook is None:
        return Ignored("Its connector is no longer installed in this hub.")
    return connector.webhook.parse(request, connection["settings"])


def _sort(opened: Opened, row: Row, parsed: Parsed, shop: Row) -> None:
    match parsed:
        case Ignored(reason):
            opened.verdicts[row["id"]] = ("ignored", reason)
        case Pull():
            opened.verdicts[row["id"]] = ("opened", "a doorbell: polled")
            opened.doorbells.append(row["connection_id"])
        case _:
            broken = [fault for event in parsed for fault in faults_of(event)]
            if broken:
                opened.verdicts[row["id"]] = ("bad", " ".join(broken)[:500])
                return
            opened.verdicts[row["id"]] = ("opened", "")
            for event in parsed:
                _add(opened, row, event, shop)


def _add(opened: Opened, row: Row, event: Event, shop: Row) -> None:
    who = event.person
    phone, problem = _phone(who, shop)
    person = {
        "country": phone.country if phone else who.country,
        "kind": phone.kind if phone else "",
        "phone_problem": problem,
        "first_name": who.first_name,
        "last_name": who.last_name,
        "email": who.email,
        "language": who.language,
        "zone": who.zone,
        "record": who.record,
    }
    found = {
        "id": new_id(),
        "workspace_id": row["workspace_id"],
        "connection_id": row["connection_id"],
        "intake_id": row["id"],
        "type": event.type,
        "key": event.key,
        "subject": event.subject,
        "cart": event.cart,
        "occurred_at": event.occurred_at,
        "received_at": row["received_at"],
        "data": dict(event.data),
        "person": person,
        "phone": phone.e164 if phone else "",
    }
    opened.events.append(plain(found))
    if phone:
        _remember(opened, row, who, phone)


def _phone(who: Person, shop: Row) -> tuple[Phone | None, str]:
    try:
        return Phone.parse(who.phone, who.country or shop["country"]), ""
    except NotAPhone as problem:
        return None, str(problem)


def _remember(opened: Opened, row: Row, who: Person, phone: Phone) -> None:
    key = (row["workspace_id"], phone.e164)
    known = opened.people.get(key)
    fresh = {
        "first_name": who.first_name,
        "last_name": who.last_name,
        "email": who.email,
        "language": who.language,
        "zone": who.zone,
    }
    base = {"id": new_id(), "workspace_id": key[0], "phone": key[1], "country": phone.country}
    merged = {**(known or base), **{k: v or (known or {}).get(k, "") for k, v in fresh.items()}}
    opened.people[key] = plain(merged)
    if who.consent:
        opened.words.append(
            plain(
                {
                    "id": new_id(),
                    "workspace_id": key[0],
                    "phone": key[1],
                    "verdict": "granted" if who.consent.granted else "withdrawn",
                    "source": who.consent.source,
                    "connection_id": row["connection_id"],
                    "said_at": who.consent.at,
                    "wording": who.consent.text,
                }
            )
        )


def _write(db: Connection, opened: Opened, now: datetime) -> None:
    people.keep_all(db, list(opened.people.values()))
    consent.add_all(db, opened.words)
    news = events.add_all(db, opened.events)
    with_news = {e["intake_id"] for e in opened.events if e["id"] in news}
    for intake_id in _told_before(opened, with_news):
        opened.verdicts[intake_id] = ("ignored", "Nothing new: all of it was known.")
    intakes.close(db, opened.verdicts)
    for connection_id in opened.doorbells:
        connections.ring(db, connection_id, now)


def _told_before(opened: Opened, with_news: set[UUID]) -> Iterator[UUID]:
    for intake_id, (state, reason) in list(opened.verdicts.items()):
        if state == "opened" and not reason and intake_id not in with_news:
            yield intake_id
