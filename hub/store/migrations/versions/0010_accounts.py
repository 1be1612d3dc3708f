"""Accounts: people with a password, what each may do where, and the browsers they are signed in."""

from alembic import op

revision = "0010"
down_revision = "0009"

STEPS = """
-- A person of the team. They belong to no merchant: `members` says where they may do what.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL CHECK (email = lower(email)),
    name text NOT NULL,
    password_hash text NOT NULL,
    language text NOT NULL DEFAULT '',
    theme text NOT NULL DEFAULT '' CHECK (theme IN ('', 'light', 'dark')),
    -- The shared secret of an authenticator app, sealed; empty while there is none. `totp_step` is
    -- the last time step whose code was used: none works twice.
    totp bytea NOT NULL DEFAULT '',
    totp_step bigint NOT NULL DEFAULT 0,
    recovery_hashes bytea[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    disabled_at timestamptz
);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE TABLE members (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, workspace_id)
);
CREATE INDEX ON members (workspace_id);
-- A browser that is signed in. The token itself is in its cookie alone. `stage` is "code" while the
-- second factor is still to be given: it opens nothing yet.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    stage text NOT NULL CHECK (stage IN ('code', 'in')),
    at_workspace uuid REFERENCES workspaces,
    agent text NOT NULL,
    network text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    confirmed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON sessions (user_id);
CREATE INDEX ON sessions (expires_at);
CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces,
    email text NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'editor', 'viewer')),
    token_hash bytea NOT NULL UNIQUE,
    invited_by uuid REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ON invitations (workspace_id);
-- Wrong passwords and codes, by whom and from where; here and not in Redis, which may be away.
CREATE TABLE wrong_tries (
    who_hash bytea PRIMARY KEY,
    times int NOT NULL,
    until timestamptz NOT NULL
);
"""


def upgrade() -> None:
    op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
