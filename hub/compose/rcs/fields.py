"""An RCS document out of the fields of a form: "cards.0.suggestions.1.url" and their values."""

from collections.abc import Mapping
from typing import Any

SHAPES = ("", "text", "cards", "each")
KINDS = ("answer", "open", "dial", "place", "calendar")
_DEGREES = ("latitude", "longitude")


def document_of(fields: Mapping[str, str]) -> dict[str, Any] | None:
    """The document that these fields say, blanks left out; None where the shape is "" (no RCS).
    A button's kind stands in its field "kind", its words in "words"."""
    shape = fields.get("shape", "")
    if shape not in SHAPES[1:]:
        return None
    found = _tree({path: value for path, value in fields.items() if path != "shape"})
    below = _buttons(found.get("suggestions"))
    made: dict[str, Any] = {"suggestions": below} if below else {}
    if shape == "text":
        return {"text": _text(found.get("text")), **made}
    cards = [_card(one) for one in _items(found.get("cards"))] or [{"title": ""}]
    if shape == "each":
        return {"cards": {"each": _text(found.get("each")), "card": cards[0]}, **made}
    return {"cards": cards, **made}


def shape_of(document: Any) -> str:
    """Which shape a document has: "" for none."""
    if not isinstance(document, Mapping) or not document:
        return ""
    if isinstance(document.get("cards"), Mapping):
        return "each"
    return "cards" if "cards" in document else "text"


def kind_of(button: Any) -> str:
    """What a button does; "" where nobody can tell."""
    return next((kind for kind in KINDS if isinstance(button, Mapping) and kind in button), "")


def _tree(fields: Mapping[str, str]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path, value in fields.items():
        *above, last = path.split(".")
        node = root
        for name in above:
            inner = node.setdefault(name, {})
            node = inner if isinstance(inner, dict) else {}
        node[last] = value
    return root


def _items(found: Any) -> list[Mapping[str, Any]]:
    """What stands under numbers, in their order."""
    if not isinstance(found, Mapping):
        return []
    numbered = sorted((int(n), one) for n, one in found.items() if n.isascii() and n.isdigit())
    return [one for _, one in numbered if isinstance(one, Mapping)]


def _card(found: Mapping[str, Any]) -> dict[str, Any]:
    media = _filled(found.get("media"), ("url", "type", "thumbnail"))
    if media.get("url"):
        media["height"] = _text(_mapping(found.get("media")).get("height")) or "medium"
    made = {
        "title": _text(found.get("title")),
        "text": _text(found.get("text")),
        "media": media if media.get("url") else None,
        "suggestions": _buttons(found.get("suggestions")),
    }
    kept = {name: value for name, value in made.items() if value}
    return kept or {"title": ""}


def _buttons(found: Any) -> list[dict[str, Any]]:
    return [_button(one) for one in _items(found) if one.get("kind") in KINDS]


def _button(found: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(found["kind"])
    made: dict[str, Any] = {kind: _text(found.get("words"))}
    for name, value in found.items():
        if name in ("kind", "words") or not _text(value):
            continue
        if name == "support":
            made["kind"] = "support"
        else:
            made[name] = _degrees(_text(value)) if name in _DEGREES else _text(value)
    return made


def _degrees(value: str) -> float | str:
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return value


def _filled(found: Any, names: tuple[str, ...]) -> dict[str, str]:
    given = _mapping(found)
    return {name: _text(given.get(name)) for name in names if _text(given.get(name))}


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
