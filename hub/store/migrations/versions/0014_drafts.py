"""Drafts: what is being written beside what is published, and who published which version."""

from alembic import op

revision = "0014"
down_revision = "0013"

STEPS = """
-- At most one for each automation and template, or for one that is still to be. `version` is the
-- draft's own and counts its savings: whoever saves names the one they read. `based_on` is the
-- published version that it was begun from, 0 where there was none.
CREATE TABLE drafts (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    what text NOT NULL CHECK (what IN ('automation', 'template')),
    slug text NOT NULL,
    document jsonb NOT NULL,
    version int NOT NULL,
    based_on int NOT NULL,
    edited_by uuid REFERENCES users ON DELETE SET NULL,
    edited_name text NOT NULL,
    edited_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, what, slug)
);
-- A name is kept as it was: no desk may look a user up.
ALTER TABLE automation_versions ADD COLUMN published_by uuid REFERENCES users ON DELETE SET NULL,
    ADD COLUMN published_name text NOT NULL DEFAULT '', ADD COLUMN published_at timestamptz;
ALTER TABLE template_versions ADD COLUMN published_by uuid REFERENCES users ON DELETE SET NULL,
    ADD COLUMN published_name text NOT NULL DEFAULT '', ADD COLUMN published_at timestamptz;
ALTER TABLE automations DROP CONSTRAINT automations_state_check,
    ADD CONSTRAINT automations_state_check CHECK (state IN ('draft', 'test', 'live', 'paused'));
-- A change that would have sent this many percent more or fewer last week, or this many messages,
-- is published only by somebody who says to have seen it.
ALTER TABLE workspaces ADD COLUMN tick_share int NOT NULL DEFAULT 20,
    ADD COLUMN tick_sends int NOT NULL DEFAULT 100;
-- A week of one kind of event, however many other kinds came in meanwhile.
CREATE INDEX events_of_type ON events (workspace_id, type, received_at, id);
"""


def upgrade() -> None:
    op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
