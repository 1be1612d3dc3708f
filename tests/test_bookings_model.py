"""Reminders against a plain specification: whatever happens to a booking, in whatever order it is
told, what waits and what went is a function of its newest state, of its steps and of the clock.

500 histories by default; HUB_HISTORIES=10000 runs more.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.automations.decide import decide_batch
from hub.automations.judge import judge
from hub.contract import Reply
from hub.local.testing import new_workspace
from hub.send.hear import hear_all
from hub.send.listen import listen
from hub.store import automations, bookings, events, sending
from hub.store.database import new_id, row, rows, run

HISTORIES = int(os.environ.get("HUB_HISTORIES", "500"))
IN_A_WORLD = 25
INSTANTS = 18
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATE = timedelta(minutes=60)

# The steps twice: as a merchant writes them, and as the specification means them.
STEPS = [{"days": 2}, {"days": 1, "at": "18:00"}, {"days": 1}, {"days": 0, "at": "12:00"},
         {"minutes": 180}, {"minutes": 30}]  # fmt: skip
MEANT = {
    "-2d:starts_at": (2, None),
    "-1d@18:00:starts_at": (1, time(18)),
    "-1d:starts_at": (1, None),
    "-0d@12:00:starts_at": (0, time(12)),
    "-180m:starts_at": 180,
    "-30m:starts_at": 30,
}
REMINDER = {
    "name": "Reminder",
    "trigger": {"event": "booking.upcoming"},
    "delay": {"before": "starts_at", "steps": STEPS},
    "send": {"template": "booking-reminder", "kind": "transactional"},
}
# Clocks change on Sunday: in Paris 29 March and 25 October 2026, in New York 8 March and
# 1 November, on Lord Howe by half an hour on 5 April and 4 October.
FRIDAYS = [date(2026, 3, 27), date(2026, 10, 23), date(2026, 3, 6), date(2026, 10, 30),
           date(2026, 4, 3), date(2026, 10, 2), date(2026, 6, 12)]  # fmt: skip
ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "", "Nowhere/Land"]
CLOCKS = [time(2, 30), time(2, 30), time(1, 50), time(0, 15), time(9), time(14, 30), time(23, 45)]
OFTEN_MONDAY = st.sampled_from([1, 2, 2, 3, 3, 3, 4, 4, 5, 6])  # days after a Friday
ANSWERS = {"YES": "confirmed", "Non": "declined", "Reporter": "postponed"}


# --- The specification -----------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def due(start: datetime, zone: str, step: str) -> datetime:
    """Minute by minute, the first instant at which the place's clock shows what is meant; of a
    time that is skipped, as long after the skip as it stands after the skip's beginning."""
    meant = MEANT[step]
    if isinstance(meant, int):
        return start - meant * MINUTE
    place = ZoneInfo(zone if zone in ZONES[:3] else "Europe/Paris")
    days, at = meant
    local = start.astimezone(place)
    wall = datetime.combine(local.date() - days * DAY, at or local.time())
    instant = start - days * DAY - timedelta(hours=26)
    while instant.astimezone(place).replace(tzinfo=None) < wall - timedelta(hours=3):
        instant += timedelta(hours=1)  # no clock changes by more
    while True:
        shown = instant.astimezone(place).replace(tzinfo=None)
        after = (instant + MINUTE).astimezone(place).replace(tzinfo=None)
        if shown == wall:
            return instant
        if shown < wall < after:
            return instant + (wall - shown)
        instant += MINUTE


