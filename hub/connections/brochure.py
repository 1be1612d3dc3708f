"""What a connector's folder tells people: its README by section, and its picture."""

import re
from base64 import b64encode
from functools import lru_cache

from markdown_it import MarkdownIt

from hub import registry

_HEADING = re.compile(r"^## (.+)$", re.M)
_WIDE = re.compile("<(pre|table)>")
_MARKS = re.compile(r"\*\*|`")
_PLAIN = MarkdownIt("commonmark", {"html": False}).enable("table")
_SLUG = registry.SLUG


def lead(slug: str) -> str:
    """One sentence: what it does."""
    first = sections(slug).get("What it does", "").strip().split("\n\n")[0]
    words = _MARKS.sub("", " ".join(first.split()))
    return words.split(". ")[0].rstrip(".") + "." if words else ""


def page(slug: str, heading: str) -> str:
    """A section as HTML, made of its Markdown alone; empty where there is none."""
    rendered: str = _PLAIN.render(sections(slug).get(heading, ""))
    # What scrolls sideways on a phone is reached by keyboard too.
    return _WIDE.sub(r'<\1 tabindex="0">', rendered)


@lru_cache(maxsize=64)
def sections(slug: str) -> dict[str, str]:
    """The README's sections by heading, as written."""
    parts = _HEADING.split(_read(slug, "README.md").decode("utf-8", "replace"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@lru_cache(maxsize=64)
def picture(slug: str) -> str:
    """Its icon as an address of its own (data:), which no page can be made to run; or nothing."""
    drawn = _read(slug, "icon.svg")
    return f"data:image/svg+xml;base64,{b64encode(drawn).decode()}" if drawn else ""


def _read(slug: str, name: str) -> bytes:
    path = registry.connectors_root() / slug / name
    if not _SLUG.fullmatch(slug) or not path.is_file():
        return b""
    return path.read_bytes()
