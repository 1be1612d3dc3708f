"""Guides as they are written (Markdown files), read into pages: no HTML of theirs, no foreign link.

`[[Sandbox]]` is what the page calls it in the reader's language, a link where
`(/sandbox)` stands behind it.
`{#name}` at the end of a heading or a line of a list is its anchor, the same in every language.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from hub.config import CHECKOUT

TEXTS = Path(__file__).resolve().parent / "texts"
SLUGS = (
    "first-steps", "consent-and-stop", "hours-and-holidays", "what-a-message-costs", "rcs-and-sms",
    "why-was-it-not-sent", "uncertain", "write-back", "test-mode-and-going-live", "bookings",
    "the-api", "keys-and-roles",
)  # fmt: skip
_LABEL = re.compile(r"\[\[(.+?)\]\](\(/[^)\s]*\))?")
_ANCHOR = re.compile(r"\s*\{#([\w-]+)\}\s*$")
_OTHER_README = re.compile(r"(?:\.\./)?([a-z0-9_]+)/(?:README\.md)?(#[\w-]+)?")

# A wide table is scrolled by itself, by keyboard too. Text never holds a bare «<».
_TABLES = {
    "<table>": '<div class="scroll" tabindex="0"><table>',
    "</table>": "</table></div>",
    "<th>": '<th scope="col">',
}


@dataclass(frozen=True)
class Guide:
    """One guide: `lead` is its first sentence as plain text, `html` what stands under the title,
    `parts` its headings as (anchor, words)."""

    slug: str
    title: str
    lead: str
    html: str
    parts: Sequence[tuple[str, str]]


def guide(slug: str, language: str, called: Callable[[str], str]) -> Guide:
    """A short guide; `called` says what the pages call a thing. Raises KeyError: no such guide."""
    if slug not in SLUGS:
        raise KeyError(slug)
    text = _text(TEXTS / language / f"{slug}.md")
    return _drawn(slug, _LABEL.sub(lambda found: _label(found, called), text))


def readme(slug: str) -> Guide:
    """What a connector says of itself. Raises KeyError: it says nothing."""
    path = CHECKOUT / "connectors" / slug / "README.md"
    if not slug.isidentifier() or not path.is_file():
        raise KeyError(slug)
    return _drawn(slug, _text(path))


@lru_cache(maxsize=256)
def _text(path: Path) -> str:
    return path.read_text("utf-8")


@lru_cache(maxsize=256)
def _drawn(slug: str, text: str) -> Guide:
    kit = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = kit.parse(text)
    title, tokens = _plain(tokens[1]), tokens[3:]
    lead = next((_plain(token) for token in tokens if token.type == "inline"), "")
    _anchor(tokens)
    for token in tokens:
        token.children = list(_safe(token.children)) if token.children else token.children
    parts = [
        (str(token.attrGet("id")), _plain(tokens[at + 1]))
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]
    html = kit.renderer.render(tokens, kit.options, {})
    for plain, whole in _TABLES.items():
        html = html.replace(plain, whole)
    return Guide(slug, title, lead, html, parts)


def _anchor(tokens: Sequence[Token]) -> None:
    """Give headings and lines of lists their anchors; a heading without one is named by itself."""
    opened: Token | None = None
    for token in tokens:
        if token.type in ("heading_open", "list_item_open"):
            opened = token
        elif token.type == "inline" and opened is not None:
            name = _taken(token)
            if not name and opened.type == "heading_open":
                name = re.sub(r"[^a-z0-9]+", "-", _plain(token).lower()).strip("-")
            if name:
                opened.attrSet("id", name)
            opened = None


def _taken(inline: Token) -> str:
    """The anchor at the end of a line, which is taken out of it."""
    last = inline.children[-1] if inline.children else None
    found = _ANCHOR.search(last.content) if last is not None else None
    if last is None or found is None:
        return ""
    last.content = last.content[: found.start()]
    return found[1]


def _safe(children: Sequence[Token]) -> Iterator[Token]:
    """Links within the app stay links; another's address is shown, and never led to. Pictures are
    told by their words."""
    foreign = ""
    for child in children:
        if child.type == "link_open":
            where = _inside(str(child.attrGet("href") or ""))
            foreign = "" if where else str(child.attrGet("href"))
            child.attrSet("href", where)
        elif child.type == "image":
            child = Token("text", "", 0, content=child.content)
        if not (foreign and child.type in ("link_open", "link_close")):
            yield child
        elif child.type == "link_close":
            yield Token("text", "", 0, content=f" ({foreign})")
            foreign = ""


def _inside(address: str) -> str:
    """Where a link leads in this app; nothing for another's."""
    if address.startswith("#") or (address.startswith("/") and not address.startswith("//")):
        return address
    other = _OTHER_README.fullmatch(address)
    return f"/guides/connectors/{other[1]}{other[2] or ''}" if other else ""


def _label(found: re.Match[str], called: Callable[[str], str]) -> str:
    words = called(found[1]).replace("*", "\\*").replace("[", "\\[")
    return f"[{words}]{found[2]}" if found[2] else f"**{words}**"


def _plain(inline: Token) -> str:
    return "".join(
        child.content or " " * (child.type == "softbreak") for child in inline.children or ()
    )
