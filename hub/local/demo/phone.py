"""What a phone of the town shows: the conversation with the merchant, part by part, card by
card."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.compose.segments import split
from hub.contract import Rich
from hub.local.demo.browsing import LINK
from hub.local.demo.neighbours import Phones
from hub.local.demo.people import Resident

ZONE = ZoneInfo("Europe/Paris")
_SHOWN = ("DELIVERED", "READ")

Piece = tuple[str, str]  # words, and the address that opens when they are tapped or ""


@dataclass(frozen=True)
class Bubble:
    """One message: an RCS one is `rich`; of a text, `parts` joined are what is read, each part is
    one that is paid for."""

    key: str
    mine: bool
    parts: tuple[str, ...]
    at: datetime
    sender: str = ""
    rich: Rich | None = None

    @property
    def clock(self) -> str:
        """The time as the phone shows it."""
        return f"{self.at.astimezone(ZONE):%H:%M}"

    @property
    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        """Each part as pieces: a link that is cut by the end of a part opens whole from both."""
        return tuple(pieces_of(self.parts))


def conversation(phones: Phones, person: Resident) -> list[Bubble]:
    """All that the phone shows, oldest first."""
    number = person.number.removeprefix("+")
    documents = reversed(phones.ledger.search())
    return [_bubble(phones, d) for d in documents if _is_seen(d, number)]


def _is_seen(document: Mapping[str, Any], number: str) -> bool:
    if document["direction"] == "MO":
        # The carrier tells an answer to RCS with the sides as in what is answered.
        return number in (document["from"], document["recipient"]["to"])
    return document["recipient"]["to"] == number and document["status"]["value"] in _SHOWN


def _bubble(phones: Phones, document: Mapping[str, Any]) -> Bubble:
    mine, key = document["direction"] == "MO", document["messageId"]
    at = datetime.fromisoformat(document["sentDate"]).replace(tzinfo=UTC)
    sender = "" if mine else str(document["from"])
    rich = None if mine else _rich(phones, document)
    if rich is not None:
        return Bubble(key, mine, (rich.as_text(),), at, sender, rich)
    text = str(document["body"]["text"])
    if not mine and document["body"].get("stop"):
        text += f" STOP {document['from']}"  # smsmode appends it by itself
    return Bubble(key, mine, split(text), at, sender)


def _rich(phones: Phones, document: Mapping[str, Any]) -> Rich | None:
    return phones.shown(document["refClient"]) if document["type"] == "RCS" else None


def pieces_of(parts: tuple[str, ...]) -> Iterator[tuple[Piece, ...]]:
    """The parts of a text, cut where its links begin and end."""
    links = [(found.start(), found.end(), found[0]) for found in LINK.finditer("".join(parts))]
    start = 0
    for part in parts:
        yield tuple(_cut(part, start, links))
        start += len(part)


def _cut(part: str, start: int, links: list[tuple[int, int, str]]) -> Iterator[Piece]:
    here, end = start, start + len(part)
    for first, last, address in links:
        if last <= here or first >= end:
            continue
        if first > here:
            yield part[here - start : first - start], ""
        yield part[max(first, here) - start : min(last, end) - start], address
        here = min(last, end)
    if here < end:
        yield part[here - start :], ""
