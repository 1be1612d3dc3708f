"""What waits to be sent about one record: a booking's reminders, as they stand this moment."""

from datetime import datetime

from hub.local.demo.town import Town
from hub.store.database import rows


def waiting(town: Town, subject: str) -> tuple[tuple[datetime, str], ...]:
    """(when, what) of each message planned for it, soonest first."""
    with town.ground.database.begin() as db:
        found = rows(
            db,
            """SELECT m.due_at, v.document ->> 'name' AS name FROM messages m
               LEFT JOIN decisions d ON d.id = m.decision_id
               LEFT JOIN automation_versions v
                   ON v.automation_id = d.automation_id AND v.version = d.version
               WHERE m.workspace_id = :id AND m.subject = :subject
               AND m.state IN ('scheduled', 'held') ORDER BY m.due_at""",
            id=town.workspace_id,
            subject=subject,
        )
    return tuple((r["due_at"], r["name"] or "") for r in found)
