"""Kannel's sendsms over HTTP: one call within one deadline, and what its short answers mean.

The form with `X-Kannel-` headers is used: in a query the password and the phone number would
stand in the logs of every library and proxy on the way.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

import requests

from hub.contract import AuthLost, ConnectorError, Context, Refused, Unavailable
from hub.contract.http import check_status
from hub.contract.http_once import Parcel, call_once

VENDOR = "Kannel"
ADDRESS = "http://127.0.0.1:13013/cgi-bin/sendsms"
_LONGEST = 500


def post(
    ctx: Context, headers: Mapping[str, str], parcel: Parcel | None = None
) -> requests.Response:
    """POST to sendsms and give the answer, whatever its status.

    Raises Unavailable; with a parcel its `reached` is False exactly when that was never asked for.
    """
    named = {
        "X-Kannel-Username": _printable(ctx.secrets.get("username", ""), "user name"),
        "X-Kannel-Password": _printable(ctx.secrets.get("password", ""), "password"),
        **headers,
    }
    url = _address(ctx)
    return call_once(VENDOR, "POST", url, deadline=ctx.deadline, headers=named, parcel=parcel)


def said(response: requests.Response) -> str:
    """Kannel's one line, in lower case; never shown, since it may name a phone."""
    return response.content[:_LONGEST].decode("ascii", "replace").strip().lower()


def error_of(response: requests.Response) -> ConnectorError:
    """The listed error for an answer that takes no message, in words of our own."""
    status = response.status_code
    if status < 400:
        words = "Kannel's address answered with a redirect, so nothing was sent: correct it."
        return Unavailable(words, reached=False)
    if status in (401, 403):
        return AuthLost("Kannel does not accept the user name and password: correct them.")
    if status in (404, 405):
        words = "There is no sendsms at this address: it ends in /cgi-bin/sendsms as a rule."
        return Refused(words, code=str(status))
    try:
        check_status(VENDOR, response)
    except ConnectorError as error:
        error.words = f"Kannel answered {status}; its log says why."
        return error
    return Unavailable("Kannel's answer cannot be read.")


def _printable(value: str, what: str) -> str:
    value = value.strip()
    if not value or not value.isascii() or not value.isprintable():
        raise AuthLost(
            f"The {what} of Kannel is empty or has characters that none has: correct it."
        )
    return value


def _address(ctx: Context) -> str:
    url = ctx.settings.get("sendsms_url", "").strip() or ADDRESS
    if not url.startswith(("https://", "http://")):
        raise Refused("Kannel's address must start with http:// or https://: correct it.")
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + "/cgi-bin/sendsms"
