"""The desk behind the bind's door: batches go out on the line, what comes back is told."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.contract import Accepted, Outgoing, Refusal, SendResult, Unknown

from ..wire import statuses
from ..wire.parts import Part, parts_of
from .ledger import Ledger, Sent
from .session import NoAnswer, NotWritten, Session
from .writing import submit_of

_AGAIN_AFTER = 0.5  # seconds, where the operator took one part and is too busy for the next
_LONGEST_SENDER = 20
_UNSENT = Refusal("unsent", "The line had no room for it in time: not sent yet.", permanent=False)


@dataclass
class Sender:
    """Sends on whatever session there is. `opt_out_codes` as `statuses.codes_in` gives them."""

    ledger: Ledger
    opt_out_codes: frozenset[str] = frozenset()
    session: Session | None = None
    _numbers: dict[str, int] = field(default_factory=dict)

    async def carry(self, messages: Sequence[Outgoing], within: float) -> list[SendResult]:
        """What became of each, in their order, after at most `within` seconds."""
        ends = asyncio.get_running_loop().time() + within
        return list(await asyncio.gather(*(self._carry(one, ends) for one in messages)))

    async def _carry(self, message: Outgoing, ends: float) -> SendResult:
        """Part after part: when the first is refused, nothing was sent."""
        if not message.sender.isascii() or len(message.sender) > _LONGEST_SENDER:
            return Refusal("sender", "The sender has characters that no phone shows: change it.")
        parts = parts_of(message.text, message.encoding, self._number(message.to.e164))
        sent = self.ledger.begin(message.reference, len(parts))
        for part in parts:
            refused = await self._submit(message, part, sent, ends)
            if isinstance(refused, Refusal) and sent.parts:
                return Unknown("Some parts of the message were taken and others were not.")
            if refused:
                sent.refused = isinstance(refused, Refusal)
                return refused
        return Accepted(sent.id)

    async def _submit(
        self, message: Outgoing, part: Part, sent: Sent, ends: float
    ) -> Refusal | Unknown | None:
        """None where the operator took the part. One that it was too busy for is tried again while
        there is time, if a part before it went."""
        body = submit_of(message, part).encode()
        while self.session:
            try:
                answer = await self.session.submit(body, self.ledger.taking(sent), ends)
            except NotWritten:
                return _UNSENT
            except NoAnswer:
                return Unknown("The operator did not answer; the message may have gone out.")
            if answer.status == 0 and answer.command & 0x7FFFFFFF:
                return None
            again = answer.status in statuses.THROTTLED and sent.parts
            if not again or not await _pause(_AGAIN_AFTER, ends):
                return statuses.refusal_of(answer.status, self.opt_out_codes)
        return _UNSENT

    def _number(self, phone: str) -> int:
        """Parts of two messages to one phone must not be taken for one message's."""
        if len(self._numbers) > 100_000:
            self._numbers.clear()
        self._numbers[phone] = number = (self._numbers.get(phone, hash(phone)) + 1) % 256
        return number


async def _pause(seconds: float, ends: float) -> bool:
    """Whether there is still time after a pause."""
    if asyncio.get_running_loop().time() + 2 * seconds > ends:
        return False
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(seconds)
    return True
