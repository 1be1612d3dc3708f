"""The HTTP below gspread: our time limits, no redirects, no retries, errors of the list."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import requests
from gspread.http_client import HTTPClient

from hub.contract import AuthLost, ConnectorError, Context, Refused, Throttled, Unavailable
from hub.contract.http import retry_after, session

VENDOR = "Google Sheets"
ADDRESS = "https://sheets.googleapis.com"  # gspread has it built in

_RATE = ("rate_limit_exceeded", "ratelimitexceeded", "userratelimitexceeded", "quotaexceeded")


def opened(ctx: Context) -> HTTPClient:
    """gspread's client on a session of ours, with the connection's token. Raises AuthLost."""
    token = ctx.secrets.get("access_token", "")
    if not token:
        raise AuthLost("There is no Google token. Sign in again.")
    made = session()
    made.max_redirects = 0
    made.auth = _signed(token, ctx.settings.get("api_url", ""))
    made.hooks["response"].append(_judge)
    client = HTTPClient(cast("Any", None), made)  # the session signs
    client.set_timeout((min(5.0, ctx.deadline), ctx.deadline))
    return client


def _signed(token: str, base: str) -> Callable[[requests.PreparedRequest], Any]:
    there = base.rstrip("/") or ADDRESS

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        request.url = (request.url or "").replace(ADDRESS, there, 1)
        return request

    return sign


def _judge(response: requests.Response, *_: Any, **__: Any) -> None:
    if response.status_code >= 300:
        raise error_of(response.status_code, _error(response), retry_after(response))


def error_of(status: int, error: Mapping[str, Any], wait: float = 60.0) -> ConnectorError:
    """The one listed error that an answer of this status and error object means."""
    said = str(error.get("message", "no explanation."))[:200]
    words = f"{VENDOR} answered {status}: {said}"
    if status == 401:
        return AuthLost(words)
    if status == 429 or (status == 403 and _is_rate(error)):
        return Throttled(words, retry_after=wait)
    if status in (408, 499) or status >= 500:
        return Unavailable(words)
    return Refused(_advice(status, error) or words, code=str(status))


def _advice(status: int, error: Mapping[str, Any]) -> str:
    reasons, said = _reasons(error), str(error.get("message", "")).lower()
    if status == 404:
        return "There is no spreadsheet at this address. Check the address in the settings."
    if status == 403 and ("access_token_scope_insufficient" in reasons or "scopes" in said):
        return "The sign-in lacks the right «spreadsheets». Sign in again and allow it."
    if status == 403 and ("service_disabled" in reasons or "has not been used" in said):
        return "The Google Sheets API is switched off in your Google project. Switch it on there."
    if status == 403:
        return "Google does not let this account in. Share the spreadsheet with it as an editor."
    if status == 400 and "parse range" in said:
        return "The worksheet is not there under its name. Choose it again in the settings."
    if status == 400 and "protected" in said:
        return "The columns of Relais are protected. Let its account edit them."
    if 300 <= status < 400:
        return f"{VENDOR} sends calls elsewhere. Check the address in the settings."
    return ""


def _is_rate(error: Mapping[str, Any]) -> bool:
    known = _reasons(error)
    return error.get("status") == "RESOURCE_EXHAUSTED" or any(r in known for r in _RATE)


def _reasons(error: Mapping[str, Any]) -> list[str]:
    listed: list[Any] = []
    for name in ("details", "errors"):
        listed += error[name] if isinstance(error.get(name), list) else []
    return [str(row.get("reason", "")).lower() for row in listed if isinstance(row, dict)]


def _error(response: requests.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content[:65_536])
    except (ValueError, RecursionError):
        return {"message": "an answer that is not JSON."}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}
