"""Errors as Google's APIs answer them."""

from dataclasses import dataclass
from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
}


@dataclass
class Problem(Exception):
    """An error answer; `field` is the part of the request that Google blames for a 400."""

    code: int
    message: str
    field: str = ""

    def document(self) -> dict[str, Any]:
        """The body of the answer."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": _STATUS[self.code],
        }
        if self.field:
            fault = {"field": self.field, "description": self.message}
            kind = "type.googleapis.com/google.rpc.BadRequest"
            error["details"] = [{"@type": kind, "fieldViolations": [fault]}]
        return {"error": error}


def wrong(field: str, message: str) -> Problem:
    """A request with something wrong in it."""
    return Problem(400, message, field)
