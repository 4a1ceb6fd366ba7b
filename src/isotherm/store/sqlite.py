"""SQLite: one file, write-ahead log, every commit synchronous."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from isotherm.store.backend import (
    READERS,
    OnConflictBackend,
    contains,
    database_now,
    engine_options,
)
from isotherm.store.obstacles import Obstacle

_BUSY_TIMEOUT_MS = 10_000
_OBSTACLES = {
    sqlite3.SQLITE_BUSY: Obstacle.CONTENTION,
    sqlite3.SQLITE_LOCKED: Obstacle.CONTENTION,
    sqlite3.SQLITE_READONLY: Obstacle.READ_ONLY,
    sqlite3.SQLITE_FULL: Obstacle.FULL,
    sqlite3.SQLITE_IOERR: Obstacle.BROKEN,
    sqlite3.SQLITE_CANTOPEN: Obstacle.BROKEN,
}


class Sqlite(OnConflictBackend):
    insert = staticmethod(insert)

    def normalise(self, url: URL) -> URL:
        if not url.database or url.database == ":memory:":
            raise ValueError("SQLite needs a file: sqlite:////path/to/file")
        return url.set(drivername="sqlite+pysqlite")

    def writing_engine(self, url: URL) -> Engine:
        engine = _engine(
            url,
            1,
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
        )

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # A transaction that begins by reading could not become a writing one
            # where another process has written meanwhile.
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    def reading_engine(self, url: URL) -> Engine:
        return _engine(url, READERS, "query_only = ON")

    def looking_engine(self, url: URL) -> Engine | None:
        """Neither the file nor its journals are made."""
        assert url.database
        file = Path(url.database)
        if not file.exists():
            return None
        # Without journals nobody has the file open, and what is in it is all there is.
        has_journal = file.with_name(f"{file.name}-wal").exists()
        mode = "mode=ro" if has_journal else "mode=ro&immutable=1"
        address = f"file:{quote(str(file.absolute()))}?{mode}"
        return create_engine(
            url,
            creator=lambda: sqlite3.connect(address, uri=True, check_same_thread=False),
            **engine_options(1),
        )

    def obstacle(self, error: DBAPIError) -> Obstacle | None:
        # The lower byte is the kind, the upper one its detail.
        return _OBSTACLES.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)

    @contextlib.contextmanager
    def schema_lock(self, connection: Connection) -> Iterator[None]:
        """Nothing to do: the transaction has the file to itself."""
        yield


def _engine(url: URL, connections: int, *pragmas: str) -> Engine:
    assert url.database
    _create_private(Path(url.database))
    engine = create_engine(url, **engine_options(connections))

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        # The driver would begin transactions too late, and not at all for DDL.
        connection.isolation_level = None
        for pragma in (f"busy_timeout = {_BUSY_TIMEOUT_MS}", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _create_private(path: Path) -> None:
    """The file holds what users did not mean to publish; its journals get the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


@compiles(database_now, "sqlite")
def _compile_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000"


@compiles(contains, "sqlite")
def _compile_contains(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"
