"""Codes: a message that names a coupon waits until the shop honours its code, and never goes with a
code that the shop does not know."""

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import ConnectorError, Coupon, Minted, Money
from hub.send.stops import Stop
from hub.store import connections, coupons, held
from hub.store.database import Row, new_id
from hub.store.ground import Ground

log = logging.getLogger(__name__)

# No letter or digit that is taken for another when it is typed.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 6
_PREFIX = 5
_WAIT = timedelta(seconds=30)
_LEASE = timedelta(seconds=60)
_MOST_TRIES = 20


def codes_for(
    ground: Ground,
    db: Connection,
    going: Sequence[Row],
    templates: Mapping[tuple[UUID, int], Row],
    shops: Mapping[UUID, Row],
    now: datetime,
) -> dict[UUID, Mapping[str, Any] | Stop]:
    """What each of these messages may say of its code, by message; nothing where none is wanted.

    A code that the shop has not made yet is asked for, and its message waits.
    """
    wanted = [
        (m, terms)
        for m in going
        if (terms := templates[m["template_id"], m["template_version"]]["coupon"])
    ]
    if not wanted:
        return {}
    makers = _makers(ground, db, [m["workspace_id"] for m, _ in wanted])
    own = coupons.of_messages(db, [_first(m) for m, _ in wanted])
    named = [terms["shared"] for _, terms in wanted if terms.get("shared")]
    common = coupons.shared(db, [m["workspace_id"] for m, _ in wanted], named)
    found: dict[UUID, Mapping[str, Any] | Stop] = {}
    asked: dict[tuple[UUID, str], dict[str, Any]] = {}
    for message, terms in wanted:
        shared = common.get((message["workspace_id"], terms.get("shared", "")))
        row = own.get(_first(message)) or shared
        maker = _maker(message, makers)
        if row is None and maker is not None:
            new = _new(message, terms, maker, shops[message["workspace_id"]], now)
            asked.setdefault((message["workspace_id"], new["code"]), new)
        found[message["id"]] = _said(row, maker, now)
    coupons.add_all(db, list(asked.values()))
    return found


def _first(message: Row) -> UUID:
    """An SMS beneath an RCS message names the same code; so does one sent again in doubt."""
    first: UUID = message["stands_in_for"] or message["resends"] or message["id"]
    return first


def _makers(ground: Ground, db: Connection, workspaces: Sequence[UUID]) -> Sequence[Row]:
    able = [slug for slug, c in ground.connectors.items() if c.coupons is not None]
    return connections.active(db, list(set(workspaces)), able)


def _maker(message: Row, makers: Sequence[Row]) -> Row | None:
    """The shop that honours it: the one the event came from, else the workspace's oldest."""
    mine = [m for m in makers if m["workspace_id"] == message["workspace_id"]]
    own = [m for m in mine if m["id"] == message["source_id"]]
    return next(iter(own or mine), None)


def _said(row: Row | None, maker: Row | None, now: datetime) -> Mapping[str, Any] | Stop:
    if row is not None and row["state"] == "ready":
        return {"coupon": row["code"], "coupon_until": row["expires_at"].isoformat()}
    if row is not None and row["state"] == "refused":
        return Stop("skip", "no_code", f"Not sent: the shop does not make the code. {row['words']}")
    if maker is None:
        words = "Not sent: its text names a code, and no connected shop makes codes. Connect one."
        return Stop("skip", "no_code", words)
    return Stop("hold", "code", "Waiting for the shop to make the person's code.", now + _WAIT)


def _new(
    message: Row, terms: Mapping[str, Any], maker: Row, shop: Row, now: datetime
) -> dict[str, Any]:
    shared = terms.get("shared", "")
    return {
        "id": new_id(),
        "workspace_id": message["workspace_id"],
        "connection_id": maker["id"],
        "message_id": None if shared else _first(message),
        "template_id": message["template_id"],
        "code": shared or new_code(terms.get("prefix") or shop["brand"]),
        "terms": dict(terms),
        "expires_at": now + timedelta(days=int(terms.get("days", 7))),
        "due_at": now,
    }


def new_code(brand: str) -> str:
    """ "LUNE-7KQ2MX": letters of the brand, then what nobody can guess."""
    prefix = re.sub("[^A-Z0-9]", "", brand.upper())[:_PREFIX]
    own = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{prefix}-{own}" if prefix else own


def mint_due(ground: Ground, limit: int = 100) -> int:
    """Tell shops of the codes they are to honour, many in one call; how many were told of."""
    now = ground.clock()
    with ground.database.begin() as db:
        claimed = coupons.claim(db, now, now + _LEASE, limit)
        makers = connections.by_ids(db, [c["connection_id"] for c in claimed])
    for maker in makers.values():
        mine = [c for c in claimed if c["connection_id"] == maker["id"]]
        size = _size(ground, maker)
        for start in range(0, len(mine), size):
            _mint(ground, maker, mine[start : start + size])
    return len(claimed)


def _size(ground: Ground, maker: Row) -> int:
    able = ground.connectors[maker["connector"]].coupons
    return able.batch_size if able else 100


def _mint(ground: Ground, maker: Row, wanted: Sequence[Row]) -> None:
    able = ground.connectors[maker["connector"]].coupons
    if able is None:
        return
    try:
        told = list(ground.call(maker, lambda ctx: able.mint(ctx, [_coupon(c) for c in wanted])))
    except ConnectorError as error:
        told = []
        log.warning("codes.not_made", extra={"connection": maker["id"], "why": error.words})
    except Exception:
        told = []
        log.exception("codes.failed", extra={"connection": maker["id"]})
    _settle(ground, wanted, told)


def _settle(ground: Ground, wanted: Sequence[Row], told: Sequence[Minted]) -> None:
    answers = [*told, *[None] * (len(wanted) - len(told))]
    said = [_verdict(row, answer) for row, answer in zip(wanted, answers, strict=False)]
    settled = [one for one in said if one]
    with ground.database.begin() as db:
        coupons.settle(db, settled)
        ids = {one["id"] for one in settled}
        own = [row["message_id"] for row in wanted if row["id"] in ids and row["message_id"]]
        held.release(db, own, "code", ground.clock())
        held.release_all(
            db,
            [row["template_id"] for row in wanted if row["id"] in ids and not row["message_id"]],
            "code",
            ground.clock(),
        )


def _verdict(row: Row, answer: Minted | None) -> dict[str, Any] | None:
    if answer is not None and not answer.refused:
        return {"id": row["id"], "state": "ready", "reference": answer.reference, "words": ""}
    if answer is not None or row["tries"] >= _MOST_TRIES:
        words = answer.refused if answer else "The shop could not be reached, many times."
        return {"id": row["id"], "state": "refused", "reference": "", "words": words}
    return None


def _coupon(row: Row) -> Coupon:
    terms = row["terms"]
    amount = terms.get("amount")
    return Coupon(
        reference=str(row["id"]),
        code=row["code"],
        expires_at=row["expires_at"],
        percent=Decimal(str(terms["percent"])) if terms.get("percent") else None,
        amount=Money.parse(amount, terms.get("currency", "EUR")) if amount else None,
        once=row["message_id"] is not None,
    )
