"""What the settings find in the last real records, and the settings that say where to look."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import get_locale, gettext, lazy_gettext

from hub.automations.places import zones_of_number
from hub.connections import install
from hub.connections.forms import BadForm
from hub.connections.recent import Found, Seen, look
from hub.contract import VOCABULARY, Connector, ConnectorError, Field
from hub.store import workspaces
from hub.store.database import Row
from hub.web.pages.connections import typed
from hub.web.pages.connections.wing import note, of_row, standing, wing
from hub.web.pages.connections.words import about, names_of, steps
from hub.web.pages.retold import told
from hub.web.pages.states import State
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_AGREED = State(lazy_gettext("Agreed"), "circle-check", "good")
_REFUSED = State(lazy_gettext("Said no"), "ban", "bad")
_SILENT = State(lazy_gettext("Not said"), "help", "still")


class Record(NamedTuple):
    """A real record for eyes: what it is, whose, and the four things that are looked for."""

    what: str
    title: str
    name: str
    at: Any
    phone: str
    problem: str
    consent: State
    language: str
    zone: str


@wing.way("GET /connections/<uuid:connection_id>/found", may="connect")
def found(visit: Visit, connection_id: UUID) -> Shown:
    """The last ten records: phone, consent, language, zone, and why not where there is none."""
    return _page(visit, standing(visit, connection_id))


@wing.way("POST /connections/<uuid:connection_id>/found", may="connect")
def look_again(visit: Visit, connection_id: UUID) -> Shown | Go:
    """Look elsewhere in the records: the settings are tried before they are kept."""
    row = standing(visit, connection_id)
    given = typed.read(_mapping(of_row(visit, row)), "set", visit.form)
    try:
        install.fill_in(visit.ground, row, given)
    except BadForm as bad:
        return _page(visit, row, bad.problems, given)
    except ConnectorError as error:
        return _page(visit, row, (), given, error.words)
    note(visit, "connection.settings", str(connection_id))
    return Go(f"/connections/{connection_id}/found", said=gettext("Looked again, as you chose."))


def _mapping(connector: Connector) -> list[Field]:
    return [field for field in connector.settings if field.maps]


def _page(
    visit: Visit,
    row: Row,
    problems: Sequence[tuple[str, str]] = (),
    given: Mapping[str, str] | None = None,
    problem: str = "",
) -> Shown:
    connector, slug = of_row(visit, row), row["connector"]
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
    seen, live = Found(), dict[str, Any]()
    try:
        seen = look(visit.ground, row, shop["country"] if shop else "")
        live = _choices(visit, row, connector)
    except ConnectorError as error:
        problem = problem or error.words
    records = [_record(one, shop) for one in seen.records]
    names = names_of(connector)
    after = names[names.index("found") + 1] if names[-1] != "found" else ""
    values = {
        "about": about(slug, connector),
        "steps": steps(slug, connector, "found", row),
        "records": records,
        "reachable": sum(bool(one.phone) for one in records),
        "agreed": sum(one.consent is _AGREED for one in records),
        "said_by_it": seen.words,
        "fields": typed.drawn(
            _mapping(connector), "set", {**row["settings"], **(given or {})}, problems, live
        ),
        "problem": problem,
        "row": row,
        "after": f"/connections/{row['id']}/{after}".rstrip("/"),
    }
    return Shown("connections/found.html", values, 422 if problems else 200)


def _choices(visit: Visit, row: Row, connector: Connector) -> dict[str, Any]:
    """The vendor's own choices of the fields that have some; one call."""
    ask, names = connector.options, [f.name for f in _mapping(connector) if f.live]
    if ask is None or not names:
        return {}
    return visit.ground.call(row, lambda ctx: {name: ask(ctx, name) for name in names})


def _record(seen: Seen, shop: Row | None) -> Record:
    person, consent = seen.person, seen.person.consent
    name = f"{person.first_name} {person.last_name}".strip()
    return Record(
        what=told(VOCABULARY[seen.what].says) if seen.what in VOCABULARY else "",
        title=seen.title,
        name=name,
        at=seen.at,
        phone=seen.phone.masked if seen.phone else "",
        problem=seen.problem,
        consent=_SILENT if consent is None else _AGREED if consent.granted else _REFUSED,
        language=_language(person.language, shop),
        zone=_zone(seen, shop),
    )


def _language(code: str, shop: Row | None) -> str:
    """By its name; where the record does not say, the workspace's own is used."""
    here = get_locale()
    named = here.languages.get(code, code) if here and code else ""
    usual = shop["language"] if shop else ""
    return named or gettext(
        "%(language)s, yours", language=here.languages.get(usual, usual) if here else usual
    )


def _zone(seen: Seen, shop: Row | None) -> str:
    of_number = zones_of_number("", seen.phone.country) if seen.phone else ()
    if seen.person.zone:
        return seen.person.zone
    if of_number:
        return str(gettext("%(zone)s, by the number", zone=of_number[0]))
    return str(gettext("%(zone)s, yours", zone=shop["zone"] if shop else "UTC"))
