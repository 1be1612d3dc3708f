"""A connection's settings and keys, changed; and taking it away, knowing what stays behind."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext

from hub.connections import brochure, install
from hub.connections.dance import BACK
from hub.connections.forms import BadForm
from hub.connections.health import look_after
from hub.connections.tokens import way_of
from hub.contract import Connector, ConnectorError, Field, OAuth2
from hub.contract.signing_in import fields_of
from hub.store import health
from hub.store.database import Row
from hub.web.pages.connections import typed
from hub.web.pages.connections.wing import is_sandbox, note, of_row, standing, wing
from hub.web.pages.retold import told
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_AT = "/connections/<uuid:connection_id>"
Problems = Sequence[tuple[str, str]]


@wing.way(f"GET {_AT}/settings", may="connect")
def settings(visit: Visit, connection_id: UUID) -> Shown:
    """Every setting that the connector declares."""
    return _settings(visit, standing(visit, connection_id))


@wing.way(f"POST {_AT}/settings", may="connect")
def change(visit: Visit, connection_id: UUID) -> Shown | Go:
    """They are tried at the vendor before they are kept."""
    row = standing(visit, connection_id)
    given = typed.read(of_row(visit, row).settings, "set", visit.form)
    try:
        install.fill_in(visit.ground, row, given)
    except BadForm as bad:
        return _settings(visit, row, bad.problems, given)
    except ConnectorError as error:
        return _settings(visit, row, (), given, error.words)
    note(visit, "connection.settings", str(connection_id))
    words = gettext("The settings are kept: they were tried, and they work.")
    return Go(f"/connections/{connection_id}", said=words)


@wing.way(f"GET {_AT}/reconnect", may="connect", fresh=True)
def reconnecting(visit: Visit, connection_id: UUID) -> Shown:
    """Sign in again, or paste new keys; what the connection brought stays."""
    return _reconnect(visit, standing(visit, connection_id))


@wing.way(f"POST {_AT}/reconnect", may="connect", fresh=True)
def reconnect(visit: Visit, connection_id: UUID) -> Shown | Go:
    """New keys are tried at once; a sign-in goes by the vendor's own page."""
    row = standing(visit, connection_id)
    if is_sandbox(visit):
        return _reconnect(visit, row)
    connector = of_row(visit, row)
    secrets = typed.read(fields_of(way_of(connector, row)), "key", visit.form)
    home = f"{visit.ground.settings.address}/connections/{connection_id}/back"
    try:
        started = install.sign_in_again(visit.ground, row, secrets, home)
    except BadForm as bad:
        return _reconnect(visit, row, bad.problems)
    except ConnectorError as error:
        return _reconnect(visit, row, (), error.words)
    note(visit, "connection.reconnected", str(connection_id))
    if started.consent_url:
        values = {"url": started.consent_url, "title": connector.title}
        return Shown("connections/leave.html", values)
    return Go(f"/connections/{connection_id}", said=gettext("Connected again: it works."))


@wing.way(f"GET {_AT}/back", may="connect")
def home_again(visit: Visit, connection_id: UUID) -> Go:
    """The browser comes back from the vendor's page: look whether it works now."""
    row = standing(visit, connection_id)
    with visit.ground.database.begin() as db:
        mine = health.take_turn(db, row["id"], visit.ground.clock())
    problem = look_after(visit.ground, row) if mine else row["problem"]
    words = told(problem) or gettext("Connected again: it works.")
    return Go(f"/connections/{connection_id}", said=words)


@wing.way(f"GET {_AT}/remove", may="connect", fresh=True)
def removing(visit: Visit, connection_id: UUID) -> Shown:
    """What goes, what stays behind, before it is done."""
    row = standing(visit, connection_id)
    connector = visit.ground.connectors.get(row["connector"])
    return Shown("connections/remove.html", {
        "row": row, "title": connector.title if connector else row["connector"],
        "leaves": connector.leaves if connector else "",
        "guide": brochure.page(row["connector"], "Remove"),
        "emits": bool(connector and connector.emits),
        "carries": bool(connector and connector.carrier),
    })  # fmt: skip


@wing.way(f"POST {_AT}/remove", may="connect", fresh=True)
def remove(visit: Visit, connection_id: UUID) -> Go:
    """Its subscriptions, its sign-in and its secrets go; what it brought stays."""
    words = install.remove(visit.ground, visit.workspace_id, connection_id)
    if words is None:
        raise Missing
    note(visit, "connection.removed", str(connection_id))
    said = gettext("It is removed, and its keys are erased.")
    return Go("/connections", said=f"{said} {told(words)}".strip())


def _settings(
    visit: Visit,
    row: Row,
    problems: Problems = (),
    given: Mapping[str, str] | None = None,
    problem: str = "",
) -> Shown:
    connector = of_row(visit, row)
    live: Mapping[str, Any] = {}
    try:
        live = _choices(visit, row, connector)
    except ConnectorError as error:
        problem = problem or error.words
    known = {**row["settings"], **(given or {})}
    # In a sandbox the vendor's addresses lead to its simulator, and stay so.
    mine = [f for f in connector.settings if f.kind != "url" or not is_sandbox(visit)]
    usual = [f for f in mine if not f.advanced]
    rare = [f for f in mine if f.advanced]
    values = {
        "row": row, "title": connector.title, "problem": problem,
        "fields": typed.drawn(usual, "set", known, problems, live),
        "rare": typed.drawn(rare, "set", known, problems, live),
    }  # fmt: skip
    return Shown("connections/settings.html", values, 422 if problems else 200)


def _choices(visit: Visit, row: Row, connector: Connector) -> dict[str, Any]:
    """The vendor's own choices; those of a fold that few open are not asked for."""
    ask, live = connector.options, [f for f in connector.settings if f.live and not f.advanced]
    if ask is None or not live or row["state"] == "installing":
        return {}
    return visit.ground.call(row, lambda ctx: {f.name: ask(ctx, f.name) for f in live})


def _reconnect(visit: Visit, row: Row, problems: Problems = (), problem: str = "") -> Shown:
    connector = of_row(visit, row)
    way = way_of(connector, row)
    fields: Sequence[Field] = fields_of(way)
    named = {f.name for f in fields}
    values = {
        "row": row, "title": connector.title, "problem": problem, "way_label": way.label,
        "loose": [told(words) for where, words in problems if where not in named],
        "keys": typed.drawn(fields, "key", {}, problems),
        "signs_in": isinstance(way, OAuth2), "played": is_sandbox(visit),
        "redirect_url": visit.ground.settings.address + BACK,
    }  # fmt: skip
    return Shown("connections/reconnect.html", values, 422 if problems or problem else 200)
