"""Runs the migrations in the transaction that the caller holds, all of them or none."""

from alembic import context

from infra import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
