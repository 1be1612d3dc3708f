"""The wing of people, and what its ways share."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Phone
from hub.store import numbers, people_list, workspaces
from hub.store.database import Row
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Wing

wing = Wing("people")
PATH = "/people"
ONE = f"{PATH}/<uuid:person_id>"


def found(visit: Visit, db: Connection, person_id: UUID) -> Row:
    """The person of the address. Raises Missing."""
    known = people_list.one(db, visit.workspace_id, person_id)
    if known is None:
        raise Missing(person_id)
    return known


def phone_of(visit: Visit, db: Connection, person: Row) -> Phone:
    """Their number. Raises Missing where it was erased."""
    who = (visit.workspace_id, person["phone"])
    known = numbers.phones(db, visit.ground.vault, [who])
    if who not in known:
        raise Missing(person["phone"])
    return known[who]


def shop_of(visit: Visit, db: Connection) -> Row:
    """The visitor's workspace. Raises Missing."""
    known = workspaces.get(db, visit.workspace_id)
    if known is None:
        raise Missing("workspace")
    return known


def seen(visit: Visit, db: Connection, people: Sequence[Row]) -> Mapping[str, str]:
    """Numbers by token, as the reader may see them."""
    who = [(visit.workspace_id, one["phone"]) for one in people]
    whole = visit.may("numbers")
    known = numbers.phones(db, visit.ground.vault, who)
    return {token: phone.e164 if whole else phone.masked for (_, token), phone in known.items()}
