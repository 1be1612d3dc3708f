"""smsmode over HTTP: one call within one deadline, and what can be proven when it fails."""

from collections.abc import Mapping
from typing import Any

import requests

from hub.contract import AuthLost, ConnectorError, Context, Refused, Unavailable
from hub.contract.http import check_status, json_of
from hub.contract.http_once import Parcel, call_once

from .documents import hide_numbers
from .trees import Tree, tree_of

VENDOR = "smsmode"
BASE_URL = "https://rest.smsmode.com"


def post(ctx: Context, path: str, parcel: Parcel) -> requests.Response:
    """POST JSON and give the answer, whatever its status.

    Raises Unavailable; its `reached` is False exactly when the body was never asked for.
    """
    headers = {**_headers(ctx, path), "Content-Type": "application/json"}
    return call_once(
        VENDOR, "POST", _base(ctx) + path, deadline=ctx.deadline, headers=headers, parcel=parcel
    )


def get(ctx: Context, path: str, query: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address. Raises the listed errors."""
    response = call_once(
        VENDOR,
        "GET",
        _base(ctx) + path,
        deadline=ctx.deadline,
        headers=_headers(ctx, path),
        query=query,
    )
    if not 200 <= response.status_code < 300:
        raise error_of(response, tree_of(path))
    try:
        return json_of(VENDOR, response)
    except RecursionError:
        raise Unavailable("smsmode's answer is nested too deeply to be read.") from None


def error_of(response: requests.Response, tree: Tree) -> ConnectorError:
    """The listed error for an answer that is not 2xx, with no phone number in its words."""
    try:
        check_status(VENDOR, response)
    except AuthLost as error:
        return AuthLost(
            f"smsmode does not accept the API key for {tree.title}: check that it is a key of an "
            f"{tree.title} channel, or paste a new one. {hide_numbers(error.words)}"
        )
    except ConnectorError as error:
        error.words = hide_numbers(error.words)
        return error
    return Unavailable("smsmode's answer is none of an error's.")


def _headers(ctx: Context, path: str) -> dict[str, str]:
    return {"X-Api-Key": _key(ctx, tree_of(path)), "Accept": "application/json"}


def _key(ctx: Context, tree: Tree) -> str:
    key = ctx.secrets.get(tree.secret, "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise AuthLost(
            f"The smsmode API key for {tree.title} is empty or has characters no key has: "
            "paste it again."
        )
    return key


def _base(ctx: Context) -> str:
    base = (ctx.settings.get("base_url", "").strip() or BASE_URL).rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise Refused("smsmode's address must start with https://: correct it in the settings.")
    return base
