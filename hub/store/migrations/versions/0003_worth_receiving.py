"""What messages worth receiving need: RCS with SMS beneath, links, codes, routes, prices, limits."""

from alembic import op

revision = "0003"
down_revision = "0002"

SCHEMA = """
-- Where short links live, where they may lead, who may be sent to while a workspace is new, and the
-- sending rules beyond the hours: see hub/automations/rules.py.
ALTER TABLE workspaces
    ADD COLUMN link_url text NOT NULL DEFAULT '',
    ADD COLUMN link_domains text[] NOT NULL DEFAULT '{}',
    ADD COLUMN privacy_url text NOT NULL DEFAULT '',
    ADD COLUMN currency text NOT NULL DEFAULT 'EUR',
    ADD COLUMN testing boolean NOT NULL DEFAULT false,
    ADD COLUMN testers text[] NOT NULL DEFAULT '{}',
    ADD COLUMN rules jsonb NOT NULL DEFAULT '{}';
-- `rich`, `previews` are by language; `variants` are other wordings by name, each {texts, rich}.
ALTER TABLE template_versions
    ADD COLUMN event text NOT NULL DEFAULT '',
    ADD COLUMN rich jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN ttl_minutes int NOT NULL DEFAULT 240,
    ADD COLUMN expects_replies boolean NOT NULL DEFAULT false,
    ADD COLUMN page text NOT NULL DEFAULT '',
    ADD COLUMN previews jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN utm jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN link_days int NOT NULL DEFAULT 30,
    ADD COLUMN coupon jsonb,
    ADD COLUMN variants jsonb NOT NULL DEFAULT '{}';
-- An RCS message that did not arrive has at most one SMS beneath it.
ALTER TABLE messages
    ADD COLUMN rich jsonb,
    ADD COLUMN variant text NOT NULL DEFAULT '',
    ADD COLUMN stands_in_for uuid UNIQUE REFERENCES messages,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN pinned boolean NOT NULL DEFAULT false,
    ADD COLUMN text_hash bytea,
    ADD COLUMN clicked_at timestamptz,
    ADD COLUMN clicks int NOT NULL DEFAULT 0;
DROP INDEX messages_once;
CREATE UNIQUE INDEX messages_once ON messages (workspace_id, automation_id, once_key)
    WHERE once_key IS NOT NULL AND state <> 'cancelled' AND stands_in_for IS NULL;
CREATE INDEX messages_expiring ON messages (expires_at)
    WHERE expires_at IS NOT NULL AND state IN ('sent', 'uncertain');
CREATE INDEX messages_same_text ON messages (workspace_id, phone, text_hash)
    WHERE text_hash IS NOT NULL;
-- Which phones a carrier connection's RCS agent reaches, how it is known, since when.
CREATE TABLE reach (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    phone text NOT NULL,
    able boolean,
    how text NOT NULL CHECK (how IN ('asked', 'receipt', 'refusal')),
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (connection_id, phone)
);
CREATE INDEX ON reach (workspace_id, phone);
-- Short links, one person's each. The token stands nowhere but in the text that was sent.
CREATE TABLE links (
    token_hash bytea PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    message_id uuid NOT NULL REFERENCES messages,
    label text NOT NULL DEFAULT '',
    kind text NOT NULL CHECK (kind IN ('link', 'support', 'page')),
    target text NOT NULL,
    utm jsonb NOT NULL DEFAULT '{}',
    preview jsonb NOT NULL DEFAULT '{}',
    language text NOT NULL DEFAULT 'en',
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ON links (message_id);
CREATE TABLE clicks (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    token_hash bytea NOT NULL REFERENCES links,
    message_id uuid NOT NULL,
    who text NOT NULL CHECK (who IN ('person', 'robot')),
    why text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'told'))
);
CREATE INDEX clicks_new ON clicks (at) WHERE state = 'new';
CREATE INDEX ON clicks (message_id);
-- What a suggestion that is tapped brings back.
CREATE TABLE postbacks (
    token text PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    message_id uuid NOT NULL REFERENCES messages,
    kind text NOT NULL,
    word text NOT NULL
);
CREATE INDEX ON postbacks (message_id);
-- Codes made for one message each, and those shared by all of a template's messages.
CREATE TABLE coupons (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    message_id uuid UNIQUE REFERENCES messages,
    template_id uuid REFERENCES templates,
    code text NOT NULL,
    terms jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'ready', 'refused')),
    reference text NOT NULL DEFAULT '',
    words text NOT NULL DEFAULT '',
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (workspace_id, code)
);
CREATE INDEX coupons_new ON coupons (due_at) WHERE state = 'new';
-- Orders are looked at once for the message that brought them.
ALTER TABLE events ADD COLUMN attributed boolean NOT NULL DEFAULT false;
CREATE INDEX events_to_attribute ON events (due_at)
    WHERE NOT attributed AND state = 'decided' AND type IN ('order.created', 'order.paid');
-- Orders that a message brought: how it is known (code, click, cart), once per order.
CREATE TABLE conversions (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    message_id uuid NOT NULL REFERENCES messages,
    event_id uuid NOT NULL REFERENCES events,
    connection_id uuid NOT NULL REFERENCES connections,
    subject text NOT NULL,
    how text NOT NULL CHECK (how IN ('code', 'click', 'cart')),
    amount numeric,
    currency text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    UNIQUE (connection_id, subject)
);
CREATE INDEX ON conversions (message_id);
-- Which carrier connections take a channel's messages to a country ('' is every other), in order.
CREATE TABLE routes (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    channel text NOT NULL,
    country text NOT NULL DEFAULT '',
    position int NOT NULL,
    connection_id uuid NOT NULL REFERENCES connections,
    weight int NOT NULL DEFAULT 100 CHECK (weight BETWEEN 0 AND 100),
    PRIMARY KEY (workspace_id, channel, country, connection_id)
);
-- How a carrier connection has done lately on a channel: the share of its weight it keeps (0 to 1),
-- and until when its circuit is open.
CREATE TABLE carrier_marks (
    connection_id uuid NOT NULL REFERENCES connections,
    channel text NOT NULL,
    share real NOT NULL DEFAULT 1,
    errors int NOT NULL DEFAULT 0,
    seconds real NOT NULL DEFAULT 0,
    trips int NOT NULL DEFAULT 0,
    open_until timestamptz,
    words text NOT NULL DEFAULT '',
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (connection_id, channel)
);
-- Prices of one segment (SMS) or one message (RCS), in millionths of the currency's unit.
CREATE TABLE prices (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    channel text NOT NULL,
    country text NOT NULL DEFAULT '',
    micros bigint NOT NULL CHECK (micros >= 0),
    currency text NOT NULL,
    PRIMARY KEY (connection_id, channel, country)
);
-- The ledger: what each attempt costs, reserved before it is made, corrected by the receipt.
CREATE TABLE costs (
    message_id uuid NOT NULL REFERENCES messages,
    n int NOT NULL,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    connection_id uuid NOT NULL REFERENCES connections,
    automation_id uuid REFERENCES automations,
    channel text NOT NULL,
    country text NOT NULL,
    parts int NOT NULL,
    micros bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL CHECK (state IN ('reserved', 'corrected', 'released')),
    keys text[] NOT NULL DEFAULT '{}',
    day date NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (message_id, n)
);
CREATE INDEX ON costs (workspace_id, day);
-- Limits on money, and what has been spent against them; a key is "", a country, a prefix or an
-- automation's slug.
CREATE TABLE caps (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    scope text NOT NULL CHECK (scope IN ('workspace', 'automation', 'country', 'prefix')),
    key text NOT NULL DEFAULT '',
    period text NOT NULL CHECK (period IN ('day', 'month')),
    micros bigint NOT NULL CHECK (micros >= 0),
    PRIMARY KEY (workspace_id, scope, key, period)
);
CREATE TABLE spend (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    scope text NOT NULL,
    key text NOT NULL,
    period text NOT NULL,
    since date NOT NULL,
    micros bigint NOT NULL DEFAULT 0,
    messages int NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, scope, key, period, since)
);
"""


def upgrade() -> None:
    op.execute(SCHEMA)


def downgrade() -> None:
    raise RuntimeError("This step cannot be undone: it would drop links, codes and what was spent.")
