"""Hearing the operator: receipts folded into their messages, replies joined, the hub told before
the operator is thanked."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from uuid6 import uuid7

from hub.contract import Clock

from ..documents import of_receipt, of_reply
from ..wire.pdu import Deliver
from ..wire.reports import Report, report_of
from ..wire.statuses import NOT_NOW, plain
from .joining import Joiner, Said
from .ledger import Ledger, Sent

_THANKS = 0
_TRIES, _BETWEEN = 20, 0.05  # a receipt may overtake the answer that names its message


class Teller(Protocol):
    """Who tells the hub."""

    async def tell(self, document: Mapping[str, Any]) -> bool:
        """Whether the hub has kept it."""


@dataclass
class Hearing:
    """Answers each deliver_sm with SMPP's status: well, or "keep it and come again"."""

    ledger: Ledger
    joiner: Joiner
    teller: Teller
    clock: Clock
    opt_out_codes: frozenset[str] = frozenset()
    _untold: dict[str, str] = field(default_factory=dict)

    async def hear(self, told: Deliver) -> int:
        """What the operator is answered."""
        report = report_of(told)
        if report is not None:
            return await self._report(report) if report.name else _THANKS
        said = self.joiner.add(told)
        return await self._reply(said) if said else _THANKS

    async def tell_overdue(self) -> None:
        """Replies of which parts stay away are told as far as they came. The operator was thanked
        for what came, so the hub is told until it has kept it."""
        for said in self.joiner.overdue():
            while await self._reply(said) != _THANKS:
                await asyncio.sleep(_BETWEEN)

    async def _report(self, report: Report) -> int:
        sent = await self._message_of(report)
        verdict = sent.verdict() if sent else report
        if verdict is None or not verdict.state or (sent and sent.told == verdict.state):
            return _THANKS
        if not await self.teller.tell(self._receipt(sent, verdict, report.name)):
            return NOT_NOW
        if sent:
            sent.told = verdict.state
        return _THANKS

    async def _message_of(self, report: Report) -> Sent | None:
        for _ in range(_TRIES):
            sent = self.ledger.fold(report)
            if sent:
                return sent
            await asyncio.sleep(_BETWEEN)
        return None

    def _receipt(self, sent: Sent | None, verdict: Report, name: str) -> dict[str, Any]:
        """A part that nobody here remembers is told under its own id: the hub may know it."""
        more: dict[str, Any] = {"blocked": plain(verdict.error) in self.opt_out_codes}
        if sent:
            more["parts"] = sent.total
        known, reference = (sent.id, sent.reference) if sent else (name, "")
        return of_receipt(known, reference, verdict.state, verdict.code, self.clock(), **more)

    async def _reply(self, said: Said) -> int:
        """SMPP names no reply. The bind does, and gives the same name again when the operator comes
        again because the hub could not be told; a person who says the same twice says two things.
        """
        print_ = hashlib.sha256("\0".join((said.sender, said.to, said.text)).encode()).hexdigest()
        name = self._untold.setdefault(print_, str(uuid7()))
        told = of_reply(name, said.sender, said.to, said.text, self.clock())
        if not await self.teller.tell(told):
            return NOT_NOW
        self._untold.pop(print_, None)
        return _THANKS
