"""Where a booking's phone stands: an event has no field for one, so the merchant says where."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape

from hub.contract import NotAPhone, Phone

from .documents import Row, private, row, rows, text

PLACES = (
    ("description", "A line of the description, such as «Tel: 06 39 98 01 23»"),
    ("location", "The place"),
    ("summary", "The title"),
    ("property", "A private property that your booking tool writes"),
    ("attendee", "The guest's e-mail address, looked up among your people"),
)
ORDER = "description,location,property,attendee"
LABELS = "tel,phone,mobile,téléphone,telefono,telefon,handy"

_LONGEST = 20_000
_BREAKS = re.compile(r"(?i)<\s*(?:br|/p|/div|/li|/tr|p|div|li)\b[^<>]{0,200}>")
_TAGS = re.compile(r"<[^<>]{0,1000}>")
_DIALLED = re.compile(r"(?i)href\s*=\s*[\"']?tel:([+0-9().%\-]{6,40})")
_NUMBER = r"(\+?\(?\d[\d\s().\-/\u00a0\u2009\u202f]{4,26}\d)"
_BARE = re.compile(rf"(?<![\w+]){_NUMBER}(?!\w)")


def find(event: Row, settings: Mapping[str, str]) -> tuple[str, str]:
    """Which place has the phone, and the phone as it is written there; empty where none has.

    The place "attendee" comes with an empty phone: the guest's address is to be looked up.
    """
    for place in places(settings):
        if place == "attendee":
            if text(guest(event).get("email")):
                return place, ""
        else:
            phone = _in(place, event, settings)
            if phone:
                return place, phone
    return "", ""


def places(settings: Mapping[str, str]) -> list[str]:
    """The places that are looked at, in their order."""
    chosen = (settings.get("phone_from") or ORDER).replace(" ", "").split(",")
    return [place for place in chosen if place]


def guest(event: Row) -> Row:
    """The first person invited who is neither the calendar itself nor a room; may be empty."""
    for one in rows(event.get("attendees")):
        if not any(one.get(what) is True for what in ("self", "organizer", "resource")):
            return one
    return {}


def plain(description: str) -> str:
    """A description as the lines a person reads; it may be HTML."""
    if "<" not in description:
        return unescape(description)
    dialled = "".join(f"\ntel: {number}" for number in _DIALLED.findall(description))
    return unescape(_TAGS.sub("", _BREAKS.sub("\n", description))) + dialled


def _in(place: str, event: Row, settings: Mapping[str, str]) -> str:
    match place:
        case "property":
            shared = row(row(event.get("extendedProperties")).get("shared"))
            name = settings.get("phone_property") or "phone"
            return private(event).get(name) or text(shared.get(name), 64)
        case "description":
            return _labelled(plain(text(event.get("description"), _LONGEST)), settings)
        case "location" | "summary":
            said = text(event.get(place), 1000)
            return _labelled(said, settings) or _bare(said, settings)
    return ""


def _labelled(said: str, settings: Mapping[str, str]) -> str:
    pattern = _label(settings.get("phone_label") or LABELS)
    for line in said.splitlines():
        found = pattern.search(_without_accents(line[:500]))
        if found:
            return found[1].strip()
    return ""


@lru_cache(maxsize=256)
def _label(labels: str) -> re.Pattern[str]:
    named = _without_accents(labels[:1000]).split(",")
    words = [re.escape(word.strip()) for word in named if word.strip()] or ["tel"]
    # «Tél. portable : 06…», «Phone number 06…»: some words may stand between label and number.
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(words)})(?!\w)[^\d+:=(]{{0,30}}[:=]?\s*{_NUMBER}")


def _without_accents(said: str) -> str:
    # Staff writes «Tél», «tel» and «TÉL» for the same.
    parts = unicodedata.normalize("NFKD", said)
    return "".join(c for c in parts if not unicodedata.combining(c))


def _bare(said: str, settings: Mapping[str, str]) -> str:
    """A number without a label counts only where it is a phone: places have postcodes too."""
    country = settings.get("country", "")
    return next((raw for raw in _numbers(said) if _is_phone(raw, country)), "")


def _numbers(said: str) -> Iterator[str]:
    for found in _BARE.finditer(said):
        yield found[1].strip()


def _is_phone(raw: str, country: str) -> bool:
    try:
        Phone.parse(raw, country)
    except NotAPhone:
        return False
    return True
