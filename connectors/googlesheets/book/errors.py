"""The vendor's errors in its own form."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Wrong(Exception):
    """An answer that is no success: HTTP status, the vendor's status word, its message."""

    code: int
    status: str
    message: str
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The body."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        if self.reason:
            kind = "type.googleapis.com/google.rpc.ErrorInfo"
            error["details"] = [{"@type": kind, "reason": self.reason}]
        return {"error": error}


def bad_request(message: str) -> Wrong:
    """400."""
    return Wrong(400, "INVALID_ARGUMENT", message)


def forbidden(message: str = "The caller does not have permission", reason: str = "") -> Wrong:
    """403."""
    return Wrong(403, "PERMISSION_DENIED", message, reason)


def not_found() -> Wrong:
    """404."""
    return Wrong(404, "NOT_FOUND", "Requested entity was not found.")


def exhausted(kind: str) -> Wrong:
    """429; the vendor names no time to wait."""
    said = f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per "
    return Wrong(429, "RESOURCE_EXHAUSTED", said + "minute per user'", "RATE_LIMIT_EXCEEDED")


def signed_out() -> Wrong:
    """401."""
    said = "Request had invalid authentication credentials."
    return Wrong(401, "UNAUTHENTICATED", said, "ACCESS_TOKEN_EXPIRED")
