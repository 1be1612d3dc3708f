"""What was sent on the line and what is known of it: the parts of each message folded into one."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from ..wire.reports import Report, key_of

_MOST = 100_000  # messages remembered; older ones are forgotten first
_LONGEST_ID = 180  # what the hub keeps of an id is bounded
_ENDS = ("failed", "expired", "delivered")


@dataclass
class Sent:
    """One message on the line: its parts by the operator's id, each with what was reported last.

    `told` is the state that the hub has been told.
    """

    reference: str
    total: int
    parts: dict[str, Report | None] = field(default_factory=dict)
    refused: bool = False
    told: str = ""
    begun: float = field(default_factory=time.time)

    @property
    def whole(self) -> bool:
        """Whether the operator took every part."""
        return len(self.parts) == self.total

    @property
    def id(self) -> str:
        """The operator's ids of all parts as one."""
        names = list(self.parts)
        joined = "+".join(names)
        return joined if len(joined) <= _LONGEST_ID else f"{names[0]}+{len(names) - 1}"

    def verdict(self) -> Report | None:
        """The whole message's state: failed when one part is, delivered when all are."""
        reports = [one for one in self.parts.values() if one]
        for state in ("failed", "expired"):
            found = next((one for one in reports if one.state == state), None)
            if found:
                return found
        delivered = [one for one in reports if one.state == "delivered"]
        return delivered[-1] if len(delivered) == self.total else None


@dataclass
class Ledger:
    """The messages of this process. `form` is how receipts write ids (see `key_of`); what was begun
    after `lost_until`, in seconds since 1970, is still remembered."""

    form: str = "same"
    most: int = _MOST
    _sent: OrderedDict[str, Sent] = field(default_factory=OrderedDict)
    _by_part: dict[str, tuple[Sent, str]] = field(default_factory=dict)
    lost_until: float = 0.0

    def begin(self, reference: str, total: int) -> Sent:
        """A message is about to go. The same reference again begins anew."""
        self._sent.pop(reference, None)
        self._sent[reference] = sent = Sent(reference, total)
        while len(self._sent) > self.most:
            _, old = self._sent.popitem(last=False)
            self.lost_until = old.begun
            for name in old.parts:
                self._by_part.pop(key_of(name), None)
        return sent

    def taking(self, sent: Sent) -> Callable[[str], None]:
        """What is called with the operator's id of a part once it is taken."""

        def taken(name: str) -> None:
            sent.parts[name] = None
            self._by_part[key_of(name)] = sent, name

        return taken

    def of(self, reference: str) -> Sent | None:
        """The message under our reference."""
        return self._sent.get(reference)

    def fold(self, report: Report) -> Sent | None:
        """Note what is reported of a part; its message, or None where no message has that part.
        What was reported as an end is never overwritten."""
        known = self._by_part.get(key_of(report.name, self.form))
        if known is None:
            return None
        sent, name = known
        before = sent.parts[name]
        if before is None or before.state not in _ENDS:
            sent.parts[name] = report
        return sent
