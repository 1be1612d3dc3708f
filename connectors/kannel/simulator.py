"""Kannel with a memory: it takes messages, shows them on phones, and calls the hub back."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from uuid6 import uuid7

from hub.contract import Clock, Request, utc_now
from hub.contract.kit.carriers import CarrierSide
from hub.contract.kit.courier import Courier
from hub.contract.kit.handsets import Handsets, Schedule, Shown
from hub.contract.kit.simulator import Faults

from .simulated import calls, door

_HOOK = "http://127.0.0.1/hooks/kannel/k1?type=dlr&ref={}&optout={}&state=%d&id=%F&answer=%A&at=%T"
_MESSAGE = "0191d3a2-0000-7000-8000-00000000000{}"
_REPLY = "0191d3a3-0000-7000-8000-00000000000{}"

_THEN = datetime(2026, 6, 12, 14, 30, tzinfo=UTC)


@dataclass
class Simulator(CarrierSide):
    """One Kannel with one line to an operator, and every phone in the world.

    `receipts` says how receipts come (see the kit's handsets): taken first, then the end of it.
    The same reference twice is two messages.
    """

    username: str = "relais-of-the-simulator"
    password: str = "kannel-password-of-the-simulator"  # noqa: S105
    receipts: Schedule = "once"
    clock: Clock = utc_now
    faults: Faults = field(default_factory=Faults)
    courier: Courier = field(default_factory=lambda: Courier(agent="Kannel/1.4.5"))
    handsets: Handsets = field(default_factory=Handsets)
    taken: list[door.Wanted] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # What the tests and the demo do with it

    def answer(self, number: str, text: str) -> Request:
        """The person answers the last message to this number; gives the reply as called back.

        Raises LookupError when no message went there.
        """
        bare = number.removeprefix("+")
        with self._lock:
            mine = [one for one in self.taken if one.to.removeprefix("+") == bare]
        if not mine:
            raise LookupError("No message went to this phone yet.")
        coding, body = calls.encoded(text)
        query = calls.reply_query(str(uuid7()), bare, self.clock(), coding)
        address = mine[-1].hook.partition("?")[0].replace("%%", "%")
        made = calls.reply(query, body, address)
        if address:
            self.courier.post(made.url, body, headers=calls.reply_headers(query))
        return made

    def expire(self, reference: str) -> None:
        """The operator gives up on this message."""
        with self._lock:
            hooks = [one.hook for one in self.taken if _reference(one.hook) == reference]
        for hook in hooks[-1:]:
            self.courier.get(calls.receipt_url(hook, *calls.EXPIRED, self.clock()))

    def release(self) -> None:
        """Let go what was held back by `receipts = "late"`."""
        self.courier.release()

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all callbacks are delivered or given up."""
        return self.courier.flush(timeout)

    # What the door asks of it

    def accept(self, wanted: door.Wanted) -> None:
        """Take a message: show it on its phone, and report on it."""
        with self._lock:
            self.taken.append(wanted)
        if self.handsets.takes(wanted.to, "sms"):
            shown = Shown(_reference(wanted.hook), "sms", wanted.text, wanted.sender)
            self.handsets.show(wanted.to, shown)
        if wanted.hook:
            self._report(wanted)

    def _report(self, wanted: door.Wanted) -> None:
        refused = calls.FATES.get(self.handsets.kind(wanted.to))
        told = [refused] if refused else [calls.TAKEN, calls.DELIVERED]
        if self.receipts == "late":
            self.courier.hold = True
        if self.receipts == "crossed":
            told.reverse()
        times = {"twice": 2, "never": 0}.get(self.receipts, 1)
        for place, (state, answer) in enumerate(told):
            url = calls.receipt_url(wanted.hook, state, answer, self.clock())
            for _ in range(times):
                self.courier.get(url, after=0.02 * place)

    # What the kit asks of every simulator

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this simulator."""
        return {
            "sendsms_url": f"{base_url}/cgi-bin/sendsms",
            "sender": "MaisonLune",
            "opt_out_codes": calls.OPT_OUT,
        }

    def secrets(self) -> dict[str, str]:
        """The credentials; deliveries are not signed."""
        return {"username": self.username, "password": self.password}

    def deliveries(self) -> Sequence[Request]:
        """Calls of each kind; always the same ones."""
        now = _THEN
        ends = (calls.TAKEN, calls.DELIVERED, calls.EXPIRED, calls.FAILED, *calls.FATES.values())
        told = [
            calls.receipt(_HOOK.format(_MESSAGE.format(at), calls.OPT_OUT), *end, now)
            for at, end in enumerate(ends)
        ]
        for at, text in enumerate(("YES", "STOP", "Merci 😀")):
            coding, body = calls.encoded(text)
            query = calls.reply_query(_REPLY.format(at), f"3363998010{at}", now, coding)
            told.append(calls.reply(query, body))
        return told

    def sign(self, body: bytes) -> Request:
        """A reply with this body as Kannel would deliver it: with no signature at all."""
        query = calls.reply_query(_REPLY.format(9), "33639980109", self.clock(), "0")
        return calls.reply(query, body)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The sendsms door."""
        made: Any = door.answer(self, environ)
        return made(environ, start_response)  # type: ignore[no-any-return]


def _reference(hook: str) -> str:
    return parse_qs(urlsplit(hook.replace("%%", "%")).query).get("ref", [""])[0]
