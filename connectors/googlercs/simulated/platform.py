"""Google between the agent and the phones: what it took, what waits, what was shown, who can."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hub.contract import Rich
from hub.contract.kit.handsets import Handsets, Shown

from . import forms
from .problems import Problem, wrong

_FEATURES = (
    "RICHCARD_STANDALONE",
    "RICHCARD_CAROUSEL",
    "ACTION_CREATE_CALENDAR_EVENT",
    "ACTION_DIAL",
    "ACTION_OPEN_URL",
    "ACTION_VIEW_LOCATION",
)
_Tell = Callable[[str, str, str], None]  # kind, phone, message


@dataclass
class Taken:
    """A message that Google took: `waits` while it is in the phone's queue."""

    phone: str
    rich: Rich
    traffic: str
    ttl: str
    resource: dict[str, Any]
    waits: bool = True


@dataclass
class Platform:
    """`tell` hears what happens to messages; `conflicts` answers an id used before with 409, as
    some of Google's APIs do, and not in silence as its documents have it."""

    handsets: Handsets
    tell: _Tell
    conflicts: bool = False
    files: dict[str, str] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)
    posts: int = 0
    _found_out: set[str] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def accept(self, phone: str, message: str, document: Any, at: str) -> dict[str, Any]:
        """Take a message for a phone; one whose id was used before is ignored. Raises Problem."""
        with self._lock:
            self.posts += 1
            if message in self.taken:
                if self.conflicts:
                    raise Problem(409, "An agent message with this id already exists.")
                return self.taken[message].resource
            rich = forms.message(document, self.files)
            self._find(phone)
            name = f"phones/{phone}/agentMessages/{message}"
            resource = {"name": name, "sendTime": at, **document}
            traffic, ttl = document["messageTrafficType"], document.get("ttl", "")
            self.taken[message] = Taken(phone, rich, traffic, ttl, resource)
            self._arrive(message)
            return resource

    def capabilities(self, phone: str) -> dict[str, Any]:
        """What a phone can show. Raises Problem where RCS does not reach it."""
        with self._lock:
            self._find(phone)
        return {"features": list(_FEATURES)}

    def reachable(self, phones: list[str]) -> dict[str, Any]:
        """The answer to the question about many."""
        with self._lock:
            able = [phone for phone in phones if self._is_able(phone)]
        sample = len(phones) * 3 // 4
        found: dict[str, Any] = {"totalRandomSampleUserCount": str(sample)}
        if able:
            found |= {"reachableUsers": able}
        return found | {"reachableRandomSampleUserCount": str(min(len(able), sample))}

    def revoke(self, phone: str, message: str) -> None:
        """Take a message out of the queue. Raises Problem where it is in none."""
        with self._lock:
            known = self.taken.get(message)
            if known is None or known.phone != phone or not known.waits:
                raise Problem(404, "The message was delivered or does not exist.")
            known.waits = False

    def expire(self, message: str) -> bool:
        """The message's time ends; whether it was still waiting, so that Google tells of it."""
        with self._lock:
            known = self.taken.get(message)
            if known is None or not known.waits:
                return False
            known.waits = False
            self.tell("TTL_EXPIRATION_REVOKED", known.phone, message)
            return True

    def come_back(self, phone: str) -> None:
        """The phone is online again: what waits for it arrives."""
        self.handsets.behave(phone, "reachable")
        with self._lock:
            for message in [m for m, one in self.taken.items() if one.phone == phone]:
                self._arrive(message)

    def shown(self, message: str) -> Rich | None:
        """What a phone shows of this message, if any shows it."""
        known = self.taken.get(message)
        return known.rich if known and self.handsets.carried(message) else None

    def last_to(self, phone: str) -> str:
        """The last message that this phone shows. Raises LookupError where it shows none."""
        screen = self.handsets.screen(phone)
        if not screen:
            raise LookupError("No message went to this phone yet.")
        return screen[-1].reference

    def suggestion(self, phone: str, postback: str) -> tuple[str, Any]:
        """The message and the suggestion of that postback, the newest. Raises LookupError."""
        for one in reversed(self.handsets.screen(phone)):
            for tap in one.rich.every_suggestion() if one.rich else ():
                if tap.postback == postback:
                    return one.reference, tap
        raise LookupError("No message on this phone has such a suggestion.")

    def _is_able(self, phone: str) -> bool:
        return self.handsets.seems_able(phone) and phone not in self._found_out

    def _find(self, phone: str) -> None:
        if self.handsets.kind(phone) == "wrong" or len(phone) < 8 or not phone.startswith("+"):
            raise wrong("parent", "The phone number is not valid.")
        if not self._is_able(phone):
            raise Problem(404, "Requested entity was not found.")

    def _arrive(self, message: str) -> None:
        known = self.taken[message]
        if not known.waits:
            return
        kind = self.handsets.kind(known.phone)
        if self.handsets.takes(known.phone, "rcs"):
            known.waits = False
            shown = Shown(message, "rcs", known.rich.as_text(), rich=known.rich)
            self.handsets.show(known.phone, shown)
            self.tell("DELIVERED", known.phone, message)
        elif kind == "learns_late":
            self._found_out.add(known.phone)  # what was taken waits in the queue to its end
        elif kind == "blocks":
            self.tell("UNSUBSCRIBE", known.phone, message)
