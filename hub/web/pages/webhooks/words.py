"""What events and the states of endpoints and deliveries are called."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext, ngettext

from hub.store import tellings
from hub.store.database import Row
from hub.web.pages.states import State

TYPES: dict[str, Any] = {
    "message.sent": lazy_gettext("A message was sent"),
    "message.delivered": lazy_gettext("A message was delivered"),
    "message.read": lazy_gettext("A message was read (RCS only)"),
    "message.failed": lazy_gettext("A message failed or expired"),
    "message.skipped": lazy_gettext("A message was not sent, by a rule"),
    "message.clicked": lazy_gettext("A link was opened"),
    "message.replied": lazy_gettext("Somebody replied"),
    "message.bought": lazy_gettext("An order came from a message"),
    "person.opted_out": lazy_gettext("Somebody opted out"),
    "person.opted_in": lazy_gettext("Somebody agreed to messages"),
    "booking.confirmed": lazy_gettext("A booking was confirmed"),
    "booking.declined": lazy_gettext("A booking was declined"),
    "booking.postponed": lazy_gettext("Another time was asked for"),
    "connection.attention": lazy_gettext("A connection needs somebody"),
    "connection.recovered": lazy_gettext("A connection works again"),
}
GROUPS = (
    (lazy_gettext("Messages"), tuple(t for t in tellings.TYPES if t.startswith("message."))),
    (lazy_gettext("People"), tuple(t for t in tellings.TYPES if t.startswith("person."))),
    (lazy_gettext("Bookings"), tuple(t for t in tellings.TYPES if t.startswith("booking."))),
    (lazy_gettext("Connections"), tuple(t for t in tellings.TYPES if t.startswith("connection."))),
)
DELIVERIES = {
    "new": State(lazy_gettext("Waiting"), "clock", "waits"),
    "retried": State(lazy_gettext("Will be tried again"), "refresh", "waits"),
    "done": State(lazy_gettext("Taken"), "check", "good"),
    "dead": State(lazy_gettext("Given up"), "alert-triangle", "bad"),
    "erased": State(lazy_gettext("Erased"), "ban", "still"),
}
ENDPOINTS = {
    "on": State(lazy_gettext("Works"), "circle-check", "good"),
    "young": State(lazy_gettext("Nothing told yet"), "circle-dashed", "still"),
    "failing": State(lazy_gettext("Takes nothing"), "alert-triangle", "bad"),
    "paused": State(lazy_gettext("Paused"), "player-pause", "waits"),
    "off": State(lazy_gettext("Switched off"), "ban", "bad"),
}
# How far back deliveries that were given up are sent again.
SPANS = {"1": timedelta(days=1), "7": timedelta(days=7), "30": timedelta(days=30)}
SPAN_WORDS = [
    ("1", lazy_gettext("of the last day")),
    ("7", lazy_gettext("of the last 7 days")),
    ("30", lazy_gettext("of the last 30 days")),
]


def name_of(type: str) -> Any:
    """What an event is called."""
    return TYPES.get(type) or lazy_gettext("A test")


def state_of_endpoint(endpoint: Row) -> State:
    """How an endpoint stands."""
    if endpoint["state"] != "on":
        return ENDPOINTS[endpoint["state"]]
    if endpoint["failing_since"] is not None:
        return ENDPOINTS["failing"]
    return ENDPOINTS["on" if endpoint["told_at"] else "young"]


def state_of_delivery(delivery: Row) -> State:
    """How a delivery stands."""
    if delivery["words"] == "erased":
        return DELIVERIES["erased"]
    tried = delivery["state"] == "new" and delivery["called_at"] is not None
    return DELIVERIES["retried" if tried else delivery["state"]]


def sent_again(many: int) -> str:
    """What is said after all that were given up go again."""
    return str(
        ngettext(
            "%(num)s delivery goes again.",
            "%(num)s deliveries go again.",
            many,
        )
        if many
        else lazy_gettext("Nothing was given up in that time.")
    )


def since_of(span: str, now: datetime) -> datetime:
    """The instant that a choice of SPANS stands for."""
    return now - SPANS.get(span, SPANS["1"])
