"""Answering: counted while it is written, sent once, and never over somebody else's answer."""

from flask_babel import gettext
from sqlalchemy import Connection

from hub.store import threads
from hub.store.database import Row
from hub.web.pages.inbox import sending
from hub.web.pages.inbox.desk import PATH, wing
from hub.web.pages.inbox.one import last_of, shown, upto_of
from hub.web.pages.retold import told
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown


@wing.way(f"POST {PATH}/<phone>/count", may="answer")
def count(visit: Visit, phone: str) -> Shown:
    """What the text in the form takes, as a part of the page."""
    with visit.begin() as db:
        last_of(visit, db, phone)
        weight = sending.weigh(visit, db, phone, _text(visit))
    return Shown("inbox/_count.html", {"weight": weight})


@wing.way(f"POST {PATH}/<phone>/answer", may="answer")
def answer(visit: Visit, phone: str) -> Shown | Go:
    """Send it. The form's key sends once; whoever has not seen another's answer is told first."""
    text = _text(visit)
    with visit.begin() as db:
        last = last_of(visit, db, phone)
        held = threads.hold(db, visit.workspace_id, phone)
        key = visit.form.get("key", "")[:64]
        if key and held["answer_key"] == key:
            return Go(f"{PATH}/{phone}", said=gettext("It was sent already, once."))
        clash = (held["answered_at"].isoformat() if held["answered_at"] else "") != visit.form.get(
            "seen", ""
        )
        wrong, message = ("", None) if clash else _sent(visit, db, phone, text, last, key)
    if message is None:
        return _back(visit, phone, text, wrong)
    visit.ring(f"send_{message['kind']}")
    waits = gettext("It waits: %(why)s", why=told(message["sentence"]))
    words = waits if message["state"] == "held" else gettext("Your answer is on its way.")
    return Go(f"{PATH}/{phone}", said=words)


def _sent(
    visit: Visit, db: Connection, phone: str, text: str, last: Row, key: str
) -> tuple[str, Row | None]:
    """What is wrong with it, else the message."""
    closed = sending.closed(visit, db, phone, last["received_at"])
    wrong = closed or sending.weigh(visit, db, phone, text).problem
    if wrong:
        return wrong, None
    verdict, message = sending.send(visit, db, phone, text)
    if message is None:
        return told(verdict.sentence), None
    now, shop = visit.ground.clock(), visit.workspace_id
    threads.answered(db, shop, phone, visit.user_id, key, now)
    threads.settle(db, shop, phone, upto_of(visit, last), now)
    visit.note(db, "inbox.answered", message["id"])
    return "", message


def _back(visit: Visit, phone: str, text: str, wrong: str) -> Shown:
    """The page again with what was typed: something is wrong, or somebody was faster."""
    if wrong:
        return shown(visit, phone, 422, text=text, wrong=wrong)
    clash = gettext(
        "Nothing was sent: this thread was answered while you wrote. Read that answer; "
        "yours is still below, to send as well, to change or to leave."
    )
    return shown(visit, phone, 409, text=text, clash=clash)


def _text(visit: Visit) -> str:
    """One line: a template's value has no line breaks."""
    return " ".join(visit.form.get("text", "").split())[: 4 * sending.LONGEST]
