"""Google's messaging API over HTTP: one call within one deadline, errors from the closed list."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

import requests

from hub.contract import AuthLost, ConnectorError, Context, Refused, Unavailable
from hub.contract.http import check_status
from hub.contract.http_once import Parcel, call_once

from .documents import hide_numbers, object_of, part, text
from .fields import HOST, REGIONS

VENDOR = "Google"
_PHONE = re.compile(r"/phones/[^/?]+")
_NO_TOKEN = "There is no Google token: paste the key of the service account again."  # noqa: S105


class _PhonesCut(logging.Filter):
    """Cuts phone numbers out of urllib3's lines: Google's addresses hold them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _PHONE.sub("/phones/…", one) if isinstance(one, str) else one for one in record.args
            )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_PhonesCut())


def agent_id(settings: Mapping[str, str]) -> str:
    """The agent as Google's addresses name it. Raises Refused where none is set."""
    found = settings.get("agent_id", "").strip()
    if not found:
        raise Refused("No agent is set: copy the agent's id from the RCS for Business console.")
    return found


def post(
    ctx: Context,
    path: str,
    document: Mapping[str, Any],
    query: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> requests.Response:
    """POST and give the answer, whatever its status, within `seconds` or the context's deadline.

    Raises Unavailable; its `reached` is False exactly when nothing can have been done.
    """
    return call_once(
        VENDOR,
        "POST",
        address(ctx.settings) + path,
        deadline=ctx.deadline if seconds is None else seconds,
        headers={**_signed(ctx), "Content-Type": "application/json"},
        query={"agentId": agent_id(ctx.settings), **(query or {})},
        parcel=Parcel(json.dumps(document).encode()),
    )


def ask(
    ctx: Context,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> requests.Response:
    """The answer to a GET or a DELETE, whatever its status. Raises Unavailable."""
    return call_once(
        VENDOR,
        method,
        address(ctx.settings) + path,
        deadline=ctx.deadline if seconds is None else seconds,
        headers=_signed(ctx),
        query={"agentId": agent_id(ctx.settings), **(query or {})},
    )


def status_of(response: requests.Response) -> str:
    """Google's own word for an error ("NOT_FOUND"); empty where the answer is not in its form."""
    return text(_error(response), "status")


def said_in(response: requests.Response) -> str:
    """Google's own words for an error, without phone numbers."""
    return hide_numbers(text(_error(response), "message")) or "no explanation."


def blames_number(response: requests.Response) -> bool:
    """Whether a refusal is about the phone number and not about what was to be sent."""
    listed = _error(response).get("details")
    details = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    faults = [f for one in details for f in one.get("fieldViolations") or () if isinstance(f, dict)]
    return any(text(fault, "field") in ("parent", "name", "phone_number") for fault in faults)


def error_of(response: requests.Response) -> ConnectorError:
    """The listed error for an answer that is not 2xx, in words that help."""
    status, said = response.status_code, said_in(response)
    if 300 <= status < 400:
        words = "Google sends calls elsewhere, so nothing was done: check its address."
        return Unavailable(words, reached=False)
    if status == 401:
        return AuthLost(f"Google no longer accepts the key: paste a new one. It said: {said}")
    if status == 403:
        return AuthLost(
            "This service account may not use the agent: check the agent's id, or paste a key "
            f"that belongs to it. Google said: {said}"
        )
    if status == 404:
        words = "There is no messaging API at Google's address: correct it in the settings."
        return Refused(words, code="404")
    try:
        check_status(VENDOR, response)
    except ConnectorError as error:
        error.words = f"Google answered {status}: {said}"
        return error
    return Unavailable("Google answered in a form that cannot be read.")


def object_in(response: requests.Response) -> dict[str, Any]:
    """The JSON object in a 2xx answer. Raises Unavailable where there is none."""
    try:
        return object_of(response.content, "Google's answer")
    except ValueError as error:
        raise Unavailable(f"{error} Try again later.") from None


def _error(response: requests.Response) -> Mapping[str, Any]:
    try:
        return part(object_of(response.content[:65_536], "The answer"), "error")
    except ValueError:
        return {}


def _signed(ctx: Context) -> dict[str, str]:
    token = ctx.secrets.get("access_token", "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise AuthLost(_NO_TOKEN)
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def address(settings: Mapping[str, str]) -> str:
    """Google's address for the agent's region. Raises Refused where another is set badly."""
    region = settings.get("region", "").strip()
    usual = f"https://{region}-{HOST}" if region in REGIONS else f"https://{HOST}"
    base = (settings.get("base_url", "").strip() or usual).rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise Refused("Google's address must start with https://: correct it in the settings.")
    return base
