"""A merchant's browser on a vendor's consent page: it reads the page and clicks «Allow»."""

import re
from html import unescape
from urllib.parse import urljoin

import requests

_LINK = 'id="{button}" href="([^"]+)"'


class NoPage(RuntimeError):
    """The consent page did not come, or has no such button."""


def agree(address: str, button: str = "approve") -> str:
    """Open the page, click, follow the way back; the last page's text. Raises NoPage."""
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(address, timeout=30)
        found = re.search(_LINK.format(button=button), page.text)
        if found is None:
            raise NoPage(f"{page.status_code}: {page.text[:200]}")
        home = browser.get(urljoin(page.url, unescape(found[1])), timeout=30)
        return home.text
