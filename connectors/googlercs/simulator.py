"""Google's RCS platform with a memory: it takes an agent's messages, shows them on phones, and
tells the agent's webhook what became of them."""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import requests

from hub.contract import Answer, Clock, Outgoing, Request, Rich, utc_now
from hub.contract.kit.carriers import CarrierSide
from hub.contract.kit.courier import Courier
from hub.contract.kit.handsets import Handsets, Schedule
from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Faults

from .simulated import events, keys, samples
from .simulated.platform import Platform
from .simulated.rest import Rest

AGENT = "maison_lune_x1y2_agent"
_BETWEEN = 0.2  # seconds between two events whose order matters


@dataclass
class Simulator(CarrierSide):
    """One agent, and every phone in the world.

    `webhook` is the address set in the console, for all messages alike: Google's messages carry
    none. `receipts` is when and how often its events come. `typed(way)` is what a merchant pastes.
    """

    clock: Clock = utc_now
    faults: Faults = field(default_factory=Faults)
    handsets: Handsets = field(default_factory=Handsets)
    courier: Courier = field(default_factory=lambda: Courier(agent="Google-RBM"))
    receipts: Schedule = "once"
    webhook: str = ""
    # Who opted out is told by an event of the person's, and no message is refused for it.
    unsupported: tuple[str, ...] = ("blocks",)
    client_token: str = "SIMULATEDCLIENTTOKEN"  # noqa: S105  simulated
    base: str = "http://127.0.0.1"
    sign_in: SignIn = field(init=False)
    platform: Platform = field(init=False)
    rest: Rest = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.sign_in = SignIn("Google", clock=self.clock, lasts=3600.0)
        self.sign_in.assertion = lambda form: keys.judge(
            form, f"{self.base}/token", self.clock().timestamp()
        )
        self.platform = Platform(self.handsets, self._happened)
        self.rest = Rest(self.platform, self.sign_in, AGENT, self.clock)
        self._token = self.sign_in.issue()["access_token"]

    # What the tests and the demo do with it

    def verify_webhook(self, url: str) -> bool:
        """Set the webhook as the console does: Google asks it for a secret first."""
        asked = {"clientToken": self.client_token, "secret": "1234567890"}
        answer = requests.post(url, json=asked, timeout=5)
        self.webhook = url if (answer.status_code, answer.text) == (200, "1234567890") else ""
        return bool(self.webhook)

    def answer(self, number: str, text: str) -> Request:
        """The person writes; gives the callback. Raises LookupError where they got no message."""
        self.platform.last_to(_plus(number))
        return self._person(number, {"text": text})

    def tap(self, number: str, postback: str) -> Request:
        """The person taps a suggestion; gives the callback. Raises LookupError where none is."""
        _, tapped = self.platform.suggestion(_plus(number), postback)
        said = {"postbackData": postback, "text": tapped.text}
        if isinstance(tapped, Answer):
            return self._person(number, {"suggestionResponse": {**said, "type": "REPLY"}})
        done = {"postbackData": postback, "type": "ACTION"}
        event = events.of_person(AGENT, _plus(number), self._now(), {"suggestionResponse": done})
        event["eventId"] = event.pop("messageId")  # an action is an event, not a message
        return self._post(event)

    def unsubscribe(self, number: str) -> tuple[Request, Request]:
        """The person unsubscribes in the phone's menu: it writes the word, and Google an event."""
        return self._person(number, {"text": "STOP"}), self._menu("UNSUBSCRIBE", number)

    def subscribe(self, number: str) -> Request:
        """The person wants messages again."""
        return self._menu("SUBSCRIBE", number)

    def read(self, number: str) -> None:
        """The person opens the conversation."""
        self._happened("READ", _plus(number), self.platform.last_to(_plus(number)))

    def expire(self, reference: str) -> bool:
        """The message's time ends; whether it was still waiting."""
        return self.platform.expire(reference)

    def come_back(self, number: str) -> None:
        """The phone is online again: what still waits for it arrives."""
        self.platform.come_back(_plus(number))

    def shown(self, reference: str) -> Rich | None:
        """What the phone shows, read from what Google was sent."""
        return self.platform.shown(reference)

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all callbacks are delivered or given up."""
        return self.courier.flush(timeout)

    def release(self) -> None:
        """Deliver the events that were held back."""
        self.courier.release()

    def greeting(self) -> Request:
        """The call with which the console tries the webhook."""
        asked = {"clientToken": self.client_token, "secret": "1234567890"}
        return Request.of("POST", {"Content-Type": "application/json"}, json.dumps(asked).encode())

    # What the kit asks of every simulator

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this simulator."""
        self.base = base_url
        return {
            "agent_id": AGENT,
            "agent_name": "Maison Lune",
            "agent_logo": "https://example.com/logo.png",
            "base_url": base_url,
            "token_url": f"{base_url}/token",
        }

    def secrets(self) -> dict[str, str]:
        """A live token, and the secret that callbacks are signed with."""
        return {"access_token": self._token, "client_token": self.client_token}

    def typed(self, way: str = "") -> dict[str, str]:
        """What a merchant pastes."""
        return {"service_account_json": keys.key_file(), "client_token": self.client_token}

    def deliveries(self) -> Sequence[Request]:
        """A callback of each kind; always the same ones."""
        return [self.sign(json.dumps(event).encode()) for event in samples.events_of(AGENT)]

    def sign(self, body: bytes) -> Request:
        """This as the data of a callback, signed as Google does."""
        return Request.of("POST", events.headers(body, self.client_token), events.wrapped(body))

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """So many messages to numbers that nobody has."""
        return [samples.message(i) for i in range(count)]

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Google's HTTP."""
        return self.rest.answer(environ)(environ, start_response)

    def _now(self) -> str:
        return events.stamp(self.clock())

    def _happened(self, kind: str, phone: str, message: str) -> None:
        """Tell of a message, as often and in the order that `receipts` says."""
        if kind == "UNSUBSCRIBE":
            event = events.of_menu(kind, AGENT, phone, message)
        else:
            event = events.of_message(kind, AGENT, phone, message, self._now())
        if self.receipts == "never":
            return
        crossed = self.receipts == "crossed" and kind == "DELIVERED"
        if crossed:
            self._post(events.of_message("READ", AGENT, phone, message, self._now()))
        for _ in range(2 if self.receipts == "twice" else 1):
            self._post(event, after=_BETWEEN if crossed else 0.0, held=self.receipts == "late")

    def _person(self, number: str, content: Mapping[str, Any]) -> Request:
        return self._post(events.of_person(AGENT, _plus(number), self._now(), content))

    def _menu(self, kind: str, number: str) -> Request:
        return self._post(events.of_menu(kind, AGENT, _plus(number)))

    def _post(self, event: Mapping[str, Any], after: float = 0.0, held: bool = False) -> Request:
        made = self.sign(json.dumps(event).encode())
        with self._lock:
            before, self.courier.hold = self.courier.hold, held or self.courier.hold
            if self.webhook:
                self.courier.post(self.webhook, made.body, after, made.headers)
            self.courier.hold = before
        return made


def _plus(number: str) -> str:
    return f"+{number.strip().removeprefix('+')}"
