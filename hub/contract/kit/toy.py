"""A carrier in memory that can prove as much, or as little, as a test wants: for what the hub does
about uncertain sends. No vendor behind it, no socket."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hub.contract.connector import Carrier, Connector
from hub.contract.context import Account, Context
from hub.contract.errors import Rejected, Unavailable
from hub.contract.outcomes import (
    Accepted,
    Counted,
    Found,
    Listed,
    Outgoing,
    Receipt,
    Refusal,
    Reply,
    SendResult,
    Unknown,
)
from hub.contract.request import Request
from hub.contract.signing_in import Keys
from hub.contract.values import Clock, Money, Phone

PRICE = Decimal("0.05")


@dataclass(frozen=True)
class Taken:
    """One message that a phone shows."""

    id: str
    outgoing: Outgoing
    at: datetime
    state: str = "sent"


@dataclass
class Toy:
    """`plan` is what becomes of the next messages: «lost» before they are taken, «lost_after»,
    «refused»; `away` says that nothing can be asked, `numbered` that its ids hold the number."""

    clock: Clock
    plan: list[str] = field(default_factory=list)
    away: bool = False
    shows: list[Taken] = field(default_factory=list)
    once: bool = False
    numbered: bool = False
    asked: Counter[str] = field(default_factory=Counter)

    def connector(self, proof: str) -> Connector:
        """A connector whose carrier's class is this word of `Carrier.proofs`."""
        self.once = proof == "replay"
        carrier = Carrier(
            channels=("sms",), send=self.send, batch_size=100, verify=_verify,
            dedupe=_dedupe, receipts=_receipts, replies=_replies,
            settle_after=timedelta(minutes=2), echoes=proof != "nothing",
            status=self.status, counted=self.counted,
        )  # fmt: skip
        more = {
            "replay": {"replay_within": timedelta(hours=1)},
            "lookup": {"find": self.find},
            "list": {"listed": self.listed},
        }
        carrier = replace(carrier, **more.get(proof, {}))  # type: ignore[arg-type]
        return Connector("Toy", Keys(()), check=lambda _: Account("Toy"), carrier=carrier)

    def send(self, ctx: Context, messages: Sequence[Outgoing]) -> Sequence[SendResult]:
        """Take each, as planned."""
        return [self._take(message) for message in messages]

    def _take(self, message: Outgoing) -> SendResult:
        what = self.plan.pop(0) if self.plan else ""
        if what == "lost":
            return Unknown("No answer came.")
        if what == "refused":
            return Refusal("number", "This is no number.")
        known = next((one for one in self.shows if one.outgoing == message), None)
        if known is None or not self.once:
            whose = f"{message.to.e164}-" if self.numbered else "toy-"
            known = Taken(f"{whose}{len(self.shows) + 1}", message, self.clock())
            self.shows.append(known)
        return Unknown("No answer came.") if what == "lost_after" else Accepted(known.id)

    def inbox(self, number: str) -> list[str]:
        """The texts a phone shows."""
        return [one.outgoing.text for one in self.shows if one.outgoing.to.e164 == number]

    def end(self, number: str, state: str) -> None:
        """What became of all that a phone shows."""
        self.shows = [
            replace(one, state=state) if one.outgoing.to.e164 == number else one
            for one in self.shows
        ]

    def find(self, ctx: Context, reference: str) -> Found | None:
        """By our reference."""
        self._ask("find")
        known = (one for one in self.shows if one.outgoing.reference == reference)
        return next((Found(one.id, one.state) for one in known), None)

    def status(self, ctx: Context, name: str) -> Found | None:
        """By the carrier's own id."""
        self._ask("status")
        return next((Found(one.id, one.state) for one in self.shows if one.id == name), None)

    def listed(
        self, ctx: Context, phone: Phone, since: datetime, until: datetime
    ) -> Sequence[Listed]:
        """What was taken for a number in that time."""
        self._ask("listed")
        return [
            Listed(one.id, one.at, one.outgoing.text, one.state)
            for one in self.shows
            if one.outgoing.to.e164 == phone.e164 and since <= one.at <= until
        ]

    def counted(self, ctx: Context, day: date) -> Counted:
        """What was taken on a day."""
        self._ask("counted")
        taken = sum(one.at.astimezone(UTC).date() == day for one in self.shows)
        return Counted(taken, Money(PRICE * taken, "EUR"))

    def _ask(self, what: str) -> None:
        self.asked[what] += 1
        if self.away:
            raise Unavailable("The toy is away.")


def _verify(request: Request, secrets: object) -> None:
    raise Rejected("The toy calls nobody back.")


def _dedupe(request: Request) -> str:
    return ""


def _receipts(request: Request) -> Sequence[Receipt]:
    """A body of «id state» lines; the toy never names our reference."""
    lines = request.body.decode().splitlines()
    return [Receipt(name, "", state) for name, _, state in (line.partition(" ") for line in lines)]


def _replies(request: Request) -> Sequence[Reply]:
    return ()
