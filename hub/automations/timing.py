"""When a message is due, whether hours are open then, and whether it would come too late."""

from datetime import UTC, datetime, timedelta

from hub.automations.answers import no, wait, yes
from hub.automations.bookings import clock_of, instant_of, must_precede
from hub.automations.document import Automation
from hub.automations.facts import Check, Facts
from hub.automations.windows import next_open, why_closed, zone_of
from hub.automations.wording import duration, moment


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


def goes_at(automation: Automation, facts: Facts, planned: datetime) -> datetime:
    """The first instant (UTC) from now on, not before the planned one, with hours open."""
    soonest = max(planned, facts.now).astimezone(UTC)
    return next_open(facts.window, soonest, _zone(facts)) if automation.marketing else soonest


def check_due(automation: Automation, facts: Facts) -> Check:
    """Says when the message is due."""
    asked = "When is it due?"
    planned = planned_at(automation, facts)
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


def check_window(automation: Automation, facts: Facts) -> Check:
    """Whether sending hours are open when it would leave; marketing waits or is dropped."""
    asked = "Are sending hours open then?"
    if not automation.marketing:
        words = "Order and booking messages do not wait for sending hours."
        return yes(asked, "not needed", words, check="window")
    planned = planned_at(automation, facts) or facts.now
    soonest = max(planned, facts.now)
    closed = why_closed(facts.window, soonest, _zone(facts))
    if not closed:
        return yes(asked, "open", "Sending hours are open then.", check="window")
    goes = goes_at(automation, facts, planned)
    data = {"check": "window", "asked_for": soonest.isoformat(), "open_at": goes.isoformat()}
    if automation.window == "drop":
        advice = "To let such messages wait for sending hours, choose «wait» in the automation."
        return no("window", asked, closed, f"Not sent: {_inside(closed)} {advice}", **data)
    when = moment(goes, zone_of(facts.window, _zone(facts)))
    return wait(asked, closed, f"Waits until {when}: {_inside(closed)}", **data)


def check_lateness(automation: Automation, facts: Facts) -> Check:
    """Whether it would leave too long after it was due, the wait for sending hours included."""
    asked = "Would it come too late?"
    planned = planned_at(automation, facts) or facts.now
    leaves = goes_at(automation, facts, planned)
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


def _zone(facts: Facts) -> str:
    return facts.person.zone if facts.person else ""


def _inside(sentence: str) -> str:
    """A sentence to follow a colon: «It is …» loses its capital, «Tuesday …» keeps it."""
    return "it" + sentence[2:] if sentence.startswith("It ") else sentence
