"""The inbox: threads, who looks after each, and people brought in from a file."""

from alembic import op

revision = "0013"
down_revision = "0012"

STEPS = """
-- People: found by the beginning of a name or an address, and by where they stand. Compared byte by
-- byte, so that row-level security lets the question use the index.
ALTER TABLE people
    ADD COLUMN found_first text COLLATE "C" GENERATED ALWAYS AS (lower(first_name)) STORED,
    ADD COLUMN found_last text COLLATE "C" GENERATED ALWAYS AS (lower(last_name)) STORED,
    ADD COLUMN found_email text COLLATE "C" GENERATED ALWAYS AS (lower(email)) STORED;
CREATE INDEX people_listed ON people (workspace_id, id);
CREATE INDEX people_by_first ON people (workspace_id, found_first) WHERE found_first <> '';
CREATE INDEX people_by_last ON people (workspace_id, found_last) WHERE found_last <> '';
CREATE INDEX people_by_address ON people (workspace_id, found_email) WHERE found_email <> '';
CREATE INDEX people_failing ON people (workspace_id, id) WHERE failures > 0;
CREATE INDEX consents_against ON consents (workspace_id, verdict, phone)
    WHERE verdict IN ('stopped', 'withdrawn');
-- A file of people on its way in: its lines stay sealed, and only until they are brought in or a
-- day is over. `columns` are which column holds what, `evidence` where and since when they agreed,
-- `counts` what would be or was, `bad` the lines that are nobody's with a reason each.
CREATE TABLE imports (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    file_hash bytea NOT NULL,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'read' CHECK (state IN ('read', 'running', 'done', 'dropped')),
    sealed bytea NOT NULL DEFAULT '',
    lines int NOT NULL,
    at_line int NOT NULL DEFAULT 0,
    columns jsonb NOT NULL DEFAULT '{}',
    evidence jsonb NOT NULL DEFAULT '{}',
    counts jsonb NOT NULL DEFAULT '{}',
    bad jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX imports_once ON imports (workspace_id, file_hash) WHERE state <> 'dropped';
CREATE INDEX imports_listed ON imports (workspace_id, id);
CREATE INDEX imports_kept ON imports (changed_at) WHERE sealed <> '';
-- Inbox: a reply waits for an answer while no keyword took it and nobody settled it; that is read
-- from the reply itself, so that a new one opens its thread without another write. A thread is a
-- person's; its row is there once somebody of the team touched it.
ALTER TABLE replies
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN asked_again boolean NOT NULL DEFAULT false;
CREATE INDEX replies_open ON replies (workspace_id, received_at, id)
    WHERE settled_at IS NULL AND (keyword = 'other' OR asked_again) AND body <> '' AND phone <> '';
CREATE INDEX replies_listed ON replies (workspace_id, received_at, id);
CREATE INDEX replies_of_person ON replies (workspace_id, phone, received_at, id);
DROP INDEX IF EXISTS replies_workspace_id_phone_idx;
CREATE TABLE threads (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    phone text NOT NULL,
    assignee uuid REFERENCES users ON DELETE SET NULL,
    done_at timestamptz,
    answered_at timestamptz,
    answered_by uuid REFERENCES users ON DELETE SET NULL,
    answer_key text NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, phone)
);
CREATE INDEX threads_assigned ON threads (workspace_id, assignee) WHERE assignee IS NOT NULL;
"""


def upgrade() -> None:
    if STEPS.strip():
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
