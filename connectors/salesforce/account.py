"""Whose org it is, what is left of its calls, and which of our fields it lacks."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.contract import Account, Context

from . import changes, client, mapping, tasks
from .client import Org
from .documents import long_id, text
from .mapping import PEOPLE, Table
from .soql import Query

_WHERE = "Setup → Object Manager"


def check(ctx: Context) -> Account:
    """The org by its name, once it has let us read it. Raises the listed errors."""
    tables = mapping.tables(ctx.settings)
    tasks.zone(ctx.settings)
    with client.signed_in(ctx) as org:
        query = Query("Organization", ("Id", "Name", "IsSandbox"), limit=1)
        row: Mapping[str, Any] = next(iter(client.read(org, [query])[0].rows), {})
        quota = client.limits(org)
        lacks = (*_lacks(org, tables), *changes.lacking(ctx))
    sandbox = " (sandbox)" if row.get("IsSandbox") is True else ""
    label = f"{text(row.get('Name'), 80) or 'Salesforce'}{sandbox}"
    left = f"{quota[0]:,} of {quota[1]:,} calls left in 24 hours" if quota else ""
    return Account(label, long_id(row.get("Id")), left, lacks)


def _lacks(org: Org, tables: Mapping[str, Table]) -> Iterator[str]:
    yield from _lacking_marker(org)
    for table in tables.values():
        known = client.describe(org, table.object)
        if known is None:
            yield f"{table.object} is not there, or hidden from the Relais user: it cannot be read."
        elif table.object in PEOPLE:
            yield from _lacking_fields(table, known)


def _lacking_marker(org: Org) -> Iterator[str]:
    field = tasks.marker_field(org.ctx.settings)
    found = (client.describe(org, "Task") or {}).get(field.casefold())
    if found is None:
        then = f"Add it in {_WHERE} → Activity: Text(50), external id, unique."
        yield f"Task has no field {field}, so no result can be written. {then}"
    elif found.get("externalId") is False:
        yield f"{field} on Task is no external id, so no result can be written. Tick that box."


def _lacking_fields(table: Table, known: Mapping[str, Any]) -> Iterator[str]:
    wanted = (
        (table.origin, "Text(255)", "statuses and opt-outs are not written on it"),
        (table.consent, "Checkbox", "opt-outs do not travel"),
        (table.status, "Text(40)", "the newest status is not shown on it"),
    )
    for field, kind, then in wanted:
        if field and field.casefold() not in known:
            yield f"{table.object} has no field {field} ({kind}), so {then}. Add it in {_WHERE}."
