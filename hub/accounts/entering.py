"""Coming in: address and password, then a code where there is a second factor. Wrong tries are
counted by account and by network; the answer never tells which of the two was wrong."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.accounts import passwords, second
from hub.store import audit, sessions, users, wrong_tries
from hub.store.database import Row
from hub.store.ground import Ground

_FROM_ONE_NETWORK = 30  # an office shares an address


@dataclass(frozen=True)
class Caller:
    """Whose browser it is: what it says of itself, and the network it comes from."""

    agent: str = ""
    network: str = ""


class MustWait(Exception):
    """Too many wrong tries; `seconds` until the next may be made."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Wrong(Exception):
    """The address, the password or the code: nobody is told which."""


@dataclass(frozen=True)
class Entered:
    """A session's token, for the cookie; with `needs_code` it opens nothing but that question."""

    token: str
    needs_code: bool = False


def enter(ground: Ground, email: str, password: str, caller: Caller) -> Entered:
    """Come in by password. Raises MustWait and Wrong."""
    now, email = ground.clock(), email.strip().lower()
    with ground.database.begin() as db:
        _wait(db, email, caller, now)
        found = users.by_email(db, email)
    user = found if found is not None and found["disabled_at"] is None else None
    # No transaction is open while the hash is computed.
    if not passwords.fits(user["password_hash"] if user else None, password):
        _refuse(ground, email, caller, now)
    if user is None:
        raise Wrong
    with ground.database.begin() as db:
        if passwords.is_old(user["password_hash"]):
            users.change(db, user["id"], password_hash=passwords.hash_of(password))
        if user["totp"]:
            return Entered(_begin(db, user["id"], "code", caller, now), needs_code=True)
        return Entered(come_in(db, user["id"], caller, now, email))


def give_code(ground: Ground, token: str, code: str, caller: Caller) -> Entered:
    """The second factor, in the session that waits for it; the token changes. Raises MustWait and
    Wrong."""
    now = ground.clock()
    with ground.database.begin() as db:
        waiting = sessions.of_token(db, token, now)
        if waiting is None or waiting["stage"] != "code":
            raise Wrong
        _wait(db, waiting["email"], caller, now)
        user = users.lock(db, waiting["user_id"])
        right = user is not None and second.take(db, ground.vault, user, code, now)
        if right:
            sessions.end(db, waiting["user_id"], waiting["id"])
            return Entered(come_in(db, waiting["user_id"], caller, now, waiting["email"]))
    return _refuse(ground, waiting["email"], caller, now)


def come_in(db: Connection, user_id: UUID, caller: Caller, now: datetime, email: str = "") -> str:
    """A session that is in, at the first of their workspaces; its token."""
    if email:
        wrong_tries.forgive(db, f"account:{email}")
    token = _begin(db, user_id, "in", caller, now)
    audit.note(db, now, f"user:{user_id}", "session.begun")
    return token


def confirm(ground: Ground, seat: Row, password: str, caller: Caller) -> None:
    """The password once more, before secrets are shown or the team is changed. Raises MustWait and
    Wrong."""
    now = ground.clock()
    with ground.database.begin() as db:
        _wait(db, seat["email"], caller, now)
        user = users.get(db, seat["user_id"])
    if not passwords.fits(user["password_hash"] if user else None, password):
        _refuse(ground, seat["email"], caller, now)
    with ground.database.begin() as db:
        wrong_tries.forgive(db, f"account:{seat['email']}")
        sessions.confirm(db, seat["id"], now)


def _begin(db: Connection, user_id: UUID, stage: str, caller: Caller, now: datetime) -> str:
    first = next(iter(users.workspaces_of(db, user_id)), None)
    return sessions.begin(
        db,
        user_id,
        stage=stage,
        at_workspace=first["id"] if first else None,
        agent=caller.agent,
        network=caller.network,
        now=now,
    )


def _wait(db: Connection, email: str, caller: Caller, now: datetime) -> None:
    seconds = max(wrong_tries.wait(db, who, now) for who in _who(email, caller))
    if seconds:
        raise MustWait(seconds)


def _refuse(ground: Ground, email: str, caller: Caller, now: datetime) -> Entered:
    account, network = _who(email, caller)
    with ground.database.begin() as db:
        wrong_tries.count(db, account, now)
        wrong_tries.count(db, network, now, _FROM_ONE_NETWORK)
    raise Wrong


def _who(email: str, caller: Caller) -> tuple[str, str]:
    return f"account:{email}", f"network:{caller.network}"
