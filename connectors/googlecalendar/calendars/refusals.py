"""The vendor's errors in the vendor's form."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Refusal(Exception):
    """A request that is not done: its status, the vendor's reason, its message."""

    status: int
    reason: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """As the vendor writes it."""
        limited = "imit" in self.reason or "quota" in self.reason
        one = {
            "domain": "usageLimits" if limited else "calendar" if self.status == 410 else "global",
            "reason": self.reason,
            "message": self.message,
        }
        return {"error": {"code": self.status, "message": self.message, "errors": [one]}}
