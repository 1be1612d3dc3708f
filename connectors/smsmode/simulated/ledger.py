"""The simulator's memory of messages, and how its deferred reporting lets them be looked up."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class _Entry:
    taken: Mapping[str, Any]
    final: Mapping[str, Any]
    born: float
    settles: float

    def as_now(self) -> dict[str, Any]:
        return dict(self.final if time.monotonic() >= self.settles else self.taken)


@dataclass
class Ledger:
    """Every message and reply of the account, by id, by reference and by phone."""

    _entries: dict[str, _Entry] = field(default_factory=dict)
    _by_reference: dict[str, list[_Entry]] = field(default_factory=lambda: defaultdict(list))
    _last_to: dict[str, _Entry] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def settle(self, message_id: str, final: Mapping[str, Any]) -> None:
        """From now on the message stands like this. Raises KeyError where there is none."""
        with self._lock:
            entry = self._entries[message_id]
            entry.final, entry.settles = final, time.monotonic()

    def latest(self, reference: str) -> dict[str, Any]:
        """The last message under a reference, as it stands. Raises LookupError."""
        found = self.search(reference, direction="MT")
        if not found:
            raise LookupError("No message has this reference.")
        return found[0]

    def keep(self, taken: Mapping[str, Any], final: Mapping[str, Any], after: float) -> None:
        """Remember a message; `after` so many seconds it stands in its final status."""
        now = time.monotonic()
        entry = _Entry(taken, final, now, now + after)
        with self._lock:
            self._entries[taken["messageId"]] = entry
            self._by_reference[taken.get("refClient", "")].append(entry)
            if taken["direction"] == "MT":
                self._last_to[taken["recipient"]["to"]] = entry

    def find(self, message_id: str, lag: float = 0.0, kind: str = "") -> dict[str, Any] | None:
        """The message as it stands, unless it is younger than `lag` seconds or of another kind."""
        with self._lock:
            entry = self._entries.get(message_id)
        known = entry is not None and kind in ("", entry.taken["type"])
        return entry.as_now() if entry and known and _is_old(entry, lag) else None

    def search(
        self,
        reference: str = "",
        to: str = "",
        direction: str = "",
        lag: float = 0.0,
        kind: str = "",
    ) -> list[dict[str, Any]]:
        """Messages older than `lag` seconds, newest first; an empty criterion asks nothing."""
        with self._lock:
            known: Iterable[_Entry] = (
                self._by_reference.get(reference, ()) if reference else self._entries.values()
            )
            entries = [entry for entry in known if _is_old(entry, lag)]
        found = [entry.as_now() for entry in reversed(entries)]
        return [
            one
            for one in found
            if to in ("", one["recipient"]["to"])
            and direction in ("", one["direction"])
            and kind in ("", one["type"])
        ]

    def last_to(self, number: str) -> Mapping[str, Any]:
        """The last message to a phone. Raises LookupError when there was none."""
        with self._lock:
            if number not in self._last_to:
                raise LookupError("No message went to this phone yet.")
            return self._last_to[number].taken

    def cancel(self, message_id: str) -> bool:
        """Forget a message that is still scheduled; False when it is not."""
        with self._lock:
            entry = self._entries.get(message_id)
            if entry is None or entry.taken["status"]["value"] != "SCHEDULED":
                return False
            del self._entries[message_id]
            self._by_reference[entry.taken.get("refClient", "")].remove(entry)
            return True


def _is_old(entry: _Entry, lag: float) -> bool:
    return time.monotonic() - entry.born >= lag
