"""Bookings: what a message about one must still be true of, and the clock of its place."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from hub.automations.answers import no, yes
from hub.automations.document import Automation
from hub.automations.facts import BookingSeen, Check, EventSeen, Facts
from hub.automations.hours import zone_named
from hub.automations.windows import zone_of
from hub.automations.wording import moment
from hub.contract.events import UPCOMING

CANCELLED = "booking.cancelled"
_SAID = {"declined": "said no to this booking", "postponed": "asked for another slot"}


def about_booking(event: EventSeen) -> bool:
    """Whether an event tells of a booking."""
    return event.type.startswith("booking.")


def instant_of(value: Any) -> datetime | None:
    """An event's date as an instant (UTC); None where it is none, or no year people plan for."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    if instant.tzinfo is None or not 1970 <= instant.year <= 2200:  # strangers write these dates
        return None
    return instant.astimezone(UTC)


def slot_of(event: EventSeen) -> str:
    """The booking and the start that an event tells, as one text."""
    start = instant_of(event.data.get("starts_at"))
    return f"{event.subject}@{start:%Y-%m-%dT%H:%M:%SZ}" if start else f"{event.subject}@"


def clock_of(facts: Facts) -> tzinfo:
    """The zone in which a date of this event is said and counted: of a booking, the place's own
    where it is real; else the person's, the workspace's."""
    place = facts.event.data.get("zone") if about_booking(facts.event) else ""
    place = place or (facts.booking.zone if facts.booking else "")
    found = zone_named(place) if isinstance(place, str) else None
    own = facts.person.zone if facts.person else ""
    if found is None and about_booking(facts.event):
        found = zone_named(own) or zone_named(facts.zone)
    return found or zone_of(facts.window, own)


def starts_at(facts: Facts) -> datetime | None:
    """When the booking starts: as it stands, else as the event said."""
    if facts.booking is not None and facts.booking.starts_at is not None:
        return facts.booking.starts_at
    return instant_of(facts.event.data.get("starts_at"))


def must_precede(automation: Automation, facts: Facts) -> datetime | None:
    """The start that a message about a booking must leave before; None where it may follow it."""
    delay = automation.delay
    follows = not delay.before and delay.anchor != "occurred_at"
    return None if follows or not about_booking(facts.event) else starts_at(facts)


def check_present(automation: Automation, facts: Facts) -> Iterator[Check]:
    """Whether what the event said of a booking is still so; nothing for any other event."""
    if not about_booking(facts.event):
        return
    asked, zone = "Does the booking still stand so?", clock_of(facts)
    start = starts_at(facts)
    when = moment(start, zone) if start else "without a start"
    data = {"check": "present"}
    change = _change(facts, facts.booking, when) if facts.booking else None
    limit = must_precede(automation, facts)
    if change:
        yield no(change[0], asked, change[1], f"Not sent: {change[2]}", **data)
    elif limit is not None and facts.now >= limit:
        words = f"Not sent: the booking began {when}, and this message is for before."
        yield no("past", asked, "begun", words, **data)
    else:
        yield yes(asked, "yes", f"The booking stands as told: {when}.", **data)


def _change(facts: Facts, booking: BookingSeen, when: str) -> tuple[str, str, str] | None:
    """What became of the booking since the event: (reason, seen, words)."""
    if facts.event.type == CANCELLED:
        again = booking.state == "booked"
        return ("moved", "stands again", f"the booking stands again: {when}.") if again else None
    if booking.state == "cancelled":
        return "cancelled", "cancelled", "the booking was cancelled meanwhile."
    if booking.starts_at != instant_of(facts.event.data.get("starts_at")):
        return "moved", "moved", f"the booking was moved meanwhile. It stands now: {when}."
    if booking.answer in _SAID:
        words = f"the person {_SAID[booking.answer]}. Messages follow again once it is moved."
        return "answered", booking.answer, words
    return None


def check_newest(automation: Automation, facts: Facts) -> Iterator[Check]:
    """Whether the event is the newest of its booking: a reminder follows the newest alone."""
    if automation.event != UPCOMING or facts.booking is None:
        return
    asked = "Is it the newest word on this booking?"
    if facts.booking.newest:
        yield yes(asked, "yes", "Nothing newer is known of this booking.", check="newest")
        return
    words = "Not sent: a newer event tells of this booking, and reminders follow that one."
    yield no("outdated", asked, "a newer one is known", words, check="newest")
