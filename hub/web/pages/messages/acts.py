"""What is done with a message: cancelled, settled, sent again, let go, its record told anew. Each
finds out first that it is this workspace's, and leaves a line in the audit."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.send.settled import VERDICTS, send_failed_again, settle_as
from hub.store import decisions, messages, people, restored, settlements, write_backs
from hub.store.database import Row
from hub.web.pages.messages.desk import wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing

_CANCELLED = "Cancelled: a person of the team took it back."


@wing.way("POST /messages/<uuid:message_id>/cancel", may="send")
def cancel(visit: Visit, message_id: UUID) -> Go:
    """It does not go."""
    with visit.begin() as db:
        _message(visit, db, message_id)
        now = visit.ground.clock()
        done = messages.cancel(db, [message_id], now, "by_hand", _CANCELLED)
        if done:
            visit.note(db, "message.cancelled", message_id)
    return _back(message_id, gettext("It is cancelled.") if done else _too_late())


@wing.way("POST /messages/<uuid:message_id>/release", may="send")
def release(visit: Visit, message_id: UUID) -> Go:
    """Held since a restore: it goes as it would have gone."""
    with visit.begin() as db:
        message = _message(visit, db, message_id)
        now = visit.ground.clock()
        went = restored.release(db, [message_id], now)
        if went:
            visit.note(db, "messages.released", message_id)
    visit.ring(f"send_{message['kind']}")
    return _back(message_id, gettext("It is let go.") if went else _too_late())


@wing.way("POST /messages/<uuid:message_id>/settle", may="send")
def settle(visit: Visit, message_id: UUID) -> Go:
    """Somebody knows what became of an uncertain one."""
    verdict = visit.form.get("verdict", "")
    with visit.begin() as db:
        _message(visit, db, message_id)
        now = visit.ground.clock()
        ids, whose = [message_id], visit.workspace_id
        known = verdict in VERDICTS
        done = settle_as(db, verdict, ids, whose, who(visit), now) if known else ()
        if done:
            visit.note(db, f"uncertain.{verdict}", message_id)
        to = _newest(db, message_id) if verdict == "sent_again" else message_id
    if not done:
        return _back(message_id, _too_late())
    visit.ring(*(f"send_{row['kind']}" for row in done if verdict == "sent_again"), "write_back")
    said: Mapping[str, str] = {
        "arrived": gettext("It is settled: it arrived."),
        "not_arrived": gettext("It is settled: it never arrived."),
        "sent_again": gettext("A new message goes now. This is its page."),
    }
    return _back(to, said[verdict])


@wing.way("POST /messages/<uuid:message_id>/again", may="send")
def again(visit: Visit, message_id: UUID) -> Go:
    """One that failed, as a new message."""
    with visit.begin() as db:
        _message(visit, db, message_id)
        now = visit.ground.clock()
        done = send_failed_again(db, message_id, visit.workspace_id, who(visit), now)
        if done:
            visit.note(db, "message.sent_again", message_id)
        to = _newest(db, message_id)
    if not done:
        return _back(message_id, _too_late())
    visit.ring(*(f"send_{row['kind']}" for row in done))
    return _back(to, gettext("A new message goes now. This is its page."))


@wing.way("POST /messages/<uuid:message_id>/tell", may="write")
def tell(visit: Visit, message_id: UUID) -> Go:
    """What its record could not be told is told anew."""
    with visit.begin() as db:
        _message(visit, db, message_id)
        now = visit.ground.clock()
        done = write_backs.tell_again(db, visit.workspace_id, message_id, now)
        if done:
            visit.note(db, "message.told_again", message_id)
    visit.ring("write_back")
    return _back(message_id, gettext("The record is told again.") if done else _too_late())


@wing.way("POST /messages/<uuid:message_id>/lift", may="send")
def lift(visit: Visit, message_id: UUID) -> Go:
    """Its number is tried again from now on."""
    with visit.begin() as db:
        message = _message(visit, db, message_id)
        said = _lift(visit, db, message)
    return _back(message_id, said)


@wing.way("POST /decisions/<uuid:decision_id>/lift", may="send")
def lift_of_decision(visit: Visit, decision_id: UUID) -> Go:
    """The same, from where it was decided not to send."""
    with visit.begin() as db:
        decision = decisions.get(db, visit.workspace_id, decision_id)
        if decision is None:
            raise Missing
        said = _lift(visit, db, decision)
    return Go(f"/decisions/{decision_id}", said=said)


def who(visit: Visit) -> str:
    """Whoever does it, as the team knows them."""
    return str((visit.seat or {}).get("name") or gettext("a person of the team"))


def _lift(visit: Visit, db: Connection, about: Row) -> str:
    now = visit.ground.clock()
    if not people.lift(db, visit.workspace_id, about["phone"], now):
        return _too_late()
    visit.note(db, "person.lifted", about["id"])
    return str(gettext("The block is lifted. Later messages to this number are tried again."))


def _message(visit: Visit, db: Connection, message_id: UUID) -> Row:
    found = messages.get(db, visit.workspace_id, message_id)
    if found is None:
        raise Missing
    return found


def _newest(db: Connection, message_id: UUID) -> UUID:
    """The message sent again for it, else itself."""
    settled = settlements.of_message(db, message_id)
    newer: UUID | None = settled["resent_as"] if settled is not None else None
    return newer or message_id


def _back(message_id: UUID, said: str) -> Go:
    return Go(f"/messages/{message_id}", said=said)


def _too_late() -> str:
    words = gettext("Nothing was changed: it is in another state by now. This is how it stands.")
    return str(words)
