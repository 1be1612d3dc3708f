"""The road: from what arrived to what the CRM was told."""

from alembic import op

revision = "0001"
down_revision = None

SCHEMA = """
CREATE TABLE workspaces (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    brand text NOT NULL,
    country text NOT NULL,
    language text NOT NULL,
    zone text NOT NULL,
    sending_window jsonb NOT NULL,
    stop_code text NOT NULL DEFAULT '',
    sender text NOT NULL DEFAULT '',
    countries text[] NOT NULL,
    daily_cap int NOT NULL DEFAULT 3,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    name text NOT NULL,
    prefix text NOT NULL UNIQUE,
    secret_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
CREATE TABLE connections (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connector text NOT NULL,
    label text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN ('installing', 'active', 'attention', 'removed')),
    settings jsonb NOT NULL DEFAULT '{}',
    secrets bytea,
    hook_token text NOT NULL UNIQUE,
    grant_state text UNIQUE,
    vendor_state jsonb NOT NULL DEFAULT '{}',
    problem text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    cursor text NOT NULL DEFAULT '',
    poll_due_at timestamptz,
    check_due_at timestamptz,
    paused_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON connections (workspace_id);
CREATE TABLE connection_notes (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL REFERENCES connections,
    at timestamptz NOT NULL DEFAULT now(),
    words text NOT NULL
);
CREATE INDEX ON connection_notes (connection_id, id);
CREATE TABLE intakes (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid REFERENCES connections,
    road text NOT NULL CHECK (road IN ('events', 'carrier')),
    source text NOT NULL,
    dedupe_key bytea NOT NULL,
    method text NOT NULL,
    headers jsonb NOT NULL,
    query jsonb NOT NULL,
    body bytea NOT NULL,
    received_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'opened', 'ignored', 'bad', 'dead')),
    reason text NOT NULL DEFAULT '',
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (workspace_id, connection_id, dedupe_key)
);
CREATE INDEX intakes_new ON intakes (road, due_at) WHERE state = 'new';
CREATE INDEX ON intakes (workspace_id, id);
CREATE TABLE people (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    phone text NOT NULL,
    country text NOT NULL DEFAULT '',
    first_name text NOT NULL DEFAULT '',
    last_name text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    zone text NOT NULL DEFAULT '',
    failures int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, phone)
);
CREATE TABLE events (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid REFERENCES connections,
    intake_id uuid NOT NULL REFERENCES intakes,
    type text NOT NULL,
    key text NOT NULL,
    subject text NOT NULL,
    cart text NOT NULL DEFAULT '',
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    data jsonb NOT NULL,
    person jsonb NOT NULL,
    phone text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'decided', 'dead')),
    reason text NOT NULL DEFAULT '',
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (workspace_id, connection_id, key)
);
CREATE INDEX events_new ON events (due_at) WHERE state = 'new';
CREATE INDEX ON events (intake_id);
CREATE INDEX ON events (workspace_id, id);
CREATE INDEX events_of_cart ON events (workspace_id, cart, type) WHERE cart <> '';
CREATE INDEX events_of_phone ON events (workspace_id, phone, type) WHERE phone <> '';
CREATE INDEX events_of_subject ON events (workspace_id, subject, type);
CREATE TABLE consents (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    phone text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('granted', 'withdrawn', 'stopped', 'resumed')),
    source text NOT NULL,
    connection_id uuid REFERENCES connections,
    said_at timestamptz NOT NULL,
    wording text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, phone, verdict, source, said_at)
);
CREATE TABLE automations (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    slug text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'live', 'paused')),
    version int NOT NULL,
    live_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, slug)
);
CREATE TABLE automation_versions (
    automation_id uuid NOT NULL REFERENCES automations,
    version int NOT NULL,
    document jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (automation_id, version)
);
CREATE TABLE templates (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    slug text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('marketing', 'transactional')),
    version int NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, slug)
);
CREATE TABLE template_versions (
    template_id uuid NOT NULL REFERENCES templates,
    version int NOT NULL,
    title text NOT NULL,
    texts jsonb NOT NULL,
    defaults jsonb NOT NULL DEFAULT '{}',
    transliterate boolean NOT NULL DEFAULT false,
    max_parts int NOT NULL DEFAULT 3,
    sender text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (template_id, version)
);
CREATE TABLE decisions (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    event_id uuid REFERENCES events,
    automation_id uuid REFERENCES automations,
    version int,
    phone text NOT NULL DEFAULT '',
    action text NOT NULL CHECK (action IN ('send', 'skip')),
    reason text NOT NULL DEFAULT '',
    checks jsonb NOT NULL,
    record jsonb NOT NULL,
    message_id uuid,
    decided_at timestamptz NOT NULL,
    UNIQUE (event_id, automation_id, phone)
);
CREATE INDEX ON decisions (workspace_id, id);
CREATE INDEX ON decisions (message_id);
CREATE TABLE messages (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    decision_id uuid REFERENCES decisions,
    event_id uuid REFERENCES events,
    automation_id uuid REFERENCES automations,
    template_id uuid NOT NULL REFERENCES templates,
    template_version int NOT NULL,
    kind text NOT NULL CHECK (kind IN ('marketing', 'transactional')),
    channel text NOT NULL DEFAULT 'sms',
    phone text NOT NULL,
    language text NOT NULL,
    zone text NOT NULL,
    variables jsonb NOT NULL,
    state text NOT NULL,
    reason text NOT NULL DEFAULT '',
    sentence text NOT NULL DEFAULT '',
    due_at timestamptz NOT NULL,
    once_key text,
    cart text NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    encoding text NOT NULL DEFAULT '',
    parts int NOT NULL DEFAULT 0,
    sender text NOT NULL DEFAULT '',
    carrier_id uuid REFERENCES connections,
    carrier_message_id text,
    price numeric,
    currency text NOT NULL DEFAULT '',
    fence int NOT NULL DEFAULT 0,
    owner int,
    lease_until timestamptz,
    tries int NOT NULL DEFAULT 0,
    lookups int NOT NULL DEFAULT 0,
    source_id uuid REFERENCES connections,
    subject text NOT NULL DEFAULT '',
    record text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    sending_at timestamptz,
    sent_at timestamptz,
    changed_at timestamptz NOT NULL,
    CHECK (state IN ('scheduled', 'held', 'sending', 'sent', 'delivered', 'read', 'skipped',
                     'cancelled', 'failed', 'expired', 'uncertain'))
);
CREATE UNIQUE INDEX messages_once ON messages (workspace_id, automation_id, once_key)
    WHERE once_key IS NOT NULL AND state <> 'cancelled';
CREATE INDEX messages_due ON messages (kind, due_at) WHERE state IN ('scheduled', 'held');
CREATE INDEX messages_doubtful ON messages (state, due_at) WHERE state IN ('sending', 'uncertain');
CREATE INDEX messages_carried ON messages (carrier_id, carrier_message_id);
CREATE INDEX messages_to ON messages (workspace_id, phone, created_at);
CREATE INDEX messages_subject ON messages (workspace_id, subject)
    WHERE state IN ('scheduled', 'held');
CREATE INDEX messages_cart ON messages (workspace_id, cart) WHERE cart <> '';
CREATE INDEX ON messages (workspace_id, id);
CREATE INDEX ON messages (event_id);
CREATE TABLE attempts (
    message_id uuid NOT NULL REFERENCES messages,
    n int NOT NULL,
    carrier_id uuid NOT NULL REFERENCES connections,
    owner int NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text NOT NULL DEFAULT 'open',
    words text NOT NULL DEFAULT '',
    PRIMARY KEY (message_id, n)
);
CREATE INDEX attempts_of_carrier ON attempts (carrier_id, started_at);
CREATE TABLE receipts (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    intake_id uuid NOT NULL REFERENCES intakes,
    message_id uuid REFERENCES messages,
    carrier_message_id text NOT NULL,
    reference text NOT NULL,
    state text NOT NULL,
    code text NOT NULL,
    words text NOT NULL DEFAULT '',
    at timestamptz,
    received_at timestamptz NOT NULL,
    UNIQUE (connection_id, carrier_message_id, state, code)
);
CREATE INDEX ON receipts (message_id);
CREATE TABLE replies (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    intake_id uuid NOT NULL REFERENCES intakes,
    message_id uuid REFERENCES messages,
    carrier_reply_id text NOT NULL,
    phone text NOT NULL,
    body text NOT NULL,
    keyword text NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (connection_id, carrier_reply_id)
);
CREATE INDEX ON replies (message_id);
CREATE INDEX ON replies (workspace_id, phone);
CREATE TABLE write_backs (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    message_id uuid NOT NULL REFERENCES messages,
    marker text NOT NULL,
    outcome jsonb NOT NULL,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'refused', 'dead')),
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    reference text NOT NULL DEFAULT '',
    words text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    UNIQUE (connection_id, marker)
);
CREATE INDEX write_backs_new ON write_backs (due_at) WHERE state = 'new';
CREATE INDEX ON write_backs (message_id);
CREATE TABLE idempotency (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status int,
    answer jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, key)
);

-- The last lock on "states only move forward": a bug above this line raises, it does not send.
CREATE FUNCTION refuse_backward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF OLD.state IN ('skipped', 'cancelled', 'read')
        OR (OLD.state = 'delivered' AND NEW.state <> 'read')
        OR (OLD.state IN ('failed', 'expired') AND NEW.state NOT IN ('delivered', 'read'))
        OR (OLD.state = 'sent'
            AND NEW.state NOT IN ('delivered', 'read', 'failed', 'expired'))
    THEN
        RAISE EXCEPTION 'a message cannot go from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER states_move_forward BEFORE UPDATE OF state ON messages
    FOR EACH ROW EXECUTE FUNCTION refuse_backward();
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("The first step cannot be undone: it would drop every message.")