@dataclass
class Spec:
    """What is known of one booking, and what must have gone to its phone."""

    newest: dict[str, Any] | None = None
    answer: str = ""
    sent: set[tuple[datetime, str]] = field(default_factory=set)

    def hear_of(self, told: list[dict[str, Any]]) -> None:
        """All that arrived at one instant; the newest wins, another slot forgets the answer."""
        before = self.newest
        found = [*([before] if before else []), *told]
        self.newest = max(found, key=lambda e: (e["occurred_at"], e["order"]), default=None)
        if self.newest is None or self.newest is before or before is None:
            return
        same_slot = before["booked"] and self.newest["start"] == before["start"]
        if self.newest["booked"] and not same_slot:
            self.answer = ""

    def reply(self, text: str, now: datetime) -> None:
        """The last word counts, until the booking begins."""
        state = self.newest
        if state and state["booked"] and state["phone"] and state["start"] > now:
            self.answer = ANSWERS[text]

    def wanted(self, zone: str, now: datetime) -> dict[tuple[datetime, str], datetime]:
        """The reminders that stand now, by slot and step, with the instant each is due."""
        state = self.newest
        if not state or not state["booked"] or not state["phone"] or state["start"] <= now:
            return {}
        if self.answer in ("declined", "postponed"):
            return {}
        start = state["start"]
        found = {(start, step): due(start, zone, step) for step in MEANT}
        return {
            key: at
            for key, at in found.items()
            if key not in self.sent and at < start and now - at <= LATE
        }


# --- Histories -------------------------------------------------------------------------------

_INDEX = st.integers(0, INSTANTS - 1)
_CHANGE = st.tuples(
    _INDEX,
    st.sampled_from(["move", "move", "retitle", "cancel", "restore", "drop", "back"]),
    st.tuples(OFTEN_MONDAY, st.sampled_from(CLOCKS)),
    st.integers(0, 4).map(lambda lag: lag // 2 if lag < 4 else 7),  # late by so many instants
    st.booleans(),  # told twice
)
_REPLY = st.tuples(_INDEX, st.sampled_from(list(ANSWERS)), st.booleans())
_HISTORY = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(ZONES),
        "slot": st.tuples(OFTEN_MONDAY, st.sampled_from(CLOCKS)),
        "changes": st.lists(_CHANGE, max_size=7),
        "replies": st.lists(_REPLY, max_size=4),
    }
)
_GAPS = st.lists(
    st.sampled_from([1, 7, 29, 61, 179, 181, 400, 719, 1440]),
    min_size=INSTANTS - 1,
    max_size=INSTANTS - 1,
)
WORLDS = st.fixed_dictionaries(
    {
        "friday": st.sampled_from(FRIDAYS),
        "gaps": _GAPS,
        "histories": st.lists(_HISTORY, min_size=IN_A_WORLD, max_size=IN_A_WORLD),
    }
)


def starts(friday: date, slot: tuple[int, time], zone: str) -> datetime:
    place = ZoneInfo(zone if zone in ZONES[:3] else "Europe/Paris")
    return datetime.combine(friday + slot[0] * DAY, slot[1], place).astimezone(UTC)


