"""The team of a workspace: inviting, joining, changing roles, leaving; the last owner stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.accounts import passwords
from hub.accounts.entering import Caller, come_in
from hub.accounts.roles import may_give
from hub.store import audit, invitations, sessions, users
from hub.store.database import Row
from hub.store.ground import Ground


class NotAllowed(Exception):
    """Their own role does not let them do this."""


class LastOwner(Exception):
    """A workspace must keep an owner: make somebody else one first."""


class NotThere(LookupError):
    """Nobody of this team."""


class HasEnded(Exception):
    """The invitation was used, withdrawn, or is too old."""


def invite(db: Connection, seat: Row, email: str, role: str, now: datetime) -> str:
    """Invite somebody into the workspace of a seat; the token of the link. Raises NotAllowed."""
    if role == "owner" or not may_give(seat["role"], role):
        raise NotAllowed
    made = invitations.add(db, seat["at_workspace"], email, role, seat["user_id"], now)
    _note(db, seat, now, "team.invited", role=role)
    return made


def accept(
    ground: Ground, token: str, name: str, password: str, language: str, caller: Caller
) -> str:
    """Join by a link: a new account, or the one that has the address, by its password; the token of
    the session. Raises HasEnded, BadPassword, and NotAllowed where the password is not theirs."""
    now = ground.clock()
    with ground.database.begin() as db:
        invitation = invitations.open_for(db, token, now)
        known = users.by_email(db, invitation["email"]) if invitation else None
    if invitation is None:
        raise HasEnded
    if known is None:
        passwords.check_new(password, invitation["email"], name)
    elif known["disabled_at"] or not passwords.fits(known["password_hash"], password):
        raise NotAllowed
    hashed = passwords.hash_of(password) if known is None else ""
    with ground.database.begin() as db:
        if not invitations.use(db, invitation["id"], now):
            raise HasEnded
        user_id = known["id"] if known else users.add(
            db, email=invitation["email"], name=name, password_hash=hashed, language=language,
            now=now,
        )  # fmt: skip
        if user_id is None:
            raise HasEnded
        users.join(db, invitation["workspace_id"], user_id, invitation["role"], now)
        made = come_in(db, user_id, caller, now)
        audit.note(db, now, f"user:{user_id}", "team.joined",
                   workspace_id=invitation["workspace_id"])  # fmt: skip
    return made


def change_role(db: Connection, seat: Row, user_id: UUID, role: str, now: datetime) -> None:
    """Give a member another role. Raises NotThere, NotAllowed and LastOwner."""
    held = _role_of(db, seat, user_id)
    if not (may_give(seat["role"], held) and may_give(seat["role"], role)):
        raise NotAllowed
    if held == "owner" and role != "owner":
        _keep_an_owner(db, seat)
    users.join(db, seat["at_workspace"], user_id, role, now)
    _note(db, seat, now, "team.changed", str(user_id), role=role)


def take_out(db: Connection, seat: Row, user_id: UUID, now: datetime) -> None:
    """Take a member out, or leave; their sessions end. Raises NotThere, NotAllowed and
    LastOwner."""
    held = _role_of(db, seat, user_id)
    if user_id != seat["user_id"] and not may_give(seat["role"], held):
        raise NotAllowed
    if held == "owner":
        _keep_an_owner(db, seat)
    users.leave(db, seat["at_workspace"], user_id)
    sessions.end_all(db, user_id)
    _note(db, seat, now, "team.left", str(user_id))


def _role_of(db: Connection, seat: Row, user_id: UUID) -> str:
    found = next((m for m in users.team(db, seat["at_workspace"]) if m["id"] == user_id), None)
    if found is None:
        raise NotThere
    return str(found["role"])


def _keep_an_owner(db: Connection, seat: Row) -> None:
    if len(users.owners(db, seat["at_workspace"])) < 2:
        raise LastOwner


def _note(
    db: Connection, seat: Row, now: datetime, what: str, object: str = "", **detail: str
) -> None:
    who = f"user:{seat['user_id']}"
    audit.note(db, now, who, what, object, workspace_id=seat["at_workspace"], detail=detail)
