"""The desk behind the door of a real bind: the door's threads hand batches to the line's loop."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hub.contract import Context, Found, SendResult

from .client import door_key
from .door import Call, Closed
from .line.sender import Sender
from .line.telling import Postman
from .wire import statuses

_MARGIN = 1.0  # seconds


@dataclass
class Bind:
    """The desk behind the door; called from the door's threads."""

    ctx: Context
    loop: asyncio.AbstractEventLoop
    sender: Sender
    postman: Postman
    since: float
    refused: int = 0
    _key: str = field(init=False)

    def __post_init__(self) -> None:
        self._key = door_key(self.ctx.secrets)

    def key(self) -> str:
        """What whoever calls must know."""
        return self._key

    def line(self) -> Mapping[str, Any]:
        """How the line stands."""
        self._insist_on_being_let_in()
        return {"bound": self.sender.session is not None}

    def take(self, call: Call) -> Sequence[SendResult]:
        """Send a batch on the line."""
        self._insist_on_being_let_in()
        if self.sender.session is None:
            raise Closed(503, "not_bound")
        # The hub may have another address than when the bind was started.
        self.postman.url = call.hook_url or self.postman.url
        going = self.sender.carry(call.messages, call.within)
        return asyncio.run_coroutine_threadsafe(going, self.loop).result(call.within + 5)

    def find(self, reference: str) -> Found | None:
        """A miss proves something only of messages younger than this process and its memory."""
        sent = self.sender.ledger.of(reference)
        if sent is None:
            known_from = max(self.since, self.sender.ledger.lost_until)
            if _made_at(reference) <= known_from + _MARGIN:
                raise Closed(503, "not_proven")
            return None
        if sent.refused and not sent.parts:
            return None
        if not sent.whole:
            raise Closed(409, "in_doubt")
        verdict = sent.verdict()
        return Found(sent.id, verdict.state, verdict.code) if verdict else Found(sent.id, "sent")

    def _insist_on_being_let_in(self) -> None:
        if self.refused:
            raise Closed(403, statuses.code_of(self.refused))


def _made_at(reference: str) -> float:
    """Our references are UUIDv7: they say when they were made. In seconds since 1970."""
    try:
        return (UUID(reference).int >> 80) / 1000
    except ValueError:
        return 0.0
