"""What the page of figures calls things: rates with their formulas, stages, money, periods."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_date
from babel.numbers import format_percent
from flask_babel import get_locale, gettext, lazy_gettext

from hub.report.figures.rates import FLOOR, Rate
from hub.report.figures.reading import Seats
from hub.web.pages import states, written
from hub.web.pages.messages.words import REASONS


class Said(NamedTuple):
    """A figure's name and how it is worked out."""

    name: Any
    formula: Any


RATES: Mapping[str, Said] = {
    "delivery": Said(
        lazy_gettext("Delivery rate"),
        lazy_gettext("messages delivered ÷ messages sent"),
    ),
    "read": Said(
        lazy_gettext("Read rate"),
        lazy_gettext("RCS messages read ÷ RCS messages delivered"),
    ),
    "click": Said(
        lazy_gettext("Click rate"),
        lazy_gettext("messages of which a person opened a link ÷ messages delivered"),
    ),
    "click_read": Said(
        lazy_gettext("Click rate of RCS messages read"),
        lazy_gettext("RCS messages of which a person opened a link ÷ RCS messages read"),
    ),
    "reply": Said(
        lazy_gettext("Reply rate"),
        lazy_gettext("messages that were answered ÷ messages delivered"),
    ),
    "conversion": Said(
        lazy_gettext("Conversion rate"),
        lazy_gettext("messages that brought an order ÷ messages delivered"),
    ),
    "opt_out": Said(
        lazy_gettext("Opt-out rate"),
        lazy_gettext("messages that were answered with STOP ÷ messages delivered"),
    ),
}
NOT_MEASURED: Mapping[str, Any] = {
    "read": lazy_gettext("Not measurable: an SMS does not tell whether it was read."),
    "click_read": lazy_gettext("Not measurable: no RCS message was read."),
}
FEW = lazy_gettext("Too few to say: fewer than %(least)s.", least=FLOOR)
UNEVEN = lazy_gettext("Not measurable: the carrier confirmed fewer deliveries than there were.")
MONEY: Mapping[str, Said] = {
    "cost": Said(
        lazy_gettext("Cost"),
        lazy_gettext("what the carriers charge for every attempt of these messages"),
    ),
    "revenue": Said(
        lazy_gettext("Revenue brought"),
        lazy_gettext("orders put down to these messages, each order once"),
    ),
    "roi": Said(
        lazy_gettext("Return (ROI)"),
        lazy_gettext("(revenue − cost) ÷ cost"),
    ),
    "per_message": Said(
        lazy_gettext("Revenue per message (RPM)"),
        lazy_gettext("revenue ÷ messages delivered"),
    ),
    "per_order": Said(
        lazy_gettext("Cost per order"),
        lazy_gettext("cost ÷ orders brought"),
    ),
    "basket": Said(
        lazy_gettext("Average order"),
        lazy_gettext("revenue ÷ orders brought"),
    ),
}
HOW: Mapping[str, Any] = {
    "code": lazy_gettext("Its discount code was used"),
    "click": lazy_gettext("Its link was opened in the seven days before"),
    "cart": lazy_gettext("It was about this very cart, in the seven days before"),
}
PERIODS: Mapping[str, Any] = {
    "7": lazy_gettext("7 days"),
    "30": lazy_gettext("30 days"),
    "90": lazy_gettext("90 days"),
    "month": lazy_gettext("This month"),
    "custom": lazy_gettext("Chosen days"),
}
PARTS: Mapping[str, Any] = {
    "automation": lazy_gettext("By automation"),
    "template": lazy_gettext("By template"),
    "channel": lazy_gettext("By channel"),
}
NAMELESS: Mapping[str, Any] = {
    "automation": lazy_gettext("Without an automation"),
    "template": lazy_gettext("Without a template"),
    "channel": lazy_gettext("No channel yet"),
}
_SMALL = 0.02
CHANNELS = {"sms": "SMS", "rcs": "RCS"}
_STILL: Mapping[str, Any] = {
    "sent": lazy_gettext("No word from the carrier yet"),
    "scheduled": lazy_gettext("Still to go"),
    "held": lazy_gettext("Held until it is allowed"),
}


def reason_words(state: str, reason: str) -> str:
    """Why some went no further, in a few words; a carrier's own code stays as it is."""
    if state in _STILL and reason not in REASONS:
        return str(_STILL[state])
    if reason in REASONS:
        return str(REASONS[reason])
    words = str(states.state_of(state).words) if state else ""
    return f"{words}: {reason}" if words and reason else words or reason


def share_words(share: float) -> str:
    """A share in percent; small ones, as those who leave are, with two decimals."""
    if abs(share) >= _SMALL:
        return written.percent(share)
    usual = get_locale().percent_formats[None].pattern
    return str(format_percent(share, usual.replace("##0", "##0.##"), get_locale()))


def date_words(day: date) -> str:
    """«9 Jun 2026» as the reader writes it."""
    return str(format_date(day, "d MMM y", locale=get_locale()))


def part_words(part: str, name: str) -> str:
    """A part's name as a page shows it."""
    if part == "channel":
        return CHANNELS.get(name, name) or str(NAMELESS[part])
    return name or str(NAMELESS[part])


def seat_rates(seats: Seats) -> list[tuple[str, str, Rate]]:
    """Each rate of bookings with its name and its formula."""
    return [
        (gettext("Confirmation rate"),
         gettext("bookings confirmed by an answer ÷ bookings that begin in these days"),
         Rate(seats.confirmed, seats.all)),
        (gettext("Postponement rate"),
         gettext("bookings whose person asked for another date ÷ bookings that begin in these "
                 "days"),
         Rate(seats.moved, seats.all)),
        (gettext("Freed in time"),
         gettext("bookings cancelled or declined before they began ÷ bookings that begin in these "
                 "days"),
         Rate(seats.freed, seats.all)),
    ]  # fmt: skip
