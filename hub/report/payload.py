"""What endpoints are told: one JSON document for each thing that happened, the same at every try
while its rows are. Numbers are masked, but for endpoints that an admin trusts with them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from hub.contract import Phone
from hub.store import numbers, tellings
from hub.store.database import Row
from hub.store.sealing import Vault

_OF_MESSAGE = (
    "id", "channel", "kind", "parts", "template", "template_version", "automation", "source",
    "subject", "event_id", "stands_in_for",
)  # fmt: skip
_TRIED = "This is a test. It stands for nothing that happened."


def written(
    db: Connection, vault: Vault, found: Sequence[Row], *, whole: bool
) -> dict[UUID, bytes]:
    """The bodies of these tellings, by id. `whole` is whether phone numbers are shown."""
    messages = tellings.facts(db, [t["message_id"] for t in found if t["message_id"]])
    who = {t["id"]: _who(t, messages) for t in found}
    phones = numbers.phones(db, vault, [one for one in who.values() if one[1]])
    return {t["id"]: _body(t, messages, phones.get(who[t["id"]]), whole) for t in found}


def _who(told: Row, messages: Mapping[UUID, Row]) -> numbers.Who:
    message = messages.get(told["message_id"])
    return told["workspace_id"], told["phone"] or (message["phone"] if message else "")


def _body(told: Row, messages: Mapping[UUID, Row], phone: Phone | None, whole: bool) -> bytes:
    data: dict[str, Any] = dict(told["data"])
    if told["type"] == tellings.TEST:
        data["sentence"] = _TRIED
    elif not told["type"].startswith("connection."):
        data["phone"] = (phone.e164 if whole else phone.masked) if phone else None
    if (message := messages.get(told["message_id"])) is not None:
        data["message"] = {name: message[name] for name in _OF_MESSAGE}
    document = {"type": told["type"], "timestamp": _moment(told["at"]), "data": data}
    # Sentences and names of records may hold the token of a number: nobody else's business.
    return numbers.unnamed(orjson.dumps(document, default=str).decode()).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
