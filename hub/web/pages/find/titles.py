"""What has a title: pages and other words for them, guides, templates, automations and so on."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import lazy_gettext
from sqlalchemy import Connection

from hub.store import log_lines
from hub.web.pages.frame import RAIL, SETTINGS, Item
from hub.web.pages.guides import ways as help_pages
from hub.web.pages.visits import Visit


class Hit(NamedTuple):
    """One thing found: where it is, what it is called, a few words more."""

    path: str
    words: str
    more: str = ""


# What people may call a page who do not know its name; with commas.
OTHER_WORDS: Mapping[str, Any] = {
    "/": lazy_gettext("overview, start, what needs me"),
    "/messages": lazy_gettext("log, SMS, RCS, sent, history"),
    "/inbox": lazy_gettext("answers, replies, conversations"),
    "/bookings": lazy_gettext("appointments, calendar, reminders, no-show"),
    "/automations": lazy_gettext("rules, triggers, scenarios, reminders"),
    "/templates": lazy_gettext("texts, wording, cards"),
    "/connections": lazy_gettext("shop, CRM, carrier, connectors, apps"),
    "/people": lazy_gettext("customers, contacts, consent, opt-out"),
    "/figures": lazy_gettext("statistics, dashboard, report, revenue, cost"),
    "/settings": lazy_gettext("name, country, time zone, currency, test numbers"),
    "/settings/senders": lazy_gettext("sender name, number, RCS agent, logo"),
    "/settings/hours": lazy_gettext("sending hours, night, Sunday, public holidays"),
    "/settings/limits": lazy_gettext("budget, caps, spending, countries"),
    "/settings/prices": lazy_gettext("tariffs, cost of a message"),
    "/settings/keywords": lazy_gettext("STOP, START, YES, NO"),
    "/settings/links": lazy_gettext("short links, domain, clicks"),
    "/settings/retention": lazy_gettext("delete, erase, privacy, how long"),
    "/settings/webhooks": lazy_gettext("deliveries, endpoint, events for programs"),
    "/settings/keys": lazy_gettext("API key, token, access for programs"),
    "/settings/team": lazy_gettext("users, roles, invite, colleagues"),
    "/settings/audit": lazy_gettext("audit log, who changed what"),
    "/account": lazy_gettext("password, second factor, sessions, profile"),
    "/sandbox": lazy_gettext("test, simulator, try, demo"),
    "/people/import": lazy_gettext("file, CSV, Excel, upload"),
    "/api": lazy_gettext("developers, reference, OpenAPI, curl"),
}
_FURTHER: Sequence[Item] = (
    Item("/account", "user", lazy_gettext("My account")),
    Item("/sandbox", "flask", lazy_gettext("Sandbox")),
    Item("/automations/new", "plus", lazy_gettext("New automation"), "write"),
    Item("/templates/new", "plus", lazy_gettext("New template"), "write"),
    Item("/connections/new", "plus", lazy_gettext("Connect something new"), "connect"),
    Item("/people/import", "file-import", lazy_gettext("Import people"), "manage"),
    Item("/api", "code", lazy_gettext("API reference")),
)


def pages(visit: Visit, typed: str) -> Iterator[Hit]:
    """Pages that there are and that the reader may see."""
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    for item in (*RAIL, *SETTINGS, *_FURTHER):
        if item.path in there and visit.may(item.may):
            words, other = str(item.words), str(OTHER_WORDS.get(item.path, ""))
            if fits(typed, (words, other)):
                yield Hit(item.path, words, other)


def guides(visit: Visit, typed: str) -> Iterator[Hit]:
    """Guides in the reader's language, and what connectors say of themselves."""
    for one in help_pages.guides():
        if fits(typed, (one.title, one.lead, *(words for _, words in one.parts))):
            yield Hit(f"/guides/{one.slug}", one.title)
    for slug, title in help_pages.connectors(visit):
        if fits(typed, (title,)):
            yield Hit(f"/guides/connectors/{slug}", title)


def named(visit: Visit, db: Connection, typed: str) -> dict[str, list[Hit]]:
    """Templates, automations and connections of the workspace, by noun."""
    found: dict[str, list[Hit]] = {}
    for noun, known in log_lines.choices(db, visit.workspace_id).items():
        hits = (_hit(visit, noun, one) for one in known)
        found[noun] = [hit for hit in hits if fits(typed, (hit.words, hit.more, hit.path))]
    return found


def _hit(visit: Visit, noun: str, one: Mapping[str, Any]) -> Hit:
    connector = visit.ground.connectors.get(one.get("connector", ""))
    more = str(connector.title) if connector is not None else ""
    words = one["words"] or more or one["value"]
    return Hit(f"/{noun}s/{one['value']}", str(words), more if more != words else "")


def fits(typed: str, texts: Iterable[str]) -> bool:
    """Whether each word that was typed begins a word of these; accents and case do not matter."""
    words = [word for text in texts for word in _folded(text)]
    return all(any(word.startswith(part) for word in words) for part in _folded(typed))


def _folded(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in kept).split()
