"""The same store on every kind of database, and in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.servers.databases import new_database

from isotherm.ports.store import Store
from isotherm.store import Database, Key, Sealer, SqlStore, upgrade_schema
from isotherm.store.tables import metadata
from isotherm.testing import MemoryStore

DATABASES = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.slow),
    pytest.param("mariadb", marks=pytest.mark.slow),
)


class SystemClock:
    """The machine's own time, which is the database's too."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@pytest.fixture(scope="session")
def sqlite_connection(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _upgraded(f"sqlite:///{tmp_path_factory.mktemp('store') / 'isotherm.db'}")


@pytest.fixture(scope="session")
def postgresql_connection(postgresql_url: str) -> str:
    return _upgraded(new_database(postgresql_url))


@pytest.fixture(scope="session")
def mariadb_connection(mariadb_url: str) -> str:
    return _upgraded(new_database(mariadb_url))


def _upgraded(connection: str) -> str:
    database = Database(connection)
    upgrade_schema(database)
    database.dispose()
    return connection


@pytest.fixture(params=DATABASES)
def connection(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database with the schema and no rows."""
    url: str = request.getfixturevalue(f"{request.param}_connection")
    yield url
    _empty(url)


def _empty(url: str) -> None:
    database = Database(url)
    with database.writing.begin() as writing:
        for table in reversed(metadata.sorted_tables):
            writing.execute(table.delete())
    database.dispose()


@pytest.fixture
def empty_connection(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> str:
    """The URL of a database without anything."""
    return _place(request, kind, tmp_path / "isotherm.db")


@pytest.fixture
def another_empty_connection(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> str:
    return _place(request, kind, tmp_path / "another.db")


def _place(request: pytest.FixtureRequest, kind: str, file: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{file}"
    return new_database(request.getfixturevalue(f"{kind}_url"))


@pytest.fixture(params=DATABASES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(Key.from_passphrase("notgood but just long enough i think"))


@pytest.fixture
def database(connection: str) -> Database:
    """The real database of ``sql_store``."""
    return Database(connection)


@pytest.fixture
async def sql_store(database: Database, sealer: Sealer) -> AsyncIterator[SqlStore]:
    """A store on a real database."""
    store = SqlStore(database, sealer)
    yield store
    await store.close()


@pytest.fixture
async def other_store(connection: str, sealer: Sealer) -> AsyncIterator[SqlStore]:
    """A second process's store on the same database."""
    store = SqlStore(Database(connection), sealer)
    yield store
    await store.close()


@pytest.fixture(params=["memory", *DATABASES])
async def store(request: pytest.FixtureRequest, sealer: Sealer) -> AsyncIterator[Store]:
    """The port, whatever is behind it."""
    if request.param == "memory":
        yield MemoryStore(SystemClock())
        return
    url: str = request.getfixturevalue(f"{request.param}_connection")
    adapter = SqlStore(Database(url), sealer)
    yield adapter
    await adapter.close()
    _empty(url)
