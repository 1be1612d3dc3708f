"""What four more systems need: apps and sign-ins, bookings, workflows that wait, records of people."""

from alembic import op

revision = "0002"
down_revision = "0001"

SCHEMA = """
-- An app registered at a vendor: the workspace's own, or the operator's for every workspace.
CREATE TABLE apps (
    id uuid PRIMARY KEY,
    workspace_id uuid REFERENCES workspaces,
    connector text NOT NULL,
    client_id text NOT NULL,
    secrets bytea NOT NULL,
    hook_token text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (workspace_id, connector, client_id)
);
-- A merchant on the way through a vendor's sign-in page; bound to one browser.
CREATE TABLE sign_ins (
    state text PRIMARY KEY,
    connection_id uuid NOT NULL REFERENCES connections,
    verifier text NOT NULL,
    browser text NOT NULL DEFAULT '',
    return_url text NOT NULL DEFAULT '',
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
ALTER TABLE connections
    ADD COLUMN way text NOT NULL DEFAULT '',
    ADD COLUMN app_id uuid REFERENCES apps,
    ADD COLUMN app_token text NOT NULL DEFAULT '',
    ADD COLUMN account text NOT NULL DEFAULT '',
    ADD COLUMN quota text NOT NULL DEFAULT '',
    ADD COLUMN lacks text[] NOT NULL DEFAULT '{}',
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN signed_out boolean NOT NULL DEFAULT false,
    ADD COLUMN checked_at timestamptz,
    -- How long results wait to share a call, and until when one worker tells them alone.
    ADD COLUMN gather interval NOT NULL DEFAULT '0',
    ADD COLUMN telling_until timestamptz,
    ADD COLUMN last_event_at timestamptz,
    ADD COLUMN last_write_back_at timestamptz;
CREATE INDEX connections_of_account ON connections (connector, account) WHERE account <> '';
-- The door of a connection that it came through: empty for deliveries, else an action's name.
ALTER TABLE intakes ADD COLUMN door text NOT NULL DEFAULT '';
ALTER TABLE decisions
    ADD COLUMN step int NOT NULL DEFAULT 0,
    DROP CONSTRAINT decisions_event_id_automation_id_phone_key,
    ADD UNIQUE (event_id, automation_id, phone, step);
-- Where a person stands in each system: an opt-out is told to all of them.
CREATE TABLE records (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    phone text NOT NULL,
    record text NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (connection_id, record)
);
CREATE INDEX ON records (workspace_id, phone);
CREATE INDEX people_by_email ON people (workspace_id, lower(email)) WHERE email <> '';
-- A booking's present state, from the newest event about it.
CREATE TABLE bookings (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    subject text NOT NULL,
    event_id uuid NOT NULL REFERENCES events,
    occurred_at timestamptz NOT NULL,
    phone text NOT NULL DEFAULT '',
    title text NOT NULL DEFAULT '',
    starts_at timestamptz,
    zone text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN ('booked', 'cancelled')),
    answer text NOT NULL DEFAULT ''
        CHECK (answer IN ('', 'confirmed', 'declined', 'postponed')),
    answered_at timestamptz,
    PRIMARY KEY (connection_id, subject)
);
CREATE INDEX bookings_of_phone ON bookings (workspace_id, phone, starts_at) WHERE phone <> '';
-- «Which booking do you mean?»: asked once, answered by a number.
CREATE TABLE questions (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    phone text NOT NULL,
    keyword text NOT NULL,
    options jsonb NOT NULL,
    message_id uuid REFERENCES messages,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz
);
CREATE INDEX ON questions (workspace_id, phone, asked_at);
-- A workflow's step that waits for what becomes of its message.
CREATE TABLE callbacks (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    event_id uuid NOT NULL REFERENCES events,
    door text NOT NULL,
    reference text NOT NULL,
    waits_for text NOT NULL CHECK (waits_for IN ('sent', 'delivered', 'replied')),
    deadline_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('asked_for', 'waiting', 'done', 'refused', 'dead')),
    progress jsonb NOT NULL DEFAULT '{}',
    words text NOT NULL DEFAULT '',
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (connection_id, reference)
);
CREATE INDEX callbacks_waiting ON callbacks (due_at) WHERE state = 'waiting';
CREATE INDEX ON callbacks (event_id);
-- An outcome may have no message: an opt-out that another system told.
ALTER TABLE write_backs ALTER COLUMN message_id DROP NOT NULL;
CREATE INDEX write_backs_done ON write_backs (connection_id, done_at) WHERE state = 'done';
CREATE INDEX ON intakes (connection_id, received_at);
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("This step cannot be undone: it would drop bookings and consents.")
