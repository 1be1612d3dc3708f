"""A workspace's sending rules as its row keeps them, read once per wording."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import orjson

from hub.automations import rules, windows
from hub.automations.caps import Cap
from hub.automations.hours import Window
from hub.automations.reading import DocumentError
from hub.automations.rules import Rules
from hub.store.database import Row

log = logging.getLogger(__name__)


def rules_of(shop: Row) -> Rules:
    """The workspace's rules. Where this hub cannot read them (a newer one wrote them) the usual
    ones hold, so that one workspace does not stop the others."""
    try:
        return _rules(orjson.dumps(shop["rules"]))
    except DocumentError as error:
        log.warning("rules.unreadable", extra={"workspace": shop["id"], "why": str(error)})
        return Rules()


def caps_of(shop: Row) -> Sequence[Cap]:
    """How often one person may be written to."""
    return rules_of(shop).caps(shop["daily_cap"])


def marketing_window(shop: Row, country: str) -> Window:
    """The hours of marketing to numbers of a country: the rules' own, else the workspace's."""
    own = rules_of(shop).window(country, "marketing")
    return _on_its_clock(own or _window(orjson.dumps(shop["sending_window"])), shop)


def transactional_window(shop: Row, country: str) -> Window | None:
    """The hours of all other messages, where the rules set any."""
    own = rules_of(shop).window(country, "transactional")
    return _on_its_clock(own, shop) if own else None


def _on_its_clock(window: Window, shop: Row) -> Window:
    """Hours that are no country's and name no zone are on the workspace's own clock; on its own
    closed days none are open."""
    named = window.country or window.zone != "UTC"
    closed = rules_of(shop).closed
    if named and not closed:
        return window
    return replace(window, zone=window.zone if named else shop["zone"], closed=closed)


@lru_cache(maxsize=1024)
def _rules(document: bytes) -> Rules:
    return rules.parse(orjson.loads(document))


@lru_cache(maxsize=1024)
def _window(document: bytes) -> Window:
    return windows.parse(orjson.loads(document))