def told(world: dict[str, Any], number: int, instants: list[datetime]) -> list[dict[str, Any]]:
    """The events of one booking as its calendar has them: each with the whole state it leaves,
    and the places in time at which it reaches the hub."""
    history = world["histories"][number]
    zone = history["zone"]
    first = starts(world["friday"], history["slot"], zone)
    state = {"start": first, "booked": True, "phone": True, "title": "Haircut"}
    found = [{**state, "at": 0, "type": "booking.created", "arrivals": [0]}]
    for index, kind, slot, lag, twice in sorted(history["changes"], key=lambda c: c[0]):
        match kind:
            case "move":
                state["start"] = starts(world["friday"], slot, zone)
            case "back":
                state["start"] = first
            case "retitle":
                state["title"] = f"Haircut {len(found)}"
            case "drop":
                state["phone"] = not state["phone"]
        state["booked"] = kind != "cancel" and (state["booked"] or kind == "restore")
        name = "booking.changed" if state["booked"] else "booking.cancelled"
        arrivals = [min(index + lag, INSTANTS - 1)]
        arrivals += [min(index + lag + 1, INSTANTS - 1)] if twice else []
        found.append({**state, "at": index, "type": name, "arrivals": arrivals})
    for order, event in enumerate(found):
        event |= {"order": order, "number": number, "zone": zone, "id": new_id()}
        event["occurred_at"] = instants[event["at"]] + timedelta(seconds=order // 2)  # some tie
    return found


# --- The hub, fed directly -------------------------------------------------------------------


class Hub:
    """One merchant with one calendar and the reminder switched on."""

    def __init__(self, ground: Any, clock: Any) -> None:
        self.ground, self.clock = ground, clock
        self.workspace = new_workspace(ground)
        self.connection, self.intake = new_id(), new_id()
        with ground.database.begin() as db:
            run(db, "UPDATE automations SET state = 'paused' WHERE workspace_id = :id",
                id=self.workspace)  # fmt: skip
            automations.save(db, self.workspace, "reminder", REMINDER, "live", clock())
            run(db, """INSERT INTO connections (id, workspace_id, connector, state, hook_token)
                VALUES (:id, :workspace, 'calendar', 'active', :token)""",
                id=self.connection, workspace=self.workspace,
                token=str(self.connection))  # fmt: skip
            run(db, """INSERT INTO intakes (id, workspace_id, connection_id, road, source,
                dedupe_key, sealed, received_at, state)
                VALUES (:id, :workspace, :connection, 'events', 'test', :key, '', :now,
                'opened')""",
                id=self.intake, workspace=self.workspace, connection=self.connection,
                key=self.intake.bytes, now=clock())  # fmt: skip

    def tell(self, told: list[dict[str, Any]]) -> None:
        """As an intake is opened: the events that are news, and their bookings' state."""
        found = [self._event(event) for event in told]
        with self.ground.database.begin() as db:
            news = events.add_all(db, found)
            bookings.keep_all(db, [self._state(e, f) for e, f in zip(told, found, strict=True)
                                   if f["id"] in news])  # fmt: skip
            for event in told:
                if event["type"] == "booking.created":
                    self._already_written_to(db, event)
        while decide_batch(self.ground):
            pass

    def _event(self, event: dict[str, Any]) -> dict[str, Any]:
        data = {"title": event["title"], "zone": event["zone"]}
        if event["booked"]:  # a cancelled event says little
            data["starts_at"] = event["start"].isoformat()
        return {
            "id": event["id"], "workspace_id": self.workspace, "connection_id": self.connection,
            "intake_id": self.intake, "type": event["type"], "key": f"{event['id']}",
            "subject": f"booking:{event['number']}", "cart": "",
            "occurred_at": event["occurred_at"], "received_at": self.clock(), "data": data,
            "person": {"country": "FR", "kind": "mobile"}, "phone": self._phone(event),
        }  # fmt: skip

    def _state(self, event: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        known = ("workspace_id", "connection_id", "subject", "occurred_at", "phone")
        return {
            **{name: found[name] for name in known},
            "event_id": found["id"],
            "title": event["title"],
            "zone": event["zone"],
            "starts_at": event["start"] if event["booked"] else None,
            "state": "booked" if event["booked"] else "cancelled",
        }

    def _phone(self, event: dict[str, Any]) -> str:
        return self._token(event["number"]) if event["phone"] else ""

    def _token(self, number: int) -> str:
        return self.ground.vault.token(self.workspace, number_of(number))

    def _already_written_to(self, db: Any, event: dict[str, Any]) -> None:
        """A message about the booking has gone, so that a reply may be about it."""
        template = row(db, "SELECT id FROM templates WHERE workspace_id = :id LIMIT 1",
                       id=self.workspace)  # fmt: skip
        run(db, """INSERT INTO messages (id, workspace_id, event_id, template_id, template_version,
            kind, phone, language, zone, variables, state, due_at, subject, created_at, changed_at)
            VALUES (:id, :workspace, :event, :template, 1, 'transactional', :phone, 'fr',
            'Europe/Paris', '{}', 'sent', :now, :subject, :now, :now)""",
            id=new_id(), workspace=self.workspace, event=event["id"], template=template["id"],
            phone=self._token(event["number"]), subject=f"booking:{event['number']}",
            now=self.clock())  # fmt: skip

    def reply(self, said: list[tuple[int, str, str]]) -> None:
        """Replies that name no message: (booking, words, the carrier's id)."""
        intake = {"id": self.intake, "workspace_id": self.workspace,
                  "connection_id": self.connection, "received_at": self.clock()}  # fmt: skip
        replies = [(intake, Reply(name, number_of(n), text)) for n, text, name in said]
        with self.ground.database.begin() as db:
            hear_all(db, listen(db, self.ground.vault, replies), self.clock())

    def send_due(self) -> None:
        """As dispatch does: the last look at each due message, then it is gone or it is not."""
        now = self.clock()
        with self.ground.database.begin() as db:
            ready = sending.claim(db, "transactional", now, 5000)
            verdicts = judge(db, ready, now)
            states = {"send": "sent", "skip": "skipped", "hold": "held"}
            sending.set_states(
                db,
                [{"id": m["id"], "state": states[verdicts[m["id"]].action],
                  "reason": verdicts[m["id"]].reason, "sentence": verdicts[m["id"]].sentence,
                  "due_at": verdicts[m["id"]].due_at} for m in ready],
                now,
            )  # fmt: skip

    def stands(self) -> tuple[dict[Any, Any], set[Any]]:
        """What waits, with when it is due and the title it will tell; and all that went."""
        with self.ground.database.begin() as db:
            found = rows(db, """SELECT subject, once_key, state, due_at, zone,
                variables ->> 'title' AS title FROM messages WHERE workspace_id = :id
                AND automation_id IS NOT NULL AND state IN ('scheduled', 'held', 'sent')""",
                id=self.workspace)  # fmt: skip
        waiting, sent = {}, []
        for message in found:
            number = int(message["subject"].partition(":")[2])
            slot, step = message["once_key"].partition("@")[2].split("#")
            key = (number, datetime.fromisoformat(slot), step)
            if message["state"] == "sent":
                sent.append(key)
            else:
                assert key not in waiting, f"two wait for {key}"
                waiting[key] = (message["due_at"], message["title"], message["zone"])
        assert len(sent) == len(set(sent)), "a reminder went twice"
        return waiting, set(sent)


def number_of(number: int) -> str:
    return f"+3363998{number:04}"


def expected(specs: list[Spec], world: dict[str, Any], now: datetime) -> tuple[Any, Any]:
    """What must wait and what must have gone, once all that is due at this instant has gone."""
    waiting, sent = {}, set()
    for number, spec in enumerate(specs):
        zone = world["histories"][number]["zone"]
        shown = zone if zone in ZONES[:3] else "Europe/Paris"
        for (slot, step), at in spec.wanted(zone, now).items():
            if at <= now:
                spec.sent.add((slot, step))
            else:
                waiting[number, slot, step] = (at, spec.newest["title"], shown)
        sent |= {(number, slot, step) for slot, step in spec.sent}
    return waiting, sent


def walk(world: dict[str, Any], hub: Hub, clock: Any, instants: list[datetime]) -> None:
    histories = world["histories"]
    events_of = [told(world, number, instants) for number in range(len(histories))]
    specs = [Spec() for _ in histories]
    for index, now in enumerate(instants):
        clock.now = now
        arrived = [[e for e in mine if index in e["arrivals"]] for mine in events_of]
        hub.tell([e for mine in arrived for e in mine])
        for spec, mine in zip(specs, arrived, strict=True):
            spec.hear_of(mine)
        said = [
            (number, text, f"{number}-{place}-{twice and 'same'}")
            for number, history in enumerate(histories)
            for place, (at, text, twice) in enumerate(history["replies"])
            for _ in range(2 if twice else 1)
            if at == index
        ]
        hub.reply(said)
        for number, text, _ in said:
            specs[number].reply(text, now)
        hub.send_due()
        waiting, sent = expected(specs, world, now)
        found, gone = hub.stands()
        assert found == waiting, f"at {now}"
        assert gone == sent, f"at {now}"


@pytest.fixture(scope="module")
def checked() -> list[int]:
    return [0]


@settings(
    max_examples=max(HISTORIES // IN_A_WORLD, 1),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(world=WORLDS)
def test_what_waits_and_what_went_is_what_the_specification_says(world, ground, clock):
    begin = datetime.combine(world["friday"] - DAY, time(5, 11), UTC)
    instants = [begin]
    for gap in world["gaps"]:
        instants.append(instants[-1] + gap * MINUTE)
    clock.now = begin
    walk(world, Hub(ground, clock), clock, instants)
