"""What the pages of people call things: standings, sources, what a file's line lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from hub.store.consent import Standing
from hub.store.database import Row
from hub.store.people_list import DEAD_AFTER
from hub.web.pages import written
from hub.web.pages.visits import Visit


@dataclass(frozen=True)
class Badge:
    """A state as word, icon and colour; `sentence` says it whole."""

    words: str
    icon: str
    tone: str
    sentence: str = ""


_STANDINGS: Mapping[str, tuple[Any, str, str]] = {
    "agreed": (lazy_gettext("Agreed"), "circle-check", "good"),
    "refused": (lazy_gettext("Said no"), "x", "bad"),
    "never": (lazy_gettext("Never asked"), "circle-dashed", "still"),
    "stopped": (lazy_gettext("Sent STOP"), "hand-stop", "bad"),
    "blocked": (lazy_gettext("Number blocked"), "ban", "bad"),
}
VERDICTS: Mapping[str, tuple[Any, str, str]] = {
    "granted": (lazy_gettext("Agreed to marketing"), "circle-check", "done"),
    "withdrawn": (lazy_gettext("Said no to marketing"), "x", "stopped"),
    "stopped": (lazy_gettext("Said STOP"), "hand-stop", "stopped"),
    "resumed": (lazy_gettext("Said START"), "circle-check", "done"),
}
_SOURCES: Mapping[str, Any] = {
    "reply": lazy_gettext("their answer to a message"),
    "carrier": lazy_gettext("the carrier"),
    "file": lazy_gettext("an imported file"),
}
WHY_BAD: Mapping[str, Any] = {
    "no_phone": lazy_gettext("The line has no phone number."),
    "bad_phone": lazy_gettext(
        "The phone number cannot be one. Write it with its country code, as in +33 6 39 98 00 01."
    ),
    "landline": lazy_gettext("The number is a landline, and text messages go to mobiles."),
    "twice": lazy_gettext("The same number stands further up in the file."),
    "bad_consent": lazy_gettext("The consent is neither yes nor no. Write yes, no, or nothing."),
    "bad_date": lazy_gettext(
        "The day of the consent is no day in the past. Write it as in 2026-05-31."
    ),
}
UNREADABLE: Mapping[str, Any] = {
    "none": lazy_gettext("No file came. Choose one, and upload it."),
    "empty": lazy_gettext("The file is empty. Choose the one that holds your people."),
    "alone": lazy_gettext(
        "The file has one line only. Its first line names the columns, and a person stands on "
        "each line below it."
    ),
    "many": lazy_gettext(
        "The file has more than 20,000 lines. Split it, and bring in one part after the other."
    ),
    "wide": lazy_gettext("The file has more than 60 columns. Take out those that are not needed."),
    "broken": lazy_gettext(
        "The file cannot be opened: it may be damaged, or locked by a password. Save it once more "
        "as CSV or XLSX, and try again."
    ),
    "large": lazy_gettext(
        "The workbook grows too large when it is opened. Keep the sheet with your people alone."
    ),
    "text": lazy_gettext(
        "This is neither a CSV file nor an XLSX workbook. Save your sheet as one of them."
    ),
}


def standing_words(name: str) -> Badge:
    """Where somebody stands, for a list."""
    words, icon, tone = _STANDINGS[name]
    return Badge(str(words), icon, tone)


def source_of(visit: Visit, source: str) -> str:
    """Where a word of consent comes from: a connector by its title, else as it was written."""
    connector = visit.ground.connectors.get(source)
    if connector is not None:
        return str(connector.title)
    return str(_SOURCES.get(source, source))


def marketing_of(visit: Visit, person: Row, standing: Standing) -> Badge:
    """Whether offers may be written to them, and why not."""
    word = standing.stop or standing.marketing
    said = {"day": written.day(word.at), "source": source_of(visit, word.source)} if word else {}
    no = gettext("No")
    if person["failures"] >= DEAD_AFTER:
        return blocked_of(person)
    if standing.stop is not None:
        words = gettext(
            "They said STOP on %(day)s (%(source)s). Only they can undo it, by writing START.",
            **said,
        )
        return Badge(no, "hand-stop", "bad", words)
    if standing.marketing is None:
        words = gettext("They were never asked. Ask at checkout, or note here where they agreed.")
        return Badge(no, "circle-dashed", "still", words)
    if standing.marketing.verdict == "withdrawn":
        words = gettext("They said no on %(day)s (%(source)s).", **said)
        return Badge(no, "x", "bad", words)
    words = gettext("They agreed on %(day)s (%(source)s).", **said)
    return Badge(gettext("Yes"), "circle-check", "good", words)


def transactional_of(person: Row, standing: Standing) -> Badge:
    """Whether messages about their orders and bookings may go."""
    if person["failures"] >= DEAD_AFTER:
        return blocked_of(person)
    if standing.stop is not None and standing.stop.source == "carrier":
        words = gettext("Their carrier ends every message after a STOP.")
        return Badge(gettext("No"), "hand-stop", "bad", words)
    if standing.stop is not None:
        words = gettext("A STOP ends offers, not messages about an order or a booking.")
        return Badge(gettext("Yes"), "circle-check", "good", words)
    words = gettext("A message about an order or a booking needs no consent.")
    return Badge(gettext("Yes"), "circle-check", "good", words)


def blocked_of(person: Row) -> Badge:
    """A number that carriers call none."""
    words = gettext(
        "Carriers said %(count)s times that this number does not exist.", count=person["failures"]
    )
    return Badge(gettext("No"), "ban", "bad", words)
