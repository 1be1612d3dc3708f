"""The bind's door over HTTP: one call within one deadline."""

import hashlib
import hmac
from collections.abc import Mapping

import requests

from hub.contract import AuthLost, ConnectorError, Context, Refused, Unavailable
from hub.contract.http import check_status
from hub.contract.http_once import Parcel, call_once

from .door import KEY

VENDOR = "The bind"
ADDRESS = "http://127.0.0.1:2776"
_SHORTEST_KEY = 16


def get(ctx: Context, path: str) -> requests.Response:
    """What the bind answers. Raises Unavailable."""
    headers = {KEY: door_key(ctx.secrets)}
    return call_once(VENDOR, "GET", _base(ctx) + path, deadline=ctx.deadline, headers=headers)


def post(ctx: Context, path: str, parcel: Parcel) -> requests.Response:
    """The same for what must not be done twice: `reached` is False where nothing left."""
    headers = {KEY: door_key(ctx.secrets), "Content-Type": "application/json"}
    url = _base(ctx) + path
    return call_once(VENDOR, "POST", url, deadline=ctx.deadline, headers=headers, parcel=parcel)


def door_key(secrets: Mapping[str, str]) -> str:
    """What opens the door: known to whoever has all of the connection's secrets, the operator's
    included, so that a bind that runs with old ones is noticed. Raises AuthLost."""
    key = secrets.get("door_key", "").strip()
    if len(key) < _SHORTEST_KEY:
        raise AuthLost(
            f"The key of the bind has fewer than {_SHORTEST_KEY} characters: choose one."
        )
    told = "\0".join(secrets.get(name, "").strip() for name in ("system_id", "password"))
    return hmac.new(_octets(key), _octets(told), hashlib.sha256).hexdigest()


def error_of(response: requests.Response) -> ConnectorError:
    """The listed error for an answer that is not 2xx and took nothing."""
    status = response.status_code
    if status < 400:
        return Unavailable("Something else than the bind answers at its address.", reached=False)
    if status == 401:
        return AuthLost(
            "The bind runs with other secrets than this connection's: start it again with hub bind."
        )
    if status == 403:
        return AuthLost("The operator does not accept the system id and password: correct them.")
    if status == 503 and b"not_bound" in response.content[:200]:
        return Unavailable("The line to the operator is down; nothing was sent.", reached=False)
    try:
        check_status(VENDOR, response)
    except ConnectorError as error:
        error.words = f"The bind answered {status}."
        return error
    return Unavailable("The bind's answer cannot be read.")


def _octets(value: str) -> bytes:
    return value.encode(errors="surrogatepass")


def _base(ctx: Context) -> str:
    base = (ctx.settings.get("bind_url", "").strip() or ADDRESS).rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise Refused("The bind's address must start with http://: correct it in the settings.")
    return base
