"""The carriers as they are: what each took, what it tells of it, how late its look-up is."""

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from hub.local.chaos.ledger import Ledger
from hub.local.chaos.mishaps import Mishaps
from hub.local.chaos.orders import draw, number_in
from hub.local.chaos.postman import Postman, Slip
from hub.local.chaos.wire import Asked

_FORGOT = 60.0  # how long it is kept in mind that a look-up may lag
# Of a hundred messages: no receipt ever, the same one twice, «sent» after «delivered».
_LOST, _DOUBLED, _CROSSED = 1, 3, 3
_NO_RCS = 0.3  # of the phones take no RCS message, and the answer says so


@dataclass
class Tower:
    """One carrier. `known` are the orders by reference; with `keyed` a reference given again is the
    same message; a `silent` one tells nothing after its answer; its look-up knows what was taken
    `lag` seconds later, its receipts come within `spread` seconds."""

    name: str
    seed: int
    ledger: Ledger
    postman: Postman
    mishaps: Mishaps
    keyed: bool = False
    silent: bool = False
    lag: float = 2.5
    spread: float = 3.0
    no_rcs: int = 0  # messages refused because the phone takes none
    known: dict[int, int] = field(default_factory=dict)
    _news: dict[int, float] = field(default_factory=dict)
    _calls: int = 0

    async def answer(self, asked: Asked, path: str) -> tuple[int, bytes]:
        """One request, mishaps and all; `path` is what follows the tower's own address."""
        if path == "/account":
            return 200, orjson.dumps({"name": self.name})
        return await self.mishaps.around(lambda: self._work(asked, path))

    async def _work(self, asked: Asked, path: str) -> tuple[int, bytes]:
        if asked.method == "POST":
            return 200, orjson.dumps({"messages": self._take(orjson.loads(asked.body))})
        return self._found(UUID(path.rpartition("/")[2]).int)

    def _take(self, given: Any) -> list[dict[str, str]]:
        self._calls += 1
        if self._calls % 256 == 0:
            self._forget()
        return [self._take_one(one, given["hook"]) for one in given["messages"]]

    def _take_one(self, one: Any, hook: str) -> dict[str, str]:
        reference = UUID(one["reference"]).int
        answer = {"reference": one["reference"], "id": f"{self.name}-{reference:x}"}
        if self.keyed and reference in self.known:
            return answer
        try:
            n = number_in(one["text"])
        except ValueError:
            self.ledger.strange += 1
            return answer
        if one["channel"] == "rcs" and draw(self.seed, int(one["to"]), "phone") < _NO_RCS:
            self.no_rcs += 1
            return {"reference": one["reference"], "refused": "This phone takes no RCS messages."}
        self.ledger.accept(n)
        self.known[reference] = n
        self._news[reference] = time.monotonic()
        if not self.silent:
            self._tell(n, answer, hook)
        return answer

    def _tell(self, n: int, answer: dict[str, str], hook: str) -> None:
        luck = draw(self.seed, n, "receipt") * 100
        if luck < _LOST:
            return
        # Now and then before the answer itself is read; now and then long after it.
        soon = draw(self.seed, n, "delay") ** 2 * self.spread
        self.postman.post(hook, Slip(n, answer | {"state": "delivered"}), soon)
        if luck < _LOST + _DOUBLED:
            self.postman.post(hook, Slip(n, answer | {"state": "delivered"}), soon + 0.5)
        elif luck < _LOST + _DOUBLED + _CROSSED:
            self.postman.post(hook, Slip(n, answer | {"state": "sent"}), soon + 0.5)

    def _found(self, reference: int) -> tuple[int, bytes]:
        n = self.known.get(reference)
        if n is None or time.monotonic() - self._news.get(reference, 0.0) < self.lag:
            return 404, b'{"message":"No such message."}'
        return 200, orjson.dumps({"id": f"{self.name}-{reference:x}", "state": "sent"})

    def _forget(self) -> None:
        old = time.monotonic() - _FORGOT
        self._news = {reference: at for reference, at in self._news.items() if at > old}
