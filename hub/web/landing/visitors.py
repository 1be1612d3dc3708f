"""Who opens a link: a person, or a robot and why it is taken for one. Wrong either way is a lie in
somebody's figures, so what is known of robots is a table (visitors.json), tried on real phones."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from werkzeug.datastructures import Headers


@dataclass(frozen=True)
class Visitor:
    """`who` is "person" or "robot"; `why` names the robot or what gave it away. One that
    `previews` shows a title and a picture; one that is `ahead` fetches before anybody taps."""

    who: str
    why: str = ""
    previews: bool = False
    ahead: bool = False


_PERSON = Visitor("person")
# Telephones with keys write their own name first; every other browser begins like Mozilla.
_BROWSER = re.compile(
    r"Mozilla/|Opera/|UCWEB|Nokia|SAMSUNG-|BlackBerry|SonyEricsson|LG-|.*\bMIDP\b"
)


def _table(part: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The names of a part of the table, and one pattern whose nth group is the nth name."""
    file = resources.files(__package__ or __name__) / "visitors.json"
    known: Mapping[str, str] = json.loads(file.read_text("utf-8"))[part]
    whole = "|".join(f"({pattern})" for pattern in known.values())
    return tuple(known), re.compile(whole, re.IGNORECASE)


_PREVIEWS = _table("previews")
_ROBOTS = _table("robots")


def visitor_of(method: str, headers: Headers) -> Visitor:
    """Judge one request by its method and headers."""
    agent = headers.get("User-Agent", "")[:1000]
    name = _named(_PREVIEWS, agent)
    if name:
        return Visitor("robot", name, previews=True)
    purpose = _purpose(headers)
    if purpose:
        return Visitor("robot", purpose, ahead=purpose == "prefetch")
    if method == "HEAD":
        return Visitor("robot", "HEAD")
    if not _BROWSER.match(agent):
        return Visitor("robot", _named(_ROBOTS, agent) or "no browser")
    name = _named(_ROBOTS, agent)
    return Visitor("robot", name) if name else _PERSON


@lru_cache(maxsize=4096)  # a pattern of many words is slow to fail, and phones are alike
def _named(table: tuple[tuple[str, ...], re.Pattern[str]], agent: str) -> str:
    names, pattern = table
    found = pattern.search(agent)
    return names[found.lastindex - 1] if found and found.lastindex else ""


def _purpose(headers: Headers) -> str:
    """What a browser says it wants the answer for, where that is not to show it now."""
    said = " ".join(
        headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    ).lower()
    if "prefetch" in said or "prerender" in said:
        return "prefetch"
    if "preview" in said:
        return "preview"
    # A tap asks for a document; pictures, frames and scripts' own fetches are no tap.
    wanted = headers.get("Sec-Fetch-Dest", "document")
    return "" if wanted == "document" else "no page wanted"
