"""A merchant's browser on a vendor's consent page: it reads the page and clicks «Allow». And what
is typed where there is no such page."""

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

import requests

from hub.contract import Connector
from hub.contract.signing_in import fields_of

_LINK = 'id="{button}" href="([^"]+)"'


class NoPage(RuntimeError):
    """The consent page did not come, or has no such button."""


def agree(address: str, button: str = "approve") -> str:
    """Open the page, click, follow the way back; the last page's text. Raises NoPage."""
    with _browser() as browser:
        return browser.get(_link(browser, address, button), timeout=30).text


def way_back(address: str, button: str = "approve") -> str:
    """Open the page; where its button sends the browser. Raises NoPage."""
    with _browser() as browser:
        return _link(browser, address, button)


def _browser() -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    return made


def _link(browser: requests.Session, address: str, button: str) -> str:
    page = browser.get(address, timeout=30)
    found = re.search(_LINK.format(button=button), page.text)
    if found is None:
        raise NoPage(f"{page.status_code}: {page.text[:200]}")
    return urljoin(page.url, unescape(found[1]))


def typed_in(simulator: Any, connector: Connector, way: str) -> dict[str, str]:
    """What a merchant types for this way of signing in."""
    if hasattr(simulator, "typed"):
        return dict(simulator.typed(way))
    named = {field.name for field in fields_of(connector.ways[way or next(iter(connector.ways))])}
    return {name: value for name, value in simulator.secrets().items() if name in named}
