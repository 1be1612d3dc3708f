"""Cursors: where the next page starts, sealed so that only one we gave can be used."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hub.store.database import Row
from hub.web.api.problems import Problem

MOST = 200
USUAL = 50
_SEAL = 12  # bytes


@dataclass(frozen=True)
class Page:
    """What a list was asked for: at most `limit` rows beyond the row `start`, if any."""

    limit: int
    start: UUID | None
    cursors: "Cursors"

    def of(self, rows: Sequence[Row], shown: Sequence[Any]) -> dict[str, Any]:
        """The answer's body. `rows` are one more than `limit` where there is another page."""
        more = len(rows) > self.limit
        last = rows[self.limit - 1]["id"] if more else None
        return {
            "items": list(shown)[: self.limit],
            "next_cursor": self.cursors.seal(last) if last else None,
        }


@dataclass(frozen=True)
class Cursors:
    """The cursors of one list in one workspace; of no use in another."""

    key: bytes
    about: str

    def seal(self, row: UUID) -> str:
        """An opaque text for this row."""
        return base64.urlsafe_b64encode(row.bytes + self._seal(row.bytes)).decode().rstrip("=")

    def open(self, text: str) -> UUID:
        """The row of a cursor. Raises Problem for one we did not give."""
        try:
            whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _forged() from None
        row, seal = whole[:16], whole[16:]
        if len(row) != 16 or not hmac.compare_digest(seal, self._seal(row)):
            raise _forged()
        return UUID(bytes=row)

    def page(self, args: Mapping[str, str]) -> Page:
        """The page that `limit` and `cursor` ask for. Raises Problem."""
        asked = args.get("limit", str(USUAL))
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= MOST):
            words = f"This must be a whole number from 1 to {MOST}."
            raise Problem("bad-query", "Correct the limit.", [("limit", words)])
        cursor = args.get("cursor")
        return Page(int(asked), self.open(cursor) if cursor else None, self)

    def _seal(self, row: bytes) -> bytes:
        said = b"cursor:" + self.about.encode() + row
        return hmac.new(self.key, said, hashlib.sha256).digest()[:_SEAL]


def _forged() -> Problem:
    words = "Use next_cursor of an earlier answer as it stands, or leave it out."
    return Problem("bad-query", "This is not a cursor of this list.", [("cursor", words)])
