"""The migrations make the tables that the statements are written for, on every database."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from isotherm.ports.store import StoreUnavailable
from isotherm.store import REVISION, Database, SchemaError, schema_revision, upgrade_schema
from isotherm.store.tables import metadata


def test_the_program_names_the_newest_step() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [REVISION]


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", "isotherm.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def make_tables(database: Database) -> None:
    upgrade_schema(database)


def take_every_step(database: Database) -> None:
    config = configuration()
    with database.writing.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@pytest.mark.parametrize("way", [make_tables, take_every_step])
def test_a_database_has_the_tables_as_declared(
    empty_connection: str, way: Callable[[Database], None]
) -> None:
    database = Database(empty_connection)
    assert schema_revision(database) is None
    way(database)
    assert schema_revision(database) == REVISION
    with database.reading.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    upgrade_schema(database)
    database.dispose()


def test_the_steps_end_at_what_a_new_database_has(
    empty_connection: str, another_empty_connection: str
) -> None:
    new, old = Database(empty_connection), Database(another_empty_connection)
    make_tables(new)
    take_every_step(old)
    assert reflection(new) == reflection(old)
    for database in (new, old):
        database.dispose()


def reflection(database: Database) -> dict[tuple[str, str], Any]:
    """All that the database itself tells of its tables."""
    with database.reading.connect() as connection:
        inspector = inspect(connection)
        return {
            (table, kind): in_one_order(getattr(inspector, f"get_{kind}")(table))
            for table in inspector.get_table_names()
            for kind in (
                "columns",
                "pk_constraint",
                "indexes",
                "unique_constraints",
                "foreign_keys",
                "check_constraints",
                "table_options",
            )
        }


def in_one_order(found: Any) -> Any:
    """Columns that came later stand last: their order has no meaning."""
    return sorted(map(repr, found)) if isinstance(found, list) else repr(found)


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
