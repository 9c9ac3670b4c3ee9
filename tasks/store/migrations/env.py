"""Run the steps on the connection that `migrate` holds, inside its transaction."""

from alembic import context

from tasks.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
with context.begin_transaction():
    context.run_migrations()
