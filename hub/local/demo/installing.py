"""Installing the connectors the way a merchant does, over HTTP: keys pasted into the API, a
consent page read and approved."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import requests

from hub.contract import OAuth2
from hub.local.cast import CAST
from hub.local.consenting import NoPage, agree
from hub.local.demo.api import Api
from hub.local.demo.street import PUBLIC_SHOP, Neighbour, Street
from hub.local.demo.systems import sales
from hub.local.demo.waiting import NeverCame, wait_for
from hub.store import connections
from hub.store.ground import Ground

Say = Callable[[str], None]

_APPROVE = re.compile(r'id="approve" href="([^"]+)"')
# What a part of an SMS costs, and an RCS message, wherever it goes.
_PRICES = (("sms", "0.045"), ("rcs", "0.06"))
_PATIENCE = 60.0  # a machine with much else to do is no reason to give up

# What a merchant fills in beside what leads to the pretend vendor.
_SETTINGS: Mapping[str, Mapping[str, str]] = {"sales": sales.SETTINGS}
_AFTERWARDS: Mapping[str, Callable[[Any, Api, str], None]] = {"sales": sales.settle}


def install_phones(
    api: Api, settings: Mapping[str, str], secrets: Mapping[str, str], say: Say
) -> None:
    """smsmode, by its keys. Its pretend self lists messages at once: a miss is soon believed."""
    say("Connecting smsmode with its API keys, one for SMS and one for RCS…")
    chosen = {**settings, "settle_seconds": "2", "agent_logo": f"{PUBLIC_SHOP}/logo.svg"}
    form = {"connector": CAST["phones"], "settings": chosen, "secrets": dict(secrets)}
    made = str(api.call("POST", "/connections", form)["id"])
    _until_active(api, made, "smsmode", say)
    api.call("PUT", "/prices", {"items": [_price(made, *line) for line in _PRICES]})


def _price(connection_id: str, channel: str, amount: str) -> dict[str, str]:
    return {
        "connection_id": connection_id,
        "channel": channel,
        "country": "",
        "amount": amount,
        "currency": "EUR",
    }


def connect_all(api: Api, ground: Ground, street: Street, say: Say) -> None:
    """The shop and the other systems, side by side. Raises NeverCame where the shop fails; any
    other that fails is left out, and its problem said."""
    with ThreadPoolExecutor(len(street.others) + 1) as hands:
        settings = street.shop.settings(street.shop_url)
        shop = hands.submit(install_shop, api, ground, settings, say)
        for one in street.others.values():
            hands.submit(connect, api, ground, one, say)
        shop.result()


def install_shop(api: Api, ground: Ground, settings: Mapping[str, str], say: Say) -> None:
    """The shop, by the shop's own consent page, which hands its keys to the hub over HTTP."""
    say("Connecting the shop: its owner is asked on the shop's own page, and approves…")
    form = {"connector": CAST["shop"], "settings": settings}
    started = api.call("POST", "/connections", form)
    _approve(started["consent_url"])
    _until_active(api, started["id"], "the shop", say)
    _until_polled(ground, UUID(started["id"]), "The shop")


def connect(api: Api, ground: Ground, one: Neighbour, say: Say) -> None:
    """One system beside the shop; where it cannot be connected its `problem` says why."""
    if one.problem:
        say(f"  {one.title} is left out: {one.problem}")
        return
    try:
        one.connection_id = _install(api, ground, one, say)
    except Exception as error:  # a connector is third-party code; the town opens without it
        one.problem = str(error) or type(error).__name__
        say(f"  {one.title} is left out: {one.problem}")


def _install(api: Api, ground: Ground, one: Neighbour, say: Say) -> str:
    """By the vendor's usual way: a consent page that is agreed to, or keys typed in."""
    if one.connector is None:
        raise NeverCame("It has no connector.")
    way, kind = next(iter(one.connector.ways.items()))
    asks = isinstance(kind, OAuth2)
    how = "its owner signs in there and allows it" if asks else "with the key of a service account"
    say(f"Connecting {one.title}: {how}…")
    form = {
        "connector": CAST[one.part],
        "way": way,
        "settings": {**one.simulator.settings(one.url), **_SETTINGS.get(one.part, {})},
        "secrets": one.simulator.typed(way),
    }
    started = api.call("POST", "/connections", form)
    if started["consent_url"]:
        _agree(started["consent_url"])
    _until_active(api, started["id"], one.title, say)
    if one.part in _AFTERWARDS:
        _AFTERWARDS[one.part](one.simulator, api, started["id"])
    _until_polled(ground, UUID(started["id"]), one.title)
    return str(started["id"])


def sign_in_again(api: Api, connection_id: str) -> None:
    """The merchant's way back after the consent was taken away. Raises NeverCame."""
    started = api.call("POST", f"/connections/{connection_id}/reconnect", {})
    if started["consent_url"]:
        _agree(started["consent_url"])


def _agree(consent_url: str) -> None:
    try:
        agree(consent_url)
    except (NoPage, requests.RequestException) as error:
        raise NeverCame(f"The consent page did not come: {error}") from None


def _approve(consent_url: str) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(consent_url, timeout=10)
        found = _APPROVE.search(page.text)
        if found is None:
            raise NeverCame("The shop's consent page has no way to approve. Start the demo again.")
        there = urljoin(consent_url, unescape(found[1]))
        said = browser.get(there, timeout=20, allow_redirects=False)
    if said.status_code != 302:
        raise NeverCame("The shop could not hand its keys to the hub. Start the demo again.")


def _until_active(api: Api, connection_id: str, name: str, say: Say) -> None:
    words = ""

    def active() -> str:
        nonlocal words
        found = api.call("GET", f"/connections/{connection_id}")
        words = str(found["problem"])
        return str(found["label"]) if found["state"] == "active" else ""

    label = wait_for(active, _PATIENCE, every=0.2)
    if not label:
        why = words or "See the hub's log."
        raise NeverCame(f"{name} did not become active in {_PATIENCE:.0f} s. {why}")
    say(f"  Connected: {name}, {label}.")


def _until_polled(ground: Ground, connection_id: UUID, name: str) -> None:
    """The first poll draws the line that "from now on" means; nothing may be lost before it."""

    def polled() -> bool:
        with ground.database.begin() as db:
            return bool(connections.by_ids(db, [connection_id])[connection_id]["cursor"])

    if not wait_for(polled, _PATIENCE):
        raise NeverCame(f"{name} was not polled in time. See the hub's log.")
