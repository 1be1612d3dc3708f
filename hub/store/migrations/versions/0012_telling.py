"""Outgoing webhooks: where a merchant's own programs are told, and every delivery of it."""

from alembic import op

revision = "0012"
down_revision = "0011"

STEPS = """
-- Where a merchant's own program is told what happens. `secret` is sealed; the one before it signs
-- too until `old_until`. `off` is what the hub does to one that is gone, or has failed for days.
CREATE TABLE endpoints (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    url text NOT NULL,
    label text NOT NULL DEFAULT '',
    types text[] NOT NULL,
    whole_numbers boolean NOT NULL DEFAULT false,
    secret bytea NOT NULL DEFAULT '',
    old_secret bytea NOT NULL DEFAULT '',
    old_until timestamptz,
    state text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'off', 'removed')),
    problem text NOT NULL DEFAULT '',
    failing_since timestamptz,
    resting_until timestamptz,
    telling_until timestamptz,
    told_at timestamptz,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX endpoints_of ON endpoints (workspace_id) WHERE state IN ('on', 'paused');
CREATE INDEX endpoints_on ON endpoints (id) WHERE state = 'on';
ALTER TABLE endpoints SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);

-- A UUIDv7, made where a statement makes rows of rows.
CREATE FUNCTION next_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)), 12, '0')
        || '7' || substr(replace(CAST(gen_random_uuid() AS text), '-', ''), 14) AS uuid)
$$;
-- One thing that happened, on its way to one endpoint. Its id is the webhook's: the same however
-- often it is tried. `tries` count in this round, `calls` in all.
CREATE TABLE tellings (
    id uuid PRIMARY KEY DEFAULT next_id(),
    workspace_id uuid NOT NULL,
    endpoint_id uuid NOT NULL REFERENCES endpoints,
    type text NOT NULL,
    message_id uuid,
    phone text NOT NULL DEFAULT '',
    marker text NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'dead')),
    due_at timestamptz NOT NULL,
    tries int NOT NULL DEFAULT 0,
    calls int NOT NULL DEFAULT 0,
    called_at timestamptz,
    took int NOT NULL DEFAULT 0,
    code int NOT NULL DEFAULT 0,
    answer text NOT NULL DEFAULT '',
    words text NOT NULL DEFAULT '',
    done_at timestamptz,
    UNIQUE (endpoint_id, marker)
);
CREATE INDEX tellings_new ON tellings (endpoint_id, due_at, id) WHERE state = 'new';
CREATE INDEX tellings_listed ON tellings (endpoint_id, id);
CREATE INDEX tellings_in_state ON tellings (endpoint_id, state, id) WHERE state <> 'done';
CREATE INDEX tellings_of_type ON tellings (endpoint_id, type, id);
CREATE INDEX tellings_of_message ON tellings (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX tellings_of_person ON tellings (workspace_id, phone) WHERE phone <> '';
ALTER TABLE tellings SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 500,
    autovacuum_vacuum_cost_delay = 0);

-- When a key was last used, to the hour: a key that nobody uses can be ended.
ALTER TABLE api_keys ADD COLUMN used_at timestamptz;
CREATE INDEX ON api_keys (workspace_id);

-- What the page of changes asks by, beside the order of the lines.
CREATE INDEX audit_by_whom ON audit (workspace_id, who, n);
CREATE INDEX audit_at ON audit (workspace_id, at);
CREATE INDEX audit_of_noun ON audit
    (workspace_id, split_part(translate(what, '_', '.'), '.', 1), n);
"""


def upgrade() -> None:
    if STEPS.strip():
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
