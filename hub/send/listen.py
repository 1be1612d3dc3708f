"""Listen: a burst of replies, each with its merchant, its sender and the message it answers, in
one query per noun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.keywords import Keyword, own_words, read
from hub.contract import NotAPhone, Phone, Reply
from hub.store import bookings, messages, numbers, postbacks, workspaces
from hub.store.database import Row, new_id
from hub.store.numbers import Number, number_of
from hub.store.sealing import Vault

Told = tuple[Row, Reply]  # a reply, with the intake it came by


@dataclass(frozen=True)
class Heard:
    """One reply. `named` is the message that the carrier says it answers, `answered` that one or
    else the last that reached the person; `tapped` is the suggestion of ours that was tapped; `id`
    is its row's."""

    id: UUID
    intake: Row
    reply: Reply
    shop: Row
    number: Number | None
    keyword: Keyword
    named: Row | None
    answered: Row | None
    tapped: Row | None = None

    @property
    def said(self) -> bool:
        """Whether the person said something; a tap that opens a page or a map says nothing."""
        return self.tapped is None or self.tapped["kind"] == "answer"

    def row(self) -> dict[str, Any]:
        """The reply as it is kept."""
        return {
            "id": self.id,
            "workspace_id": self.shop["id"],
            "connection_id": self.intake["connection_id"],
            "intake_id": self.intake["id"],
            "message_id": self.answered["id"] if self.answered else None,
            "carrier_reply_id": self._carrier_reply_id(),
            "phone": self.number.token if self.number else "",
            "body": self.reply.text[:2000].replace("\x00", ""),
            "keyword": self.keyword.value,
            "received_at": self.intake["received_at"],
            "settled_at": None if self.said else self.intake["received_at"],
        }

    def _carrier_reply_id(self) -> str:
        """The carrier's own name of it; where that has the number in it, the token instead."""
        name = self.reply.carrier_reply_id[:200].replace("\x00", "")
        if self.number is None:
            return name
        digits = self.number.phone.e164.removeprefix("+")
        return name.replace(f"+{digits}", self.number.token).replace(digits, self.number.token)


def listen(db: Connection, vault: Vault, told: Sequence[Told]) -> list[Heard]:
    """Each reply with what it takes to act on it. The bookings of those who write are kept still
    until this transaction ends, so that an answer and a move never cross."""
    if not told:
        return []
    shops = workspaces.by_ids(db, [intake["workspace_id"] for intake, _ in told])
    known = [(intake, reply) for intake, reply in told if intake["workspace_id"] in shops]
    taps = _taps(db, known)
    ids = [i for _, reply in known if (i := _reference(reply.reference))]
    by_id = messages.by_ids(db, [*ids, *(tap["message_id"] for tap in taps.values())])
    named = [_named(intake, reply, by_id, taps) for intake, reply in known]
    written_to = {(m["workspace_id"], m["phone"]) for m in named if m is not None}
    whole = numbers.phones(db, vault, written_to)
    found = [
        _number(vault, reply, shops[intake["workspace_id"]], message, whole)
        for (intake, reply), message in zip(known, named, strict=True)
    ]
    their = [(i["workspace_id"], n) for (i, _), n in zip(known, found, strict=True) if n]
    numbers.keep_all(db, vault, their)
    who = [(workspace_id, number.token) for workspace_id, number in their]
    bookings.hold_of(db, who)
    last = messages.last_to(db, who)
    own = {home: own_words(shop["rules"].get("keywords") or {}) for home, shop in shops.items()}
    return [
        _heard(told, shops[home], own[home], number, message, last, taps)
        for told, number, message in zip(known, found, named, strict=True)
        for home in (told[0]["workspace_id"],)
    ]


def _heard(
    told: Told,
    shop: Row,
    own: Mapping[str, Keyword],
    number: Number | None,
    named: Row | None,
    last: Mapping[tuple[UUID, str], Row],
    taps: Mapping[str, Row],
) -> Heard:
    intake, reply = told
    tapped = taps.get(reply.postback)
    words = tapped["word"] if tapped else reply.text
    keyword = Keyword.STOP if reply.opt_out else read(words, shop["stop_code"], own)
    latest = last.get((shop["id"], number.token)) if number else None
    return Heard(new_id(), intake, reply, shop, number, keyword, named, named or latest, tapped)


def _taps(db: Connection, told: Sequence[Told]) -> dict[str, Row]:
    """The suggestions of ours among what was tapped. An id that was never issued, or was issued to
    another merchant, means nothing; the words on the button count as words."""
    found = postbacks.by_tokens(db, [reply.postback for _, reply in told if reply.postback])
    mine = {(intake["workspace_id"], reply.postback) for intake, reply in told}
    return {token: tap for token, tap in found.items() if (tap["workspace_id"], token) in mine}


def _reference(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _named(
    intake: Row, reply: Reply, by_id: Mapping[UUID, Row], taps: Mapping[str, Row]
) -> Row | None:
    tap = taps.get(reply.postback)
    reference = tap["message_id"] if tap else _reference(reply.reference)
    message = by_id.get(reference) if reference else None
    mine = message is not None and message["workspace_id"] == intake["workspace_id"]
    return message if mine else None


def _number(
    vault: Vault,
    reply: Reply,
    shop: Row,
    named: Row | None,
    whole: Mapping[numbers.Who, Phone],
) -> Number | None:
    """The sender's number; carriers leave out the plus as often as not."""
    digits = reply.sender.strip()
    for raw in (digits, f"+{digits}"):
        try:
            phone = Phone.parse(raw, "" if raw.startswith("+") else shop["country"])
        except NotAPhone:
            continue
        return number_of(vault, shop["id"], phone)
    known = whole.get((shop["id"], named["phone"])) if named else None
    return Number(named["phone"], known) if named and known else None
