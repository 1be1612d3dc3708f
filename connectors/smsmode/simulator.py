"""smsmode with a memory: it takes messages, shows them on phones, and calls the hub back."""

import json
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from uuid6 import uuid7

from hub.contract import Clock, Outgoing, Phone, Request, utc_now
from hub.contract.kit.courier import Courier
from hub.contract.kit.simulator import Faults

from .simulated import resources, rest
from .simulated.ledger import Ledger

_REACHED = ("DELIVERED", "READ")
_STOPS = ("STOP", "STOP 36034", "STOP36034")


@dataclass
class Simulator:
    """One smsmode account with one SMS channel, and every phone in the world.

    `receipts` is once, twice, never or shuffled (with an ENROUTE report among them);
    `receipt_delay` and `lookup_lag` are in seconds: after a lag of that length only can a message
    be looked up, as smsmode's own reporting is deferred. The same reference twice is two messages.
    """

    api_key: str = "smsmode-key-of-the-simulator"
    rcs_key: str = "smsmode-rcs-key-of-the-simulator"
    name: str = "Maison Lune"
    balance: Decimal = Decimal("10000.00")
    rate: Decimal = Decimal("0.045")
    receipts: str = "once"
    receipt_delay: float = 0.0
    lookup_lag: float = 0.0
    clock: Clock = utc_now
    faults: Faults = field(default_factory=Faults)
    courier: Courier = field(default_factory=lambda: Courier(agent="smsmode"))
    accepted: Counter[str] = field(default_factory=Counter)
    ledger: Ledger = field(default_factory=Ledger)
    _inboxes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _carried: Counter[str] = field(default_factory=Counter)
    _outcomes: dict[str, tuple[str, str]] = field(default_factory=dict)
    _stopped: set[str] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    # What the tests and the demo do with it

    def behave(self, number: str, value: str, detail: str = "") -> None:
        """From now on messages to this number end as `value` (DELIVERED, UNDELIVERABLE, …)."""
        with self._lock:
            self._outcomes[_bare(number)] = (value, detail)

    def no_credit(self) -> None:
        """The account is empty: messages are taken all the same, and fail by receipt."""
        with self._lock:
            self.balance = Decimal(0)

    def inbox(self, number: str) -> list[str]:
        """The texts a phone shows, oldest first, with the mention of STOP that smsmode appends."""
        with self._lock:
            return list(self._inboxes.get(_bare(number), ()))

    def answer(self, number: str, text: str) -> dict[str, Any]:
        """The person answers the last message to this number; gives the reply as called back.

        Raises LookupError when no message went there. STOP bars marketing to this number, and
        START lifts the bar.
        """
        answered = self.ledger.last_to(_bare(number))
        stop = text.strip().upper() in _STOPS
        if stop:
            self._stopped.add(_bare(number))
        elif text.strip().upper() == "START":
            self._stopped.discard(_bare(number))
        said = resources.reply(answered, str(uuid7()), self._now(), text, stop)
        self.ledger.keep(said, said, 0.0)
        if "callbackUrlMo" in answered:
            self.courier.post(answered["callbackUrlMo"], said)
        return said

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all callbacks are delivered or given up."""
        return self.courier.flush(timeout)

    def all_carried(self) -> Counter[str]:
        """Oracle: for each reference, how many messages a phone received."""
        with self._lock:
            return Counter(self._carried)

    # What the REST API asks of the account

    def accept(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Take a message: show it on its phone, and report on it later."""
        with self._lock:
            now = self._now()
            taken = resources.message(wanted, str(uuid7()), now, self.rate)
            self.accepted[taken.get("refClient", "")] += 1
            if taken["status"]["value"] == "SCHEDULED":
                self.ledger.keep(taken, taken, 0.0)
                return taken
            value, detail = self._outcome(taken)
            final = resources.report(taken, now, value, detail)
            self.ledger.keep(taken, final, self.receipt_delay)
            if value in _REACHED:
                self._show(taken)
            self._report(taken, final)
            return taken

    def find(self, message_id: str) -> dict[str, Any] | None:
        """A message as it stands, once the reporting knows it."""
        return self.ledger.find(message_id, self.lookup_lag)

    def search(self, reference: str, to: str, direction: str) -> list[dict[str, Any]]:
        """The messages that the reporting knows, newest first."""
        return self.ledger.search(reference, to, direction, self.lookup_lag)

    def organisation(self) -> dict[str, Any]:
        """The account and what is left on it."""
        return resources.organisation(self.name, self.balance)

    def _now(self) -> str:
        return resources.stamp(self.clock())

    def _outcome(self, taken: Mapping[str, Any]) -> tuple[str, str]:
        number, cost = taken["recipient"]["to"], Decimal(str(taken["price"]["amount"]))
        if cost > self.balance:
            return "UNDELIVERABLE", "INSUFFICIENT_CREDIT"
        if number in self._stopped and taken["body"].get("stop"):
            return "UNDELIVERABLE", "BLACKLISTED"
        self.balance -= cost
        return self._outcomes.get(number, ("DELIVERED", ""))

    def _show(self, taken: Mapping[str, Any]) -> None:
        self._inboxes[taken["recipient"]["to"]].append(resources.shown(taken["body"]))
        self._carried[taken.get("refClient", "")] += 1

    def _report(self, taken: Mapping[str, Any], final: Mapping[str, Any]) -> None:
        url = taken.get("callbackUrlStatus")
        reports = {
            "once": [final],
            "twice": [final, final],
            "never": [],
            "shuffled": [final, taken],
        }[self.receipts]
        for document in reports if url else []:
            spread = self._dice.uniform(0, 0.2) if self.receipts == "shuffled" else 0.0
            self.courier.post(str(url), document, self.receipt_delay + spread)

    # What the kit asks of every simulator

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this simulator."""
        return {"base_url": base_url, "channel_id": resources.CHANNEL_ID}

    def secrets(self) -> dict[str, str]:
        """The one credential; deliveries are not signed."""
        return {"api_key": self.api_key}

    def deliveries(self) -> Sequence[Request]:
        """Callbacks of each kind, and a report for each of the last messages."""
        documents = [*_samples(), *self.ledger.search(direction="MT")[:20]]
        return [self.sign(json.dumps(document).encode()) for document in documents]

    def sign(self, body: bytes) -> Request:
        """This body as smsmode would deliver it: with no signature at all."""
        headers = {"Content-Type": "application/json", "User-Agent": "smsmode"}
        return Request.of("POST", headers, body)

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """So many messages to numbers that nobody has."""
        return [
            Outgoing(
                reference=str(uuid7()),
                to=Phone(f"+3363998{i % 10000:04d}", "FR"),
                text=f"Your parcel {i} is on its way.",
                encoding="GSM7",
                marketing=i % 2 == 1,
                sender="MaisonLune",
            )
            for i in range(count)
        ]

    def carried(self, reference: str) -> int:
        """Oracle: how many messages with this reference a phone received."""
        with self._lock:
            return self._carried[reference]

    def change(self, count: int) -> None:
        """A carrier has no records to change."""

    def subject(self) -> str:
        """A carrier has no records to write on."""
        return ""

    def written(self, marker: str) -> int:
        """A carrier is told no outcomes."""
        return 0

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """smsmode's REST API."""
        return rest.answer(self, environ)(environ, start_response)


def _bare(number: str) -> str:
    return number.strip().removeprefix("+")


def _samples() -> list[dict[str, Any]]:
    """One callback of each kind; always the same ones."""
    wanted = {
        "recipient": {"to": "33639980123"},
        "body": {"text": "Your parcel is on its way.", "encoding": "GSM7", "stop": True},
        "refClient": "0191d3a2-0000-7000-8000-000000000001",
    }
    then, ids = "2026-06-12T14:30:00", [f"0191d3a3-0000-7000-8000-00000000000{n}" for n in range(4)]
    sent = resources.message(wanted, ids[0], then, Decimal("0.045"))
    other = resources.message(wanted, ids[1], then, Decimal("0.045"))
    return [
        resources.report(sent, then, "DELIVERED", ""),
        resources.report(other, then, "UNDELIVERABLE", "INVALID_PHONE_NUMBER"),
        resources.reply(sent, ids[2], then, "YES", stop=False),
        resources.reply(sent, ids[3], then, "STOP", stop=True),
    ]
