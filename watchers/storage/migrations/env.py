"""Alembic's entry: migrations run over the connection that `watchers.storage.migrate` hands in."""

from alembic import context

from watchers.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
