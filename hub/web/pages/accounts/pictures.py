"""The picture that an authenticator app reads, and what a browser is called."""

import re

import segno
from markupsafe import Markup

_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def code_of(address: str) -> Markup:
    """A QR code as a drawing that stands in the page itself; dark on light in either theme."""
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=4, omitsize=True)
    inside = re.sub(r'(fill|stroke)="#[0-9a-f]+"', r'\1="currentColor"', drawn)
    return Markup(inside)  # noqa: S704 - drawn by us from an address that is quoted


def browser_of(agent: str) -> str:
    """«Firefox, Linux»; the first words of what it calls itself where neither is known."""
    found = [next((name for mark, name in kinds if mark in agent), "") for kinds in
             (_BROWSERS, _SYSTEMS)]  # fmt: skip
    return ", ".join(filter(None, found)) or agent[:40]
