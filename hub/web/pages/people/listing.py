"""The list of people: found by filters that stay in the address, counted, exported."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import stream_with_context
from sqlalchemy import Connection

from hub.report.cells import as_csv
from hub.store import people_list
from hub.store.people_list import COUNTED, DEAD_AFTER, STANDINGS
from hub.web.pages import places
from hub.web.pages.people import asked
from hub.web.pages.people.asked import Asked
from hub.web.pages.people.desk import PATH, seen, wing
from hub.web.pages.people.words import standing_words
from hub.web.pages.templates.showing import names_of_languages
from hub.web.pages.visits import Visit
from hub.web.pages.wings import File, Go, Shown

EACH = 50
_PAGE, _MOST = 1000, 500
_HEADER = ("id", "phone", "first name", "last name", "email", "country", "language", "time zone",
           "consent", "blocked", "known since")  # fmt: skip


@wing.way(f"GET {PATH}", may="see")
def listing(visit: Visit) -> Shown | Go:
    """A page of people, the newest first."""
    before = _id(visit.args.get("before"))
    with visit.begin() as db:
        given = asked.read(visit, db)
        if given.form.get("q", "") != visit.args.get("q", "").strip()[:100]:
            return Go(given.address())  # a number stands in no address for longer than it takes
        values = _page(visit, db, given, before)
    values |= {
        "given": given, "most": COUNTED, "standing_words": standing_words,
        "standings": [(name, standing_words(name).words) for name in STANDINGS],
        "countries": places.countries(), "tongues": sorted(
            names_of_languages().items(), key=lambda one: one[1].casefold()),
        "country_names": dict(places.countries()), "language_names": names_of_languages(),
        "here": PATH, "dead_after": DEAD_AFTER,
    }  # fmt: skip
    return Shown("people/list.html", values)


@wing.way("GET /people.csv", may="see")
def export(visit: Visit) -> File:
    """The list as these filters leave it, as a CSV file."""
    with visit.begin() as db:
        given = asked.read(visit, db)
    content = stream_with_context(_written(visit, given))
    return File("people.csv", "text/csv; charset=utf-8", content)


def _page(visit: Visit, db: Connection, given: Asked, before: UUID | None) -> dict[str, Any]:
    top = people_list.page(db, visit.workspace_id, given.wanted, limit=COUNTED)
    found = top
    if before is not None:
        found = people_list.page(
            db, visit.workspace_id, given.wanted, before=before, limit=EACH + 1
        )
    shown = people_list.whole(db, visit.workspace_id, found.ids[:EACH])
    more = len(found.ids) > EACH
    beyond = found.beyond if not more else None
    return {
        "people": shown,
        "numbers": seen(visit, db, shown),
        "count": len(top.ids),
        "partly": top.beyond is not None,
        "newer": given.address() if before else "",
        "older": given.address(before=str(shown[-1]["id"])) if more else "",
        "further": given.address(before=str(beyond)) if beyond else "",
    }


def _written(visit: Visit, given: Asked) -> Iterator[str]:
    """In pages of rows; no transaction is open between them."""
    yield as_csv(_HEADER, []).decode()
    before: UUID | None = None
    for _ in range(_MOST):
        with visit.begin() as db:
            shop, wanted = visit.workspace_id, given.wanted
            found = people_list.page(db, shop, wanted, before=before, limit=_PAGE)
            shown = people_list.whole(db, shop, found.ids)
            known = seen(visit, db, shown)
        lines = as_csv((), [_cells(one, known.get(one["phone"], "")) for one in shown])
        yield lines.decode().removeprefix("\ufeff\r\n")  # each page's own mark and headings
        before = found.beyond or (found.ids[-1] if len(found.ids) == _PAGE else None)
        if before is None:
            return


def _cells(one: Any, number: str) -> tuple[Any, ...]:
    return (
        one["id"], number, one["first_name"], one["last_name"], one["email"], one["country"],
        one["language"], one["zone"], one["standing"],
        "yes" if one["failures"] >= DEAD_AFTER else "no", one["created_at"].isoformat(),
    )  # fmt: skip


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
