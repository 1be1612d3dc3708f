"""Connections: install a connector, look at it, check it, remove it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from hub.connections import install
from hub.connections.dance import BACK
from hub.connections.forms import BadForm
from hub.connections.health import health_of, look_after
from hub.contract import ConnectorError, Throttled, Unavailable
from hub.store import connections, health
from hub.store.database import Row
from hub.store.ground import Ground
from hub.web.api.problems import Problem, invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of
from hub.web.api.schemas import (
    ID,
    SLUG,
    TIME,
    by_name,
    labelled,
    listed,
    one_of,
    optional,
    shape,
    text,
)

desk = Desk("connections")

_BRIEF = {
    "id": ID,
    "connector": text(),
    "label": text(),
    "state": one_of("installing", "active", "attention"),
    "problem": text(2000),
    "health": shape(
        {
            "state": one_of("healthy", "degraded", "sign_in", "installing"),
            "words": text(2000),
            "next_step": text(2000),
        }
    ),
    "account": text(),
    "quota": text(),
    "way": text(),
    "checked_at": optional(TIME),
    "expires_at": optional(TIME),
    "last_event_at": optional(TIME),
    "last_write_back_at": optional(TIME),
    "settings": by_name(text(2000)),
    "paused_until": optional(TIME),
    "created_at": TIME,
}
_URL = {"type": "string", "pattern": "^https?://", "maxLength": 2000}
_CONNECTION = shape(_BRIEF)
_WITH_NOTES = shape({**_BRIEF, "notes": listed(shape({"at": TIME, "words": text(2000)}))})
_STARTED = shape({"id": ID, "consent_url": optional(text(4000))})
_FORM = shape(
    {"connector": SLUG},
    {
        "settings": by_name(text(2000)),
        "secrets": by_name(text(10_000)),
        "way": text(100),
        "return_url": _URL,
    },
)
_AGAIN = shape({}, {"secrets": by_name(text(10_000)), "return_url": _URL})
_SETTINGS = shape({"settings": by_name(text(2000))})
_REMOVED = shape({"words": text(4000)})
_ADDRESS = shape({"hook_url": text(2000), "webhook_secret": text(200), "redirect_url": text(2000)})
_OPTIONS = shape({"items": listed(labelled(["value", "label"]))})
_PREVIEW = shape(
    {
        "columns": listed(text(500)),
        "rows": listed(listed(text(2000))),
        "words": listed(text(2000)),
    }
)


@desk.route("GET /connections", scope="read", answers={200: shape({"items": listed(_CONNECTION)})})
def listing(ask: Ask) -> Answer:
    """List the connections of the workspace."""
    with ask.begin() as db:
        found = connections.listed(db, ask.workspace_id)
    return Answer({"items": [_brief(ask.ground, row) for row in found]})


@desk.route("GET /connections/{connection_id}", scope="read", answers={200: _WITH_NOTES})
def one(ask: Ask, connection_id: str) -> Answer:
    """Look at one connection: its state, its problem, its diary."""
    with ask.begin() as db:
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
            form.get("way", ""),
        )
    except BadForm as bad:
        raise invalid(*bad.problems) from None
    except ConnectorError as error:
        raise _refused(error) from None
    return _started(started, 201)


def _started(started: install.Started, status: int) -> Answer:
    url = started.consent_url
    return Answer({"id": started.connection_id, "consent_url": url or None}, 202 if url else status)


@desk.route(
    "POST /connections/{connection_id}/reconnect",
    scope="manage",
    takes=_AGAIN,
    answers={200: _STARTED, 202: _STARTED},
)
def reconnect(ask: Ask, connection_id: str) -> Answer:
    """Sign in again, with new keys or at `consent_url`; what the connection brought stays."""
    with ask.begin() as db:
        row = _standing(ask, db, connection_id)
    secrets, back = ask.body.get("secrets", {}), ask.body.get("return_url", "")
    with _plainly():
        return _started(install.sign_in_again(ask.ground, row, secrets, back), 200)


@desk.route(
    "PUT /connections/{connection_id}/settings",
    scope="manage",
    takes=_SETTINGS,
    answers={200: _WITH_NOTES},
)
def fill_in(ask: Ask, connection_id: str) -> Answer:
    """Change settings; those that are not named stay. They are tried before they are kept."""
    with ask.begin() as db:
        row = _standing(ask, db, connection_id)
    with _plainly():
        install.fill_in(ask.ground, row, ask.body["settings"])
    with ask.begin() as db:
        return Answer(_whole(ask, db, _standing(ask, db, connection_id)))


@desk.route(
    "GET /connections/{connection_id}/options/{field}", scope="manage", answers={200: _OPTIONS}
)
def options(ask: Ask, connection_id: str, field: str) -> Answer:
    """The choices of a setting that the vendor itself knows, such as its calendars."""
    with ask.begin() as db:
        row = _standing(ask, db, connection_id)
    connector = ask.ground.connectors.get(row["connector"])
    named = {f.name for f in connector.settings if f.live} if connector else set()
    ask_for = connector.options if connector else None
    if ask_for is None or field not in named:
        raise not_found("setting with choices of the vendor")
    with _plainly():
        found = ask.ground.call(row, lambda context: ask_for(context, field))
    return Answer({"items": [{"value": value, "label": label} for value, label in found]})


@desk.route("GET /connections/{connection_id}/preview", scope="manage", answers={200: _PREVIEW})
def preview(ask: Ask, connection_id: str) -> Answer:
    """What the settings would read now: some rows, and what is missing in words."""
    with ask.begin() as db:
        row = _standing(ask, db, connection_id)
    connector = ask.ground.connectors.get(row["connector"])
    if connector is None or connector.preview is None:
        raise not_found("preview of this connector")
    with _plainly():
        found = ask.ground.call(row, connector.preview)
    return Answer(
        {
            "columns": list(found.columns),
            "rows": [list(line) for line in found.rows],
            "words": list(found.words),
        }
    )


@desk.route("GET /connections/{connection_id}/address", scope="manage", answers={200: _ADDRESS})
def address(ask: Ask, connection_id: str) -> Answer:
    """What is to be pasted at the vendor: where it delivers, and the secret of its calls."""
    with ask.begin() as db:
        row = _standing(ask, db, connection_id)
    secrets = ask.ground.credentials(row)
    return Answer(
        {
            "hook_url": ask.ground.hook_url(row),
            "webhook_secret": secrets.get("webhook_secret", ""),
            "redirect_url": ask.ground.settings.address + BACK,
        }
    )


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except BadForm as bad:
        raise invalid(*bad.problems) from None
    except ConnectorError as error:
        raise _refused(error, "Nothing was changed.") from None


@desk.route("POST /connections/{connection_id}/check", scope="manage", answers={200: _WITH_NOTES})
def check(ask: Ask, connection_id: str) -> Answer:
    """Check the credentials now, and mend the subscriptions where that is possible."""
    with ask.begin() as db:
        row = _standing(ask, db, connection_id)
    look_after(ask.ground, row)
    with ask.begin() as db:
        return Answer(_whole(ask, db, _standing(ask, db, connection_id)))


@desk.route("DELETE /connections/{connection_id}", scope="manage", answers={200: _REMOVED})
def remove(ask: Ask, connection_id: str) -> Answer:
    """Remove a connection, its subscriptions and its credentials; `words` say what stays there."""
    words = install.remove(ask.ground, ask.workspace_id, id_of(connection_id, "connection"))
    if words is None:
        raise not_found("connection")
    return Answer({"words": words})


def _standing(ask: Ask, db: Connection, connection_id: str) -> Row:
    row = connections.get(db, ask.workspace_id, id_of(connection_id, "connection"))
    if row is None or row["state"] == "removed":
        raise not_found("connection")
    return row


def _refused(error: ConnectorError, kept: str = "Nothing was kept.") -> Problem:
    if isinstance(error, Unavailable | Throttled):
        return Problem("vendor-away", f"{error.words} {kept} Try again later.")
    return Problem("vendor-refused", f"{error.words} {kept}")


def _brief(ground: Ground, row: Row) -> dict[str, Any]:
    """Settings that a connector marks as secret are left out, as all credentials are."""
    connector = ground.connectors.get(row["connector"])
    hidden = {f.name for f in connector.settings if f.kind == "secret"} if connector else set()
    shown = {name: row[name] for name in _BRIEF if name not in ("settings", "health")}
    kept = {name: value for name, value in row["settings"].items() if name not in hidden}
    health = asdict(health_of(row, ground.clock()))
    return {**shown, "settings": kept, "health": health}


def _whole(ask: Ask, db: Connection, row: Row) -> dict[str, Any]:
    notes = [dict(note) for note in health.notes(db, row["id"])]
    return {**_brief(ask.ground, row), "notes": notes}
