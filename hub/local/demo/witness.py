"""A stopwatch beside the simulators: when the shop was answered, when the carrier was called."""

import json
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract.kit.simulator import Faults, Vendor
from hub.local.demo.neighbours import Shop


@dataclass(frozen=True)
class Answered:
    """One delivery of the shop: the status it met, when (monotonic) and after how many seconds."""

    subject: str
    status: int
    at: float
    seconds: float


class _Log(list[Any]):
    """The shop's own log, which also tells the witness."""

    def __init__(self, kept: Iterable[Any], witness: "Witness") -> None:
        super().__init__(kept)
        self._witness = witness

    def append(self, sent: Any) -> None:
        super().append(sent)
        self._witness.saw(str(_read(sent.delivery.body).get("id", "")), sent.status)


@dataclass
class Witness:
    """What was seen, by the shop's order id and by the phone's number."""

    answers: list[Answered] = field(default_factory=list)
    calls: dict[str, float] = field(default_factory=dict)
    _own: threading.local = field(default_factory=threading.local)

    def watch(self, shop: Shop) -> None:
        """Stand beside the shop: it asks before each delivery, and writes each into its log."""
        outbox = shop.webhooks.outbox
        ask = outbox.may_send

        def may_send(webhook: int) -> bool:
            self._own.began = time.monotonic()
            return ask(webhook)

        outbox.may_send = may_send
        outbox.log = _Log(outbox.log, self)

    def saw(self, subject: str, status: int) -> None:
        """A delivery of this thread has just been answered, or lost."""
        now, began = time.monotonic(), getattr(self._own, "began", None)
        self._own.began = None
        if began is not None:
            self.answers.append(Answered(subject, status, now, now - began))

    def accepted_at(self, order_id: int) -> float | None:
        """When the hub first answered 2xx to a delivery about this order."""
        return min((a.at for a in self.accepted() if a.subject == str(order_id)), default=None)

    def accepted(self) -> list[Answered]:
        """The deliveries that the hub took."""
        return [a for a in self.answers if 200 <= a.status < 300]


@dataclass
class Watched:
    """The carrier on its socket, its calls noted by the number they are for."""

    vendor: Vendor
    witness: Witness
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        self.faults = self.vendor.faults

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The carrier's HTTP."""
        if environ["REQUEST_METHOD"] == "POST":
            self._note(environ["wsgi.input"].getvalue(), time.monotonic())
        return self.vendor.wsgi(environ, start_response)

    def _note(self, body: bytes, now: float) -> None:
        found = _read(body)
        for wanted in found if isinstance(found, list) else [found]:
            self.witness.calls.setdefault(str(wanted.get("recipient", {}).get("to", "")), now)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {}


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which that share lies (0.5 is the median); 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
