"""The funnel: how many of the last weeks' events would pass each condition of an automation that
somebody is writing, as things stand. Quick enough to be asked at every change."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations import person_checks as person
from hub.automations import share_checks as share
from hub.automations.asked import questions
from hub.automations.document import Automation, parse
from hub.automations.event_checks import check_conditions, once_key
from hub.automations.facts import Check, Facts
from hub.automations.foreseeing.week import reading
from hub.automations.gathered import Gathered
from hub.automations.happened import Happened
from hub.automations.merchants import Live, merchant
from hub.automations.standing import Bookings
from hub.contract import VOCABULARY
from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING
from hub.store import consent, merchants, past, people
from hub.store.database import Row
from hub.store.ground import Ground

MOST = 2000
_NOBODY = UUID(int=0)
_PERSON: Mapping[str, str] = {
    "phone": "There is a mobile number.",
    "testing": "The number is on the test list: this workspace is in test mode.",
    "country": "The workspace sends to the number's country.",
    "dead_number": "The number still exists.",
    "stopped": "The person has not said STOP.",
    "consent": "The person agreed to marketing messages.",
    "already": "It is the first for this {once_per}.",
    "holdout": "The person is not left out to compare with.",
}
# Which station an answer of no belongs to, where it is not called the same.
_AT = {"no_phone": "phone", "landline": "phone", "no_consent": "consent",
       "consent_withdrawn": "consent"}  # fmt: skip


@dataclass(frozen=True)
class Station:
    """One question: how many events passed it, and how many of those that came so far did not.
    `place` is a condition's place in the document."""

    name: str
    place: int | None
    sentence: str
    passed: int
    dropped: int


@dataclass(frozen=True)
class Funnel:
    """`read` events were looked at, the oldest of them at `since`; `whole` is False where there
    were more, of which only the newest were. `passed` would be answered."""

    days: int
    read: int
    whole: bool
    since: datetime
    stations: tuple[Station, ...]
    seconds: float

    @property
    def passed(self) -> int:
        """How many pass the last station."""
        return self.stations[-1].passed


def funnel(
    ground: Ground,
    workspace_id: UUID,
    document: Mapping[str, Any],
    *,
    now: datetime,
    days: int = 30,
    most: int = MOST,
) -> Funnel:
    """Ask each event of the document's trigger. Consent, numbers and rules are as they stand now;
    sending hours and limits per person are not asked, nor whether a booking has begun since.
    Raises DocumentError for a document that cannot be read."""
    automation, began = parse(document), time.perf_counter()
    types = TELLS_OF_UPCOMING if automation.event == UPCOMING else (automation.event,)
    since = now - timedelta(days=days)
    with reading(ground, workspace_id) as db:
        found = past.newest(db, workspace_id, types, since, most + 1)
        looked, whole = found[:most], len(found) <= most
        ends = _ends(db, workspace_id, automation, looked)
    stations = _stations(automation, len(looked), ends)
    since = since if whole else looked[-1]["received_at"]
    seconds = round(time.perf_counter() - began, 3)
    return Funnel(days, len(looked), whole, since, stations, seconds)


def _ends(
    db: Connection, workspace_id: UUID, automation: Automation, events: Sequence[Row]
) -> Counter[tuple[str, int | None]]:
    """Where the events ended, by station; those that passed all are not among them."""
    known, live = _known(db, workspace_id, automation, events)
    ends: Counter[tuple[str, int | None]] = Counter()
    seen: set[str] = set()
    for event in reversed(events):  # the oldest first: the first of a cart is the one that counts
        asked = [one for one in questions([event], known) if one.live is live]
        facts = known.facts(event, live, event["received_at"]) if asked else None
        end = _end(automation, facts, seen) if facts else ("already", None)
        if end is not None:
            ends[end] += 1
    return ends


def _end(automation: Automation, facts: Facts, seen: set[str]) -> tuple[str, int | None] | None:
    for place, check in enumerate(check_conditions(automation, facts)):
        if check.verdict == "no":
            return "condition", place
    for check in _of_person(automation, facts):
        if check.verdict == "no":
            reason = str(check.data["reason"])
            return _AT.get(reason, reason), None
    key = once_key(automation, facts.event, facts.person.key if facts.person else "")
    if key in seen:
        return "already", None
    seen.add(key)
    return None


def _of_person(automation: Automation, facts: Facts) -> Iterator[Check]:
    yield person.check_phone(automation, facts)
    yield from person.check_testing(automation, facts)
    yield person.check_country(automation, facts)
    yield person.check_number_lives(automation, facts)
    yield person.check_stop(automation, facts)
    yield person.check_consent(automation, facts)
    yield from share.check_holdout(automation, facts)


def _known(
    db: Connection, workspace_id: UUID, automation: Automation, events: Sequence[Row]
) -> tuple[Gathered, Live]:
    """What the checks look at, in one query per noun."""
    [written] = merchants.written(db, [workspace_id])
    shop = merchant(written)
    phones = sorted({event["phone"] for event in events if event["phone"]})
    row: Any = {"id": _NOBODY, "slug": "", "state": "live", "live_since": None, "version": 0}
    live = Live(row, automation)
    own = replace(shop, automations=(live,))
    known = Gathered(
        merchants={workspace_id: own},
        people=people.by_phones(db, [workspace_id], phones),
        standing=consent.standing(db, [workspace_id], phones),
        sent={},
        happened=Happened(()),
        bookings=Bookings({}, {}),
    )
    return known, live


def _stations(
    automation: Automation, read: int, ends: Mapping[tuple[str, int | None], int]
) -> tuple[Station, ...]:
    """Each question in turn; those of the person that stopped nobody are left out."""
    passed = read
    made = [Station("event", None, VOCABULARY[automation.event].says, read, 0)]
    for place, condition in enumerate(automation.conditions):
        dropped = ends.get(("condition", place), 0)
        passed -= dropped
        made.append(Station("condition", place, f"{condition}.", passed, dropped))
    for name, sentence in _PERSON.items():
        dropped = ends.get((name, None), 0)
        passed -= dropped
        if dropped:
            words = sentence.format(once_per=automation.once_per)
            made.append(Station(name, None, words, passed, dropped))
    return tuple(made)
