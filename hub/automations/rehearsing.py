"""Rehearsing: what an automation would answer to a sample event, were it live. Nothing is kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hub.automations.checks import decide
from hub.automations.document import Automation
from hub.automations.facts import BookingSeen, ConsentSeen, EventSeen, Facts, PersonSeen, Verdict
from hub.automations.house_rules import marketing_window, transactional_window
from hub.contract import VOCABULARY
from hub.store.database import Row

_PHONE = "+33639980000"
_AHEAD = timedelta(days=3)


def rehearse(shop: Row, automation: Automation, now: datetime) -> Verdict:
    """The verdict on the sample of its event, for a person of the workspace's country who agreed;
    whatever lies ahead in the sample lies three days ahead of `now`. `shop` is its row."""
    kind = VOCABULARY[automation.event]
    person = PersonSeen(
        key="sample", phone=_PHONE, country=shop["country"], language=shop["language"],
        zone=shop["zone"], first_name="Zoë", tester=True,
    )  # fmt: skip
    event = EventSeen(kind.name, "sample", f"{kind.subject}:1", now, now, _sample(automation, now))
    state = "cancelled" if kind.name == "booking.cancelled" else "booked"
    facts = Facts(
        automation_state="live",
        automation_live_since=now,
        event=event,
        person=person,
        now=now,
        window=marketing_window(shop, shop["country"]),
        transactional_window=transactional_window(shop, shop["country"]),
        consent=ConsentSeen(True, "sample", now),
        booking=BookingSeen(state, now + _AHEAD, zone=shop["zone"], moved=True)
        if kind.subject == "booking"
        else None,
        zone=shop["zone"],
    )
    return decide(automation, facts)


def _sample(automation: Automation, now: datetime) -> Mapping[str, Any]:
    """The sample's values; where the automation asks for one by name, that."""
    ahead, kind = (now + _AHEAD).isoformat(), VOCABULARY[automation.event]
    values = {v.name: ahead if v.kind == "datetime" else v.sample for v in kind.variables}
    for condition in automation.conditions:
        if condition.operator in ("is", "is_one_of"):
            asked = condition.value
            values[condition.field] = asked[0] if isinstance(asked, tuple) else asked
    return values
