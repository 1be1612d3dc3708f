"""RCS content in smsmode's form: BASIC and TEXT, CARD, CAROUSEL, and what can be tapped."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hub.contract import (
    AddToCalendar,
    Answer,
    Card,
    Dial,
    Media,
    OpenUrl,
    Outgoing,
    Rich,
    ShowPlace,
    Suggestion,
)
from hub.contract.rich import MOST_BASIC

Document = dict[str, Any]

_SHORTEST, _LONGEST = timedelta(seconds=30), timedelta(hours=48)
_HEIGHTS = {"short": "SHORT", "medium": "MEDIUM", "tall": "TALL"}


class Unfit(Exception):
    """smsmode has no form for this content; the argument says why, in a sentence."""


def body_of(message: Outgoing) -> Document:
    """The body of an RCS message. Raises Unfit."""
    rich = message.rich or Rich(text=message.text)
    if rich.kind == "text":
        return _text(rich)
    if rich.text:
        raise Unfit("smsmode carries no text beside a card: move the text into the card.")
    below = _suggestions(rich.suggestions)
    if rich.kind == "card":
        card = {"type": "CARD", "content": _card(rich.cards[0]), "orientation": "VERTICAL"}
        return card | below
    contents = [_card(card) for card in rich.cards]
    return {"type": "CAROUSEL", "contents": contents, "cardWidth": "MEDIUM"} | below


def validity_of(within: timedelta) -> Document:
    """How long smsmode tries: it takes 30 seconds to 48 hours, and what is beyond is cut."""
    seconds = int(max(_SHORTEST, min(within, _LONGEST)).total_seconds())
    return {"amount": seconds, "timeUnit": "SECONDS"}


def _text(rich: Rich) -> Document:
    if len(rich.text) <= MOST_BASIC and not rich.suggestions:
        return {"type": "BASIC", "text": rich.text}
    return {"type": "TEXT", "text": rich.text} | _suggestions(rich.suggestions)


def _card(card: Card) -> Document:
    words = {"title": card.title, "description": card.text}
    made: Document = {name: text for name, text in words.items() if text}
    if card.media:
        made["media"] = _media(card.media)
    return made | _suggestions(card.suggestions)


def _media(media: Media) -> Document:
    thumbnail = {"thumbnailUrl": media.thumbnail} if media.thumbnail else {}
    return {"fileUrl": media.url, "height": _HEIGHTS[media.height], **thumbnail}


def _suggestions(suggestions: Sequence[Suggestion]) -> Document:
    return {"suggestions": [_suggestion(one) for one in suggestions]} if suggestions else {}


def _suggestion(one: Suggestion) -> Document:
    return {"text": one.text, "postbackData": one.postback, **_action(one)}


def _action(one: Suggestion) -> Document:
    match one:
        case Answer():
            return {"type": "REPLY"}
        case OpenUrl():
            return {"type": "OPEN_URL", "url": one.url}
        case Dial():
            return {"type": "DIAL_PHONE", "phoneNumber": one.phone}
        case ShowPlace():
            place = {"latitude": one.latitude, "longitude": one.longitude}
            return {"type": "SHOW_LOCATION", **place, **({"label": one.label} if one.label else {})}
        case AddToCalendar():
            return {"type": "CREATE_CALENDAR_EVENT", **_appointment(one)}


def _appointment(one: AddToCalendar) -> Document:
    words = {"description": one.description} if one.description else {}
    return {"startTime": one.starts_at, "endTime": one.ends_at, "title": one.title, **words}
