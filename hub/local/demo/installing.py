"""Installing the two connectors the way a merchant does: keys pasted, a consent page approved."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from urllib.parse import urljoin
from uuid import UUID

import requests

from hub.connections import install
from hub.local.demo.waiting import NeverCame, wait_for
from hub.store import connections
from hub.store.ground import Ground

Say = Callable[[str], None]

_APPROVE = re.compile(r'id="approve" href="([^"]+)"')
_PATIENCE = 20.0


def install_phones(
    ground: Ground, workspace_id: UUID, settings: Mapping[str, str], key: str, say: Say
) -> UUID:
    """smsmode, by its API key. Its pretend self lists messages at once: a miss is soon believed."""
    say("Connecting smsmode with its API key…")
    chosen = {**settings, "settle_seconds": "2"}
    started = install.start(ground, workspace_id, "smsmode", chosen, {"api_key": key})
    _until_active(ground, started.connection_id, "smsmode", say)
    return started.connection_id


def install_shop(ground: Ground, workspace_id: UUID, settings: Mapping[str, str], say: Say) -> UUID:
    """WooCommerce, by the shop's own consent page, which hands its keys to the hub over HTTP."""
    say("Connecting the shop: its owner is asked on the shop's own page, and approves…")
    started = install.start(ground, workspace_id, "woocommerce", settings, {})
    _approve(started.consent_url)
    _until_active(ground, started.connection_id, "the shop", say)
    _until_polled(ground, started.connection_id)
    return started.connection_id


def _approve(consent_url: str) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(consent_url, timeout=10)
        found = _APPROVE.search(page.text)
        if found is None:
            raise NeverCame("The shop's consent page has no way to approve. Start the demo again.")
        said = browser.get(
            urljoin(consent_url, unescape(found[1])), timeout=20, allow_redirects=False
        )
    if said.status_code != 302:
        raise NeverCame("The shop could not hand its keys to the hub. Start the demo again.")


def _until_active(ground: Ground, connection_id: UUID, name: str, say: Say) -> None:
    def active() -> str:
        with ground.database.begin() as db:
            row = connections.by_ids(db, [connection_id])[connection_id]
        return str(row["label"]) if row["state"] == "active" else ""

    label = wait_for(active, _PATIENCE)
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
