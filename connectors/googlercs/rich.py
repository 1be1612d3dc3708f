"""RCS content in Google's form. Where a message could not be shown whole, it is not sent at all."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hub.contract import AddToCalendar, Answer, Card, Dial, Media, OpenUrl, Rich, ShowPlace
from hub.contract import Suggestion as Tap

_CARDS = 10
# What Google shows in a card; it tells the type from the file itself, so nothing carries it.
_SHOWN = frozenset(
    [f"image/{kind}" for kind in ("jpeg", "jpg", "png", "gif")]
    + [f"video/{kind}" for kind in ("mp4", "m4v", "mpeg", "mpeg4", "webm", "h263")]
)

_Document = dict[str, Any]


def content_of(rich: Rich) -> _Document:
    """Google's `contentMessage`. Raises ValueError in words where Google could not show it."""
    made = {"richCard": _rich_card(rich)} if rich.cards else {"text": rich.text}
    if not rich.cards and not rich.text:
        raise ValueError("The message is empty.")
    if rich.cards and rich.text:
        raise ValueError("Google shows either a text or cards, not both: put the text on a card.")
    return made | _suggestions(rich.suggestions)


def _rich_card(rich: Rich) -> _Document:
    if len(rich.cards) > _CARDS:
        raise ValueError(f"A carousel holds at most {_CARDS} cards; this one has more.")
    if len(rich.cards) == 1:
        upright = {"cardOrientation": "VERTICAL", "cardContent": _card(rich.cards[0])}
        return {"standaloneCard": upright}
    # SMALL cards may not have tall pictures; MEDIUM ones may have any.
    row = {"cardWidth": "MEDIUM", "cardContents": [_card(card) for card in rich.cards]}
    return {"carouselCard": row}


def _card(card: Card) -> _Document:
    made = _filled({"title": card.title, "description": card.text})
    if card.media:
        made["media"] = _media(card.media)
    return made | _suggestions(card.suggestions)


def _media(media: Media) -> _Document:
    if media.type not in _SHOWN:
        raise ValueError(f"Google shows no «{media.type[:40]}» in a card: use a JPEG, PNG or MP4.")
    where = _filled({"fileUrl": media.url, "thumbnailUrl": media.thumbnail})
    return {"height": media.height.upper(), "contentInfo": where}


def _suggestions(taps: Iterable[Tap]) -> _Document:
    made = [_suggestion(tap) for tap in taps]
    return {"suggestions": made} if made else {}


def _suggestion(tap: Tap) -> _Document:
    shared = {"text": tap.text, "postbackData": tap.postback}
    if isinstance(tap, Answer):
        return {"reply": shared}
    name, written = _ACTIONS[type(tap)]
    return {"action": shared | {name: written(tap)}}


def _place(tap: ShowPlace) -> _Document:
    where = {"latitude": tap.latitude, "longitude": tap.longitude}
    return {"latLong": where} | _filled({"label": tap.label})


def _appointment(tap: AddToCalendar) -> _Document:
    when = {"startTime": tap.starts_at, "endTime": tap.ends_at, "title": tap.title}
    return when | _filled({"description": tap.description})


_ACTIONS: Mapping[type[Any], tuple[str, Callable[[Any], _Document]]] = {
    OpenUrl: ("openUrlAction", lambda tap: {"url": tap.url}),
    Dial: ("dialAction", lambda tap: {"phoneNumber": tap.phone}),
    ShowPlace: ("viewLocationAction", _place),
    AddToCalendar: ("createCalendarEventAction", _appointment),
}


def _filled(values: Mapping[str, str]) -> _Document:
    return {name: value for name, value in values.items() if value}
