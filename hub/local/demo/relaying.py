"""The way of a tap out of the pretend phone: to the hub's short link as a real browser would, and
back; pictures, which the pretend shop cannot publish over https, come from it through here."""

from collections.abc import Mapping

import requests
from flask import Blueprint, Response, abort, request

from hub.local.demo.browsing import LINK, fetch
from hub.local.demo.street import PUBLIC_SHOP
from hub.local.demo.town import Town

_PICTURES = "/wp-content/uploads/"
_OURS = "/demo/picture/"
_ASKED = (
    "User-Agent", "Accept", "Accept-Language", "Sec-Fetch-Dest", "Sec-Purpose", "Purpose",
)  # fmt: skip
_ANSWERED = (
    "Content-Type", "Content-Security-Policy", "Location", "Cache-Control", "Referrer-Policy",
    "X-Robots-Tag", "Retry-After",
)  # fmt: skip


def tapped(address: str) -> str:
    """Where a short link of the hub's leads from this page; nowhere for any other address."""
    return f"/demo/l/{address.rpartition('/')[2]}" if LINK.fullmatch(address) else ""


def picture(address: str) -> str:
    """The picture at this address, as this page has it; empty for anybody else's."""
    public = f"{PUBLIC_SHOP}{_PICTURES}"
    return address.replace(public, _OURS, 1) if address.startswith(public) else ""


def door(town: Town) -> Blueprint:
    """`/demo/l/<token>`, its button, and `/demo/picture/<name>`."""
    made = Blueprint("relaying", __name__)

    @made.get("/demo/l/<string(length=10):token>")
    def link(token: str) -> Response:
        return _relayed(f"{town.api.address}/l/{token}")

    @made.get("/demo/l/<string(length=10):token>/go")
    def button(token: str) -> Response:
        return _relayed(f"{town.api.address}/l/{token}/go")

    @made.get(f"{_OURS}<string:name>")
    def shown(name: str) -> Response:
        found = _fetched(f"{town.street.shop_url}{_PICTURES}{name}", {})
        return Response(found.content, found.status_code, content_type="image/png")

    return made


def _relayed(address: str) -> Response:
    asked = {name: request.headers[name] for name in _ASKED if name in request.headers}
    found = _fetched(address, asked)
    body = found.text.replace(f"{PUBLIC_SHOP}{_PICTURES}", _OURS)
    kept = {name: found.headers[name] for name in _ANSWERED if name in found.headers}
    return Response(body, found.status_code, kept)


def _fetched(address: str, headers: Mapping[str, str]) -> requests.Response:
    try:
        return fetch(address, dict(headers))
    except requests.RequestException:
        abort(503, "The hub is starting again; try in a moment.")
