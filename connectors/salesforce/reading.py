"""Records read many at once, each with the Contact or Lead behind it, in as few calls as can be."""

from collections.abc import Iterable, Mapping, Sequence

from hub.contract import Context

from . import client, soql
from .client import Org
from .documents import long_id, pick
from .mapping import Table, people
from .origin import user_of
from .records import Found
from .soql import Query

_PREFIXES = {"003": "Contact", "00Q": "Lead"}


def user(ctx: Context) -> str:
    """The id of the user whose token we use, as the token answer told it."""
    return user_of(ctx.secrets.get("id", ""))


def table_of(number: str) -> str:
    """Contact or Lead by an id's first three letters, else nothing."""
    return _PREFIXES.get(number[:3], "")


def by_ids(table: Table, numbers: Iterable[str]) -> Query:
    """These records of an object."""
    where = soql.among("Id", numbers)  # each must have an id's form, or the whole query is refused
    return Query(table.object, table.fields, where, optional=table.optional, deleted=table.deleted)


def complete(org: Org, found: Sequence[tuple[Table, client.Row]]) -> list[Found]:
    """The rows with the people behind them; one more call where somebody is."""
    settings, me = org.ctx.settings, user(org.ctx)
    deals = [long_id(pick(row, "Id")) for table, row in found if table.noun == "deal"]
    behind = {long_id(pick(row, table.person)) for table, row in found if table.person} - {""}
    roles = _roles(org, deals, behind, settings) if deals or behind else ({}, {})
    who, contacts = roles
    return [Found(t, row, who.get(_behind(t, row, contacts)), me) for t, row in found]


def _behind(table: Table, row: client.Row, contacts: Mapping[str, str]) -> str:
    if table.noun == "deal":
        return contacts.get(long_id(pick(row, "Id")), "")
    return long_id(pick(row, table.person)) if table.person else ""


def _roles(
    org: Org, deals: Sequence[str], behind: set[str], settings: Mapping[str, str]
) -> tuple[dict[str, tuple[Table, client.Row]], dict[str, str]]:
    """People by their id, and the id of each deal's primary contact."""
    known = people(settings)
    queries = [
        query for numbers in _chunks(deals) for query in [_primary(known["Contact"], numbers)]
    ]
    tables = []
    for name, table in known.items():
        for numbers in _chunks(sorted(n for n in behind if table_of(n) == name)):
            queries.append(by_ids(table, numbers))
            tables.append(table)
    read = client.read(org, queries)
    first = len(queries) - len(tables)
    contacts = {
        long_id(pick(row, "OpportunityId")): pick(row, "Contact")
        for rows in read[:first]
        for row in rows.rows
    }
    who = {long_id(pick(row, "Id")): (known["Contact"], row) for row in contacts.values() if row}
    for table, rows in zip(tables, read[first:], strict=True):
        who |= {long_id(pick(row, "Id")): (table, row) for row in rows.rows}
    return who, {deal: long_id(pick(row, "Id")) for deal, row in contacts.items()}


def _primary(table: Table, deals: Sequence[str]) -> Query:
    fields = ["OpportunityId", *(f"Contact.{path}" for path in table.fields)]
    where = f"IsPrimary = true AND {soql.among('OpportunityId', deals)}"
    optional = frozenset(f"Contact.{path}" for path in table.optional)
    return Query("OpportunityContactRole", fields, where, optional=optional)


def _chunks(numbers: Sequence[str]) -> Iterable[Sequence[str]]:
    return (numbers[at : at + client.FULL] for at in range(0, len(numbers), client.FULL))
