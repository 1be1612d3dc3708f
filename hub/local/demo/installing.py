"""Installing the two connectors the way a merchant does, over HTTP: keys pasted into the API, a
consent page read and approved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import requests

from hub.local.demo.waiting import NeverCame, wait_for
from hub.store import connections
from hub.store.ground import Ground

Say = Callable[[str], None]

_APPROVE = re.compile(r'id="approve" href="([^"]+)"')
_PATIENCE = 30.0


@dataclass(frozen=True)
class Api:
    """The hub's own API, with a key of the workspace."""

    address: str
    key: str

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer's document. Raises NeverCame with the hub's own words."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method,
                f"{self.address}/api/v1{path}",
                json=body,
                headers={"Authorization": f"Bearer {self.key}"},
                timeout=30,
            )
        found: dict[str, Any] = answer.json()
        if not answer.ok:
            raise NeverCame(f"The hub refused: {found.get('detail') or found.get('title')}")
        return found


def install_phones(api: Api, settings: Mapping[str, str], key: str, say: Say) -> None:
    """smsmode, by its API key. Its pretend self lists messages at once: a miss is soon believed."""
    say("Connecting smsmode with its API key…")
    chosen = {**settings, "settle_seconds": "2"}
    form = {"connector": "smsmode", "settings": chosen, "secrets": {"api_key": key}}
    _until_active(api, api.call("POST", "/connections", form)["id"], "smsmode", say)


def install_shop(api: Api, ground: Ground, settings: Mapping[str, str], say: Say) -> None:
    """WooCommerce, by the shop's own consent page, which hands its keys to the hub over HTTP."""
    say("Connecting the shop: its owner is asked on the shop's own page, and approves…")
    form = {"connector": "woocommerce", "settings": settings}
    started = api.call("POST", "/connections", form)
    _approve(started["consent_url"])
    _until_active(api, started["id"], "the shop", say)
    _until_polled(ground, UUID(started["id"]))


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
    def active() -> str:
        found = api.call("GET", f"/connections/{connection_id}")
        return str(found["label"]) if found["state"] == "active" else ""

    label = wait_for(active, _PATIENCE, every=0.2)
    if not label:
        raise NeverCame(f"{name} did not become active in {_PATIENCE:.0f} s. See the hub's log.")
    say(f"  Connected: {label}.")


def _until_polled(ground: Ground, connection_id: UUID) -> None:
    """The first poll draws the line that "from now on" means; nothing may be lost before it."""

    def polled() -> bool:
        with ground.database.begin() as db:
            return bool(connections.by_ids(db, [connection_id])[connection_id]["cursor"])

    if not wait_for(polled, _PATIENCE):
        raise NeverCame("The shop was not polled in time. See the hub's log.")
