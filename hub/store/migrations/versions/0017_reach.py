"""Whom RCS reaches, counted from an index alone."""

from alembic import op

revision = "0017"
down_revision = "0016"

STEPS = """
CREATE INDEX reach_newest ON reach (workspace_id, phone, checked_at DESC) INCLUDE (able);
DROP INDEX reach_workspace_id_phone_idx;
"""


def upgrade() -> None:
    op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
