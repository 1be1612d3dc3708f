"""What an operator changes from a terminal leaves a line in the audit chain."""

import getpass
import os
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import utc_now
from hub.store import audit


def trace(
    db: Connection, what: str, object: str = "", workspace_id: UUID | None = None, **detail: Any
) -> None:
    """The line; last in the transaction of what it tells of."""
    audit.note(db, utc_now(), operator(), what, object, workspace_id, detail)


def operator() -> str:
    """Who is at this terminal, as the chain names them."""
    try:
        return f"cli:{getpass.getuser()[:60]}"
    except (KeyError, OSError):  # a container's user may have no name
        return f"cli:{os.geteuid()}"
