"""Reading an RCS document as an admin writes it: every problem is named by its path."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from hub.compose.language import Template, Variable
from hub.compose.rcs.buttons_reading import suggestions_of
from hub.compose.rcs.desk import Desk, joined
from hub.compose.rcs.parts import (
    CardErrors,
    CardTemplate,
    MediaTemplate,
    RichTemplate,
    SuggestionTemplate,
)
from hub.compose.rcs.pictures import TYPES, type_of
from hub.contract.rich import (
    CARDS,
    MOST_CARD_SUGGESTIONS,
    MOST_CARD_TEXT,
    MOST_SUGGESTIONS,
    MOST_TEXT,
    MOST_TITLE,
    MOST_URL,
    Height,
)

_HEIGHTS = ("short", "medium", "tall")


def read(document: Any, variables: Iterable[Variable], *, event: str = "") -> RichTemplate:
    """A checked document: {"text", "suggestions"} or {"cards", "suggestions"}, where "cards" is a
    list or {"each": "items", "card": {…}}. Raises CardErrors with all problems."""
    desk = Desk(tuple(variables), event)
    found = desk.shape("", document, ("text", "cards", "suggestions"))
    if found is None:
        raise CardErrors(*desk.problems)
    if ("text" in found) == ("cards" in found):
        desk.fault("", "Write either «text» or «cards».")
    text = desk.words("text", found["text"], MOST_TEXT) if "text" in found else None
    each, cards = _cards(desk, found["cards"]) if "cards" in found else ("", ())
    below = _suggestions(desk, "", found, MOST_SUGGESTIONS)
    if desk.problems:
        raise CardErrors(*desk.problems)
    return RichTemplate(frozenset(desk.names), text, cards, each, below)


def _cards(desk: Desk, found: Any) -> tuple[str, tuple[CardTemplate, ...]]:
    if isinstance(found, Mapping):
        return _repeated(desk, found)
    cards = desk.listed("cards", found, CARDS[1])
    if not cards:
        desk.fault("cards", "There is no card. Write one, or 2 to 10 for a carousel.")
    return "", tuple(_card(desk, f"cards[{n}]", card) for n, card in enumerate(cards))


def _repeated(desk: Desk, found: Mapping[str, Any]) -> tuple[str, tuple[CardTemplate, ...]]:
    desk.shape("cards", found, ("each", "card"))
    each = found.get("each")
    lists = [v.name for v in desk.variables if v.kind == "list" and v.fields]
    if each not in lists:
        desk.fault("cards.each", f"Name a list of the event: {', '.join(lists) or 'it has none'}.")
        return "", ()
    desk.names.add(str(each))
    return str(each), (_card(desk.within(str(each)), "cards.card", found.get("card")),)


def _card(desk: Desk, path: str, document: Any) -> CardTemplate:
    known = ("title", "text", "media", "suggestions")
    found = desk.shape(path, document, known) or {}
    title = desk.optional(path, found, "title", MOST_TITLE)
    text = desk.optional(path, found, "text", MOST_CARD_TEXT)
    media = _media(desk, joined(path, "media"), found["media"]) if found.get("media") else None
    if not found.get("title") and not found.get("media"):
        desk.fault(path, "A card needs a title or a picture.")
    elif desk.each and not found.get("title"):
        desk.fault(joined(path, "title"), "Give a title: an item may have no picture.")
    return CardTemplate(title, text, media, _suggestions(desk, path, found, MOST_CARD_SUGGESTIONS))


def _suggestions(
    desk: Desk, path: str, found: Mapping[str, Any], most: int
) -> tuple[SuggestionTemplate, ...]:
    at = joined(path, "suggestions")
    return suggestions_of(desk, at, desk.listed(at, found.get("suggestions"), most))


def _media(desk: Desk, path: str, document: Any) -> MediaTemplate | None:
    found = desk.shape(path, document, ("url", "type", "height", "thumbnail")) or {}
    url = _picture(desk, joined(path, "url"), found.get("url"))
    thumbnail = found.get("thumbnail")
    small = _picture(desk, joined(path, "thumbnail"), thumbnail) if thumbnail else None
    kind, height = found.get("type", ""), found.get("height", "medium")
    if kind and kind not in TYPES:
        desk.fault(joined(path, "type"), f"RCS does not show this. Use {_named(sorted(TYPES))}.")
    if height not in _HEIGHTS:
        desk.fault(joined(path, "height"), f"The height is {_named(_HEIGHTS)}.")
    if url is None:
        return None
    if not kind and "{" not in url.source and not type_of(url.source):
        words = "RCS does not show this kind of file. Use a JPEG, PNG, GIF or MP4."
        desk.fault(joined(path, "url"), words)
    return MediaTemplate(url, str(kind), cast("Height", height), small)


def _picture(desk: Desk, path: str, source: Any) -> Template | None:
    template = desk.words(path, source, MOST_URL)
    if template and not source.startswith(("https://", "{{")):
        desk.fault(path, "A picture's address begins with https://.")
    return template


def _named(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
