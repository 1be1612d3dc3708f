"""A decision as JSON, complete enough to be computed again from that record alone."""

from collections.abc import Mapping, Set
from dataclasses import MISSING, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from hub.automations import windows
from hub.automations.bookings import about_booking
from hub.automations.caps import CapSeen
from hub.automations.checks import decide, recheck
from hub.automations.document import Automation, as_json, parse
from hub.automations.facts import (
    BookingSeen,
    Check,
    ConsentSeen,
    EventSeen,
    Facts,
    PersonSeen,
    StopSeen,
    Verdict,
)
from hub.automations.hours import Window

_ASKED = {"decide": decide, "recheck": recheck}
_OLD = ("daily_cap", "recent_marketing")
_USUAL = {
    kind: {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    for kind in (Facts, EventSeen, PersonSeen)
}


def record(automation: Automation, facts: Facts, verdict: Verdict, asked: str) -> dict[str, Any]:
    """The JSON kept with a decision; `asked` is "decide" or "recheck".

    Of the event's data only what the automation looks at is kept, the phone stays masked, and a
    fact that is as it nearly always is goes without saying.
    """
    return {
        "asked": asked,
        "automation": as_json(automation),
        "facts": _facts_json(automation, facts),
        "action": verdict.action,
        "reason": verdict.reason,
        "due_at": verdict.due_at.isoformat() if verdict.due_at else None,
        "once_key": verdict.once_key,
        "replaces": verdict.replaces,
    }


def kept_checks(verdict: Verdict) -> list[dict[str, Any]]:
    """The checks written down beside a record, word for word: those that did not say yes."""
    return [check._asdict() for check in verdict.checks if check.verdict != "yes"]


def replay(recorded: Mapping[str, Any]) -> Verdict:
    """The verdict computed again from a record's automation and facts; no row is looked at."""
    automation = parse(recorded["automation"])
    return _ASKED[recorded["asked"]](automation, read_facts(recorded["facts"]))


def agrees(verdict: Verdict, recorded: Mapping[str, Any]) -> bool:
    """Whether a verdict computed again is the one that was written down."""
    now = (verdict.action, verdict.reason, verdict.due_at, verdict.once_key, verdict.replaces)
    action, reason, once_key = recorded["action"], recorded["reason"], recorded["once_key"]
    return now == (action, reason, _instant(recorded["due_at"]), once_key, recorded["replaces"])


def checks_of(decision: Mapping[str, Any]) -> tuple[Check, ...]:
    """Every check of a decision's row, said again from its facts.

    Only those written down where the facts are gone, or where today's rules would decide otherwise.
    """
    recorded = decision["record"]
    if "facts" in recorded:
        again = replay(recorded)
        if agrees(again, recorded):
            return again.checks
    return tuple(Check(**check) for check in decision["checks"])


def _facts_json(automation: Automation, facts: Facts) -> dict[str, Any]:
    looked_at = {c.field for c in automation.conditions} | {automation.delay.anchor, "status"}
    looked_at |= {"starts_at", "zone", "series"} if about_booking(facts.event) else set()
    data = {name: v for name, v in facts.event.data.items() if name in looked_at}
    looked_at |= {"key"} if automation.once_per == "person" else set()
    other = facts.transactional_window
    kept = {
        **_unusual(facts),
        "event": {**_unusual(facts.event), "data": data},
        "person": _person_json(facts.person, looked_at) if facts.person else None,
        "window": windows.as_json(facts.window),
    }
    return kept | {"transactional_window": windows.as_json(other)} if other else kept


def _person_json(person: PersonSeen, looked_at: Set[str]) -> dict[str, Any]:
    hidden = {"first_name", "last_name"} - looked_at
    told = {name: value for name, value in _unusual(person).items() if name not in hidden}
    return told | {"key": person.key if "key" in looked_at else ""}


def _unusual(value: Any) -> dict[str, Any]:
    """The fields that are not as they nearly always are."""
    usual = _USUAL[type(value)]
    return {name: v for name, v in vars(value).items() if name not in usual or usual[name] != v}


def read_facts(recorded: Mapping[str, Any]) -> Facts:
    """The facts of a record, as far as it keeps them."""
    plain = {name: v for name, v in recorded.items() if name not in _OLD}
    person, consent, stopped = plain["person"], plain.get("consent"), plain.get("stopped")
    booking, other = plain.get("booking"), plain.get("transactional_window")
    special = {
        "event": EventSeen(**_dated(plain["event"], "occurred_at", "received_at")),
        "person": PersonSeen(**_tupled(person, "number_zones")) if person else None,
        "consent": ConsentSeen(**_dated(consent, "at")) if consent else None,
        "stopped": StopSeen(**_dated(stopped, "at")) if stopped else None,
        "booking": BookingSeen(**_dated(booking, "starts_at")) if booking else None,
        "window": _window(orjson.dumps(plain["window"])),
        "transactional_window": _window(orjson.dumps(other)) if other else None,
        "caps": _caps(recorded),
    }
    listed = _tupled(plain, "allowed_countries", "templates", "variants")
    return Facts(**{**_dated(listed, "automation_live_since", "waiting", "now"), **special})


@lru_cache(maxsize=256)
def _window(document: bytes) -> Window:
    """Many decisions knew the same hours."""
    return windows.parse(orjson.loads(document))


def _caps(recorded: Mapping[str, Any]) -> tuple[CapSeen, ...]:
    """The caps of a record; an older hub knew one, of a day, and wrote it as two numbers."""
    if "daily_cap" in recorded:
        return (CapSeen(recorded["daily_cap"], 1440, recent=recorded["recent_marketing"]),)
    return tuple(CapSeen(**cap) for cap in recorded.get("caps", ()))


def _tupled(plain: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**plain, **{name: tuple(plain.get(name, ())) for name in names}}


def _dated(plain: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**plain, **{name: _instant(plain.get(name)) for name in names}}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
