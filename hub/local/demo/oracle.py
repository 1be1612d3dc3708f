"""The judge: what the simulators counted against what the hub says it did."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from hub.local.cast import CAST
from hub.local.demo.neighbours import Phones, Shop
from hub.local.demo.street import Neighbour
from hub.local.demo.town import Town
from hub.store.database import Row, rows

NOTED = ("sent", "delivered", "failed", "clicked", "bought", "replied", "opted_out")
_CARRIED = ("sent", "delivered", "read")
_SOON = timedelta(minutes=10)
_OPEN = ("scheduled", "held", "sending", "uncertain")


def messages_of(town: Town) -> Sequence[Row]:
    """Every message of the workspace."""
    with town.ground.database.begin() as db:
        return rows(
            db,
            """SELECT id, phone, state, kind, subject, sentence, body,
                   due_at > now() + :soon AS ahead
               FROM messages
               WHERE workspace_id = :id ORDER BY id""",
            id=town.workspace_id,
            soon=_SOON,
        )


def told_of(town: Town) -> Sequence[Row]:
    """Every outcome that was to be told to a system, with the system's `connector`."""
    with town.ground.database.begin() as db:
        return rows(
            db,
            """SELECT w.marker, w.state, w.message_id, w.outcome->>'kind' AS kind,
               w.outcome->>'subject' AS subject, c.connector FROM write_backs w
               JOIN connections c ON c.id = w.connection_id WHERE w.workspace_id = :id""",
            id=town.workspace_id,
        )


def is_quiet(town: Town) -> bool:
    """Nothing is on its way any more, in the hub or to it."""
    with town.ground.database.begin() as db:
        waits = rows(
            db,
            """SELECT 1 WHERE EXISTS (SELECT 1 FROM intakes WHERE state = 'new')
               OR EXISTS (SELECT 1 FROM events WHERE state = 'new')
               OR EXISTS (SELECT 1 FROM messages WHERE state = ANY(:open)
                   AND due_at < now() + :soon)
               OR EXISTS (SELECT 1 FROM callbacks WHERE state = 'waiting')
               OR EXISTS (SELECT 1 FROM write_backs WHERE state = 'new')""",
            open=list(_OPEN),
            soon=_SOON,
        )
    return not waits and town.street.flush(0)


def wrongs_of_messages(phones: Phones, messages: Sequence[Row]) -> Iterator[str]:
    """Each message exactly once on a phone, and no phone with a message nobody knows."""
    carried = phones.all_carried()
    known = {str(m["id"]): m for m in messages}
    for reference, message in known.items():
        wanted, count = int(message["state"] in _CARRIED), carried.get(reference, 0)
        if message["state"] in _OPEN and message.get("ahead"):
            wanted = 0  # a reminder of a booking that is days away
        elif message["state"] in _OPEN:
            yield f"Message {reference} is still {message['state']}: {message['sentence']}"
            continue
        if count != wanted:
            yield f"Message {reference} is {message['state']}, and a phone got it {count} times."
    for reference in carried.keys() - known.keys():
        yield f"A phone got {reference or 'a message without a reference'}, unknown to the hub."


def wrongs_of_notes(shop: Shop, told: Sequence[Row]) -> Iterator[str]:
    """Each outcome has exactly one note on its order, and no order has a note nobody knows."""
    wanted = _markers_by_order(told)
    for order_id in list(shop.memory.orders):
        notes = shop.notes(order_id)
        found = Counter(marker_of(note) for note in notes)
        markers = wanted.get(f"order:{order_id}", frozenset())
        for marker in markers - found.keys():
            yield f"Order {order_id} lacks the note {marker}."
        for marker, count in found.items():
            if count > 1:
                yield f"Order {order_id} has the note {marker} {count} times."
            if marker not in markers:
                yield f"Order {order_id} has a note that nobody planned: {marker or 'unmarked'}."


def wrongs_of_records(others: Mapping[str, Neighbour], told: Sequence[Row]) -> Iterator[str]:
    """Each result that a system took stands on its record once: a delivery always, other results
    where the system notes them."""
    parts = {CAST[part]: one.simulator for part, one in others.items() if one.is_open}
    for row in told:
        system = parts.get(row["connector"])
        if system is None or row["state"] != "done":
            continue
        count, least = system.written(row["marker"]), int(row["kind"] == "delivered")
        if not least <= count <= 1:
            about = f"{row['kind']} on {row['subject']}"
            yield f"{row['connector']} has «{about}» {count} times ({row['marker']})."


def _markers_by_order(told: Sequence[Row]) -> Mapping[str, frozenset[str]]:
    markers: dict[str, set[str]] = {}
    for row in told:
        if row["kind"] in NOTED and row["subject"].startswith("order:"):
            markers.setdefault(row["subject"], set()).add(row["marker"])
    return {subject: frozenset(found) for subject, found in markers.items()}


def marker_of(note: str) -> str:
    """The sign at the end of a note of the hub's: "… [relais 1a2b3c]"."""
    return note.rpartition("[relais ")[2].rstrip("]") if "[relais " in note else ""


def kinds_on(subject: str, told: Sequence[Row]) -> Mapping[str, int]:
    """How many notes of each kind an order should have; a cart has no notes in the shop."""
    ours = (r for r in told if r["subject"] == subject and subject.startswith("order:"))
    return Counter(r["kind"] for r in ours if r["kind"] in NOTED)


def openings(town: Town, phone: str) -> Counter[str]:
    """How often the links of this phone's messages were opened, by a `person` or a `robot`, and how
    many visits the hub `counted`."""
    with town.ground.database.begin() as db:
        found = rows(
            db,
            """SELECT c.who, count(*) AS n FROM clicks c JOIN messages m ON m.id = c.message_id
               WHERE m.workspace_id = :id AND m.phone = :phone GROUP BY 1
               UNION ALL SELECT 'counted', sum(clicks) FROM messages
               WHERE workspace_id = :id AND phone = :phone""",
            id=town.workspace_id,
            phone=town.token_of(phone),
        )
    return Counter({r["who"]: int(r["n"] or 0) for r in found})


def refusals(town: Town, subject: str, phone: str) -> set[str]:
    """The reasons for which messages about this subject or to this phone did not go."""
    with town.ground.database.begin() as db:
        found = rows(
            db,
            """SELECT d.reason FROM decisions d JOIN events e ON e.id = d.event_id
               WHERE d.workspace_id = :id AND d.action = 'skip'
               AND (e.subject = :subject OR (:phone <> '' AND d.phone = :phone))
               UNION SELECT m.reason FROM messages m WHERE m.workspace_id = :id
               AND m.state IN ('skipped', 'cancelled')
               AND (m.subject = :subject OR (:phone <> '' AND m.phone = :phone))""",
            id=town.workspace_id,
            subject=subject,
            phone=town.token_of(phone),
        )
    return {r["reason"] for r in found}
