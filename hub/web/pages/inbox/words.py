"""What the inbox calls things: what a keyword did, which tab shows what."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from hub.store.database import Row
from hub.web.pages import written
from hub.web.pages.states import State

TABS: dict[str, Any] = {
    "needs": lazy_gettext("Needs an answer"),
    "mine": lazy_gettext("Assigned to me"),
    "done": lazy_gettext("Done"),
    "all": lazy_gettext("All"),
}
_ANSWERS = {
    "confirmed": lazy_gettext("Confirmed «%(title)s», %(time)s"),
    "declined": lazy_gettext("Will not come to «%(title)s», %(time)s"),
    "postponed": lazy_gettext("Wants another slot for «%(title)s», %(time)s"),
}
_KEYWORDS: dict[str, State] = {
    "stop": State(lazy_gettext("STOP understood: no more marketing"), "hand-stop", "bad"),
    "start": State(lazy_gettext("START understood: marketing may go again"), "check", "good"),
    "yes": State(lazy_gettext("Understood as yes"), "check", "good"),
    "no": State(lazy_gettext("Understood as no"), "x", "still"),
    "report": State(lazy_gettext("Understood as: another slot"), "calendar", "waits"),
}
_NO_KEYWORD = State(lazy_gettext("No keyword"), "message-reply", "still")
_ICONS = {
    "confirmed": ("calendar-check", "good"),
    "declined": ("calendar-x", "bad"),
    "postponed": ("calendar", "waits"),
}


def did(reply: Row) -> State:
    """What the hub made of a reply: what it did to a booking, else how it was understood."""
    if reply["answer"]:
        words = str(_ANSWERS[reply["answer"]]) % {
            "title": reply["title"] or gettext("a booking"),
            "time": written.moment(reply["starts_at"]),
        }
        return State(words, *_ICONS[reply["answer"]])
    return _KEYWORDS.get(reply["keyword"], _NO_KEYWORD)


def said(reply: Row, body: str) -> str:
    """Its words; what there is to read where they were forgotten."""
    return body or str(gettext("(words that were forgotten)"))
