"""Numbers and what arrived, sealed at rest."""

from alembic import op

revision = "0005"
down_revision = "0004"

STEPS = ""


def upgrade() -> None:
    if STEPS:
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
