"""Google's forms, judged as strictly as its documents say, and read as a phone shows them."""

import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from hub.contract import AddToCalendar, Answer, Card, Dial, Media, OpenUrl, Rich, ShowPlace
from hub.contract import Suggestion as Tap
from hub.contract.rich import Height

from .problems import wrong

_TTL = re.compile(r"(\d{1,7})(\.\d{1,9})?s")
_LONGEST_TTL = 15 * 86_400
_DIAL = re.compile(r"[\d+*#]{1,20}")
_TRAFFIC = ("AUTHENTICATION", "TRANSACTION", "PROMOTION", "SERVICEREQUEST", "ACKNOWLEDGEMENT")


def message(document: Any, files: Mapping[str, str]) -> Rich:
    """What a phone shows of an AgentMessage. Raises Problem where Google would take none of it.

    `files` are the content types that stand at addresses; others go by the address's ending.
    """
    whole = _Reader(document, "agentMessage", files)
    whole.knows("contentMessage", "messageTrafficType", "ttl")
    if document.get("messageTrafficType") not in _TRAFFIC:
        raise wrong("messageTrafficType", "messageTrafficType must be set for this agent.")
    ttl = document.get("ttl")
    lasts = _TTL.fullmatch(ttl) if isinstance(ttl, str) else None
    if ttl is not None and not (lasts and 0 < int(lasts[1]) <= _LONGEST_TTL):
        raise wrong("ttl", "ttl must be at most 15 days.")
    return _content(whole.inner("contentMessage"))


@dataclass(frozen=True)
class _Reader:
    """One object of the form, with its place for the blame."""

    form: Any
    at: str
    files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.form, dict):
            raise wrong(self.at, "An object is expected.")

    def knows(self, *names: str) -> None:
        """Google refuses names that it does not know."""
        strange = sorted(set(self.form) - set(names))
        if strange:
            raise wrong(self.at, f'Unknown name "{strange[0]}": Cannot find field.')

    def inner(self, name: str) -> "_Reader":
        return _Reader(self.form.get(name), f"{self.at}.{name}", self.files)

    def each(self, name: str, most: int, least: int = 0) -> list["_Reader"]:
        found = self.form.get(name, [])
        if not isinstance(found, list) or not least <= len(found) <= most:
            raise wrong(f"{self.at}.{name}", f"{least} to {most} are allowed.")
        return [_Reader(one, f"{self.at}.{name}[{i}]", self.files) for i, one in enumerate(found)]

    def text(self, name: str, most: int, needed: bool = False) -> str:
        found = self.form.get(name, "")
        if not isinstance(found, str) or len(found) > most or (needed and not found):
            raise wrong(f"{self.at}.{name}", f"A text of at most {most} characters is expected.")
        return found

    def only(self, *names: str) -> str:
        """Which one of a union it is."""
        found = [name for name in names if name in self.form]
        if len(found) != 1:
            raise wrong(self.at, f"Exactly one of {', '.join(names)} must be set.")
        return found[0]


def _content(content: _Reader) -> Rich:
    content.knows("text", "richCard", "suggestions")
    taps = tuple(_tap(one) for one in content.each("suggestions", 11))
    if content.only("text", "richCard") == "text":
        return Rich(content.text("text", 3072, needed=True), (), taps)
    rich = content.inner("richCard")
    rich.knows("standaloneCard", "carouselCard")
    one = rich.only("standaloneCard", "carouselCard") == "standaloneCard"
    return Rich("", _standalone(rich) if one else _carousel(rich), taps)


def _standalone(rich: _Reader) -> tuple[Card, ...]:
    alone = rich.inner("standaloneCard")
    alone.knows("cardOrientation", "thumbnailImageAlignment", "cardContent")
    if alone.form.get("cardOrientation") not in ("VERTICAL", "HORIZONTAL"):
        raise wrong(alone.at, "cardOrientation must be set.")
    return (_card(alone.inner("cardContent")),)


