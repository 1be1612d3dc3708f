"""The vendor's errors, each as one of the hub's five."""

import json
from typing import Any, NoReturn

from googleapiclient.errors import HttpError

from hub.contract import AuthLost, Refused, Throttled, Unavailable

from .transport import VENDOR

_TOO_MANY = ("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded")
_TODAY = ("dailyLimitExceeded", "calendarUsageLimitsExceeded")
_LACKS = (
    "A right on the calendar was not given to Relais. Sign in again and tick every right that is "
    "asked for."
)
_WORDS = {
    "insufficientPermissions": _LACKS,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _LACKS,
    "accessNotConfigured": "The Calendar API is not switched on in your project. Switch it on in "
    "the cloud console, wait a few minutes and try again.",
    "forbiddenForNonOrganizer": "Only the organiser of this event may change it.",
    "requiredAccessLevel": "The calendar may only be read. Share it with the right to make changes "
    "to events.",
}


def raise_for(error: HttpError) -> NoReturn:
    """Raise what the hub knows how to act on. `code` of a Refused is the vendor's own reason for
    channels, and the status for the rest."""
    status, reason, message = int(error.resp.status), *said_by(error.content)
    words = f"{VENDOR} answered {status}: {message}"
    channel = reason.startswith(("push", "channel"))
    if status == 401 and not channel:
        raise AuthLost(words)
    if status == 429 or (status == 403 and reason in _TOO_MANY):
        raise Throttled(words, retry_after=_wait(error, 60.0))
    if status == 403 and reason in _TODAY:
        raise Throttled(words, retry_after=_wait(error, 1800.0))
    if status in (408, 499) or status >= 500:
        raise Unavailable(words)
    if 300 <= status < 400:
        raise Refused("The address of the API sends calls on. Check it in the settings.")
    raise Refused(_WORDS.get(reason, words), code=reason if channel else str(status))


def said_by(content: bytes) -> tuple[str, str]:
    """The reason and the message of an error's body, whatever its form."""
    error = _object(_object(_json(content)).get("error"))
    told = error.get("errors") or error.get("details")
    first = _object(told[0]) if isinstance(told, list) and told else {}
    reason, message = first.get("reason"), error.get("message")
    return (
        reason[:100] if isinstance(reason, str) else "",
        message[:200] if isinstance(message, str) and message else "no explanation.",
    )


def _wait(error: HttpError, default: float) -> float:
    try:
        return min(max(float(error.resp["retry-after"]), 0.0), 3600.0)
    except (KeyError, ValueError):
        return default


def _json(content: bytes) -> Any:
    try:
        return json.loads(content[:65536])
    except ValueError:
        return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
