"""Row-level security: each merchant sees only what is theirs."""

from alembic import op

from hub.store.apart import make_roles

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The roles; each table is locked when all steps are taken, so that none is forgotten."""
    make_roles(op.get_bind())


def downgrade() -> None:
    raise RuntimeError("Steps go forward only: restore a backup instead.")
