"""The bind and the operator behind it, as the hub sees them: the same door, and every phone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from uuid6 import uuid7

from hub.contract import Accepted, Clock, Found, Outgoing, Refusal, Request, SendResult
from hub.contract import utc_now as real_time
from hub.contract.kit.carriers import CarrierSide
from hub.contract.kit.courier import Courier
from hub.contract.kit.handsets import Handsets, Schedule, Shown
from hub.contract.kit.simulator import Faults

from .client import door_key
from .documents import of_receipt, of_reply
from .door import Call, app
from .line.telling import SIGNATURE, signature
from .simulated.memory import Carried, Memory

_REFERENCE = "0191d3a2-0000-7000-8000-00000000000{}"
_OPT_OUT = "455"
_THEN = datetime(2026, 6, 12, 14, 30, tzinfo=UTC)
_NO_SUCH_NUMBER = Refusal("0x0000000b", "No phone has this number.", dead_number=True)
_SHORTEST = 9  # with the plus


@dataclass
class Simulator(CarrierSide):
    """A bind that is up, on a line to one operator. `receipts` as the kit's handsets say."""

    system_id: str = "relais-sim"
    password: str = "s1mulat0r"  # noqa: S105
    own_key: str = "a-key-of-the-simulated-bind"
    receipts: Schedule = "once"
    clock: Clock = real_time
    faults: Faults = field(default_factory=Faults)
    courier: Courier = field(default_factory=lambda: Courier(agent="Relais/bind"))
    handsets: Handsets = field(default_factory=Handsets)
    memory: Memory = field(default_factory=Memory)

    # What the tests and the demo do with it

    def answer(self, number: str, text: str) -> dict[str, Any]:
        """The person answers the last message to this number; gives what the hub is told.

        Raises LookupError when no message went there.
        """
        answered = self.memory.last_to(number)
        sender = answered.message.to.e164.removeprefix("+")
        told = of_reply(str(uuid7()), sender, "36034", text, self.clock())
        self._tell(answered, told)
        return told

    def expire(self, reference: str) -> None:
        """The operator gives up on this message."""
        carried = self.memory.under(reference)
        if carried:
            self._tell(carried, self._receipt(carried, "expired", "EXPIRED/027"))

    def release(self) -> None:
        """Let go what `receipts = "late"` held back."""
        self.courier.release()

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all is told or given up."""
        return self.courier.flush(timeout)

    # What the door asks of its desk

    def key(self) -> str:
        """What whoever calls must know."""
        return door_key(self.secrets())

    def line(self) -> Mapping[str, Any]:
        """The line is up."""
        return {"bound": True}

    def take(self, call: Call) -> Sequence[SendResult]:
        """Carry each message to its phone."""
        return [self._carry(message, call.hook_url) for message in call.messages]

    def find(self, reference: str) -> Found | None:
        """This bind has been up for ever, so that a miss is proof."""
        known = self.memory.under(reference)
        return Found(known.name, known.state) if known else None

    def _carry(self, message: Outgoing, hook_url: str) -> SendResult:
        number, kind = message.to.e164, self.handsets.kind(message.to.e164)
        if kind == "wrong" or len(number) < _SHORTEST:
            return _NO_SUCH_NUMBER
        carried = self.memory.keep(message, hook_url)
        if self.handsets.takes(number, "sms"):
            shown = Shown(message.reference, "sms", message.text, message.sender)
            self.handsets.show(number, shown)
            self._report(carried, "delivered", "DELIVRD/000")
        else:
            self._report(carried, "failed", f"REJECTD/{_OPT_OUT}", blocked=kind == "blocks")
        return Accepted(carried.name)

    def _report(self, carried: Carried, state: str, code: str, **more: Any) -> None:
        carried.state = state
        told = [
            self._receipt(carried, "sent", "ENROUTE/000"),
            self._receipt(carried, state, code, **more),
        ]
        if self.receipts == "late":
            self.courier.hold = True
        if self.receipts == "crossed":
            told.reverse()
        times = {"twice": 2, "never": 0}.get(self.receipts, 1)
        for place, document in enumerate(told):
            for _ in range(times):
                self._tell(carried, document, after=0.02 * place)

    def _receipt(self, carried: Carried, state: str, code: str, **more: Any) -> dict[str, Any]:
        reference = carried.message.reference
        return of_receipt(carried.name, reference, state, code, self.clock(), **more)

    def _tell(self, carried: Carried, document: Mapping[str, Any], after: float = 0.0) -> None:
        if carried.hook_url:
            made = self.sign(json.dumps(document).encode())
            self.courier.post(carried.hook_url, made.body, after, made.headers)

    # What the kit asks of every simulator

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this simulator; the operator itself is not asked."""
        port = str(urlsplit(base_url).port)
        return {"bind_url": base_url, "host": "127.0.0.1", "port": port, "sender": "MaisonLune"}

    def secrets(self) -> dict[str, str]:
        """The credentials; the last one signs what the hub is told."""
        return {
            "system_id": self.system_id,
            "password": self.password,
            "door_key": self.own_key,
        }

    def deliveries(self) -> Sequence[Request]:
        """What a bind tells, of each kind; always the same."""
        now = _THEN
        ends = (("sent", "ENROUTE/000"), ("delivered", "DELIVRD/000"), ("expired", "EXPIRED/027"))
        told = [
            of_receipt(f"51f{at}", _REFERENCE.format(at), *end, at=now, parts=2)
            for at, end in enumerate(ends)
        ]
        told.append(of_receipt("51f9", "", "failed", "REJECTD/455", now, blocked=True))
        for at, text in enumerate(("YES", "STOP", "Merci 😀")):
            told.append(of_reply(f"r-{at}", f"3363998010{at}", "36034", text, now))
        return [self.sign(json.dumps(document).encode()) for document in told]

    def sign(self, body: bytes) -> Request:
        """This body as the bind would tell it."""
        headers = {"Content-Type": "application/json", SIGNATURE: signature(self.own_key, body)}
        return Request.of("POST", headers, body)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The bind's door."""
        return app(self)(environ, start_response)
