"""Figures: what happened each day, counted once, so that a page never counts a million rows."""

from alembic import op

revision = "0011"
down_revision = "0010"

STEPS = """
-- How many of what, on a day of the workspace's own zone. `what` says of which rows, by `state` and
-- `reason` as those rows have them; money is in units of `currency`. Written by nobody but the
-- count: a day's lines can be thrown away and are the same when it is counted again.
CREATE TABLE figures (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day date NOT NULL,
    what text NOT NULL CHECK (what IN ('events', 'decided', 'planned', 'tried', 'sent', 'clicked',
        'replied', 'stopped', 'bought', 'cost', 'revenue', 'compared')),
    automation_id uuid,
    template_id uuid,
    channel text NOT NULL,
    variant text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    currency text NOT NULL,
    n bigint NOT NULL,
    amount numeric NOT NULL
);
CREATE INDEX figures_of_day ON figures (workspace_id, day);
-- Which days are counted, when again, how long it took, and how much of the day still moves.
CREATE TABLE figure_days (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    day date NOT NULL,
    due_at timestamptz,
    counted_at timestamptz,
    seconds real NOT NULL DEFAULT 0,
    moving bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, day)
);
CREATE INDEX figure_days_due ON figure_days (due_at) WHERE due_at IS NOT NULL;
-- How far the rows have been looked through for days that they touch: by name, which tells when a
-- row was made, and by the hub's clock. In another zone every day begins at another hour.
CREATE TABLE figure_marks (
    workspace_id uuid PRIMARY KEY REFERENCES workspaces,
    zone text NOT NULL,
    last_id uuid NOT NULL,
    last_at timestamptz NOT NULL
);
-- Bookings by the day they are for.
CREATE INDEX bookings_by_start ON bookings (workspace_id, starts_at) INCLUDE (state, answer);
"""


def upgrade() -> None:
    op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
