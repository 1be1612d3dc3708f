"""Who did what: the audit chain."""

from alembic import op
from sqlalchemy import text

from hub.store.database import DESK, ROAD

revision = "0008"
down_revision = "0007"

TABLE = """
-- Who changed what. Each line's hash covers the line before it, so that none can be changed or
-- taken out unseen. A line without a workspace is the hub's own.
CREATE TABLE audit (
    n bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    workspace_id uuid REFERENCES workspaces,
    who text NOT NULL,
    what text NOT NULL,
    object text NOT NULL,
    detail text NOT NULL,
    before bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX ON audit (workspace_id, n);
"""
# The one way in: with its owner's rights, for the roles themselves may only read. One line at a
# time, to the end of the transaction: two lines on top of the same one would be a fork.
WAY_IN = """
CREATE FUNCTION keep_audit(a timestamptz, w uuid, who text, what text, object text, detail text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    sealed bytea;
    number bigint;
    parts text[];
    said text;
BEGIN
    PERFORM pg_advisory_xact_lock(52008);
    SELECT t.n + 1, t.hash INTO number, sealed FROM audit t ORDER BY t.n DESC LIMIT 1;
    IF NOT FOUND THEN
        number := 1;
        sealed := decode(repeat('00', 32), 'hex');
    END IF;
    parts := ARRAY[number::text, (extract(epoch FROM a) * 1000000)::bigint::text,
                   coalesce(w::text, ''), who, what, object, detail];
    SELECT string_agg(octet_length(p) || ':' || p, '' ORDER BY i) INTO said
        FROM unnest(parts) WITH ORDINALITY AS u(p, i);
    INSERT INTO audit VALUES (number, a, w, who, what, object, detail, sealed,
                              sha256(sealed || convert_to(said, 'UTF8')));
    RETURN number;
END $$;
REVOKE EXECUTE ON FUNCTION keep_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_audit TO {roles};
"""


def upgrade() -> None:
    op.execute(TABLE)
    schema = op.get_bind().execute(text("SELECT quote_ident(current_schema())")).scalar_one()
    made = WAY_IN.format(schema=schema, roles=f"{ROAD}, {DESK}")
    op.get_bind().exec_driver_sql(made)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
