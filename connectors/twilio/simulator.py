"""Twilio with a memory: it takes messages and templates, shows them on phones, and calls back."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock, Request, Rich, utc_now
from hub.contract.kit.carriers import CarrierSide
from hub.contract.kit.courier import Courier
from hub.contract.kit.handsets import Handsets, Schedule, Shown, bare
from hub.contract.kit.simulator import Faults

from .simulated import callbacks, rest
from .simulated.judging import Senders, judged
from .simulated.messages import EXPIRED, Messages, Sent, Steps, inbound, steps
from .simulated.samples import HOOK, samples
from .simulated.screen import shown
from .simulated.templates import Templates

_OPT_OUTS = {"STOP": "STOP", "STOPALL": "STOP", "START": "START", "HELP": "HELP"}


@dataclass
class Simulator(CarrierSide):
    """One Twilio account with a Messaging Service, a number and an RCS sender, and every phone.

    `receipts` is how status callbacks come; a callback that fails is tried once more and no
    oftener, as at Twilio. Replies go to `webhook`, which a person types in at Twilio; left empty,
    to where the answered message's own callbacks go.
    """

    account_sid: str = "AC" + "0a1b2c3d" * 4
    auth_token: str = "twilio-token-of-the-simulator"  # noqa: S105 - nobody's
    shared_key: str = "twilio-webhook-key-of-the-simulator"
    name: str = "Maison Lune"
    type: str = "Full"
    balance: Decimal = Decimal("10000.00")
    senders: Senders = field(default_factory=Senders)
    receipts: Schedule = "once"
    webhook: str = ""
    clock: Clock = utc_now
    faults: Faults = field(default_factory=Faults)
    handsets: Handsets = field(default_factory=Handsets)
    courier: Courier = field(
        default_factory=lambda: Courier(retries=(0.05,), agent="TwilioProxy/1.1")
    )
    templates: Templates = field(default_factory=Templates)
    messages: Messages = field(default_factory=Messages)
    opted_out: set[str] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    # What the tests and the demo do with it

    def shown(self, reference: str) -> Rich | None:
        """What an RCS phone shows of this message, read from Twilio's own form."""
        found = self.messages.under(reference)
        return found[-1].rich if found else None

    def answer(self, number: str, text: str) -> dict[str, str]:
        """The person answers the last message; gives the fields called back. STOP bars further
        messages, START lets them through. Raises LookupError when no message went there."""
        answered, word = self.messages.to(number), text.strip().upper()
        more = {"OptOutType": _OPT_OUTS[word]} if word in _OPT_OUTS else {}
        with self._lock:
            if more.get("OptOutType") == "STOP":
                self.opted_out.add(bare(number))
            if more.get("OptOutType") == "START":
                self.opted_out.discard(bare(number))
        return self._tell_back(answered, text, more)

    def tap(self, number: str, postback: str) -> dict[str, str]:
        """The person taps a suggestion of the last message. Raises LookupError when it has none
        with that id."""
        answered = self.messages.to(number)
        found = answered.rich.every_suggestion() if answered.rich else ()
        label = next((one.text for one in found if one.postback == postback), None)
        if label is None:
            raise LookupError("The last message has no such suggestion.")
        return self._tell_back(answered, label, {"ButtonText": label, "ButtonPayload": postback})

    def read(self, reference: str) -> None:
        """The person reads it; only RCS tells."""
        for sent in self.messages.under(reference):
            self._tell(sent, (("read", ""),))

    def expire(self, reference: str) -> bool:
        """The time Twilio was given is up; False where nothing waited any more."""
        waiting = [one for one in self.messages.under(reference) if one.waits]
        for sent in waiting:
            self._tell(sent, EXPIRED)
        return bool(waiting)

    def come_back(self, number: str) -> None:
        """The phone has data again: what still waits arrives, since Twilio takes nothing back."""
        self.handsets.behave(number, "reachable")
        for sent in self.messages.waiting(number):
            self._carry(sent)

    def release(self) -> None:
        """Deliver what was held back."""
        self.courier.release()

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all callbacks are delivered or given up."""
        return self.courier.flush(timeout)

    # What the REST API asks of the account

    def accept(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Take a message: show it on its phone, and tell of it. Raises Problem."""
        number = bare(fields.get("To", ""))
        wrong = self.handsets.kind(number) == "wrong"
        barred = number in self.opted_out or self.handsets.kind(number) == "blocks"
        said = judged(self.senders, self.templates, fields, wrong=wrong, barred=barred)
        rcs = fields["To"].startswith("rcs:")
        rich = (shown(said) if isinstance(said, dict) else Rich(text=said)) if rcs else None
        sent = Sent(
            sid=f"SM{uuid4().hex}",
            to=fields["To"],
            sender=fields.get("From", "") or self.senders.number,
            text=rich.as_text() if rich else str(said),
            rich=rich,
            hook=fields.get("StatusCallback", ""),
            made=self.clock(),
        )
        self.messages.keep(sent)
        taken = sent.resource(self.account_sid)
        self._carry(sent)
        return taken

    def message(self, sid: str) -> dict[str, Any] | None:
        """A message as it stands."""
        sent = self.messages.by_sid.get(sid)
        return sent.resource(self.account_sid) if sent else None

    def resource(self) -> dict[str, Any]:
        """The account."""
        made = {"sid": self.account_sid, "friendly_name": self.name}
        return made | {"status": "active", "type": self.type}

    def balance_resource(self) -> dict[str, Any]:
        """What is left on it."""
        made = {"account_sid": self.account_sid, "currency": "USD"}
        return made | {"balance": str(self.balance)}

    def _carry(self, sent: Sent) -> None:
        if self.handsets.takes(sent.number, sent.channel):
            self.handsets.show(
                sent.number, Shown(sent.reference, sent.channel, sent.text, sent.sender, sent.rich)
            )
        told = steps(self.handsets, sent)
        self._tell(sent, told[::-1] if self.receipts == "crossed" else told, told)

    def _tell(self, sent: Sent, told: Steps, went: Steps = ()) -> None:
        """Call back for each step; the message then stands where the last of them left it."""
        for status, error in (went or told)[-1:]:
            sent.status, sent.error = status, error
        if self.receipts == "never" or not sent.hook:
            return
        if self.receipts == "late":
            self.courier.hold = True
        for status, error in told * (2 if self.receipts == "twice" else 1):
            self._post(sent.hook, sent.callback(self.account_sid, status, error))

    def _tell_back(self, answered: Sent, text: str, more: Mapping[str, str]) -> dict[str, str]:
        sides = {"From": answered.to, "To": answered.sender, **more}
        fields = inbound(self.account_sid, f"SM{uuid4().hex}", sides, text)
        url = self.webhook or urlsplit(answered.hook)._replace(query="").geturl()
        if url:
            self._post(url, fields)
        return fields

    def _post(self, url: str, fields: Mapping[str, str]) -> None:
        body = callbacks.form(fields)
        sent = callbacks.headers(self.auth_token, url, body)
        self.courier.post(url, body, headers=sent)

    # What the kit asks of every simulator

    @property
    def unsupported(self) -> frozenset[str]:
        """What Twilio has no form for: refused, but for a thumbnail, which nobody misses."""
        return frozenset({"place", "calendar", "below carousel", "thumbnail"})

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this simulator."""
        return {
            "base_url": base_url,
            "content_url": base_url,
            "account_sid": self.account_sid,
            "messaging_service_sid": self.senders.service,
            "rcs_sender": self.senders.rcs,
            "rcs_name": self.name,
        }

    def secrets(self) -> dict[str, str]:
        """The credential it accepts, which signs callbacks too, and the key that may do so."""
        return {"auth_token": self.auth_token, "shared_key": self.shared_key}

    def deliveries(self) -> Sequence[Request]:
        """Callbacks of each kind, and a status for each of the last messages."""
        made = [self._signed(url, fields) for url, fields in samples(self.account_sid)]
        for sent in list(self.messages.by_sid.values())[-20:]:
            status = sent.callback(self.account_sid, sent.status, sent.error)
            made.append(self._signed(sent.hook or HOOK, status))
        return made

    def sign(self, body: bytes) -> Request:
        """This body as Twilio would deliver it."""
        return callbacks.request(HOOK, body, callbacks.headers(self.auth_token, HOOK, body))

    def _signed(self, url: str, fields: Mapping[str, str]) -> Request:
        body = callbacks.form(fields)
        return callbacks.request(url, body, callbacks.headers(self.auth_token, url, body))

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Twilio's REST API and its Content API, on one host."""
        return rest.answer(self, environ)(environ, start_response)
