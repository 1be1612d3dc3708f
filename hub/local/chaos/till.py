"""The shop as it is: the list of its orders, and the notes that stand on them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from hub.local.chaos.ledger import Ledger
from hub.local.chaos.mishaps import Mishaps
from hub.local.chaos.orders import is_polled, order
from hub.local.chaos.wire import Asked

_SCANNED = 20_000  # orders looked at for one page


@dataclass
class Till:
    """`reached` is how many orders there are by now; `others` are notes of other kinds."""

    seed: int
    ledger: Ledger
    mishaps: Mishaps
    reached: int = 0
    others: Counter[str] = field(default_factory=Counter)

    async def answer(
        self, asked: Asked, what: str, query: dict[str, list[str]]
    ) -> tuple[int, bytes]:
        """One request, mishaps and all."""
        if what == "account":
            return 200, orjson.dumps({"name": "Till", "last": self.reached - 1})
        return await self.mishaps.around(lambda: self._work(asked, what, query))

    async def _work(
        self, asked: Asked, what: str, query: dict[str, list[str]]
    ) -> tuple[int, bytes]:
        match what:
            case "changes":
                page = self._changes(int(query["after"][0]), int(query["limit"][0]))
                return 200, orjson.dumps(page)
            case "standing":
                notes = orjson.loads(asked.body)["notes"]
                return 200, orjson.dumps({"standing": [self._stands(note) for note in notes]})
            case "notes":
                for note in orjson.loads(asked.body)["notes"]:
                    self._write(note)
                return 200, b"{}"
        return 404, b"{}"

    def _changes(self, after: int, limit: int) -> dict[str, Any]:
        """A page of orders behind this one: few are here that were delivered."""
        end = min(self.reached, after + 1 + _SCANNED)
        found: list[int] = []
        last = end - 1
        for n in range(after + 1, end):
            if is_polled(self.seed, n):
                found.append(n)
            if len(found) == limit:
                last = n
                break
        now = datetime.now(UTC)
        more = last < self.reached - 1
        return {"orders": [order(n, now) for n in found], "last": max(last, after), "more": more}

    def _stands(self, note: dict[str, str]) -> bool:
        kept = self.ledger.notes.get(note["kind"])
        return kept is not None and kept.has(int(note["order"]), note["marker"])

    def _write(self, note: dict[str, str]) -> None:
        kept = self.ledger.notes.get(note["kind"])
        if kept is None:
            self.others[note["kind"]] += 1
        else:
            kept.write(int(note["order"]), note["marker"])
