"""RCS on the vendor's side: is a body one that smsmode takes, and what does a phone make of it."""

import mimetypes
from collections.abc import Mapping, Sequence
from typing import Any

from hub.contract import (
    AddToCalendar,
    Answer,
    Card,
    Dial,
    Media,
    OpenUrl,
    Rich,
    ShowPlace,
    Suggestion,
)
from hub.contract.rich import Height

from .problems import Problem

_HEIGHTS: dict[str, Height] = {"SHORT": "short", "MEDIUM": "medium", "TALL": "tall"}
_MOST = {
    "text": 25,
    "postbackData": 2048,
    "url": 255,
    "label": 100,
    "title": 100,
    "description": 500,
}
_SECONDS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600}


def validate_body(body: Mapping[str, Any]) -> None:
    """Raises Problem where smsmode would not take it, by its own limits."""
    try:
        rich = rich_of(body)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _bad("body is none of BASIC, TEXT, CARD and CAROUSEL.") from None
    limit = 160 if body["type"] == "BASIC" else 3072
    if rich.kind == "text" and not 1 <= len(rich.text) <= limit:
        raise _bad(f"body.text has 1 to {limit} characters.")
    if rich.kind != "text" and not all(_is_card(card) for card in rich.cards):
        raise _bad("A card has a title or media, a title up to 200, a description up to 2000.")
    if body["type"] == "CAROUSEL" and not 2 <= len(body["contents"]) <= 11:
        raise _bad("A carousel has 2 to 11 cards.")
    if len(rich.suggestions) > 11:
        raise _bad("There are at most 11 suggestions.")
    for one in _documents(body):
        if any(len(str(one.get(name, ""))) > most for name, most in _MOST.items()):
            raise _bad("A suggestion's texts are too long.")


def validate_fields(wanted: Mapping[str, Any]) -> None:
    """The agent's name and the validity. Raises Problem."""
    if not 1 <= len(str(wanted.get("from", ""))) <= 40:
        raise _bad("from is the agent's name, 1 to 40 characters.")
    validity = wanted.get("validity", {"amount": 48, "timeUnit": "HOURS"})
    seconds = validity["amount"] * _SECONDS[validity["timeUnit"]]
    if not 30 <= seconds <= 48 * 3600:
        raise _bad("validity is 30 seconds to 48 hours.")


def rich_of(body: Mapping[str, Any]) -> Rich:
    """What a phone shows of a body in smsmode's form. Raises KeyError or its like."""
    below = _suggestions(body)
    match body["type"]:
        case "BASIC":
            return Rich(str(body["text"]))
        case "TEXT":
            return Rich(str(body["text"]), suggestions=below)
        case "CARD":
            return Rich(cards=(_card(body["content"]),), suggestions=below)
        case "CAROUSEL":
            return Rich(cards=tuple(_card(one) for one in body["contents"]), suggestions=below)
    raise KeyError(body["type"])


def _bad(detail: str) -> Problem:
    return Problem(400, "400.040", "Malformed RCS message", detail)


def _is_card(card: Card) -> bool:
    whole = bool(card.title or card.media) and len(card.suggestions) <= 4
    return whole and len(card.title) <= 200 and len(card.text) <= 2000


def _documents(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    cards = [body["content"]] if "content" in body else body.get("contents", [])
    return [one for part in (body, *cards) for one in part.get("suggestions", ())]


def _card(content: Mapping[str, Any]) -> Card:
    media = _media(content["media"]) if "media" in content else None
    title, words = str(content.get("title", "")), str(content.get("description", ""))
    return Card(title, words, media, _suggestions(content))


def _media(media: Mapping[str, Any]) -> Media:
    """A phone learns the content type from the file; here its name must do."""
    url = str(media["fileUrl"])
    kind = mimetypes.guess_type(url)[0] or ""
    return Media(url, kind, _HEIGHTS[media["height"]], str(media.get("thumbnailUrl", "")))


def _suggestions(holder: Mapping[str, Any]) -> tuple[Suggestion, ...]:
    found: Sequence[Mapping[str, Any]] = holder.get("suggestions", ())
    return tuple(_suggestion(one) for one in found)


def _suggestion(one: Mapping[str, Any]) -> Suggestion:
    text, postback = str(one["text"]), str(one["postbackData"])
    match one["type"]:
        case "REPLY":
            return Answer(text, postback)
        case "OPEN_URL":
            return OpenUrl(text, postback, one["url"])
        case "DIAL_PHONE":
            return Dial(text, postback, one["phoneNumber"])
        case "SHOW_LOCATION":
            place = (one["latitude"], one["longitude"], one.get("label", ""))
            return ShowPlace(text, postback, *place)
        case "CREATE_CALENDAR_EVENT":
            when = (one["title"], one["startTime"], one["endTime"])
            return AddToCalendar(text, postback, *when, one.get("description", ""))
    raise KeyError(one["type"])
