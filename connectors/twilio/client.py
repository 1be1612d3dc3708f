"""Twilio over HTTP: one call within one deadline, and what can be proven when it fails."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import requests

from hub.contract import AuthLost, ConnectorError, Context, Refused, Unavailable
from hub.contract.http import check_status, json_of
from hub.contract.http_once import Parcel, call_once

from .fields import BASE_URL, CONTENT_URL, address
from .texts import hide_numbers, text

VENDOR = "Twilio"
_ID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")


def post_message(ctx: Context, fields: dict[str, str]) -> requests.Response:
    """POST a message's form and give the answer, whatever its status.

    Raises Unavailable; its `reached` is False exactly when the form never left.
    """
    parcel = Parcel(urlencode(fields).encode())
    return _post(ctx, _account(ctx) + "/Messages.json", parcel, "application/x-www-form-urlencoded")


def post_content(ctx: Context, document: dict[str, Any]) -> requests.Response:
    """POST a content template and give the answer, whatever its status. Raises Unavailable."""
    url = address(ctx.settings, "content_url", CONTENT_URL) + "/v1/Content"
    return _post(ctx, url, Parcel(json.dumps(document).encode()), "application/json")


def get(ctx: Context, path: str) -> Any:
    """The JSON under the account's address. Raises the listed errors."""
    response = call_once(
        VENDOR, "GET", _account(ctx) + path, deadline=ctx.deadline, headers=_headers(ctx)
    )
    if not 200 <= response.status_code < 300:
        raise error_of(response)
    try:
        return json_of(VENDOR, response)
    except RecursionError:
        raise Unavailable("Twilio's answer is nested too deeply to be read.") from None


def is_message_id(name: str) -> bool:
    """Whether Twilio could have given this id to a message."""
    return _ID.fullmatch(name) is not None


def error_of(response: requests.Response) -> ConnectorError:
    """The listed error for an answer that is not 2xx, with no phone number in its words."""
    try:
        check_status(VENDOR, response)
    except AuthLost as error:
        return AuthLost(
            "Twilio does not accept the auth token for this account: paste it again, or look at "
            f"the account's state in the Twilio console. {hide_numbers(error.words)}"
        )
    except Refused as error:
        return Refused(hide_numbers(error.words), code=code_of(response) or error.code)
    except ConnectorError as error:
        error.words = hide_numbers(error.words)
        return error
    return Unavailable("Twilio's answer is none of an error's.")


def code_of(response: requests.Response) -> str:
    """Twilio's own error code ("21610"), or nothing where the answer is not in its form."""
    return text(_body(response).get("code"), 10)


def sid_of(response: requests.Response) -> str:
    """The id of what was made, or nothing where the answer names none."""
    return text(_body(response).get("sid"))


def _body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _post(ctx: Context, url: str, parcel: Parcel, content_type: str) -> requests.Response:
    headers = {**_headers(ctx), "Content-Type": content_type}
    return call_once(VENDOR, "POST", url, deadline=ctx.deadline, headers=headers, parcel=parcel)


def _account(ctx: Context) -> str:
    base = address(ctx.settings, "base_url", BASE_URL)
    return f"{base}/2010-04-01/Accounts/{quote(_account_sid(ctx), safe='')}"


def _headers(ctx: Context) -> dict[str, str]:
    token = ctx.secrets.get("auth_token", "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise AuthLost(
            "The Twilio auth token is empty or has characters no token has: paste it again."
        )
    pair = base64.b64encode(f"{_account_sid(ctx)}:{token}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "Accept": "application/json"}


def _account_sid(ctx: Context) -> str:
    sid = ctx.settings.get("account_sid", "").strip()
    if not sid:
        raise AuthLost("The Twilio account SID is empty: paste it from the Twilio console.")
    return sid
