"""One connection: how it is, what it last did, and what can be done with it."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext

from hub.automations.hours import zone_named
from hub.connections import again, brochure
from hub.connections.dance import BACK
from hub.connections.health import health_of, look_after
from hub.connections.tokens import way_of
from hub.contract import Connector, Exchange, OAuth2
from hub.store import health
from hub.store.database import Row
from hub.web.pages.connections.wing import note, of_row, standing, wing
from hub.web.pages.connections.words import HEALTHS, about
from hub.web.pages.retold import told
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_AT = "/connections/<uuid:connection_id>"


@wing.way(f"GET {_AT}", may="see")
def one(visit: Visit, connection_id: UUID) -> Shown:
    """Its state, its facts, its diary."""
    return _page(visit, standing(visit, connection_id), {})


@wing.way(f"POST {_AT}/check", may="connect")
def check(visit: Visit, connection_id: UUID) -> Go:
    """Ask the vendor now, and mend what can be mended."""
    row = standing(visit, connection_id)
    problem = look_after(visit.ground, row)
    words = told(problem) or gettext("Checked just now: it works.")
    return Go(f"/connections/{connection_id}", said=words)


@wing.way(f"POST {_AT}/resync", may="connect")
def resync(visit: Visit, connection_id: UUID) -> Shown | Go:
    """Read again what the vendor changed since a day."""
    row = standing(visit, connection_id)
    since = _day(visit, visit.form.get("since", ""))
    now = visit.ground.clock()
    if since is None or not now - again.FARTHEST <= since <= now:
        words = gettext("Choose a day within the last %(days)s days.", days=again.FARTHEST.days)
        return _page(visit, row, {"since": words})
    if not again.read_again(visit.ground, row, since):
        return _page(visit, row, {"since": gettext("This connector cannot be read by date.")})
    note(visit, "connection.resync", str(connection_id))
    visit.ring("pull")
    words = gettext(
        "Reading again from %(day)s on. It takes a minute or two.", day=visit.form["since"]
    )
    return Go(f"/connections/{connection_id}", said=words)


@wing.way(f"GET {_AT}/address", may="connect", fresh=True)
def address(visit: Visit, connection_id: UUID) -> Shown:
    """What is to be pasted at the vendor: the hub's address there, and the word that signs."""
    row = standing(visit, connection_id)
    secrets = visit.ground.credentials(row) if row["secrets"] else {}
    return Shown("connections/address.html", {
        "row": row, "title": of_row(visit, row).title, "hook_url": visit.ground.hook_url(row),
        "secret": secrets.get("webhook_secret", ""),
        "redirect_url": visit.ground.settings.address + BACK,
    })  # fmt: skip


def _page(visit: Visit, row: Row, wrong: dict[str, str]) -> Shown:
    connector = visit.ground.connectors.get(row["connector"])
    found = health_of(row, visit.ground.clock())
    way = way_of(connector, row) if connector else None
    with visit.begin() as db:
        notes = health.notes(db, row["id"])
    values: dict[str, Any] = {
        "row": row, "health": found, "state": HEALTHS[found.state], "notes": notes,
        "title": connector.title if connector else row["connector"],
        "picture": brochure.picture(row["connector"]),
        "about": about(row["connector"], connector) if connector else None,
        "way": way.label if way else "",
        "renews": isinstance(way, OAuth2 | Exchange),
        "until": _moment(row["vendor_state"].get("until")),
        "hears": bool(connector and connector.webhook),
        "reads": connector.poll.every if connector and connector.poll else None,
        "can_read_again": again.can_read_again(connector),
        "has_address": _has_address(connector), "wrong": wrong,
        "form": {"since": visit.form.get("since") or _today(visit)},
    }  # fmt: skip
    return Shown("connections/one.html", values, 422 if wrong else 200)


def _has_address(connector: Connector | None) -> bool:
    return bool(connector and (connector.webhook or connector.actions or connector.carrier))


def _moment(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said)) if said else None
    except ValueError:
        return None


def _day(visit: Visit, typed: str) -> datetime | None:
    """The beginning of a day on the workspace's clock."""
    zone = zone_named((visit.seat or {}).get("zone") or "UTC") or UTC
    try:
        day = date.fromisoformat(typed.strip())
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _today(visit: Visit) -> str:
    zone = zone_named((visit.seat or {}).get("zone") or "UTC") or UTC
    return f"{visit.ground.clock().astimezone(zone):%Y-%m-%d}"
