"""Runs the steps on the connection that ``schema.upgrade`` gives; alembic executes this file."""

from alembic import context

from isotherm.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a column: alembic copies the table instead.
    render_as_batch=True,
)
context.run_migrations()
