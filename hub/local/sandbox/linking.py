"""Linking: a sandbox's connection to a vendor that is played, consent, keys and prices included."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from hub.connections import dance, install
from hub.contract.outbound import only_to
from hub.local.cast import CAST
from hub.local.consenting import typed_in, way_back
from hub.local.demo.street import OTHERS, PUBLIC_SHOP
from hub.local.demo.systems import sales
from hub.local.sandbox.stands import Stand
from hub.local.sandbox.town import Town
from hub.store import connections, prices
from hub.store.database import Row

_BROWSER = "sandbox"
# What a part of an SMS costs, and an RCS message, wherever it goes; in micros.
_PRICES = (("sms", 45_000), ("rcs", 60_000))
# What a merchant fills in beside what leads to the vendor. A miss at the carrier is soon believed.
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    CAST["sales"]: sales.SETTINGS,
    CAST["phones"]: {"settle_seconds": "2", "agent_logo": f"{PUBLIC_SHOP}/logo.svg"},
}
_PART = {slug: part for part, slug in CAST.items()}


def link(town: Town, slug: str) -> UUID:
    """The active connection to that vendor, made at need. Raises BadForm, ConnectorError, NoPage,
    Rejected, registry.NoSuchConnector."""
    with town.lock:
        stand = town.stand(slug)
        if not stand.connection_id:
            stand.connection_id = str(_connected(town, stand))
            _settle(town, stand)
            town.walk()  # the first poll draws the line that «from now on» means
            _move_in(town, slug)
        return UUID(stand.connection_id)


def sign_in_again(town: Town, slug: str) -> None:
    """The merchant's way back after the vendor took the token away. Raises as `link` does."""
    with town.lock:
        stand = town.stand(slug)
        row = _row(town, UUID(stand.connection_id))
        with only_to(stand.port):
            started = install.sign_in_again(town.ground, row, {})
            _agree(town, started)
        town.walk()


def _connected(town: Town, stand: Stand) -> UUID:
    connector = town.ground.connectors[stand.slug]
    way = next(iter(connector.ways))
    settings = {**stand.played.settings(stand.served.url), **_SETTINGS.get(stand.slug, {})}
    with only_to(stand.port):
        started = install.start(
            town.ground,
            town.sandbox_id,
            stand.slug,
            settings,
            typed_in(stand.played, connector, way),
            way=way,
            simulator=stand.port,
        )
        _agree(town, started)
    return started.connection_id


def _agree(town: Town, started: install.Started) -> None:
    """Where the vendor has a consent page, its owner allows it there."""
    if not started.consent_url:
        return
    state = urlsplit(started.consent_url).path.rpartition("/")[2]
    back = way_back(dance.set_out(town.ground, state, _BROWSER))
    query = dict(parse_qsl(urlsplit(back).query))
    dance.come_back(town.ground, query, _BROWSER)
    install.finish(town.ground, started.connection_id)


def _settle(town: Town, stand: Stand) -> None:
    row = _row(town, UUID(stand.connection_id))
    if stand.slug == CAST["sales"]:
        secrets = connections.secrets_of(town.ground.vault, row)
        sales.introduce(stand.played, town.ground.hook_url(row), secrets["webhook_secret"])
    if town.ground.connectors[stand.slug].carrier:
        _price(town, row)


def _price(town: Town, row: Row) -> None:
    lines: list[dict[str, Any]] = [
        {"connection_id": str(row["id"]), "channel": channel, "country": "", "micros": micros,
         "currency": "EUR"}
        for channel, micros in _PRICES
    ]  # fmt: skip
    with town.ground.database.begin() as db:
        standing = [dict(one) for one in prices.listed(db, town.sandbox_id)]
        kept = [one | {"connection_id": str(one["connection_id"])} for one in standing]
        prices.replace(db, town.sandbox_id, [*kept, *lines])


def _move_in(town: Town, slug: str) -> None:
    part = _PART.get(slug, "")
    if part not in OTHERS:
        return
    neighbour = town.others[part]
    neighbour.simulator = town.stand(slug).played
    neighbour.connection_id = town.stand(slug).connection_id
    if part in ("crm", "sales"):
        town.acts.move_in()


def _row(town: Town, connection_id: UUID) -> Row:
    with town.ground.database.begin() as db:
        return connections.by_ids(db, [connection_id])[connection_id]