def _carousel(rich: _Reader) -> tuple[Card, ...]:
    row = rich.inner("carouselCard")
    row.knows("cardWidth", "cardContents")
    if row.form.get("cardWidth") not in ("SMALL", "MEDIUM"):
        raise wrong(row.at, "cardWidth must be set.")
    cards = tuple(_card(one) for one in row.each("cardContents", 10, least=2))
    tall = any(card.media and card.media.height == "tall" for card in cards)
    if tall and row.form["cardWidth"] == "SMALL":
        raise wrong(row.at, "A small card may not have tall media.")
    return cards


def _card(card: _Reader) -> Card:
    card.knows("title", "description", "media", "suggestions")
    media = _media(card.inner("media")) if "media" in card.form else None
    title, text = card.text("title", 200), card.text("description", 2000)
    if not (media or title or text):
        raise wrong(card.at, "A card needs media, a title or a description.")
    return Card(title, text, media, tuple(_tap(one) for one in card.each("suggestions", 4)))


def _media(media: _Reader) -> Media:
    media.knows("height", "contentInfo")
    height = media.form.get("height")
    if height not in ("SHORT", "MEDIUM", "TALL"):
        raise wrong(media.at, "height must be set.")
    where = media.inner("contentInfo")
    where.knows("fileUrl", "thumbnailUrl", "forceRefresh")
    url, small = where.text("fileUrl", 2048, needed=True), where.text("thumbnailUrl", 2048)
    # Nothing tells the type: Google fetches the file and sees.
    kind = media.files.get(url) or mimetypes.guess_type(urlsplit(url).path)[0] or "image/jpeg"
    return Media(url, kind, cast("Height", height.lower()), small)


def _tap(tap: _Reader) -> Tap:
    tap.knows("reply", "action")
    if tap.only("reply", "action") == "reply":
        reply = tap.inner("reply")
        reply.knows("text", "postbackData")
        return Answer(*_label(reply))
    action = tap.inner("action")
    action.knows("text", "postbackData", "fallbackUrl", *_ACTIONS)
    kind = action.only(*_ACTIONS)
    return _ACTIONS[kind](action.inner(kind), *_label(action))


def _label(tap: _Reader) -> tuple[str, str]:
    return tap.text("text", 25, needed=True), tap.text("postbackData", 2048)


def _open(action: _Reader, text: str, postback: str) -> Tap:
    action.knows("url", "application", "webviewViewMode", "description")
    return OpenUrl(text, postback, action.text("url", 2048, needed=True))


def _dial(action: _Reader, text: str, postback: str) -> Tap:
    action.knows("phoneNumber")
    number = action.text("phoneNumber", 20, needed=True)
    if not _DIAL.fullmatch(number):
        raise wrong(action.at, "Only digits, +, * and # are dialled.")
    return Dial(text, postback, number)


def _place(action: _Reader, text: str, postback: str) -> Tap:
    action.knows("latLong", "label", "query")
    where = action.inner("latLong")
    where.knows("latitude", "longitude")
    north, east = where.form.get("latitude"), where.form.get("longitude")
    if not isinstance(north, int | float) or not isinstance(east, int | float):
        raise wrong(where.at, "latitude and longitude must be numbers.")
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise wrong(where.at, "There is no such place.")
    return ShowPlace(text, postback, north, east, action.text("label", 100))


def _appointment(action: _Reader, text: str, postback: str) -> Tap:
    action.knows("startTime", "endTime", "title", "description")
    starts, ends = (action.text(name, 40, needed=True) for name in ("startTime", "endTime"))
    for stated in (starts, ends):
        try:
            known = datetime.fromisoformat(stated).tzinfo is not None
        except ValueError:
            known = False
        if not known:
            raise wrong(action.at, "Times must be in RFC 3339.")
    title = action.text("title", 100, needed=True)
    return AddToCalendar(text, postback, title, starts, ends, action.text("description", 500))


_ACTIONS: Mapping[str, Callable[[_Reader, str, str], Tap]] = {
    "openUrlAction": _open,
    "dialAction": _dial,
    "viewLocationAction": _place,
    "createCalendarEventAction": _appointment,
}
