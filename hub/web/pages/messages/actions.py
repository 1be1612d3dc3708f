"""What a person can do now with a message, a decision, something that arrived: each with what comes
of it, said before the button. Nothing here can send twice what a carrier surely has."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext
from sqlalchemy import Connection

from hub.accounts.roles import May
from hub.report.road import Road
from hub.send.settled import AGAIN_WITHIN
from hub.store import intakes, restored
from hub.store.database import Row
from hub.web.pages import written
from hub.web.pages.messages.rows import Line
from hub.web.pages.visits import Visit


@dataclass(frozen=True)
class Action:
    """A form: where it goes, with which `verdict`, the button's words and drawing, what comes of
    it; `tone` is "bad" where it cannot be taken back."""

    name: str
    path: str
    button: str
    icon: str
    says: str
    may: May
    verdict: str = ""
    tone: str = ""


def of_message(
    visit: Visit,
    db: Connection,
    message: Row,
    line: Line,
    settled: Row | None,
    beneath: Row | None,
) -> list[Action]:
    """What there is for this reader, the safest first."""
    path = f"/messages/{message['id']}"
    found = [
        *_waiting(visit, message, path),
        *_uncertain(message, line, path),
        *_failed(message, line, path, settled, beneath),
        *_dead_number(message["reason"], path),
        *_not_told(line, path),
    ]
    return [one for one in found if visit.may(one.may)]


def of_decision(visit: Visit, decision: Row) -> list[Action]:
    """Of a decision that nothing is sent."""
    found = _dead_number(decision["reason"], f"/decisions/{decision['id']}")
    return [one for one in found if visit.may(one.may)]


def of_arrival(visit: Visit, db: Connection, road: Road) -> list[Action]:
    """Of something that arrived and could not be read, or meant nothing then."""
    intake_id = road.ids.get("intake")
    found = intakes.get(db, intake_id) if intake_id and "event" not in road.ids else None
    if found is None or found["state"] not in ("bad", "dead", "ignored") or not visit.may("send"):
        return []
    says = gettext(
        "The hub reads it again, as it arrived. What comes of it now is decided like any other "
        "event: messages may be sent. Events it gave before are not taken twice."
    )
    button = gettext("Open it again")
    return [Action("open-again", f"/events/{intake_id}", button, "refresh", says, "send")]


def _waiting(visit: Visit, message: Row, path: str) -> Iterator[Action]:
    if message["state"] not in ("scheduled", "held"):
        return
    says = gettext("It does not go, now or later. This cannot be taken back.")
    if message["reason"] == "restored":
        yield _release(visit, path)
    yield Action(
        "cancel", path, gettext("Cancel this message"), "x", says, "send", tone="bad"
    )  # fmt: skip


def _release(visit: Visit, path: str) -> Action:
    with visit.ground.database.begin() as hubs_own:
        last = restored.last(hubs_own)
    span = {
        "begin": written.moment(last["taken_at"] if last else None),
        "end": written.moment(last["restored_at"] if last else None),
    }
    says = gettext(
        "The database was restored from a backup. If this message went between %(begin)s and "
        "%(end)s, the person gets it twice. Ask them, or look at your carrier's own list, first.",
        **span,
    )
    return Action("release", path, gettext("Let it go"), "send", says, "send", tone="bad")


def _uncertain(message: Row, line: Line, path: str) -> Iterator[Action]:
    if message["state"] != "uncertain" or message["settled_as"]:
        return
    arrived = gettext("It counts as sent, and the record it came from is told so.")
    lost = gettext("It counts as failed, and the record it came from is told so. Nothing is sent.")
    again = gettext("A new message goes to the same person. If the first one arrived all the same, "
                    "they have it twice.") + _price(line)  # fmt: skip
    for verdict, button, drawing, says, tone in (
        ("arrived", gettext("It arrived"), "check", arrived, ""),
        ("not_arrived", gettext("It never arrived"), "message-off", lost, ""),
        ("sent_again", gettext("Send it again"), "send", again, "bad"),
    ):
        yield Action("settle", path, button, drawing, says, "send", verdict, tone)


def _failed(
    message: Row, line: Line, path: str, settled: Row | None, beneath: Row | None
) -> Iterator[Action]:
    fresh = written.now() - message["created_at"] < AGAIN_WITHIN
    again = settled is not None and settled["resent_as"] is not None
    if message["state"] not in ("failed", "expired") or beneath is not None or again or not fresh:
        return
    says = gettext(
        "A new message goes to the same person, once. It is judged again before it leaves: "
        "consent, hours and limits hold as ever."
    )  # fmt: skip
    button = gettext("Send it again")
    yield Action("again", path, button, "send", says + _price(line), "send")


def _dead_number(reason: str, path: str) -> Iterator[Action]:
    if reason != "dead_number":
        return
    says = gettext(
        "Carriers said that this number no longer exists, so nothing goes there. Lift the block if "
        "the person says that it works: later messages are tried again."
    )
    yield Action("lift", path, gettext("Lift the block on this number"), "phone", says, "send")


def _not_told(line: Line, path: str) -> Iterator[Action]:
    if line.row is None or line.row["told"] != "stopped":
        return
    says = gettext(
        "What the record could not be told is told anew. What it has already is not written twice, "
        "and nobody gets a message."
    )
    yield Action("tell", path, gettext("Tell the record again"), "refresh", says, "write")


def _price(line: Line) -> str:
    """What it cost before is what it is likely to cost again."""
    if line.cost is None or line.cost <= Decimal(0):
        return f" {gettext('It costs what a message costs.')}"
    cost = written.money(line.cost, line.currency)
    words = gettext("It costs about %(cost)s, as the one before.", cost=cost)
    return f" {words}"
