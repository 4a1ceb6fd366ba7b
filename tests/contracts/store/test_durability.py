"""What a commit has returned for stays, and a lost connection is not a lost store."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.contracts.store.records import add_stack, fence, make_resource

from isotherm.ports.store import EventQuery, StoreUnavailable, Writes
from isotherm.store import Database, Key, Sealer, SqlStore

_ROOT = Path(__file__).resolve().parents[3]
_PASSPHRASE = "notgood but just long enough i think"


@pytest.mark.slow
async def test_a_killed_process_loses_nothing_that_was_committed(connection: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.contracts.store.writing_process",
        connection,
        _PASSPHRASE,
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    stack_id = (await process.stdout.readline()).decode().strip()
    told = [(await process.stdout.readline()).decode().strip() for _ in range(300)]
    process.send_signal(signal.SIGKILL)
    rest, _ = await process.communicate()
    told += rest.decode().rpartition("\n")[0].split()

    store = SqlStore(Database(connection), Sealer(Key.from_passphrase(_PASSPHRASE)))
    rows = {row.id for row in await store.resources(stack_id)}
    events = {event.id for event in await store.events(EventQuery(stack_ids=[stack_id]))}
    await store.close()
    assert rows >= set(told)
    # Each commit was one row and one event of the same id; the first event is the stack's.
    assert len(events - rows) == 1
    assert not rows - events


async def test_closing_commits_what_is_waiting(connection: str, sealer: Sealer) -> None:
    store = SqlStore(Database(connection), sealer)
    stack = await add_stack(store)
    holding = await fence(store, stack)
    rows = [make_resource(stack.id) for _ in range(50)]
    writing = [
        asyncio.ensure_future(store.commit(holding, Writes(resources=[row]))) for row in rows
    ]
    await asyncio.sleep(0)  # lets them get in line
    await store.close()
    await asyncio.gather(*writing)
    with pytest.raises(StoreUnavailable):
        await store.commit(holding, Writes())

    reopened = SqlStore(Database(connection), sealer)
    assert len(await reopened.resources(stack.id)) == 50
    await reopened.close()


@pytest.mark.slow
@pytest.mark.parametrize("connection", ["postgresql", "mariadb"], indirect=True)
async def test_a_cut_connection_is_made_again(connection: str, sql_store: SqlStore) -> None:
    stack = await add_stack(sql_store)
    holding = await fence(sql_store, stack)
    for _ in range(3):
        cut_others(connection)
        row = make_resource(stack.id)
        await sql_store.commit(holding, Writes(resources=[row]))
        cut_others(connection)
        assert row in await sql_store.resources(stack.id)


def cut_others(connection: str) -> None:
    """Make the server end every connection to this database but our own."""
    database = Database(connection)
    with database.reading.connect() as administration:
        if connection.startswith("postgresql"):
            administration.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        else:
            sessions = administration.scalars(
                text(
                    "SELECT id FROM information_schema.processlist"
                    " WHERE db = database() AND id <> connection_id()"
                )
            ).all()
            for session in sessions:
                administration.execute(text(f"KILL {session}"))
    database.dispose()


async def test_two_processes_wait_for_each_other(
    sql_store: SqlStore, other_store: SqlStore
) -> None:
    first, second = await add_stack(sql_store), await add_stack(other_store)
    fences = [await fence(sql_store, first, "a"), await fence(other_store, second, "b")]
    await asyncio.gather(
        *(
            store.commit(holding, Writes(resources=[make_resource(stack.id)]))
            for _ in range(100)
            for store, holding, stack in zip(
                (sql_store, other_store), fences, (first, second), strict=True
            )
        )
    )
    assert len(await sql_store.resources(first.id)) == 100
    assert len(await sql_store.resources(second.id)) == 100


async def test_a_database_that_is_not_there_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, sealer: Sealer
) -> None:
    monkeypatch.setattr("isotherm.store.writer._PATIENCE", 0.0)
    monkeypatch.setattr("isotherm.store.reader._PATIENCE", 0.0)
    # Port 1 is nobody's.
    for scheme in ("postgresql", "mysql+pymysql"):
        store = SqlStore(Database(f"{scheme}://user:hidden-word@127.0.0.1:1/isotherm"), sealer)
        with pytest.raises(StoreUnavailable) as raised:
            await store.stack("x")
        assert "hidden-word" not in str(raised.value)
        with pytest.raises(StoreUnavailable):
            await store.claim("worker", 1, 60)
        await store.close()
