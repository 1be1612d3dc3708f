"""The ordered checks that make a decision, at the event and again just before sending."""

from collections.abc import Iterator
from datetime import UTC, datetime

from hub.automations import event_checks as event
from hub.automations import person_checks as person
from hub.automations import share_checks as share
from hub.automations import timing
from hub.automations.bookings import check_newest, check_present
from hub.automations.document import Automation
from hub.automations.event_checks import once_key
from hub.automations.facts import (
    REASONS,
    BookingSeen,
    Check,
    ConsentSeen,
    EventSeen,
    Facts,
    PersonSeen,
    StopSeen,
    Verdict,
)

__all__ = [
    "REASONS", "BookingSeen", "Check", "ConsentSeen", "EventSeen", "Facts", "PersonSeen",
    "StopSeen", "Verdict", "decide", "once_key", "recheck",
]  # fmt: skip


def decide(automation: Automation, facts: Facts) -> Verdict:
    """The answer to one event: send at `due_at`, or skip with a reason. The first no ends it."""
    return _verdict(automation, facts, _at_event(automation, facts))


def recheck(automation: Automation, facts: Facts) -> Verdict:
    """The answer just before sending: what may have changed is asked again, at `facts.now`.

    "hold" until `due_at` where hours have closed; `facts.already` and the event's age are not
    asked again.
    """
    at_once = timing.leaves_now(automation, facts)  # nearly always: nobody reads when it was due
    due = facts.now.astimezone(UTC) if at_once else None
    return _verdict(automation, facts, _at_send(automation, facts, at_once), due, rechecked=True)


def _at_event(automation: Automation, facts: Facts) -> Iterator[Check]:
    yield event.check_live(automation, facts)
    yield event.check_fresh(automation, facts)
    yield from check_present(automation, facts)
    yield from check_newest(automation, facts)
    yield from event.check_conditions(automation, facts)
    yield from _reachable(automation, facts)
    yield event.check_once(automation, facts)
    yield from _still_wanted(automation, facts)
    yield from share.check_wording(automation, facts)
    yield from _timely(automation, facts)


def _at_send(automation: Automation, facts: Facts, at_once: bool) -> Iterator[Check]:
    yield event.check_live(automation, facts)
    yield from check_present(automation, facts)
    yield from _reachable(automation, facts)
    yield from _still_wanted(automation, facts)
    if at_once:
        yield from share.check_holdout(automation, facts)
    else:
        yield from _timely(automation, facts)


def _reachable(automation: Automation, facts: Facts) -> Iterator[Check]:
    yield person.check_phone(automation, facts)
    yield from person.check_testing(automation, facts)
    yield person.check_country(automation, facts)
    yield person.check_number_lives(automation, facts)
    yield person.check_stop(automation, facts)
    yield person.check_consent(automation, facts)


def _still_wanted(automation: Automation, facts: Facts) -> Iterator[Check]:
    yield event.check_cancelled(automation, facts)
    yield person.check_cap(automation, facts)
    yield event.check_template(automation, facts)


def _timely(automation: Automation, facts: Facts) -> Iterator[Check]:
    when = timing.planned_at(automation, facts)
    yield timing.check_due(automation, facts, when)
    planned = when or facts.now
    yield from timing.check_preferred(automation, facts)
    yield timing.check_window(automation, facts, planned)
    yield timing.check_lateness(automation, facts, planned)
    # Last of all, so that those left out are people who would have been sent to.
    yield from share.check_holdout(automation, facts)


def _verdict(
    automation: Automation,
    facts: Facts,
    questions: Iterator[Check],
    due: datetime | None = None,
    rechecked: bool = False,
) -> Verdict:
    key = once_key(automation, facts.event, facts.person.key if facts.person else "", facts.step)
    checks: list[Check] = []
    for check in questions:
        checks.append(check)
        if check.verdict == "no":
            return Verdict("skip", None, key, check.data["reason"], tuple(checks))
    due = due or timing.leaves_at(automation, facts)
    later = rechecked and due > facts.now.astimezone(UTC)
    replaces = not rechecked and event.replaces(automation, facts)
    return Verdict("hold" if later else "send", due, key, "", tuple(checks), replaces)
