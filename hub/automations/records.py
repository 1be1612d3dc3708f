"""A decision as JSON, complete enough to be computed again from that record alone."""

from collections.abc import Mapping
from datetime import datetime
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

_ASKED = {"decide": decide, "recheck": recheck}
_OLD = ("daily_cap", "recent_marketing")


def record(automation: Automation, facts: Facts, verdict: Verdict, asked: str) -> dict[str, Any]:
    """The JSON kept with a decision; `asked` is "decide" or "recheck".

    Of the event's data only what the automation looks at is kept, and the phone stays masked.
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
        "checks": [{**vars(check)} for check in verdict.checks],
    }


def replay(recorded: Mapping[str, Any]) -> Verdict:
    """The verdict computed again from a record's automation and facts; no row is looked at."""
    automation = parse(recorded["automation"])
    return _ASKED[recorded["asked"]](automation, _facts(recorded["facts"]))


def recorded_verdict(recorded: Mapping[str, Any]) -> Verdict:
    """The verdict as it was written down, for screens and to hold a replay against."""
    return Verdict(
        action=recorded["action"],
        due_at=_instant(recorded["due_at"]),
        once_key=recorded["once_key"],
        reason=recorded["reason"],
        checks=tuple(Check(**check) for check in recorded["checks"]),
        replaces=recorded["replaces"],
    )


def _facts_json(automation: Automation, facts: Facts) -> dict[str, Any]:
    looked_at = {c.field for c in automation.conditions} | {automation.delay.anchor, "status"}
    looked_at |= {"starts_at", "zone", "series"} if about_booking(facts.event) else set()
    data = {name: v for name, v in facts.event.data.items() if name in looked_at}
    other = facts.transactional_window
    kept: dict[str, Any] = _plain(
        {
            **vars(facts),
            "event": {**vars(facts.event), "data": data},
            "window": windows.as_json(facts.window),
            "transactional_window": windows.as_json(other) if other else None,
        }
    )
    looked_at |= {"key"} if automation.once_per == "person" else set()
    for name in {"key", "first_name", "last_name"} - looked_at:
        if kept["person"]:
            kept["person"][name] = ""
    return kept


def _plain(value: Any) -> Any:
    """As JSON keeps it: dataclasses as objects, instants as text."""
    return orjson.loads(orjson.dumps(value))


def _facts(recorded: Mapping[str, Any]) -> Facts:
    plain = {name: v for name, v in recorded.items() if name not in _OLD}
    person, consent, stopped = plain["person"], plain["consent"], plain["stopped"]
    booking = plain.get("booking")  # records of an older hub know none
    other = plain.get("transactional_window")
    special = {
        "event": EventSeen(**_dated(plain["event"], "occurred_at", "received_at")),
        "person": PersonSeen(**_tupled(person, "number_zones")) if person else None,
        "consent": ConsentSeen(**_dated(consent, "at")) if consent else None,
        "stopped": StopSeen(**_dated(stopped, "at")) if stopped else None,
        "booking": BookingSeen(**_dated(booking, "starts_at")) if booking else None,
        "window": windows.parse(plain["window"]),
        "transactional_window": windows.parse(other) if other else None,
        "caps": _caps(recorded),
    }
    listed = _tupled(plain, "allowed_countries", "templates", "variants")
    return Facts(**{**_dated(listed, "automation_live_since", "waiting", "now"), **special})


def _caps(recorded: Mapping[str, Any]) -> tuple[CapSeen, ...]:
    """The caps of a record; an older hub knew one, of a day, and wrote it as two numbers."""
    if "daily_cap" in recorded:
        return (CapSeen(recorded["daily_cap"], 1440, recent=recorded["recent_marketing"]),)
    return tuple(CapSeen(**cap) for cap in recorded.get("caps", ()))


def _tupled(plain: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**plain, **{name: tuple(plain.get(name, ())) for name in names}}


def _dated(plain: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**plain, **{name: _instant(plain[name]) for name in names}}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
