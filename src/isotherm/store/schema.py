"""The schema's version, and bringing a database up to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError

from isotherm.ports.store import StoreUnavailable
from isotherm.store.database import Database
from isotherm.store.tables import metadata

REVISION = "0013"
"""The newest step in ``migrations``: what this version of the program works with."""

_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32)),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As alembic makes it, which goes on from here."""


class SchemaError(Exception):
    """The database's schema is none that this version of the program can bring forward."""


def schema_revision(database: Database) -> str | None:
    """The step that the database is at; None where it is empty.

    Raises StoreUnavailable where there is no database to ask.
    """
    with complaining(database), database.reading.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The same of an open connection."""
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.scalar(select(_version.c.version_num))


def upgrade_schema(database: Database) -> None:
    """Create or change the tables. Processes that start together take turns.

    Raises StoreUnavailable where there is no database, and SchemaError where it belongs
    to a version of the program that this one does not know.
    """
    if schema_revision(database) == REVISION:
        return
    with (
        complaining(database),
        database.writing.begin() as connection,
        database.backend.schema_lock(connection),
    ):
        found = revision_of(connection)
        if found is None:
            _make_tables(connection)
        elif found != REVISION:
            _take_steps(database, connection)


def _make_tables(connection: Connection) -> None:
    """The newest tables at once: a new database has nothing that the steps would keep."""
    metadata.create_all(connection, checkfirst=False)
    _version.create(connection, checkfirst=True)
    connection.execute(insert(_version).values(version_num=REVISION))


def _take_steps(database: Database, connection: Connection) -> None:
    # Slow to import, and needed only after the program has become newer.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "isotherm.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaError(f"{database} is not of this version: {error}") from error


@contextmanager
def complaining(database: Database) -> Iterator[None]:
    """Say which database it is that cannot be used, and why."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"{database} cannot be used: {cause}") from error
