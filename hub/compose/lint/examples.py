"""Findings about addresses that were only an example: nobody has a shop on example.com."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hub.compose.lint.findings import Finding, TemplateWords

_EXAMPLE = re.compile(
    r"(?:https?://)?(?<![\w.@-])(?:[\w-]+\.)*example\.(?:com|net|org)(?!-|\.?\w)(?:/[^\s\"'{}<>]*)?",
    re.IGNORECASE,
)


def examples(words: TemplateWords) -> Iterator[Finding]:
    """Each place where a published template still leads to an example; the gallery's may."""
    if words.shipped:
        return
    parts = {"texts": words.texts, "rich": words.rich, "previews": words.previews}
    for path, text in strings_of({**parts, "defaults": words.defaults}):
        for found in _EXAMPLE.finditer(text):
            yield _finding(path, found)


def _finding(path: str, found: re.Match[str]) -> Finding:
    part, language, *_ = path.split(".")
    named = found[0].rstrip(".,;:!?)")
    said = f"«{named[:60]}» is only an example. Put your own address in its place."
    return Finding(
        "warning",
        "example_address",
        said,
        path,
        language[:2] if part != "defaults" else "",
        {"texts": "sms", "rich": "rcs"}.get(part, ""),
        {"address": named},
        (found.start(), found.start() + len(named)),
    )


def strings_of(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a document with its path: ("rich.fr.cards[0].title", "…")."""
    if isinstance(document, str):
        yield path, document
    elif isinstance(document, Mapping):
        for name, one in document.items():
            yield from strings_of(one, f"{path}.{name}" if path else str(name))
    elif isinstance(document, list):
        for n, one in enumerate(document):
            yield from strings_of(one, f"{path}[{n}]")
