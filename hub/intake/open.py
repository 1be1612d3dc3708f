"""Open: what an intake means. Parse (pure), fetch what thin events lack, find the person, keep the
events that are news."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeGuard
from uuid import UUID

from sqlalchemy import Connection

from hub import crash
from hub.contract import (
    RECEIVED_AT,
    Connector,
    ConnectorError,
    Event,
    Ignored,
    Parsed,
    Pull,
)
from hub.intake.doors import parse_of
from hub.intake.enrich import Thin, fetch
from hub.intake.opened import Opened, Source, sort, write
from hub.intake.posted import read_posted
from hub.intake.remembered import ended, known_of, looked_up
from hub.store import connections, health, intakes
from hub.store.batches import CHOKES, in_batches
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.sealing import CannotUnseal, Vault

log = logging.getLogger(__name__)

FETCHED_WITHIN = timedelta(minutes=2)

Read = tuple[Source, Parsed]


@dataclass
class Sorted:
    """A batch that was read: what is whole, what must still be fetched, and the verdicts."""

    whole: list[Read] = field(default_factory=list)
    thin: list[Thin] = field(default_factory=list)
    verdicts: dict[UUID, tuple[str, str]] = field(default_factory=dict)


def open_batch(ground: Ground, limit: int = 200) -> int:
    """Open up to `limit` new intakes; how many were opened. What is whole is opened in one
    transaction; what is thin is fetched in between, with no transaction open."""
    return in_batches(partial(_open, ground), partial(_stumble, ground), limit)


def _stumble(ground: Ground, intake_id: UUID, reason: str) -> None:
    with ground.database.begin() as db:
        intakes.stumble(db, intake_id, ground.clock(), reason)


def _open(ground: Ground, limit: int, claimed: list[UUID]) -> int:
    now = ground.clock()
    read = Sorted()
    with ground.database.begin() as db:
        batch = intakes.claim(db, "events", now, limit)
        claimed.extend(row["id"] for row in batch)
        if batch:
            read = _read_all(ground, db, batch, now)
            _write(ground.vault, db, read.whole, read.verdicts, now)
            if read.thin:
                intakes.lease(db, [t.source.row["id"] for t in read.thin], now + FETCHED_WITHIN)
            crash.at("C8a")
    if batch:
        crash.at("C9a")
    for fetched in fetch(ground, read.thin):
        _write_fetched(ground, fetched)
    return len(batch)


def _write(
    vault: Vault,
    db: Connection,
    read: Sequence[Read],
    verdicts: Mapping[UUID, tuple[str, str]],
    now: datetime,
) -> None:
    emails = [pair for source, parsed in read for pair in looked_up(source.row, parsed)]
    gone = [pair for source, parsed in read for pair in ended(source.row, parsed)]
    known = known_of(db, vault, emails, gone)
    silent = {c["id"] for s, _ in read if (c := s.connection) and health.silent(c, now)}
    opened = Opened(vault, verdicts=dict(verdicts), silent=silent)
    for source, parsed in read:
        sort(opened, source, parsed, known)
    write(db, opened, now)


def _write_fetched(ground: Ground, fetched: Sequence[Read]) -> None:
    """Together; and when one row chokes the database, each on its own."""
    try:
        _write_new(ground, fetched)
    except CHOKES as error:
        if len(fetched) > 1:
            for one in fetched:
                _write_fetched(ground, [one])
            return
        log.exception("row.failed")
        cause = type(getattr(error, "orig", error)).__name__
        _stumble(ground, fetched[0][0].row["id"], f"It could not be processed: {cause}.")


def _write_new(ground: Ground, fetched: Sequence[Read]) -> None:
    with ground.database.begin() as db:
        mine = intakes.still_new(db, [source.row["id"] for source, _ in fetched])
        news = [(source, parsed) for source, parsed in fetched if source.row["id"] in mine]
        _write(ground.vault, db, news, {}, ground.clock())


def _read_all(ground: Ground, db: Connection, batch: Sequence[Row], now: datetime) -> Sorted:
    installed = connections.by_ids(db, [r["connection_id"] for r in batch if r["connection_id"]])
    read = Sorted()
    for row in batch:
        connection = installed.get(row["connection_id"])
        connector = ground.connectors.get(connection["connector"]) if connection else None
        try:
            parsed = _parse(ground.vault, row, connection, connector)
        except (ValueError, ConnectorError) as error:
            read.verdicts[row["id"]] = ("bad", str(error)[:500])
            log.warning("open.bad", extra={"intake": row["id"], "why": str(error)[:200]})
            continue
        except CannotUnseal as error:
            log.warning("open.sealed", extra={"intake": row["id"], "why": str(error)})
            intakes.stumble(db, row["id"], now, str(error))
            continue
        except Exception as error:
            log.exception("open.failed", extra={"intake": row["id"]})
            intakes.stumble(db, row["id"], now, f"The connector failed: {type(error).__name__}.")
            continue
        source = _source(row, connection, connector)
        if connection and connector and connector.enrich and _has_events(parsed):
            read.thin.append(Thin(source, connection, connector.enrich, tuple(parsed)))
        else:
            read.whole.append((source, parsed))
    return read


def _has_events(parsed: Parsed) -> TypeGuard[Sequence[Event]]:
    return not isinstance(parsed, Ignored | Pull) and len(parsed) > 0


def _source(row: Row, connection: Row | None, connector: Connector | None) -> Source:
    action = connector.actions.get(row["door"]) if connector else None
    tells = action is None or action.complete is not None
    return Source(row, connection, connector.target if connector else None, tells)


def _parse(vault: Vault, row: Row, connection: Row | None, connector: Connector | None) -> Parsed:
    raw = intakes.request_of(vault, row)
    request = replace(raw, headers={**raw.headers, RECEIVED_AT: row["received_at"].isoformat()})
    if connection is None:
        return read_posted(request)
    parse = parse_of(connector, row["door"]) if connector else None
    if parse is None:
        return Ignored("Its connector is no longer installed in this hub.")
    return parse(request, {**connection["settings"], "account": connection["account"]})
