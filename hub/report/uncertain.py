"""The list of uncertain messages as shown and exported: what a person needs to settle them."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import cast
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Phone
from hub.report.cells import as_csv
from hub.report.road_words import masked_in
from hub.store import doubts, numbers
from hub.store.database import Row
from hub.store.sealing import Vault

HEADER = (
    "message", "to", "sent at", "carrier", "template", "automation", "subject", "parts", "price",
    "attempts", "final since", "what is known",
)  # fmt: skip
MOST = 10_000  # lines of one file
_PAGE = 500
_GONE = "a number that was erased"


def page(
    db: Connection,
    vault: Vault,
    workspace_id: UUID | None,
    before: UUID | None,
    limit: int,
    *,
    masked: bool = True,
) -> Sequence[Row]:
    """A page of the list as a person reads it, newest first: numbers in `to` and in the sentences
    have their middle hidden unless the reader may see them whole."""
    found = numbers.beside(db, vault, doubts.listed(db, workspace_id, before, limit))
    said = partial(_said, db, vault, masked)
    return [
        cast("Row", {**message, "to": _to(message["to"], masked), "sentence": said(message)})
        for message in found
    ]


def exported(
    db: Connection,
    vault: Vault,
    workspace_id: UUID | None,
    *,
    masked: bool = True,
    most: int = MOST,
) -> bytes:
    """The list as a CSV file, newest first: of one workspace, or (None) of all."""
    return as_csv(HEADER, map(_cells, _all(db, vault, workspace_id, masked, most)))


def _to(phone: Phone | None, masked: bool) -> str:
    if phone is None:
        return _GONE
    return phone.masked if masked else phone.e164


def _said(db: Connection, vault: Vault, masked: bool, message: Row) -> str:
    sentence = masked_in(message["sentence"]) if masked else message["sentence"]
    return numbers.shown(db, vault, sentence, message["workspace_id"], masked=masked)


def carrier_of(message: Row) -> str:
    """«toy «Main account»»."""
    label = f" «{message['label']}»" if message["label"] else ""
    return f"{message['connector'] or ''}{label}"


def _all(
    db: Connection, vault: Vault, workspace_id: UUID | None, masked: bool, most: int
) -> Iterator[Row]:
    last: UUID | None = None
    while most > 0:
        found = page(db, vault, workspace_id, last, min(_PAGE, most), masked=masked)
        yield from found
        if len(found) < _PAGE:
            return
        last, most = found[-1]["id"], most - len(found)


def _cells(message: Row) -> tuple[object, ...]:
    price = f"{message['price']} {message['currency']}" if message["price"] is not None else ""
    return (
        message["id"],
        message["to"],
        message["sending_at"],
        carrier_of(message),
        message["template"],
        message["automation"],
        message["subject"],
        message["parts"],
        price,
        message["tries"],
        message["final_at"],
        message["sentence"],
    )
