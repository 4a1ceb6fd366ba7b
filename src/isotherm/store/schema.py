"""The schema's version, and bringing a database up to it."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String, Table, inspect, select

from isotherm.store.database import Database

REVISION = "0001"
"""The newest step in ``migrations``: what this version of the program works with."""

_version = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def schema_revision(database: Database) -> str | None:
    """The step that the database is at; None where it is empty.

    Raises SQLAlchemy's errors where there is no database to ask.
    """
    with database.reading.connect() as connection:
        if not inspect(connection).has_table(_version.name):
            return None
        return connection.scalar(select(_version.c.version_num))


def upgrade_schema(database: Database) -> None:
    """Create or change the tables. Processes that start together take turns."""
    if schema_revision(database) == REVISION:
        return
    # Slow to import, and needed only once in a database's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "isotherm.store:migrations")
    config.set_main_option("path_separator", "os")
    with (
        database.writing.begin() as connection,
        database.backend.schema_lock(connection),
    ):
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
