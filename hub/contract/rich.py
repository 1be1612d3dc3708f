"""RCS content: a text, a card or a carousel, and what the person can tap. Plain values, the same
for every carrier; each carrier's `rich.py` puts them into its vendor's form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Height = Literal["short", "medium", "tall"]

# The channel's own limits, in characters and pieces; the strictest where carriers differ.
MOST_BASIC = 160
MOST_TEXT = 3072
MOST_TITLE = 200
MOST_CARD_TEXT = 2000
MOST_LABEL = 25
MOST_URL = 255
MOST_PLACE = 100
MOST_CALENDAR_TITLE = 100
MOST_CALENDAR_TEXT = 500
MOST_CARD_SUGGESTIONS = 4
MOST_SUGGESTIONS = 11
CARDS = (2, 10)
MOST_POSTBACK = 2048


@dataclass(frozen=True)
class Answer:
    """A suggested reply. `text` is on the button; `postback` is an id that the hub issued."""

    text: str
    postback: str


@dataclass(frozen=True)
class OpenUrl:
    """Opens a page, https."""

    text: str
    postback: str
    url: str


@dataclass(frozen=True)
class Dial:
    """Calls a number in E.164."""

    text: str
    postback: str
    phone: str


@dataclass(frozen=True)
class ShowPlace:
    """Shows a place on a map; degrees."""

    text: str
    postback: str
    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True)
class AddToCalendar:
    """Puts an appointment into the phone's calendar; ISO 8601 with an offset."""

    text: str
    postback: str
    title: str
    starts_at: str
    ends_at: str
    description: str = ""


Suggestion = Answer | OpenUrl | Dial | ShowPlace | AddToCalendar

_KINDS: Mapping[str, type[Any]] = {
    "answer": Answer,
    "open": OpenUrl,
    "dial": Dial,
    "place": ShowPlace,
    "calendar": AddToCalendar,
}


@dataclass(frozen=True)
class Media:
    """A picture or film at an https address, with its content type ("image/jpeg")."""

    url: str
    type: str
    height: Height = "medium"
    thumbnail: str = ""


@dataclass(frozen=True)
class Card:
    """A card: a picture, a title, a text, up to four suggestions; a title or a picture at least."""

    title: str = ""
    text: str = ""
    media: Media | None = None
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class Rich:
    """One RCS message: a text, or one card, or a carousel of 2 to 10; suggestions below it."""

    text: str = ""
    cards: tuple[Card, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def kind(self) -> Literal["text", "card", "carousel"]:
        """Which of the three it is."""
        return "text" if not self.cards else "card" if len(self.cards) == 1 else "carousel"

    def every_suggestion(self) -> Iterator[Suggestion]:
        """Those of the cards, then those below."""
        for card in self.cards:
            yield from card.suggestions
        yield from self.suggestions

    def as_text(self) -> str:
        """What a person reads, in lines: for logs, for write-backs, for those who listen."""
        lines = [self.text] if self.text else []
        for card in self.cards:
            lines += [line for line in (card.title, card.text) if line]
            lines += [f"[{one.text}]" for one in card.suggestions]
        return "\n".join([*lines, *(f"[{one.text}]" for one in self.suggestions)])

    def as_json(self) -> dict[str, Any]:
        """The form that rows keep; `rich_of` gives the same value back."""
        return {
            "text": self.text,
            "cards": [_card_json(card) for card in self.cards],
            "suggestions": _suggestions_json(self.suggestions),
        }


def rich_of(document: Mapping[str, Any]) -> Rich:
    """A value from the form that rows keep."""
    return Rich(
        document["text"],
        tuple(_card(card) for card in document["cards"]),
        _suggestions(document["suggestions"]),
    )


def _card_json(card: Card) -> dict[str, Any]:
    return {
        "title": card.title,
        "text": card.text,
        "media": vars(card.media) if card.media else None,
        "suggestions": _suggestions_json(card.suggestions),
    }


def _card(document: Mapping[str, Any]) -> Card:
    media = Media(**document["media"]) if document["media"] else None
    return Card(document["title"], document["text"], media, _suggestions(document["suggestions"]))


def _suggestions_json(suggestions: Sequence[Suggestion]) -> list[dict[str, Any]]:
    names = {kind: name for name, kind in _KINDS.items()}
    return [{"kind": names[type(one)], **vars(one)} for one in suggestions]


def _suggestions(documents: Sequence[Mapping[str, Any]]) -> tuple[Suggestion, ...]:
    return tuple(
        _KINDS[one["kind"]](**{name: v for name, v in one.items() if name != "kind"})
        for one in documents
    )
