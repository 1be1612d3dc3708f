"""RCS content in Twilio's form: a content template, and the values that fill its blanks.

What differs from person to person goes into blanks, so that one template serves many messages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.contract import Answer, Card, Dial, OpenUrl, Rich, Suggestion

# Twilio's own limits where they are below the channel's (its pages on cards and on variables).
MOST_TEXT = 1600
MOST_VALUE = 255
MOST_CARD_BUTTONS = 4
MOST_CHIPS = 11
CAROUSEL_BUTTONS = (1, 2)
_HOST = re.compile(r"(https?://[^/?#]+/)(.+)", re.S)
_CONTROL = re.compile(r"[\x00-\x1f]")


class Unsupported(ValueError):
    """Twilio cannot carry this content whole; the argument says what, in a sentence."""


@dataclass(frozen=True)
class Content:
    """`types` is the template as Twilio keeps it, `values` fill its blanks {{1}}, {{2}}, …"""

    types: dict[str, Any]
    values: dict[str, str]


@dataclass
class _Blanks:
    values: dict[str, str] = field(default_factory=dict)

    def text(self, value: str) -> str:
        """A blank for this value; itself where Twilio would not take it as one."""
        if not value or len(value) > MOST_VALUE or _CONTROL.search(value):
            return value
        name = str(len(self.values) + 1)
        self.values[name] = value
        return f"{{{{{name}}}}}"

    def address(self, url: str) -> str:
        """An address with a blank at its end: Twilio takes none in the host."""
        found = _HOST.fullmatch(url)
        return found[1] + self.text(found[2]) if found else url


def content_of(rich: Rich) -> Content | None:
    """The template and its values; None where a plain text says it all. Raises Unsupported."""
    _check(rich)
    blanks = _Blanks()
    if rich.kind == "carousel":
        cards = [_carousel_card(blanks, card) for card in rich.cards]
        # Twilio wants a text above, and drops it on RCS.
        return Content({"twilio/carousel": {"body": "-", "cards": cards}}, blanks.values)
    if rich.kind == "card":
        return Content({"twilio/card": _card(blanks, rich)}, blanks.values)
    if not rich.suggestions:
        return None
    chips = {"body": blanks.text(rich.text), "actions": _actions(blanks, rich.suggestions, True)}
    return Content({"twilio/card": chips}, blanks.values)


def _card(blanks: _Blanks, rich: Rich) -> dict[str, Any]:
    card = rich.cards[0]
    made: dict[str, Any] = {}
    if card.title:
        made["title"] = blanks.text(card.title)
    if card.text:
        made["body"] = blanks.text(card.text)
    if card.media:
        made |= {"media": [blanks.address(card.media.url)], "height": card.media.height.upper()}
    # Said of each button: left to itself, Twilio moves those of a card without a picture.
    buttons = _actions(blanks, card.suggestions, False)
    return made | {"actions": [*buttons, *_actions(blanks, rich.suggestions, True)]}


def _carousel_card(blanks: _Blanks, card: Card) -> dict[str, Any]:
    made: dict[str, Any] = {"title": blanks.text(card.title)} if card.title else {}
    made |= {"body": blanks.text(card.text)}
    made |= {"media": blanks.address(card.media.url)} if card.media else {}
    return made | {"actions": [_action(blanks, one) for one in card.suggestions]}


def _actions(
    blanks: _Blanks, suggestions: Sequence[Suggestion], chips: bool
) -> list[dict[str, Any]]:
    return [{**_action(blanks, one), "chip_list": chips} for one in suggestions]


def _action(blanks: _Blanks, one: Suggestion) -> dict[str, Any]:
    """A button. Its id comes back when it is tapped; its label takes no blank everywhere."""
    made: dict[str, Any] = {"title": one.text, "id": blanks.text(one.postback)}
    match one:
        case Answer():
            return {"type": "QUICK_REPLY", **made}
        case OpenUrl():
            return {"type": "URL", **made, "url": blanks.address(one.url)}
        case Dial():
            return {"type": "PHONE_NUMBER", **made, "phone": one.phone}
        case _:
            raise Unsupported(
                "Twilio has no button that shows a place or adds to a calendar, so nothing was "
                "sent over RCS."
            )


def _check(rich: Rich) -> None:
    """Refuse what Twilio would drop without a word; what it refuses itself is left to it."""
    if any("{{" in said for said in _texts(rich)):
        raise Unsupported("Twilio reads two braces as a blank of its own: take them out.")
    if len(rich.suggestions) > MOST_CHIPS:
        raise Unsupported(f"Twilio takes at most {MOST_CHIPS} suggestions below a message.")
    if rich.kind == "text" and len(rich.text) > MOST_TEXT:
        raise Unsupported(f"Twilio takes at most {MOST_TEXT} characters of text.")
    if rich.kind == "card":
        _check_card(rich.cards[0])
    if rich.kind == "carousel":
        _check_carousel(rich)


def _check_card(card: Card) -> None:
    if card.media is None and not card.suggestions:
        raise Unsupported("Twilio makes no card without a picture and without a button.")
    if len(card.suggestions) > MOST_CARD_BUTTONS:
        raise Unsupported(f"Twilio takes at most {MOST_CARD_BUTTONS} buttons on a card.")


def _check_carousel(rich: Rich) -> None:
    if rich.suggestions:
        raise Unsupported("Twilio shows no suggestions below a carousel: put them on its cards.")
    if not all(card.media and card.text for card in rich.cards):
        raise Unsupported("Each card of a Twilio carousel needs a picture and a text.")
    least, most = CAROUSEL_BUTTONS
    if not all(least <= len(card.suggestions) <= most for card in rich.cards):
        raise Unsupported("Each card of a Twilio carousel needs one or two buttons.")
    if len({tuple(type(one) for one in card.suggestions) for card in rich.cards}) > 1:
        raise Unsupported("All cards of a Twilio carousel need the same buttons in one order.")


def _texts(rich: Rich) -> Iterator[str]:
    yield rich.text
    for card in rich.cards:
        yield from (card.title, card.text, card.media.url if card.media else "")
    for one in rich.every_suggestion():
        yield from (value for value in vars(one).values() if isinstance(value, str))
