"""Growth: what keeps claims and sweeps as fast with ten million rows as with none; campaigns."""

from alembic import op

revision = "0007"
down_revision = "0006"

STEPS = """
-- Claims go by (due_at, id). A campaign's messages are all due at one instant: without the id in
-- the index, each claim would sort all of them.
DROP INDEX intakes_new, events_new, messages_due, write_backs_new;
CREATE INDEX intakes_new ON intakes (road, due_at, id) WHERE state = 'new';
CREATE INDEX events_new ON events (due_at, id) WHERE state = 'new';
CREATE INDEX messages_due ON messages (kind, due_at, id) WHERE state IN ('scheduled', 'held');
-- By connection first: what waits for one that is away must not be walked past by the others.
CREATE INDEX write_backs_new ON write_backs (connection_id, due_at, id) WHERE state = 'new';

-- «Was this asked before?» names an automation, which is one workspace's own.
DROP INDEX messages_once;
CREATE UNIQUE INDEX messages_once ON messages (automation_id, once_key)
    WHERE once_key IS NOT NULL AND state <> 'cancelled' AND stands_in_for IS NULL
    AND resends IS NULL;

-- What somebody was sent lately, and what waits for them, without walking all they ever got. The
-- repeat of words is looked for in the same short stretch.
DROP INDEX messages_to;
CREATE INDEX messages_to ON messages (workspace_id, phone, sending_at);
CREATE INDEX messages_waiting_to ON messages (workspace_id, phone)
    WHERE state IN ('scheduled', 'held');
DROP INDEX messages_same_text;
DROP INDEX events_of_phone;
CREATE INDEX events_of_phone ON events (workspace_id, phone, occurred_at) WHERE phone <> '';

-- Rows that have nothing there to be found by stay out: each entry is written again with every
-- change of state.
DROP INDEX messages_carried;
CREATE INDEX messages_carried ON messages (carrier_id, carrier_message_id)
    WHERE carrier_message_id IS NOT NULL;
ALTER TABLE messages DROP CONSTRAINT messages_stands_in_for_key;
CREATE UNIQUE INDEX messages_stands_in_for ON messages (stands_in_for)
    WHERE stands_in_for IS NOT NULL;
-- Nothing asks by these: an intake is named by its connection or its id, a decision by its message.
DROP INDEX intakes_workspace_id_id_idx, intakes_connection_id_received_at_idx,
    decisions_message_id_idx;
DROP INDEX messages_event_id_idx;
CREATE INDEX messages_event_id ON messages (event_id) WHERE event_id IS NOT NULL;

-- The last lock is asked where it could say no. From these four states a message may go anywhere,
-- and each that is sent leaves two of them.
DROP TRIGGER states_move_forward ON messages;
CREATE TRIGGER states_move_forward BEFORE UPDATE OF state ON messages FOR EACH ROW
    WHEN (OLD.state NOT IN ('scheduled', 'held', 'sending', 'uncertain'))
    EXECUTE FUNCTION refuse_backward();

-- Pages and gauges that ask for what is rare.
CREATE INDEX messages_aside ON messages (workspace_id, state, id)
    WHERE state IN ('uncertain', 'failed', 'expired', 'skipped', 'cancelled');
CREATE INDEX intakes_dead ON intakes (received_at) WHERE state IN ('dead', 'bad');
CREATE INDEX write_backs_dead ON write_backs (created_at) WHERE state = 'dead';

-- One file sent once under one name; `line` is how far it has come.
CREATE TABLE campaigns (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    name text NOT NULL,
    template_id uuid NOT NULL REFERENCES templates,
    template_version int NOT NULL,
    file_hash bytea NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'cancelled')),
    due_at timestamptz NOT NULL,
    line int NOT NULL DEFAULT 0,
    messages int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    UNIQUE (workspace_id, name, file_hash)
);
ALTER TABLE messages ADD COLUMN campaign_id uuid;
CREATE INDEX messages_of_campaign ON messages (campaign_id)
    WHERE campaign_id IS NOT NULL AND state IN ('scheduled', 'held');
"""

# A third of what a row costs is asking whether its merchant, connection and template are there; and
# each asking locks that one row, which every other worker locks too. They are never deleted, and a
# row has their names from a row that stands. The road's own rows still hold each other.
ALWAYS_THERE = {
    "numbers": ("workspace_id",),
    "people": ("workspace_id",),
    "consents": ("workspace_id", "connection_id"),
    "intakes": ("workspace_id", "connection_id"),
    "events": ("workspace_id", "connection_id"),
    "decisions": ("workspace_id", "automation_id"),
    "messages": ("workspace_id", "automation_id", "template_id", "source_id", "carrier_id"),
    "attempts": ("carrier_id",),
    "write_backs": ("workspace_id", "connection_id"),
    "costs": ("workspace_id", "connection_id", "automation_id"),
    "receipts": ("workspace_id", "connection_id"),
}

# Vacuum by count, not by share: a fifth of ten million rows would be a week's dead entries at the
# head of every queue.
HOT = ("intakes", "events", "decisions", "messages", "attempts", "write_backs", "costs", "receipts")
VACUUM = """ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 500,
    autovacuum_vacuum_cost_delay = 0)"""
# A look at a table reads a sample as large as its most curious column asks for. Only what questions
# go by is worth knowing, and six thousand rows tell it; texts and JSON were most of the work.
CURIOUS = """DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT a.attname AS name, EXISTS (
            SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND (a.attnum = ANY(i.indkey)
                OR pg_get_expr(i.indpred, i.indrelid) ~ ('\\m' || a.attname || '\\M'))) AS asked
        FROM pg_attribute a
        WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
    LOOP
        EXECUTE format('ALTER TABLE {table} ALTER COLUMN %I SET STATISTICS %s', one.name,
            CASE WHEN one.asked THEN 20 ELSE 0 END);
    END LOOP;
END $$"""
# Few rows, changed all the time in columns that no index has: room on the page keeps them there.
BUSY = ("connections", "spend", "carrier_marks", "campaigns")
ROOM = """ALTER TABLE {table} SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0)"""
# Each attempt is changed once, soon, in columns that no index has: with room it stays on its page.
SOON = "ALTER TABLE attempts SET (fillfactor = 70)"
# A decision's record is written once and hardly ever read: not worth making it smaller.
AS_IT_IS = "ALTER TABLE decisions SET (toast_tuple_target = 8160)"
# Large values are kept small at a tenth of the work, where this PostgreSQL was built with it.
LARGE = (
    ("intakes", "sealed"),
    ("events", "data"),
    ("decisions", "checks"),
    ("decisions", "record"),
    ("messages", "variables"),
)
LIGHTER = """DO $$ BEGIN
    ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$"""


def upgrade() -> None:
    op.execute(STEPS)
    for table, columns in ALWAYS_THERE.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fkey")
    for table in HOT:
        op.execute(VACUUM.format(table=table))
    for table in (*HOT, "numbers", "people", "consents"):
        op.execute(CURIOUS.format(table=table))
    for table in BUSY:
        op.execute(ROOM.format(table=table))
    op.execute(SOON)
    op.execute(AS_IT_IS)
    for table, column in LARGE:
        op.execute(LIGHTER.format(table=table, column=column))


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
