"""What a phone of the town shows: the conversation with the carrier's number, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.compose.segments import split
from hub.local.demo.neighbours import Phones
from hub.local.demo.people import Resident

ZONE = ZoneInfo("Europe/Paris")
_SHOWN = ("DELIVERED", "READ")


@dataclass(frozen=True)
class Bubble:
    """One text: `parts` joined are what is read, each part is one that is paid for."""

    key: str
    mine: bool
    parts: tuple[str, ...]
    at: datetime
    sender: str = ""

    @property
    def clock(self) -> str:
        """The time as the phone shows it."""
        return f"{self.at.astimezone(ZONE):%H:%M}"


def conversation(phones: Phones, person: Resident) -> list[Bubble]:
    """All that the phone shows, oldest first."""
    number = person.number.removeprefix("+")
    documents = reversed(phones.ledger.search())
    return [_bubble(d) for d in documents if _is_seen(d, number)]


def _is_seen(document: Mapping[str, Any], number: str) -> bool:
    if document["direction"] == "MO":
        return bool(document["from"] == number)
    return document["recipient"]["to"] == number and document["status"]["value"] in _SHOWN


def _bubble(document: Mapping[str, Any]) -> Bubble:
    mine = document["direction"] == "MO"
    text = str(document["body"]["text"])
    if not mine and document["body"].get("stop"):
        text += f" STOP {document['from']}"  # smsmode appends it by itself
    at = datetime.fromisoformat(document["sentDate"]).replace(tzinfo=UTC)
    sender = "" if mine else str(document["from"])
    return Bubble(document["messageId"], mine, split(text), at, sender)
