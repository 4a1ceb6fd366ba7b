"""The migrations make the tables that the statements are written for, on every database."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from isotherm.ports.store import StoreUnavailable
from isotherm.store import REVISION, Database, SchemaError, schema_revision, upgrade_schema
from isotherm.store.tables import metadata


def test_the_program_names_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", "isotherm.store:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_an_upgraded_database_has_the_tables_as_declared(empty_connection: str) -> None:
    database = Database(empty_connection)
    assert schema_revision(database) is None
    upgrade_schema(database)
    assert schema_revision(database) == REVISION
    with database.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    upgrade_schema(database)
    database.dispose()


async def test_processes_that_upgrade_at_once_take_turns(empty_connection: str) -> None:
    databases = [Database(empty_connection) for _ in range(4)]
    await asyncio.gather(*(asyncio.to_thread(upgrade_schema, each) for each in databases))
    for database in databases:
        assert schema_revision(database) == REVISION
        database.dispose()


def test_the_schema_of_a_later_version_is_left_alone(empty_connection: str) -> None:
    database = Database(empty_connection)
    upgrade_schema(database)
    with database.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="9999"):
        upgrade_schema(database)
    assert schema_revision(database) == "9999"
    database.dispose()


@pytest.mark.parametrize(
    "connection",
    [
        "postgresql://user:hidden-word@127.0.0.1:1/isotherm",
        "mysql+pymysql://user:hidden-word@127.0.0.1:1/isotherm",
        "sqlite:////proc/nothing/isotherm.db",
        f"sqlite:///{__file__}",
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(connection: str) -> None:
    database = Database(connection)
    for attempt in (schema_revision, upgrade_schema):
        with pytest.raises(StoreUnavailable) as raised:
            attempt(database)
        assert str(database) in str(raised.value)
        assert "hidden-word" not in str(raised.value)
    database.dispose()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_file_is_private(empty_connection: str, tmp_path: Path) -> None:
    database = Database(empty_connection)
    upgrade_schema(database)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    database.dispose()
    assert modes == {0o600}
