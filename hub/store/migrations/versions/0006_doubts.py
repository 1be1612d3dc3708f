"""Uncertain sends and reconciliation: what is compared, and with what result."""

from alembic import op

revision = "0006"
down_revision = "0005"

STEPS = ""


def upgrade() -> None:
    if STEPS:
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
