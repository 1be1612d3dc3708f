"""After a restore: what may have gone since the backup is held, and what it was before."""

from alembic import op

revision = "0009"
down_revision = "0008"

STEPS = """
-- The hub's own: each restore, and the moment of which its rows are.
CREATE TABLE restores (
    id uuid PRIMARY KEY,
    taken_at timestamptz NOT NULL,
    restored_at timestamptz NOT NULL
);
-- Messages that wait for a person, or for proof, as they were before. Those that came `again` were
-- made after the restore, out of what the hub may have answered before it.
CREATE TABLE held_back (
    message_id uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    restore_id uuid NOT NULL REFERENCES restores,
    again boolean NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    sentence text NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX ON held_back (workspace_id);
-- For a week after a restore: what is made of events from before it, or follows a message from
-- before it, is held as soon as it is there. Only a restored database has the trigger.
CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    last restores;
BEGIN
    SELECT * INTO last FROM restores WHERE restored_at > now() - interval '7 days'
        ORDER BY restored_at DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    WITH earlier AS (
        INSERT INTO held_back
        SELECT m.id, m.workspace_id, last.id, true, m.state, m.reason, m.sentence, m.due_at
        FROM made m LEFT JOIN events e ON e.id = m.event_id
        LEFT JOIN messages b ON b.id = coalesce(m.stands_in_for, m.resends)
        WHERE m.state IN ('scheduled', 'held')
        AND least(e.occurred_at, b.created_at) < last.restored_at
        RETURNING message_id)
    UPDATE messages SET state = 'held', reason = 'restored', due_at = '9999-01-01Z',
        sentence = 'Held: it is about something from before the restore, so it may have gone already.'
    FROM earlier WHERE messages.id = earlier.message_id;
    RETURN NULL;
END $$;
"""


def upgrade() -> None:
    op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
