"""Siblings: one message in several languages, and where one of them says less than the main one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hub.compose.declared import variables_for
from hub.compose.faults import TemplateError
from hub.compose.language import compile_template

_TAG = re.compile(r"\{%-?\s*(if|for|else|elif)\b")


def apart(
    document: Mapping[str, Any], published: Mapping[str, Any] | None, main: str
) -> dict[str, tuple[str, ...]]:
    """By language, what sets it apart from the main one, as English sentences: other variables,
    other branches, other cards, or words that stayed while the main ones changed."""
    texts: Mapping[str, str] = document.get("texts") or {}
    event = str(document.get("event") or "")
    return {
        language: tuple(_reasons(document, published or {}, main, language, event))
        for language in texts
        if language != main
    }


def _reasons(
    document: Mapping[str, Any], published: Mapping[str, Any], main: str, language: str, event: str
) -> Iterator[str]:
    texts = document["texts"]
    here, there = _names(texts[language], event), _names(texts.get(main, ""), event)
    if lacking := there - here:
        yield f"It does not say {_listed(lacking)}, and the main language does."
    if more := here - there:
        yield f"It says {_listed(more)}, and the main language does not."
    if _TAG.findall(texts[language]) != _TAG.findall(texts.get(main, "")):
        yield "Its conditions differ from those of the main language."
    rich = document.get("rich") or {}
    if _bones(rich.get(language)) != _bones(rich.get(main)):
        yield "Its RCS has other cards or buttons than the main language."
    if _is_stale(texts, published.get("texts") or {}, main, language):
        yield "The main language was changed since the last version, and this one was not."


def _names(source: str, event: str) -> frozenset[str]:
    try:
        return compile_template(source, variables_for(event), event=event).names
    except TemplateError:
        return frozenset()


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"«{name}»" for name in sorted(names))


def _bones(document: Any) -> Any:
    """What an RCS document is made of, without its words."""
    match document:
        case Mapping():
            return {key: _bones(value) for key, value in document.items() if value}
        case list():
            return [_bones(one) for one in document]
        case _:
            return None


def _is_stale(
    texts: Mapping[str, str], published: Mapping[str, str], main: str, language: str
) -> bool:
    was, had = published.get(main), published.get(language)
    return None not in (was, had) and texts.get(main) != was and texts[language] == had
