"""What becomes of a claimed message before its carrier is called: ready to go, or stopped here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from hub.contract import Outgoing
from hub.send.routing import Route
from hub.send.writing import Written
from hub.store.database import Row

_GRACE = timedelta(minutes=30)


class Judgement(Protocol):
    """The last word before sending: send, hold until `due_at`, or skip for a reason."""

    @property
    def action(self) -> str: ...

    @property
    def reason(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def due_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Ready:
    """A claimed message with its words, its carrier, the channel it really goes by; `fence` and
    `n` are this attempt's, `lives` is how long it may take to arrive."""

    row: Row
    route: Route
    channel: str
    written: Written
    sender: str
    lives: timedelta | None = None

    @property
    def n(self) -> int:
        """Which attempt it is, from 1."""
        return int(self.row["tries"]) + 1

    @property
    def fence(self) -> int:
        """Who may write down its end."""
        return int(self.row["fence"]) + 1

    @property
    def parts(self) -> int:
        """What is paid for: segments of an SMS, one of an RCS message."""
        return self.written.parts

    @property
    def body(self) -> str:
        """Its words, also where the phone shows more than words."""
        rich = self.written.rich
        return rich.as_text() if rich else self.written.text

    def started(self, now: datetime) -> dict[str, Any]:
        """What its row keeps of this attempt."""
        rich = self.written.rich
        return {
            "id": self.row["id"],
            "channel": self.channel,
            "body": self.body,
            "rich": rich.as_json() if rich else None,
            "encoding": self.written.encoding,
            "parts": self.written.parts,
            "sender": self.sender,
            "carrier_id": self.route.row["id"],
            "text_hash": self.written.sense.hex(),
            "expires_at": now + self.lives if self.lives else None,
        }

    def back(self, reason: str, sentence: str, due_at: datetime) -> dict[str, Any]:
        """What its row keeps of going back, provably unsent."""
        return {
            "id": self.row["id"],
            "fence": self.fence,
            "n": self.n,
            "due_at": due_at,
            "reason": reason,
            "sentence": sentence,
        }

    def outgoing(self) -> Outgoing:
        """The message as its carrier is given it."""
        return Outgoing(
            reference=str(self.row["id"]),
            to=self.row["to"],
            text=self.written.text,
            encoding=self.written.encoding,
            marketing=self.row["kind"] == "marketing",
            sender=self.sender,
            channel=self.channel,
            rich=self.written.rich,
            within=self._within(),
        )

    def _within(self) -> timedelta | None:
        """How long the carrier may try. One that can take a message back is asked to before its
        own end comes: its answer is proof, while an end that nobody hears of is none."""
        if self.lives is None:
            return None
        return self.lives + _GRACE if self.route.carrier.revoke else self.lives


_STATES = {"hold": "held", "skip": "skipped"}


def change(message: Row, verdict: Judgement) -> dict[str, Any]:
    """What a message's row keeps of a verdict that is not «send»."""
    return {
        "id": message["id"],
        "state": _STATES[verdict.action],
        "reason": verdict.reason,
        "sentence": verdict.sentence,
        "due_at": verdict.due_at,
    }
