"""Refusals in Twilio's form."""

from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Problem(Exception):
    """A refusal: the HTTP status, Twilio's own code, and what it says."""

    status: int
    code: int
    message: str

    def document(self) -> dict[str, Any]:
        """As Twilio writes it."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {
            "code": self.code,
            "message": self.message,
            "more_info": more,
            "status": self.status,
        }
