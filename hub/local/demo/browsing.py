"""What a browser on a phone of the town does: it opens links, and some robots look first."""

import re

import requests

AGENTS = {
    "phone": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
    "robot": "WhatsApp/2.23.20.0",
}
LINK = re.compile(r"https?://[^\s/]+/l/[0-9A-Za-z]{10}")


def visit(address: str, who: str = "phone") -> requests.Response:
    """Open an address, as one of AGENTS; a redirect is not followed."""
    headers = {"User-Agent": AGENTS[who], "Accept-Language": "fr"}
    return fetch(address, headers)


def fetch(address: str, headers: dict[str, str]) -> requests.Response:
    """The same with headers of one's own."""
    with requests.Session() as browser:
        browser.trust_env = False
        return browser.get(address, headers=headers, timeout=20, allow_redirects=False)
