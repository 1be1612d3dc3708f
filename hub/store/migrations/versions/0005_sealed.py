"""Numbers and what arrived, sealed at rest."""

from alembic import context, op

from hub.store.sealing.first import seal_what_stands

revision = "0005"
down_revision = "0004"

STEPS = """
-- Data keys, each wrapped by the master key; 0 is what tokens of numbers are made with.
CREATE TABLE sealing_keys (
    id int PRIMARY KEY,
    wrapped bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('pepper', 'current', 'retiring', 'retired')),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX sealing_keys_current ON sealing_keys (state) WHERE state = 'current';
-- The one place where a phone number stands. Every other row, in columns named `phone` and in
-- texts, has its token; tokens differ from workspace to workspace. `zones` is of North America's.
CREATE TABLE numbers (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    phone text NOT NULL,
    sealed bytea NOT NULL,
    country text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT 'mobile',
    zones text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (phone, workspace_id)
);
-- The proof that somebody was forgotten: what was erased by kind, when, and whose token is left.
CREATE TABLE erasures (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    phone text NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}',
    began_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX ON erasures (workspace_id, phone);
CREATE INDEX erasures_open ON erasures (began_at) WHERE ended_at IS NULL;
-- Method, headers, query and body as one value. Sealed bytes cannot be compressed.
ALTER TABLE intakes ADD COLUMN sealed bytea, ADD COLUMN size int NOT NULL DEFAULT 0;
ALTER TABLE intakes ALTER COLUMN sealed SET STORAGE EXTERNAL;
"""
DROPPED = """
ALTER TABLE intakes ALTER COLUMN sealed SET NOT NULL,
    DROP COLUMN method, DROP COLUMN headers, DROP COLUMN query, DROP COLUMN body;
"""


def upgrade() -> None:
    op.execute(STEPS)
    seal_what_stands(op.get_bind(), context.config.attributes.get("master"))
    op.execute(DROPPED)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
