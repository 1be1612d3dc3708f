"""Uncertain sends and reconciliation: what is compared, and with what result."""

from alembic import op

revision = "0006"
down_revision = "0005"

STEPS = """
-- An uncertain send that nobody but a person can settle any more, and how it was settled. A message
-- sent again is a new one that names the old; at most one for each.
ALTER TABLE messages
    ADD COLUMN final_at timestamptz,
    ADD COLUMN settled_as text NOT NULL DEFAULT ''
        CHECK (settled_as IN ('', 'arrived', 'not_arrived', 'sent_again')),
    ADD COLUMN resends uuid REFERENCES messages;
CREATE UNIQUE INDEX messages_resent ON messages (resends) WHERE resends IS NOT NULL;
CREATE INDEX messages_in_doubt ON messages (due_at)
    WHERE state = 'uncertain' AND final_at IS NULL;
DROP INDEX messages_once;
CREATE UNIQUE INDEX messages_once ON messages (workspace_id, automation_id, once_key)
    WHERE once_key IS NOT NULL AND state <> 'cancelled' AND stands_in_for IS NULL
    AND resends IS NULL;
-- Who settled it, when and how. Only ever added to.
CREATE TABLE settlements (
    message_id uuid PRIMARY KEY REFERENCES messages,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    verdict text NOT NULL CHECK (verdict IN ('arrived', 'not_arrived', 'sent_again')),
    by_whom text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ON settlements (workspace_id, at);
-- Receipts whose message is not known yet.
CREATE INDEX receipts_orphaned ON receipts (received_at) WHERE message_id IS NULL;
-- The hub's own: what is compared, when next, how the last comparison went.
CREATE TABLE checks (
    name text PRIMARY KEY,
    due_at timestamptz NOT NULL,
    checked_at timestamptz,
    found int NOT NULL DEFAULT 0,
    seconds real NOT NULL DEFAULT 0,
    words text NOT NULL DEFAULT ''
);
-- What a comparison found for a merchant, from when to when; one open line for each.
CREATE TABLE findings (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    name text NOT NULL,
    found int NOT NULL,
    words text NOT NULL,
    since timestamptz NOT NULL,
    at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX findings_open ON findings (workspace_id, name) WHERE ended_at IS NULL;
CREATE INDEX ON findings (workspace_id, id);
-- How far each carrier connection has been asked about messages it took and said no more of;
-- `seconds` is how long its receipts take, all but one in a hundred.
CREATE TABLE silences (
    connection_id uuid PRIMARY KEY REFERENCES connections,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    asked_until timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    seconds real NOT NULL DEFAULT 3600,
    silent int NOT NULL DEFAULT 0
);
-- What a carrier said of a day, beside our own figures.
CREATE TABLE tallies (
    connection_id uuid NOT NULL REFERENCES connections,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day date NOT NULL,
    theirs int NOT NULL,
    ours int NOT NULL,
    their_cost numeric,
    our_cost numeric,
    edge int NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (connection_id, day)
);
"""


def upgrade() -> None:
    if STEPS:
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
