"""How the vendor says no."""

from dataclasses import dataclass, field
from typing import Any

import uuid6


@dataclass
class Problem(Exception):
    """An answer that is not 2xx, in the vendor's form."""

    status: int
    category: str
    message: str
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The body."""
        said = {"status": "error", "message": self.message, "category": self.category}
        return {**said, "correlationId": str(uuid6.uuid7()), **self.more}


def invalid(message: str) -> Problem:
    """400: the input breaks a rule."""
    return Problem(400, "VALIDATION_ERROR", message)


def missing(what: str = "resource not found") -> Problem:
    """404."""
    return Problem(404, "OBJECT_NOT_FOUND", what)


def forbidden(scope: str) -> Problem:
    """403: a scope that was not granted."""
    error = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": [scope]},
    }
    words = "This app hasn't been granted all required scopes to make this call."
    return Problem(403, "MISSING_SCOPES", words, {"errors": [error]})


def not_signed_in(expired: bool) -> Problem:
    """401: a token that ran out, or none."""
    if expired:
        words = "The OAuth token used to make this call expired 42 second(s) ago."
        return Problem(401, "EXPIRED_AUTHENTICATION", words)
    return Problem(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")


def throttled(policy: str, wait: str = "") -> Problem:
    """429 by one of the vendor's policies."""
    words = f"You have reached your {policy.lower()} limit."
    more = {"errorType": "RATE_LIMIT", "policyName": policy}
    return Problem(429, "RATE_LIMITS", words, more, {"Retry-After": wait} if wait else {})


def item(category: str, message: str, **context: list[str]) -> dict[str, Any]:
    """One input's error inside a 207."""
    said = {"status": "error", "category": category, "message": message, "id": str(uuid6.uuid7())}
    return {**said, "context": context, "links": {}, "errors": []}
