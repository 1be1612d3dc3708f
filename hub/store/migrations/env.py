"""Alembic's entry: runs the steps on the connection it is handed, each in its own transaction."""

from alembic import context

from hub import crash

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    transaction_per_migration=True,
    on_version_apply=lambda **_: crash.at("C30"),
)
with context.begin_transaction():
    context.run_migrations()
