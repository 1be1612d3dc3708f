"""The list of uncertain messages as shown and exported: what a person needs to settle them."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Phone
from hub.report.cells import as_csv
from hub.store import doubts
from hub.store.database import Row

HEADER = (
    "message", "to", "sent at", "carrier", "template", "automation", "subject", "parts", "price",
    "attempts", "final since", "what is known",
)  # fmt: skip
MOST = 10_000  # lines of one file
_PAGE = 500


def exported(db: Connection, workspace_id: UUID | None, most: int = MOST) -> bytes:
    """The list as a CSV file, newest first: of one workspace, or (None) of all."""
    return as_csv(HEADER, (_cells(message) for message in _all(db, workspace_id, most)))


def to_of(message: Row) -> str:
    """The number with its middle hidden."""
    return Phone(message["phone"]).masked


def carrier_of(message: Row) -> str:
    """«toy «Main account»»."""
    label = f" «{message['label']}»" if message["label"] else ""
    return f"{message['connector'] or ''}{label}"


def _all(db: Connection, workspace_id: UUID | None, most: int) -> Iterator[Row]:
    last: UUID | None = None
    while most > 0:
        page = doubts.listed(db, workspace_id, last, min(_PAGE, most))
        yield from page
        if len(page) < _PAGE:
            return
        last, most = page[-1]["id"], most - len(page)


def _cells(message: Row) -> tuple[object, ...]:
    price = f"{message['price']} {message['currency']}" if message["price"] is not None else ""
    return (
        message["id"],
        to_of(message),
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
