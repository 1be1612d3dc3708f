"""What Salesforce says when it says no, as the hub's own five errors and in words for people."""

import re
from collections.abc import Mapping
from typing import Any

from hub.contract import AuthLost, ConnectorError, Refused, Throttled, Unavailable

VENDOR = "Salesforce"
LIMIT_WAIT = 900.0

_DIGITS = re.compile(r"\+?\d[\d .()/-]{5,}\d")
_COLUMN = re.compile(r"No such column '([A-Za-z0-9_.]+)'")
_BUSY = ("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG")
_LIMITS = ("REQUEST_LIMIT_EXCEEDED", "TXN_SECURITY_METERING_ERROR")

# What an admin can do about the refusals seen most; others keep Salesforce's own words.
_SAID = {
    "ENTITY_IS_DELETED": "The record was deleted in Salesforce.",
    "INVALID_CROSS_REFERENCE_KEY": "The record no longer exists in Salesforce.",
    "INSUFFICIENT_ACCESS_OR_READONLY": "The Relais user may not edit this record in Salesforce.",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (
        "The Relais user may not see this record in Salesforce. Share it with that user."
    ),
    "API_DISABLED_FOR_ORG": (
        "The user lacks the right «API Enabled» in Salesforce. Add it with a permission set."
    ),
}


def error_of(status: int, content: Any, headers: Mapping[str, str] | None = None) -> ConnectorError:
    """The listed error for an answer that is not 2xx; `content` is Salesforce's own body."""
    code, message = told(content)
    words = f"Salesforce answered {status}: {message}"
    if status == 401:
        return AuthLost(words)
    if code in _LIMITS:
        limit = (
            "Salesforce's calls for these 24 hours are used up. Relais waits and goes on by itself."
        )
        return Throttled(limit, retry_after=LIMIT_WAIT)
    if status == 429:
        return Throttled(words, retry_after=_wait(headers))
    if code in _BUSY or status in (408, 499) or status >= 500:
        return Unavailable(words)
    if status == 403:
        return Refused(_SAID.get(code, _lacking(message)), code="403")
    if 300 <= status < 400:
        return Refused("Salesforce sends calls on to another address. Sign in again.", str(status))
    return Refused(_SAID.get(code, words), code=code or str(status))


def told(content: Any) -> tuple[str, str]:
    """The code and the masked words of an error body: an array of errors, or OAuth's object."""
    first = content[0] if isinstance(content, list) and content else content
    if not isinstance(first, Mapping):
        return "", "an answer that is not JSON."
    code = first.get("errorCode") or first.get("statusCode") or first.get("error") or ""
    words = first.get("message") or first.get("error_description") or "no explanation."
    return str(code)[:80], masked(str(words))


def masked(words: str) -> str:
    """Salesforce quotes what it refuses: no whole phone number may stand in an error."""
    return _DIGITS.sub("…", words)[:200]


def missing_column(content: Any) -> str:
    """The field an INVALID_FIELD is about, or an empty text."""
    code, _ = told(content)
    first = content[0] if isinstance(content, list) and content else {}
    message = str(first.get("message", "")) if isinstance(first, Mapping) else ""
    found = (
        _COLUMN.search(message)
        if code in ("INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE")
        else None
    )
    return found[1] if found else ""


def refusal(found: Mapping[str, Any]) -> tuple[str, str]:
    """Why one record of a collection was refused: Salesforce's code, and words for people."""
    code, message = told(found.get("errors"))
    return code, _SAID.get(code, f"Salesforce refused it ({code or 'no code'}): {message}")


def _lacking(message: str) -> str:
    return f"The Relais user lacks a right in Salesforce: {message} Give it with a permission set."


def _wait(headers: Mapping[str, str] | None) -> float:
    try:
        return min(max(float((headers or {})["Retry-After"]), 0.0), 3600.0)
    except (KeyError, ValueError):
        return 60.0
