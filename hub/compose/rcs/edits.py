"""Changing an RCS document piece by piece: another shape, one card more, a button moved up."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from hub.compose.rcs.fields import KINDS, shape_of
from hub.contract.rich import CARDS, MOST_CARD_SUGGESTIONS, MOST_SUGGESTIONS

_BLANK: Mapping[str, Mapping[str, Any]] = {
    "answer": {"answer": ""},
    "open": {"open": "", "url": ""},
    "dial": {"dial": "", "phone": ""},
    "place": {"place": "", "latitude": 0.0, "longitude": 0.0},
    "calendar": {"calendar": "", "title": "", "from": ""},
}


class NotSo(ValueError):
    """It cannot be changed this way; the words say why and what to do."""


def reshaped(document: Any, shape: str) -> dict[str, Any] | None:
    """The same words in another shape: "text", "card", "carousel", "each", or "" for none. Raises
    NotSo where cards would be lost."""
    cards = _cards(document)
    if shape == "":
        return None
    if shape in ("text", "card", "each") and len(cards) > 1:
        raise NotSo("There are several cards. Remove those that are not to stay first.")
    below = (document or {}).get("suggestions")
    kept = {"suggestions": below} if below else {}
    words = (document or {}).get("text", "")
    card = cards[0] if cards else ({"text": words} if words else {"title": ""})
    if shape == "text":
        return {"text": words or card.get("text") or card.get("title", ""), **kept}
    if shape == "each":
        return {"cards": {"each": "items", "card": card}, **kept}
    more = [{"title": ""}] if shape == "carousel" and len(cards) < CARDS[0] else []
    return {"cards": [card, *cards[1:], *more], **kept}


def with_card(document: Any) -> dict[str, Any]:
    """One card more, at the end. Raises NotSo."""
    made = deepcopy(document)
    if shape_of(made) != "cards" or len(made["cards"]) >= CARDS[1]:
        raise NotSo(f"A carousel has {CARDS[1]} cards at most.")
    made["cards"].append({"title": ""})
    return dict(made)


def with_button(document: Any, path: str, kind: str) -> dict[str, Any]:
    """One button more, of the card at the path ("cards.0", "card"), or below them all (""). Raises
    NotSo."""
    made = deepcopy(document)
    owner = _at(made, path)
    most = MOST_CARD_SUGGESTIONS if path else MOST_SUGGESTIONS
    if kind not in KINDS or not isinstance(owner, dict):
        raise NotSo("Choose what the button does.")
    buttons = owner.setdefault("suggestions", [])
    if len(buttons) >= most:
        raise NotSo(f"There are {most} buttons at most here.")
    buttons.append(dict(_BLANK[kind]))
    return dict(made)


def moved(document: Any, path: str, way: int) -> dict[str, Any]:
    """The card or button at the path ("cards.1", "cards.0.suggestions.2") up (-1) or down (1)."""

    def move(items: list[Any], at: int) -> None:
        to = at + way
        if 0 <= to < len(items):
            items[at], items[to] = items[to], items[at]

    return _changed(document, path, move)


def without(document: Any, path: str) -> dict[str, Any]:
    """The same without the card or button at the path. Raises NotSo for the last card."""

    def remove(items: list[Any], at: int) -> None:
        if path.count(".") == 1 and path.startswith("cards.") and len(items) == 1:
            raise NotSo("This is the last card. Choose «SMS only» where there is to be no RCS.")
        del items[at]

    return _changed(document, path, remove)


def _changed(document: Any, path: str, change: Callable[[list[Any], int], None]) -> dict[str, Any]:
    made = deepcopy(document)
    above, _, last = path.rpartition(".")
    items = _at(made, above)
    if not isinstance(items, list) or not last.isdigit() or int(last) >= len(items):
        raise NotSo("It is not there any more. Look at the page again.")
    change(items, int(last))
    return dict(made)


def _cards(document: Any) -> list[dict[str, Any]]:
    found = (document or {}).get("cards")
    if isinstance(found, Mapping):
        return [dict(found.get("card") or {"title": ""})]
    return list(found or [])


def _at(document: Any, path: str) -> Any:
    """What stands at a path, None where nothing does; "card" is the one that is repeated."""
    node = document
    for name in path.split(".") if path else ():
        if isinstance(node, list):
            node = node[int(name)] if name.isdigit() and int(name) < len(node) else None
        else:
            node = node.get(name) if isinstance(node, Mapping) else None
    return node
