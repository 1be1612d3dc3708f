"""Sandboxes: a workspace's own place to try everything, with a clock that can be moved."""

from alembic import op

revision = "0015"
down_revision = "0014"

STEPS = """
-- A sandbox belongs to a real workspace and has rows of its own, so that it is kept apart as any
-- other. Its people use it with the role they have in the real one. One that was started over stays,
-- ended, until nothing needs its rows: deleting them would look through every table.
ALTER TABLE workspaces
    ADD COLUMN sandbox_of uuid REFERENCES workspaces,
    ADD COLUMN sandbox_ended_at timestamptz,
    -- How far its clock is ahead of ours; only ever more.
    ADD COLUMN clock_ahead interval NOT NULL DEFAULT '0';
CREATE UNIQUE INDEX workspaces_sandbox ON workspaces (sandbox_of)
    WHERE sandbox_of IS NOT NULL AND sandbox_ended_at IS NULL;
-- The port of this machine where its vendor is played: such a connection leads there and nowhere
-- else. NULL for a real vendor, who is never on this machine.
ALTER TABLE connections ADD COLUMN simulator int;
"""


def upgrade() -> None:
    if STEPS.strip():
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
