"""Who did what: the audit chain; who is let in, and how often."""

from alembic import op

revision = "0008"
down_revision = "0007"

STEPS = ""


def upgrade() -> None:
    if STEPS:
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
