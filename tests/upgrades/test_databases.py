"""Records of an older version are read on every database that is brought forward."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, insert
from tests.servers.databases import new_database
from tests.upgrades.recorded import OLDEST, load

from isotherm.core.states import Action, Status
from isotherm.ports.store import EventQuery, StackQuery
from isotherm.store import Database, Key, Sealer, SqlStore, upgrade_schema

DATABASES = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.slow),
    pytest.param("mariadb", marks=pytest.mark.slow),
)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """At the schema of the older version, with its records in it."""
    kind = request.param
    database = Database(
        f"sqlite:///{tmp_path / 'isotherm.db'}"
        if kind == "sqlite"
        else new_database(request.getfixturevalue(f"{kind}_url"))
    )
    make_tables(database, OLDEST.name.removeprefix("version_"))
    fill_tables(database, OLDEST / "records.sql")
    yield database
    database.dispose()


def make_tables(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "isotherm.store:migrations")
    config.set_main_option("path_separator", "os")
    with database.writing.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill_tables(database: Database, dump: Path) -> None:
    records = load(dump, ":memory:")
    tables = MetaData()
    with database.writing.begin() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                found = records.execute(f"SELECT * FROM {table.name}")
                names = [column[0] for column in found.description]
                rows = [dict(zip(names, row, strict=True)) for row in found]
                connection.execute(insert(table), rows)
    records.close()


async def test_stacks_resources_events_and_sources_are_read(database: Database) -> None:
    upgrade_schema(database)
    store = SqlStore(database, Sealer(Key.from_file(OLDEST / "sealing.key")))
    stacks = await store.stacks(StackQuery(show_nested=True))
    assert {each.name.partition("-")[0]: (each.action, each.status) for each in stacks} == {
        "web": (Action.UPDATE, Status.COMPLETE),
        "nest": (Action.CREATE, Status.COMPLETE),
        "short": (Action.UPDATE, Status.FAILED),
        "halfway": (Action.CREATE, Status.IN_PROGRESS),
    }
    sizes = {}
    for stack in stacks:
        rows = await store.resources(stack.id)
        sizes[stack.name.partition("-")[0], stack.parent_id is None] = len(rows)
        assert await store.events(EventQuery(stack_ids=[stack.id]))
        source = await store.source(stack.source_id)
        assert "2021-04-16" in str(source.template)
        assert await store.work(stack.id) is not None
    assert sizes == {
        ("web", True): 3,
        ("nest", True): 2,
        ("nest", False): 3,
        ("short", True): 4,
        ("halfway", True): 2,
    }
    (short,) = [each for each in stacks if each.name == "short"]
    (word,) = await store.resources(short.id, "word")
    assert word.data["value"] == "hpl7RzADV66JKaC44tbrBudX05Q5h3pM"
    await store.close()
