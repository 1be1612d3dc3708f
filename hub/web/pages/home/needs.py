"""What needs somebody, in words, the most people and money first; how a new workspace begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from hub.connections.health import health_of
from hub.store import connections, endpoints, needs, threads
from hub.store.database import Row
from hub.store.ground import Ground

_LATELY, _FAILING = timedelta(days=7), timedelta(hours=6)


@dataclass(frozen=True)
class Need:
    """A sentence, what its button says and where it leads; `weight` sorts, `tone` colours."""

    sentence: str
    button: str
    path: str
    weight: int
    tone: str = "waits"
    icon: str = "alert-triangle"
    why: str = ""


@dataclass(frozen=True)
class Step:
    """One of the first steps of a workspace."""

    title: str
    words: str
    button: str
    path: str
    done: bool


def needs_of(ground: Ground, db: Connection, workspace_id: UUID, now: datetime) -> list[Need]:
    """What waits, sorted; empty when all is well."""
    standing = connections.listed(db, workspace_id)
    counted = needs.counts(db, workspace_id, now - _LATELY)
    found = [
        *_of_connections(ground, standing, now),
        *_of_kept(needs.kept(db, workspace_id)),
        *_of_counts(counted),
        *_of_threads(threads.open_count(db, workspace_id)),
        *_of_endpoints(endpoints.in_trouble(db, workspace_id, now - _FAILING)),
    ]
    return sorted(found, key=lambda need: -need.weight)


def _of_connections(ground: Ground, standing: Any, now: datetime) -> list[Need]:
    found = []
    for one in standing:
        connector = ground.connectors.get(one["connector"])
        title = one["label"] or (connector.title if connector else one["connector"])
        path, stands = f"/connections/{one['id']}", health_of(one, now)
        if stands.state == "sign_in":
            words = gettext("%(name)s must be connected again.", name=title)
            found.append(
                Need(words, gettext("Reconnect"), path, 900, "bad", "unlink", stands.words)
            )
        elif stands.state == "installing":
            words = gettext("%(name)s is half installed.", name=title)
            found.append(Need(words, gettext("Go on"), path, 100, "waits", "plug-connected"))
        elif stands.state == "degraded" and one["problem"]:
            words = gettext("%(name)s has a problem.", name=title)
            found.append(Need(words, gettext("Look at it"), path, 800, "bad", why=stands.words))
    return found


def _of_threads(n: int) -> list[Need]:
    if not n:
        return []
    words = ngettext("%(num)s person waits for an answer.",
                     "%(num)s people wait for an answer.", n)  # fmt: skip
    return [Need(words, gettext("Answer"), "/inbox", 600 + min(n, 90), icon="message-reply")]


def _of_endpoints(found: Sequence[Row]) -> list[Need]:
    return [
        Need(
            gettext("%(name)s is not told what happens.", name=one["label"] or one["url"]),
            gettext("Look at it"), f"/settings/webhooks/{one['id']}", 200, "bad", "webhook",
            one["problem"],
        )
        for one in found
    ]  # fmt: skip


def _of_kept(kept: dict[str, int]) -> list[Need]:
    return [
        Need(_kept_words(reason, n), *_kept_way(reason), weight=500 + min(n, 200))
        for reason, n in kept.items()
    ]


def _kept_words(reason: str, n: int) -> str:
    match reason:
        case "no_price":
            words = ngettext(
                "%(num)s message waits for a price.", "%(num)s messages wait for a price.", n
            )
        case "paused":
            words = ngettext(
                "%(num)s message waits: sending is paused.",
                "%(num)s messages wait: sending is paused.",
                n,
            )
        case "surge":
            words = ngettext(
                "%(num)s message waits: far more than usual wanted to go.",
                "%(num)s messages wait: far more than usual wanted to go.",
                n,
            )
        case "few_arrive":
            words = ngettext(
                "%(num)s message waits: too few arrive.",
                "%(num)s messages wait: too few arrive.",
                n,
            )
        case "no_carrier":
            words = ngettext(
                "%(num)s message waits for a carrier.", "%(num)s messages wait for a carrier.", n
            )
        case _:
            words = ngettext(
                "%(num)s message waits: a limit on spending is reached.",
                "%(num)s messages wait: a limit on spending is reached.",
                n,
            )
    return str(words)


def _kept_way(reason: str) -> tuple[str, str]:
    match reason:
        case "no_carrier":
            return gettext("Connect a carrier"), "/connections/new"
        case "no_price":
            return gettext("Enter the price"), "/settings/prices"
        case _:
            return gettext("See the limits"), "/settings/limits"


def _of_counts(counted: Row) -> list[Need]:
    found = []
    if n := counted.get("uncertain", 0):
        words = ngettext("Nobody knows whether %(num)s message arrived.",
                         "Nobody knows whether %(num)s messages arrived.", n)  # fmt: skip
        way = "/messages?state=uncertain"
        found.append(Need(words, gettext("Settle them"), way, 700 + min(n, 90), "waits", "help"))
    if n := counted.get("given_up", 0) + counted.get("unread", 0):
        words = ngettext("%(num)s thing that arrived could not be understood.",
                         "%(num)s things that arrived could not be understood.", n)  # fmt: skip
        found.append(Need(words, gettext("Look at them"), "/messages?state=dead", 400, "bad"))
    if n := counted.get("untold", 0):
        words = ngettext("%(num)s result could not be written back.",
                         "%(num)s results could not be written back.", n)  # fmt: skip
        found.append(Need(words, gettext("See the connections"), "/connections", 300))
    return found


def steps_of(ground: Ground, db: Connection, shop: Row) -> list[Step]:
    """The way from an empty workspace to its first message; empty once it is live and sends."""
    standing = [c for c in connections.listed(db, shop["id"]) if c["state"] != "installing"]
    known = [
        ground.connectors[c["connector"]] for c in standing if c["connector"] in ground.connectors
    ]
    source, carrier = any(c.emits for c in known), any(c.carrier for c in known)
    if source and carrier and not shop["testing"]:
        return []
    return [
        Step(
            gettext("Connect your shop or CRM"),
            gettext("The hub reads what happens there: carts, orders, bookings."),
            gettext("Choose a system"), "/connections/new", source,
        ),
        Step(
            gettext("Connect a carrier"),
            gettext("It takes your messages to the phones. You need an account there."),
            gettext("Choose a carrier"), "/connections/new#carriers", carrier,
        ),
        Step(
            gettext("Switch an automation on"),
            gettext("Each says in a sentence when it sends what. All are drafts until you say so."),
            gettext("See the automations"), "/automations", False,
        ),
        Step(
            gettext("Go live"),
            gettext("Until then the hub sends to your test numbers only."),
            gettext("Test numbers and going live"), "/settings", not shop["testing"],
        ),
    ]  # fmt: skip
