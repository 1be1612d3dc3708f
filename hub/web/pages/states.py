"""What a state is called, which drawing and which colour it has: never the colour alone."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext


class State(NamedTuple):
    """A word, the name of an icon, and a colour: good, waits, bad or still."""

    words: Any
    icon: str
    tone: str


STATES = {
    "scheduled": State(lazy_gettext("Scheduled"), "clock", "waits"),
    "held": State(lazy_gettext("Held until it is allowed"), "clock", "waits"),
    "sending": State(lazy_gettext("Being sent"), "send", "waits"),
    "sent": State(lazy_gettext("Sent"), "send", "good"),
    "delivered": State(lazy_gettext("Delivered"), "check", "good"),
    "read": State(lazy_gettext("Read"), "eye", "good"),
    "skipped": State(lazy_gettext("Not sent"), "ban", "still"),
    "cancelled": State(lazy_gettext("Cancelled"), "x", "still"),
    "failed": State(lazy_gettext("Failed"), "alert-triangle", "bad"),
    "expired": State(lazy_gettext("Expired"), "history", "bad"),
    "uncertain": State(lazy_gettext("Uncertain"), "help", "waits"),
    "waiting": State(lazy_gettext("Waiting"), "clock", "waits"),
    "ignored": State(lazy_gettext("Ignored"), "ban", "still"),
    "bad": State(lazy_gettext("Not readable"), "alert-triangle", "bad"),
    "dead": State(lazy_gettext("Given up"), "alert-triangle", "bad"),
}
STATIONS = {
    "arrived": lazy_gettext("Arrived"),
    "understood": lazy_gettext("Understood"),
    "decided": lazy_gettext("Decided"),
    "written": lazy_gettext("Written"),
    "sent": lazy_gettext("Sent"),
    "delivered": lazy_gettext("Delivered"),
    "instead": lazy_gettext("By SMS instead"),
    "clicked": lazy_gettext("Clicked"),
    "replied": lazy_gettext("Replied"),
    "bought": lazy_gettext("Bought"),
    "told": lazy_gettext("The CRM told"),
}
STANDINGS = {
    "done": State(lazy_gettext("done"), "circle-check", "good"),
    "waiting": State(lazy_gettext("waiting"), "clock", "waits"),
    "stopped": State(lazy_gettext("stopped"), "alert-triangle", "bad"),
    "ahead": State(lazy_gettext("ahead"), "circle-dashed", "still"),
}
ROLES = {
    "owner": lazy_gettext("Owner"),
    "admin": lazy_gettext("Admin"),
    "editor": lazy_gettext("Editor"),
    "viewer": lazy_gettext("Viewer"),
}


def state_of(name: str) -> State:
    """A message's state, an event's, an intake's."""
    return STATES.get(name) or State(name, "info-circle", "still")
