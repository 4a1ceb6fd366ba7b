"""A database that says no is waited for, and told of in words that anybody may read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from tests.contracts.store.conftest import DATABASES
from tests.contracts.store.records import add_stack, fence, make_resource

from isotherm.ports.store import StoreUnavailable, Writes
from isotherm.store import Database, Sealer, SqlStore, upgrade_schema

# What the servers say when they have become read-only, and when their disk is full.
STATES = {
    "postgresql": {"read-only": "25006", "no space left": "53100", "refuses": "42501"},
    "mysql": {"read-only": "1290", "no space left": "1021", "refuses": "1142"},
}


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isotherm.store.writer._SHORT_PATIENCE", 0.0)


@pytest.mark.parametrize("words", ["read-only", "no space left", "refuses"])
@pytest.mark.parametrize("connection", DATABASES[1:], indirect=True)
async def test_what_a_server_refuses_is_done_when_it_does_so_no_more(
    words: str, connection: str, sql_store: SqlStore
) -> None:
    stack = await add_stack(sql_store)
    holding = await fence(sql_store, stack)
    waiting = await add_stack(sql_store)
    row = make_resource(stack.id)
    with _administration(connection) as administration:
        _say_no(administration, words)
        try:
            with pytest.raises(StoreUnavailable, match=words) as raised:
                await sql_store.commit(holding, Writes(resources=[row]))
            assert "secret of the driver" not in str(raised.value)
            with pytest.raises(StoreUnavailable, match=words):
                await sql_store.claim("worker", 1, 60)
            assert await sql_store.resources(stack.id) == []
            assert bool(await sql_store.trouble()) == (words != "refuses")
        finally:
            _say_yes(administration)
    assert await sql_store.trouble() == ""
    await sql_store.commit(holding, Writes(resources=[row]))
    assert await sql_store.resources(stack.id) == [row]
    assert [each.stack_id for each in await sql_store.claim("worker", 1, 60)] == [waiting.id]


async def test_a_full_disk_is_told_and_heals_by_itself(tmp_path: Path, sealer: Sealer) -> None:
    database = Database(f"sqlite:///{tmp_path / 'isotherm.db'}")
    upgrade_schema(database)
    store = SqlStore(database, sealer)
    stack = await add_stack(store)
    holding = await fence(store, stack)
    most = 1

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")

    event.listen(database.writing, "begin", limit)
    large = make_resource(stack.id, properties={"text": "x" * 100_000})
    with pytest.raises(StoreUnavailable, match="the database has no space left on its disk"):
        await store.commit(holding, Writes(resources=[large]))
    assert "no space left" in await store.trouble()
    assert await store.resources(stack.id) == []
    most = 1_000_000
    assert await store.trouble() == ""
    await store.commit(holding, Writes(resources=[large]))
    assert await store.resources(stack.id) == [large]
    await store.close()


@contextmanager
def _administration(url: str) -> Iterator[Connection]:
    database = Database(url)
    with database.reading.connect() as connection:
        yield connection
    database.dispose()


def _say_no(connection: Connection, words: str) -> None:
    dialect = connection.dialect.name
    state = STATES["postgresql" if dialect == "postgresql" else "mysql"][words]
    if dialect == "postgresql":
        connection.execute(
            text(
                "CREATE FUNCTION say_no() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$BEGIN RAISE 'secret of the driver' USING ERRCODE = '{state}'; END$$"
            )
        )
        for table in ("leases", "resources", "contents"):
            connection.execute(
                text(
                    f"CREATE TRIGGER say_no BEFORE INSERT OR UPDATE ON {table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION say_no()"
                )
            )
        return
    for table in ("leases", "resources", "contents"):
        for moment in ("INSERT", "UPDATE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER no_{table}_{moment} BEFORE {moment} ON {table} FOR EACH ROW"
                    f" SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {state},"
                    " MESSAGE_TEXT = 'secret of the driver'"
                )
            )


def _say_yes(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS say_no CASCADE"))
        return
    for table in ("leases", "resources", "contents"):
        for moment in ("INSERT", "UPDATE"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS no_{table}_{moment}"))
