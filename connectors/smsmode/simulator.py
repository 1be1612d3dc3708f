"""smsmode with a memory: it takes messages, shows them on phones, and calls the hub back."""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from uuid6 import uuid7

from hub.contract import Clock, Request, Rich, utc_now
from hub.contract.kit.carriers import CarrierSide
from hub.contract.kit.courier import Courier
from hub.contract.kit.handsets import Handsets, Shown, bare
from hub.contract.kit.simulator import Faults

from .simulated import cards, resources, rest
from .simulated.fates import ON_ITS_WAY, Fate, fate_of
from .simulated.ledger import Ledger
from .simulated.samples import samples

_REACHED = ("DELIVERED", "READ")
_STOPS = ("STOP", "STOP 36034", "STOP36034")
_RATES = {"SMS": Decimal("0.045"), "RCS": Decimal("0.06")}


@dataclass
class Simulator(CarrierSide):
    """One smsmode account with one SMS and one RCS channel, and every phone in the world.

    `receipts` is once, twice, never, late (held until `release`), crossed (an ENROUTE report
    follows the last) or shuffled (the same, in no order); `receipt_delay` and `lookup_lag` are in
    seconds: after a lag of that length only can a message be looked up, as smsmode's own reporting
    is deferred. The same reference twice is two messages.
    """

    api_key: str = "smsmode-key-of-the-simulator"
    rcs_key: str = "smsmode-rcs-key-of-the-simulator"
    name: str = "Maison Lune"
    balance: Decimal = Decimal("10000.00")
    receipts: str = "once"
    receipt_delay: float = 0.0
    lookup_lag: float = 0.0
    clock: Clock = utc_now
    faults: Faults = field(default_factory=Faults)
    courier: Courier = field(default_factory=lambda: Courier(agent="smsmode"))
    handsets: Handsets = field(default_factory=Handsets)
    accepted: Counter[str] = field(default_factory=Counter)
    ledger: Ledger = field(default_factory=Ledger)
    _outcomes: dict[str, Fate] = field(default_factory=dict)
    _rich: dict[str, Rich] = field(default_factory=dict)
    _stopped: set[str] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    # What the tests and the demo do with it

    def behave(self, number: str, value: str, detail: str = "") -> None:
        """From now on messages to this number end as `value` (DELIVERED, UNDELIVERABLE, …)."""
        with self._lock:
            self._outcomes[bare(number)] = (value, detail)

    def no_credit(self) -> None:
        """The account is empty: messages are taken all the same, and fail by receipt."""
        with self._lock:
            self.balance = Decimal(0)

    def shown(self, reference: str) -> Rich | None:
        """What an RCS phone shows of this message, read from smsmode's form; None: nothing."""
        with self._lock:
            return self._rich.get(reference)

    def answer(self, number: str, text: str) -> dict[str, Any]:
        """The person answers the last message to this number; gives the reply as called back.

        Raises LookupError when no message went there. STOP bars marketing to this number, and
        START lifts the bar.
        """
        answered = self.ledger.last_to(bare(number))
        stop = text.strip().upper() in _STOPS
        if stop:
            self._stopped.add(bare(number))
        elif text.strip().upper() == "START":
            self._stopped.discard(bare(number))
        if answered["type"] == "RCS":
            return self._replied(answered, {"type": "TEXT", "text": text})
        said = resources.reply(answered, str(uuid7()), self._now(), text, stop)
        return self._told(answered, said)

    def tap(self, number: str, postback: str) -> dict[str, Any]:
        """The person taps a suggestion that the phone shows. Raises LookupError without one."""
        for shown in reversed(self.handsets.screen(number)):
            offered = shown.rich.every_suggestion() if shown.rich else ()
            label = next((one.text for one in offered if one.postback == postback), None)
            if label is not None:
                body = {"type": "SUGGESTION", "text": label, "postbackData": postback}
                return self._replied(self.ledger.latest(shown.reference), body)
        raise LookupError("This phone shows no such suggestion.")

    def read(self, reference: str) -> None:
        """The person looks at an RCS message. Raises LookupError for a reference never used."""
        self._ends(reference, ("READ", ""))

    def expire(self, reference: str) -> None:
        """The validity of a message has passed. Raises LookupError as `read` does."""
        self._ends(reference, ("UNDELIVERED", "EXPIRED"))

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all callbacks are delivered or given up."""
        return self.courier.flush(timeout)

    def release(self) -> None:
        """The receipts that are late come now."""
        self.courier.release()

    # What the REST API asks of the account

    def accept(self, wanted: Mapping[str, Any], kind: str = "SMS") -> dict[str, Any]:
        """Take a message: show it on its phone, and report on it later."""
        with self._lock:
            now = self._now()
            taken = resources.message(wanted, str(uuid7()), now, _RATES[kind], kind)
            self.accepted[taken.get("refClient", "")] += 1
            if taken["status"]["value"] == "SCHEDULED":
                self.ledger.keep(taken, taken, 0.0)
                return taken
            fate = self._fate(taken)
            final = resources.report(taken, now, *fate)
            self.ledger.keep(taken, final, self.receipt_delay)
            if fate[0] in _REACHED:
                self._show(taken)
            if fate != ON_ITS_WAY:
                self._report(taken, final)
            return taken

    def find(self, message_id: str, kind: str = "") -> dict[str, Any] | None:
        """A message as it stands, once the reporting knows it."""
        return self.ledger.find(message_id, self.lookup_lag, kind)

    def search(
        self, reference: str, to: str, direction: str, kind: str = ""
    ) -> list[dict[str, Any]]:
        """The messages that the reporting knows, newest first."""
        return self.ledger.search(reference, to, direction, self.lookup_lag, kind)

    def organisation(self) -> dict[str, Any]:
        """The account and what is left on it."""
        return resources.organisation(self.name, self.balance)

    def _now(self) -> str:
        return resources.stamp(self.clock())

    def _fate(self, taken: Mapping[str, Any]) -> Fate:
        number, cost = taken["recipient"]["to"], Decimal(str(taken["price"]["amount"]))
        if cost > self.balance:
            return "UNDELIVERABLE", "INSUFFICIENT_CREDIT"
        if number in self._stopped and taken["body"].get("stop"):
            return "UNDELIVERABLE", "BLACKLISTED"
        self.balance -= cost
        return self._outcomes.get(number) or fate_of(self.handsets, number, taken["type"])

    def _show(self, taken: Mapping[str, Any]) -> None:
        number, reference = taken["recipient"]["to"], taken.get("refClient", "")
        if taken["type"] == "SMS":
            shown = Shown(reference, "sms", resources.shown(taken["body"]), taken["from"])
        else:
            rich = self._rich[reference] = cards.rich_of(taken["body"])
            shown = Shown(reference, "rcs", rich.as_text(), taken["from"], rich)
        self.handsets.show(number, shown)

    def _report(self, taken: Mapping[str, Any], final: Mapping[str, Any]) -> None:
        url, two = taken.get("callbackUrlStatus"), self.receipts in ("crossed", "shuffled")
        reports = [final, taken if two else final][: 2 if two or self.receipts == "twice" else 1]
        if self.receipts == "late":
            self.courier.hold = True
        for place, document in enumerate(reports if url and self.receipts != "never" else []):
            after = {"crossed": 0.05 * place, "shuffled": self._dice.uniform(0, 0.2)}
            pause = self.receipt_delay + after.get(self.receipts, 0.0)
            self.courier.post(str(url), document, pause)

    def _ends(self, reference: str, fate: Fate) -> None:
        taken = self.ledger.latest(reference)
        final = resources.report(taken, self._now(), *fate)
        self.ledger.settle(taken["messageId"], final)
        self._report(taken, final)

    def _replied(self, answered: Mapping[str, Any], body: Mapping[str, str]) -> dict[str, Any]:
        said = resources.rcs_reply(answered, str(uuid7()), self._now(), body)
        return self._told(answered, said)

    def _told(self, answered: Mapping[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        self.ledger.keep(said, said, 0.0)
        if "callbackUrlMo" in answered:
            self.courier.post(answered["callbackUrlMo"], said)
        return said

    # What the kit asks of every simulator

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this simulator."""
        return {
            "base_url": base_url,
            "channel_id": resources.CHANNEL_ID,
            "rcs_channel_id": resources.RCS_CHANNEL_ID,
            "agent": self.name,
        }

    def secrets(self) -> dict[str, str]:
        """One key for each channel; deliveries are not signed."""
        return {"api_key": self.api_key, "rcs_key": self.rcs_key}

    def deliveries(self) -> Sequence[Request]:
        """Callbacks of each kind, and a report for each of the last messages."""
        documents = [*samples(), *self.ledger.search(direction="MT")[:20]]
        return [self.sign(json.dumps(document).encode()) for document in documents]

    def sign(self, body: bytes) -> Request:
        """This body as smsmode would deliver it: with no signature at all."""
        headers = {"Content-Type": "application/json", "User-Agent": "smsmode"}
        return Request.of("POST", headers, body)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """smsmode's REST API."""
        return rest.answer(self, environ)(environ, start_response)
