"""Lists: what the pages that list a million rows are found by."""

from alembic import op

revision = "0016"
down_revision = "0015"

STEPS = """
-- The log by automation, newest first, however long ago the last one was; and by template, which is
-- looked for among what its automations sent.
CREATE INDEX messages_of_automation ON messages (workspace_id, automation_id, id);
-- What was decided not to be sent; and of that, what was asked for directly, by who it was for.
CREATE INDEX decisions_not_sent ON decisions (workspace_id, id)
    WHERE action = 'skip' AND message_id IS NULL;
CREATE INDEX decisions_asked_not_sent ON decisions (workspace_id, phone, id)
    WHERE action = 'skip' AND message_id IS NULL AND event_id IS NULL;
"""


def upgrade() -> None:
    if STEPS.strip():
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
