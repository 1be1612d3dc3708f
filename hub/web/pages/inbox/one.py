"""One thread: the conversation on the phone, and what the team does with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext
from sqlalchemy import Connection

from hub.compose.segments import split
from hub.contract.rich import Rich, rich_of
from hub.store import people, threads
from hub.store.database import Row
from hub.web.pages import states, written
from hub.web.pages.inbox import sending
from hub.web.pages.inbox.desk import PATH, wing
from hub.web.pages.inbox.rows import answerers, name_in, team
from hub.web.pages.inbox.words import did, said
from hub.web.pages.messages.one import shower
from hub.web.pages.messages.rows import opened, person_of
from hub.web.pages.messages.words import name_of
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

MOST = 50  # of each side: what is older is in the log


@dataclass(frozen=True)
class Said:
    """One thing in the conversation: theirs where `mine` is false. `under` is its time and what
    came of it."""

    at: datetime
    mine: bool
    under: str
    parts: Sequence[str] = ()
    rich: Rich | None = None
    language: str = ""


@dataclass(frozen=True)
class Talk:
    """A whole thread: `seen` and `upto` are what its forms bring back, so that the second of two
    who answer is told; `closed` is why nothing can be sent, "" where it can."""

    phone: str
    who: str
    person: str
    said: Sequence[Said]
    waits: bool
    answered: str
    answered_at: datetime | None
    assignee: str
    done: bool
    upto: datetime
    closed: str
    sender: str

    @property
    def seen(self) -> str:
        """When somebody answered last."""
        return self.answered_at.isoformat() if self.answered_at else ""

    @property
    def mark(self) -> str:
        """Changes with anything that is live."""
        told = f"{self.seen}{self.waits}{self.done}{[(s.at, s.under) for s in self.said]}"
        return blake2b(told.encode(), digest_size=12).hexdigest()


@wing.way(f"GET {PATH}/<phone>", may="see")
def thread(visit: Visit, phone: str) -> Shown:
    """Its page."""
    return shown(visit, phone)


@wing.way(f"GET {PATH}/<phone>/live", may="see")
def thread_live(visit: Visit, phone: str) -> Shown:
    """The conversation again, where anything is otherwise than its `mark` says; else 204."""
    members = team(visit)
    with visit.begin() as db:
        talk = talk_of(visit, db, phone, members)
    if talk.mark == visit.args.get("mark"):
        return Shown("messages/_same.html", status=204)
    return Shown("inbox/_talk.html", {"talk": talk})


@wing.way(f"POST {PATH}/<phone>/assign", may="answer")
def assign(visit: Visit, phone: str) -> Go:
    """Somebody of the team looks after it from now on, or nobody."""
    members, wanted = team(visit), visit.form.get("assignee", "")
    offered = dict(answerers(members))
    if wanted and wanted not in offered:
        raise Missing
    with visit.begin() as db:
        last_of(visit, db, phone)
        threads.assign(db, visit.workspace_id, phone, UUID(wanted) if wanted else None)
    words = gettext("%(name)s looks after it now.", name=offered.get(wanted, ""))
    return Go(f"{PATH}/{phone}", said=words if wanted else gettext("Nobody looks after it now."))


@wing.way(f"POST {PATH}/<phone>/done", may="answer")
def done(visit: Visit, phone: str) -> Go:
    """Nothing more to answer, of what was seen."""
    with visit.begin() as db:
        last = last_of(visit, db, phone)
        upto = upto_of(visit, last)
        threads.settle(db, visit.workspace_id, phone, upto, visit.ground.clock())
    words = gettext("Done. The thread opens again by itself when they write.")
    return Go(PATH, said=words)


@wing.way(f"POST {PATH}/<phone>/reopen", may="answer")
def reopen(visit: Visit, phone: str) -> Go:
    """It needs an answer again."""
    with visit.begin() as db:
        last_of(visit, db, phone)
        again = threads.reopen(db, visit.workspace_id, phone)
    words = (
        gettext("It needs an answer again.")
        if again
        else gettext(
            "Nothing was changed: their words were forgotten, so there is nothing to answer."
        )
    )
    return Go(f"{PATH}/{phone}", said=words)


def shown(visit: Visit, phone: str, status: int = 200, **more: Any) -> Shown:
    """The page of a thread; `more` are what was typed (`text`), what is wrong with it (`wrong`),
    and what the reader must know first (`clash`)."""
    members = team(visit)
    with visit.begin() as db:
        talk = talk_of(visit, db, phone, members)
        text = more.get("text", "")
        values = {
            "here": PATH, "talk": talk, "key": str(uuid4()), "text": text, "wrong": "",
            "clash": "", "members": answerers(members), "most_characters": sending.LONGEST,
            "weight": sending.weigh(visit, db, phone, text) if text else None,
        }  # fmt: skip
    return Shown("inbox/thread.html", {**values, **more}, status)


def talk_of(visit: Visit, db: Connection, phone: str, members: Mapping[UUID, Row]) -> Talk:
    """All of it, numbers as the reader may see them. Raises Missing."""
    shop, show = visit.workspace_id, shower(visit, db)
    replies = threads.replies_of(db, shop, phone, MOST)
    if not replies:
        raise Missing
    sent = threads.written_to(db, shop, phone, sending.SLUG, MOST)
    held: Row = threads.get(db, shop, phone) or {}
    person = person_of(replies[0], opened(visit, db, replies[:1]))
    both = [_heard(one, show) for one in replies] + [_written(one, show) for one in sent]
    latest = next((one for one in sent if one["sender"]), None)
    return Talk(
        phone=phone, who=name_of(people.get(db, shop, phone) or {}) or person, person=person,
        said=sorted(both, key=lambda one: (one.at, not one.mine)),
        waits=any(one["waits"] for one in replies),
        answered=name_in(members, held.get("answered_by")), answered_at=held.get("answered_at"),
        assignee=str(held.get("assignee") or ""), done=held.get("done_at") is not None,
        upto=replies[0]["received_at"],
        closed=sending.closed(visit, db, phone, replies[0]["received_at"]),
        sender=latest["sender"] if latest else str((visit.seat or {}).get("workspace") or ""),
    )  # fmt: skip


def last_of(visit: Visit, db: Connection, phone: str) -> Row:
    """The last reply of a thread. Raises Missing where there is none here."""
    found = threads.replies_of(db, visit.workspace_id, phone, 1)
    if not found:
        raise Missing
    return found[0]


def upto_of(visit: Visit, last: Row) -> datetime:
    """Until when the reader had seen the thread: what came later stays open."""
    try:
        return datetime.fromisoformat(visit.form.get("upto", "")).astimezone()
    except ValueError:
        found: datetime = last["received_at"]
        return found


def _heard(reply: Row, show: Any) -> Said:
    under = f"{_at(reply['received_at'])} · {did(reply).words}"
    return Said(reply["received_at"], False, under, (said(reply, show(reply["body"])),))


def _written(row: Row, show: Any) -> Said:
    rich = rich_of(row["rich"]) if row["rich"] else None
    words = row["body"] or (row["variables"].get("text_1", "") if row["by_hand"] else "")
    at = row["sending_at"] or row["due_at"]
    under = f"{_at(at)} · {states.state_of(row['state']).words}"
    parts = () if rich else split(show(said(row, words)))
    return Said(at, True, under, parts, rich, row["language"])


def _at(at: datetime) -> str:
    today = written.now().astimezone(written.zone()).date()
    same = at.astimezone(written.zone()).date() == today
    return written.clock(at) if same else written.moment(at)
