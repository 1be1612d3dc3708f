"""One's own account: a new password, the second factor, recovery codes."""

from uuid import UUID

from hub.accounts import passwords, second
from hub.store import audit, sessions, users
from hub.store.database import Row
from hub.store.ground import Ground


def change_password(ground: Ground, seat: Row, password: str) -> int:
    """Take another password; how many other browsers were signed out. Raises BadPassword."""
    passwords.check_new(password, seat["email"], seat["name"])
    hashed, now = passwords.hash_of(password), ground.clock()
    with ground.database.begin() as db:
        users.change(db, seat["user_id"], password_hash=hashed)
        ended = sessions.end_all(db, seat["user_id"], but=seat["id"])
        audit.note(db, now, _who(seat), "account.password_changed")
    return ended


def turn_on(ground: Ground, seat: Row, secret: str, code: str) -> list[str] | None:
    """Use an authenticator app from now on: its secret is shared, as `code` proves. The recovery
    codes, which are told this once; None where the code is not the secret's."""
    now = ground.clock()
    step = second.step_of(secret, code, now) if second.is_secret(secret) else None
    if step is None:
        return None
    codes = second.new_recovery_codes()
    with ground.database.begin() as db:
        hashes = [second.hash_of(one) for one in codes]
        users.keep_totp(db, ground.vault, seat["user_id"], secret, hashes)
        users.use_step(db, seat["user_id"], step)
        audit.note(db, now, _who(seat), "account.second_factor_on")
    return codes


def turn_off(ground: Ground, seat: Row) -> None:
    """Sign in by password alone again."""
    with ground.database.begin() as db:
        users.keep_totp(db, ground.vault, seat["user_id"], "", [])
        audit.note(db, ground.clock(), _who(seat), "account.second_factor_off")


def renew_recovery(ground: Ground, seat: Row) -> list[str]:
    """Other recovery codes, told this once; the old ones work no more."""
    codes = second.new_recovery_codes()
    with ground.database.begin() as db:
        user = users.lock(db, seat["user_id"])
        secret = users.totp_of(ground.vault, user) if user else ""
        if not secret or user is None:
            return []
        hashes = [second.hash_of(one) for one in codes]
        users.keep_totp(db, ground.vault, seat["user_id"], secret, hashes)
        users.use_step(db, seat["user_id"], user["totp_step"])
        audit.note(db, ground.clock(), _who(seat), "account.recovery_renewed")
    return codes


def end_session(ground: Ground, seat: Row, session_id: UUID | None) -> int:
    """Sign one of one's browsers out; None is all others. How many were."""
    with ground.database.begin() as db:
        if session_id is None:
            return sessions.end_all(db, seat["user_id"], but=seat["id"])
        return int(sessions.end(db, seat["user_id"], session_id))


def _who(seat: Row) -> str:
    return f"user:{seat['user_id']}"
