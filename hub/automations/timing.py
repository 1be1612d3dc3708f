"""When a message is due, whether hours are open then, and whether it would come too late."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from hub.automations.answers import no, wait, yes
from hub.automations.bookings import clock_of, instant_of, must_precede
from hub.automations.closures import why_closed
from hub.automations.document import Automation
from hub.automations.facts import Check, Facts
from hub.automations.hours import Window, next_open_in, zone_of
from hub.automations.preferring import preferred_slot
from hub.automations.wording import duration, listed, moment
from hub.automations.zones import zones_of

_ANY_TIME = yes(
    "Are sending hours open then?",
    "not needed",
    "Order and booking messages do not wait for sending hours.",
    check="window",
)


def planned_at(automation: Automation, facts: Facts) -> datetime | None:
    """The moment (UTC) the automation means the message to leave; None where its date is missing.

    An event dated after its receipt (a vendor's clock ahead of ours) counts from its receipt.
    """
    delay, event = automation.delay, facts.event
    anchor: datetime | None = min(event.occurred_at, event.received_at)
    if delay.anchor != "occurred_at":
        anchor = instant_of(event.data.get(delay.anchor))
    if anchor is None or not 1970 <= anchor.year <= 2200:
        return None
    return delay.plan[facts.step].from_anchor(anchor, clock_of(facts), delay.before)


def hours_for(automation: Automation, facts: Facts) -> Window | None:
    """The sending hours of this kind of message; None where it may leave at any time."""
    return facts.window if automation.marketing else facts.transactional_window


def goes_at(automation: Automation, facts: Facts, planned: datetime) -> datetime | None:
    """The first instant (UTC) from now on, not before the planned one, with hours open, at the
    preferred hour where that comes in time; None where hours never open for this person."""
    window, aimed = hours_for(automation, facts), _aimed_at(automation, facts, planned)
    return aimed if window is None else next_open_in(window, aimed, zones_of(facts))


def leaves_now(automation: Automation, facts: Facts) -> bool:
    """Whether all of the checks below say yes, and it leaves at this very moment. To know that is
    much less work than to say it in words."""
    planned = planned_at(automation, facts)
    if planned is None or must_precede(automation, facts) is not None:
        return False
    in_time = facts.now - planned <= timedelta(minutes=automation.drop_after_minutes)
    return in_time and goes_at(automation, facts, planned) == facts.now


def leaves_at(automation: Automation, facts: Facts) -> datetime:
    """When the message would leave, as far as it is known before the other checks."""
    planned = planned_at(automation, facts) or facts.now
    return goes_at(automation, facts, planned) or planned


def _aimed_at(automation: Automation, facts: Facts, planned: datetime) -> datetime:
    """The preferred hour, else the planned moment, else now where that has gone."""
    soonest = max(planned, facts.now).astimezone(UTC)
    if automation.preferred_hour is None or not automation.marketing:
        return soonest
    latest = planned + timedelta(minutes=automation.drop_after_minutes)
    start = must_precede(automation, facts)
    latest = min(latest, start - timedelta(seconds=1)) if start else latest
    slot = preferred_slot(facts.window, automation.preferred_hour, soonest, latest, zones_of(facts))
    return slot or soonest


def check_due(automation: Automation, facts: Facts, planned: datetime | None) -> Check:
    """Says when the message is due."""
    asked = "When is it due?"
    delay = automation.delay
    if planned is None:
        return no(
            "conditions",
            asked,
            f"no {delay.anchor}",
            f"Not sent: the event has no «{delay.anchor}» to count from. "
            f"Fill that date in, or let the delay count from another one.",
            check="due",
        )
    when = moment(planned, clock_of(facts))
    step = delay.plan[facts.step]
    side = "before" if delay.before else "after"
    anchor = "it happened" if delay.anchor == "occurred_at" else f"«{delay.anchor}»"
    said = f"{step} {side} {anchor}" if step.minutes or step.days is not None else f"when {anchor}"
    return yes(asked, when, f"It is due {when} ({said}).", check="due", at=planned.isoformat())


def check_preferred(automation: Automation, facts: Facts) -> Iterator[Check]:
    """Says whether it waits for the preferred hour; nothing where there is none."""
    hour, asked = automation.preferred_hour, "Is there an hour it prefers?"
    if hour is None or not automation.marketing:
        return
    planned = planned_at(automation, facts) or facts.now
    aimed, zone = _aimed_at(automation, facts, planned), _zone(facts)
    seen, data = f"{hour:02}:00", {"check": "preferred", "hour": hour}
    if aimed.astimezone(zone).hour == hour:
        words = f"It goes at the hour that is preferred: {moment(aimed, zone)}."
    else:
        words = f"No {seen} in sending hours comes before it would be too late; it does not wait."
    yield yes(asked, seen, words, **data)


def check_window(automation: Automation, facts: Facts, planned: datetime) -> Check:
    """Whether sending hours are open when it would leave; it waits or is dropped."""
    asked, window = "Are sending hours open then?", hours_for(automation, facts)
    if window is None:
        return _ANY_TIME
    aimed = _aimed_at(automation, facts, planned)
    closed = next(filter(None, (why_closed(window, aimed, zone) for zone in zones_of(facts))), "")
    if not closed:
        return yes(asked, "open", "Sending hours are open then.", check="window")
    goes = goes_at(automation, facts, planned)
    data = {"check": "window", "asked_for": aimed.isoformat()}
    if goes is None:
        return no("window", asked, closed, _never(facts), **data)
    data["open_at"] = goes.isoformat()
    if automation.window == "drop":
        advice = "To let such messages wait for sending hours, choose «wait» in the automation."
        return no("window", asked, closed, f"Not sent: {_inside(closed)} {advice}", **data)
    when = moment(goes, _zone(facts))
    return wait(asked, closed, f"Waits until {when}: {_inside(closed)}", **data)


def _never(facts: Facts) -> str:
    return (
        f"Not sent: {listed(zones_of(facts), 'and')} have no sending hours in common, and the "
        "record and the number name both. Correct the time zone on the record."
    )


def check_lateness(automation: Automation, facts: Facts, planned: datetime) -> Check:
    """Whether it would leave too long after it was due, the wait for sending hours included."""
    asked = "Would it come too late?"
    leaves = goes_at(automation, facts, planned) or planned
    late = leaves - planned
    seen, most = f"{duration(late)} late", duration(automation.drop_after_minutes)
    data = {"check": "late", "late_seconds": round(late.total_seconds())}
    if late > timedelta(minutes=automation.drop_after_minutes):
        words = (
            f"Not sent: it would leave {duration(late)} after it was due, and this automation "
            f"drops what is more than {most} late. Allow more there if it is still worth sending."
        )
        return no("late", asked, seen, words, **data)
    start, when = must_precede(automation, facts), moment(leaves, clock_of(facts))
    if start is not None and leaves >= start:
        words = f"Not sent: it would leave {when}, and the booking has begun by then."
        return no("late", asked, "after the start", words, **data)
    lag = f", {duration(late)} after it was due" if late >= timedelta(minutes=1) else ""
    return yes(asked, seen, f"It leaves {when}{lag}.", **data)


def _zone(facts: Facts) -> tzinfo:
    return zone_of(facts.window, zones_of(facts)[0])


def _inside(sentence: str) -> str:
    """A sentence to follow a colon: «It is …» loses its capital, «Tuesday …» keeps it."""
    return "it" + sentence[2:] if sentence.startswith("It ") else sentence
