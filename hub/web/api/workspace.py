"""The workspace: the merchant's name and brand, sender, STOP code, and where short links live."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import list_currencies

from hub.automations.hours import zone_named
from hub.compose.sender import is_name, is_number
from hub.store import workspaces
from hub.web.api.problems import invalid
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import picked, shop_of
from hub.web.api.schemas import listed, one_of, shape, text

desk = Desk("workspace")

_SETTINGS = {
    "name": text(100, empty=False),
    "brand": text(100, empty=False),
    "language": one_of("en", "fr", "es", "it", "de"),
    "zone": text(64, empty=False),
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "sender": text(16),
    "stop_code": text(100),
    "link_url": text(60),
    "link_domains": {**listed(text(253, empty=False)), "maxItems": 100},
    "privacy_url": text(500),
}
_SHOWN = shape({**_SETTINGS, "country": text()})
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
Problems = Iterator[tuple[str, str]]


@desk.route("GET /workspace", scope="read", answers={200: _SHOWN})
def one(ask: Ask) -> Answer:
    """Look at the workspace."""
    with ask.begin() as db:
        return Answer(picked(shop_of(db, ask.workspace_id), (*_SETTINGS, "country")))


@desk.route("PUT /workspace", scope="manage", takes=shape({}, _SETTINGS), answers={200: _SHOWN})
def put(ask: Ask) -> Answer:
    """Change the workspace. What is left out stays as it is."""
    problems = list(problems_in(ask.body))
    if problems:
        raise invalid(*problems)
    with ask.begin() as db:
        workspaces.change(db, ask.workspace_id, **ask.body)
        return Answer(picked(shop_of(db, ask.workspace_id), (*_SETTINGS, "country")))


def problems_in(body: Mapping[str, Any]) -> Problems:
    """(field, words) for each that cannot be."""
    if "zone" in body and zone_named(body["zone"]) is None:
        yield "zone", "There is no such time zone. Give one such as Europe/Paris."
    if "currency" in body and body["currency"] not in list_currencies():
        yield "currency", "There is no such currency. Give three letters such as EUR."
    sender = body.get("sender", "")
    if sender and not (is_name(sender) or is_number(sender)):
        yield "sender", "Use 3 to 11 letters and digits with a letter among them, or a number."
    yield from _addresses(body)


def _addresses(body: Mapping[str, Any]) -> Problems:
    """Where short links live, where they may lead, and the page on privacy."""
    for name in ("link_url", "privacy_url"):
        if body.get(name) and not _is_page(body[name]):
            yield name, "This must be an address that begins with https://."
    if body.get("link_url") and urlsplit(body["link_url"]).path.strip("/"):
        yield "link_url", "Short links live at the root of a host of their own: leave the path out."
    for place, domain in enumerate(body.get("link_domains", ())):
        if not _HOST.fullmatch(domain):
            yield f"link_domains.{place}", "Give a domain alone, such as shop.example.com."


def _is_page(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(_HOST.fullmatch(parts.hostname or ""))
