"""What the settings would read, shown while installing: the five people last edited."""

from hub.contract import Context, NotAPhone, Phone, Preview

from . import client, people
from .client import Row
from .mapping import Table
from .mapping import people as people_tables
from .soql import Query

_COLUMNS = ("Record", "Name", "Phone", "Country", "Marketing")
_SHOWN = 5


def preview(ctx: Context) -> Preview:
    """Some contacts and leads as these settings understand them. Raises the listed errors."""
    tables = list(people_tables(ctx.settings).values())
    queries = [
        Query(t.object, t.fields, "", "SystemModstamp DESC, Id", _SHOWN, t.optional) for t in tables
    ]
    with client.signed_in(ctx) as org:
        pages = client.read(org, queries)
    found = [(t, row) for t, page in zip(tables, pages, strict=True) for row in page.rows]
    newest = sorted(found, key=lambda one: str(one[1].get("SystemModstamp")), reverse=True)[:_SHOWN]
    rows = tuple(_row(table, row, ctx) for table, row in newest)
    without = sum(not row[2].startswith("+") for row in rows)
    said = f"{without} of these {len(rows)} have no phone that can be texted. Check the fields."
    nobody = ("There is no contact and no lead yet that the Relais user may see.",)
    return Preview(_COLUMNS, rows, nobody if not rows else (said,) if without else ())


def _row(table: Table, row: Row, ctx: Context) -> tuple[str, ...]:
    person = people.person(table, row, None, ctx.settings)
    consent = person.consent
    marketing = "not said" if consent is None else "yes" if consent.granted else "no"
    name = f"{person.first_name} {person.last_name}".strip()
    return (table.object, name, _masked(person.phone, person.country), person.country, marketing)


def _masked(phone: str, country: str) -> str:
    try:
        return Phone.parse(phone, country).masked
    except NotAPhone as error:
        return str(error)
