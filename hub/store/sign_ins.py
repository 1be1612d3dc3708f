"""Sign-ins: a merchant on the way through a vendor's page, bound to the browser that set out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, run


def add(
    db: Connection,
    *,
    state: str,
    connection_id: UUID,
    verifier: str,
    return_url: str,
    expires_at: datetime,
) -> None:
    """One that sets out; a connection's older ones end."""
    run(db, "DELETE FROM sign_ins WHERE connection_id = :id", id=connection_id)
    run(
        db,
        """INSERT INTO sign_ins (state, connection_id, verifier, return_url, expires_at)
           VALUES (:state, :connection_id, :verifier, :return_url, :expires_at)""",
        state=state,
        connection_id=connection_id,
        verifier=verifier,
        return_url=return_url,
        expires_at=expires_at,
    )


def bind(db: Connection, state: str, browser: str, now: datetime) -> Row | None:
    """Bind it to this browser, the first that comes; None for any other, or when it has ended."""
    return row(
        db,
        """UPDATE sign_ins SET browser = :browser
           WHERE state = :state AND browser IN ('', :browser) AND used_at IS NULL
           AND expires_at > :now RETURNING *""",
        state=state,
        browser=browser,
        now=now,
    )


def use(db: Connection, state: str, browser: str, now: datetime) -> Row | None:
    """The vendor sent the browser back: each state works once, in the browser that set out."""
    return row(
        db,
        """UPDATE sign_ins SET used_at = :now
           WHERE state = :state AND browser = :browser AND browser <> '' AND used_at IS NULL
           AND expires_at > :now RETURNING *""",
        state=state,
        browser=browser,
        now=now,
    )


def tidy(db: Connection, before: datetime) -> int:
    """Forget what ended long ago."""
    return run(db, "DELETE FROM sign_ins WHERE expires_at < :before", before=before)
