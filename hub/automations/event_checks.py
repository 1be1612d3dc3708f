"""Checks about the automation and the event: switched on, fresh, conditions, once, cancelled."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from hub.automations.answers import no, yes
from hub.automations.bookings import slot_of
from hub.automations.conditions import evaluate
from hub.automations.document import Automation
from hub.automations.facts import Check, EventSeen, Facts, person_key
from hub.automations.windows import zone_of
from hub.automations.wording import duration, happening, listed, moment
from hub.contract.events import UPCOMING

_OFF = {
    "paused": "Not sent: this automation is paused. Switch it on and later events are answered.",
    "draft": "Not sent: this automation is a draft. Switch it on and later events are answered.",
    "test": "Not sent: this automation is being tested and this number is not on the test list. "
    "Add the number to the list, or switch the automation on.",
}


def once_key(automation: Automation, event: EventSeen, person: str, step: int = 0) -> str:
    """What one automation must not answer twice; `person` is a stable id, or a phone to digest.
    A reminder's ends with «#» and the name of its step.

    Keys of a vendor's record begin with the connection: two shops may both have "order:12".
    """
    match automation.once_per:
        case "person" if person:
            return f"person:{person_key(person)}"
        case "subject":
            own = event.subject
        case "cart":
            own = event.cart or event.subject
        case "status":
            own = f"{event.subject}:{event.data.get('status', '')}"
        case "slot":
            own = slot_of(event)
            if automation.event == UPCOMING:
                own = f"{own}#{automation.delay.key(step)}"
        case "series" if event.data.get("series"):
            # Whoever books, moves or cancels a whole series does it to every occurrence at once.
            own = f"{event.data['series']}@{event.occurred_at.isoformat()}"
        case _:
            own = event.key
    return f"{event.connection}/{own}" if event.connection else own


_LIVE = yes("Is the automation switched on?", "live", "It is switched on.", check="live")


def check_live(automation: Automation, facts: Facts) -> Check:
    """Whether the automation is on, for this person."""
    asked, state = _LIVE.asked, facts.automation_state
    if state == "live":
        return _LIVE
    tester = facts.person is not None and facts.person.tester
    if state == "test" and tester:
        return yes(asked, state, "The number is on the test list.", check="live")
    return no("paused", asked, state, _OFF.get(state, _OFF["paused"]), check="live")


def check_fresh(automation: Automation, facts: Facts) -> Check:
    """Whether the event happened since the automation went live, and was not received too late."""
    event, since = facts.event, facts.automation_live_since
    asked, zone = "Is the event recent?", zone_of(facts.window)
    if automation.event == UPCOMING:
        words = "A reminder looks ahead: how old the news is does not matter."
        return yes(asked, "not needed", words, check="stale")
    seen = moment(event.occurred_at, zone)
    data = {"check": "stale", "occurred_at": event.occurred_at.isoformat()}
    if since is not None and event.occurred_at < since:
        words = (
            f"Not sent: it happened {seen}, before this automation was switched on "
            f"({moment(since, zone)}). Only later events are answered."
        )
        return no("stale", asked, seen, words, **data)
    age = event.received_at - event.occurred_at
    if age > timedelta(hours=facts.max_age_hours):
        words = (
            f"Not sent: it happened {duration(age)} before it reached Relais, and "
            f"{duration(facts.max_age_hours * 60)} is the most. "
            "Check why the shop or CRM sends its events late."
        )
        return no("stale", asked, seen, words, **data)
    return yes(asked, seen, f"It happened {seen}.", **data)


def check_conditions(automation: Automation, facts: Facts) -> Iterator[Check]:
    """One check per condition, in their order."""
    values = values_of(facts)
    for condition in automation.conditions:
        yield evaluate(condition, values, facts.now)


def values_of(facts: Facts) -> Mapping[str, Any]:
    """The values conditions may ask about: the event's, the booking's, the person's own."""
    person = facts.person
    moved = {"moved": facts.booking.moved} if facts.booking else {}
    if person is None:
        return {**moved, **facts.event.data}
    own = {
        **moved,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "country": person.country,
        "language": person.language,
    }
    return {**own, **facts.event.data}


def check_once(automation: Automation, facts: Facts) -> Check:
    """Whether this was answered before; with `restart`, and for reminders, a newer event replaces
    a message that waits."""
    asked, per = f"Is it the first for this {automation.once_per}?", automation.once_per
    data = {"check": "already"}
    if not facts.already:
        return yes(asked, "first", f"Nothing was sent for this {per} yet.", **data)
    if replaces(automation, facts):
        words = f"A message for this {per} still waits; this newer event takes its place."
        return yes(asked, "one waits", words, **data)
    words = f"Not sent: this automation has already answered this {per}, and it does so once."
    return no("already", asked, "answered before", words, **data)


def replaces(automation: Automation, facts: Facts) -> bool:
    """Whether this event takes the place of the message that waits under the same key."""
    waiting = facts.waiting
    if waiting is None or not facts.already:
        return False
    if automation.event == UPCOMING:  # only the newest event of a booking comes this far
        return True
    return automation.restart and facts.event.occurred_at > waiting


_STILL = yes(
    "Did something make it needless?", "nothing", "Nothing has made it needless.", check="cancelled"
)


def check_cancelled(automation: Automation, facts: Facts) -> Check:
    """Whether an event that cancels it has come meanwhile."""
    asked, by = _STILL.asked, facts.cancelled_by
    if not by:
        return _STILL
    words = f"Not sent: {happening(by)} meanwhile, so this message is no longer needed."
    return no("cancelled", asked, by, words, check="cancelled", event=by)


def check_template(automation: Automation, facts: Facts) -> Check:
    """Whether the template exists and is published."""
    asked, name = "Is the template there?", automation.template
    if facts.template_known:
        return yes(asked, name, f"The template «{name}» is used.", check="no_template")
    there = f" There are {listed(f'«{t}»' for t in facts.templates)}." if facts.templates else ""
    words = (
        f"Not sent: there is no published template «{name}». Publish it, or choose another.{there}"
    )
    return no("no_template", asked, name, words, check="no_template")
