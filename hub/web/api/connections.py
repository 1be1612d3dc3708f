"""Connections: install a connector, look at it, check it, remove it."""

from typing import Any

from sqlalchemy import Connection

from hub.connections import install
from hub.connections.health import look_after
from hub.contract import ConnectorError, Throttled, Unavailable
from hub.store import connections
from hub.store.database import Row
from hub.store.ground import Ground
from hub.web.api.problems import Problem, invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of
from hub.web.api.schemas import ID, SLUG, TIME, by_name, listed, one_of, optional, shape, text

desk = Desk("connections")

_BRIEF = {
    "id": ID,
    "connector": text(),
    "label": text(),
    "state": one_of("installing", "active", "attention"),
    "problem": text(2000),
    "settings": by_name(text(2000)),
    "paused_until": optional(TIME),
    "created_at": TIME,
}
_CONNECTION = shape(_BRIEF)
_WITH_NOTES = shape({**_BRIEF, "notes": listed(shape({"at": TIME, "words": text(2000)}))})
_STARTED = shape({"id": ID, "consent_url": optional(text(4000))})
_FORM = shape(
    {"connector": SLUG},
    {
        "settings": by_name(text(2000)),
        "secrets": by_name(text(10_000)),
        "return_url": {"type": "string", "pattern": "^https?://", "maxLength": 2000},
    },
)


@desk.route("GET /connections", scope="read", answers={200: shape({"items": listed(_CONNECTION)})})
def listing(ask: Ask) -> Answer:
    """List the connections of the workspace."""
    with ask.ground.database.begin() as db:
        found = connections.listed(db, ask.workspace_id)
    return Answer({"items": [_brief(ask.ground, row) for row in found]})


@desk.route("GET /connections/{connection_id}", scope="read", answers={200: _WITH_NOTES})
def one(ask: Ask, connection_id: str) -> Answer:
    """Look at one connection: its state, its problem, its diary."""
    with ask.ground.database.begin() as db:
        return Answer(_whole(ask, db, _standing(ask, db, connection_id)))


@desk.route(
    "POST /connections", scope="manage", takes=_FORM, answers={201: _STARTED, 202: _STARTED}
)
def add(ask: Ask) -> Answer:
    """Install a connector. 202 means: go on at `consent_url`, the vendor's own page."""
    form = ask.body
    try:
        started = install.start(
            ask.ground,
            ask.workspace_id,
            form["connector"],
            form.get("settings", {}),
            form.get("secrets", {}),
            form.get("return_url", ""),
        )
    except install.BadForm as bad:
        raise invalid(*bad.problems) from None
    except ConnectorError as error:
        raise _refused(error) from None
    url = started.consent_url
    return Answer({"id": started.connection_id, "consent_url": url or None}, 202 if url else 201)


@desk.route("POST /connections/{connection_id}/check", scope="manage", answers={200: _WITH_NOTES})
def check(ask: Ask, connection_id: str) -> Answer:
    """Check the credentials now, and mend the subscriptions where that is possible."""
    with ask.ground.database.begin() as db:
        row = _standing(ask, db, connection_id)
    look_after(ask.ground, row)
    with ask.ground.database.begin() as db:
        return Answer(_whole(ask, db, _standing(ask, db, connection_id)))


@desk.route("DELETE /connections/{connection_id}", scope="manage", answers={204: None})
def remove(ask: Ask, connection_id: str) -> Answer:
    """Remove a connection, its subscriptions and its credentials; what it brought stays."""
    if not install.remove(ask.ground, ask.workspace_id, id_of(connection_id, "connection")):
        raise not_found("connection")
    return Answer(None, 204)


def _standing(ask: Ask, db: Connection, connection_id: str) -> Row:
    row = connections.get(db, ask.workspace_id, id_of(connection_id, "connection"))
    if row is None or row["state"] == "removed":
        raise not_found("connection")
    return row


def _refused(error: ConnectorError) -> Problem:
    if isinstance(error, Unavailable | Throttled):
        return Problem("vendor-away", f"{error.words} Try again later; nothing was kept.")
    return Problem("vendor-refused", f"{error.words} Nothing was kept.")


def _brief(ground: Ground, row: Row) -> dict[str, Any]:
    """Settings that a connector marks as secret are left out, as all credentials are."""
    connector = ground.connectors.get(row["connector"])
    hidden = {f.name for f in connector.settings if f.kind == "secret"} if connector else set()
    shown = {name: row[name] for name in _BRIEF if name != "settings"}
    kept = {name: value for name, value in row["settings"].items() if name not in hidden}
    return {**shown, "settings": kept}


def _whole(ask: Ask, db: Connection, row: Row) -> dict[str, Any]:
    notes = [dict(note) for note in connections.notes(db, row["id"])]
    return {**_brief(ask.ground, row), "notes": notes}
