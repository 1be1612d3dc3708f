"""Rows found by what stands in an address; whatever it is, it is never another workspace's."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import NotAPhone, Phone
from hub.store import workspaces
from hub.store.database import Row
from hub.web.api.problems import invalid, not_found


def id_of(text: str, noun: str) -> UUID:
    """The id in an address. Raises Problem: not found."""
    try:
        return UUID(text)
    except ValueError:
        raise not_found(noun) from None


def shop_of(db: Connection, workspace_id: UUID) -> Row:
    """The key's own workspace."""
    shop = workspaces.get(db, workspace_id)
    if shop is None:
        raise not_found("workspace")
    return shop


def phone_of(raw: str, country: str, name: str) -> Phone:
    """A phone as given; `name` is the field to complain about. Raises Problem."""
    try:
        return Phone.parse(raw, country)
    except NotAPhone as problem:
        raise invalid((name, str(problem))) from None


def picked(row: Row | Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Only these columns."""
    return {name: row[name] for name in names}
