"""MariaDB, by PyMySQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, Insert, Table, create_engine, text
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from isotherm.store.backend import (
    READERS,
    Backend,
    contains,
    database_now,
    engine_options,
    replaced_columns,
)

# Lock wait timeout, deadlock, too many connections, shutdown, connection killed,
# cannot connect, and the two ways of a connection that is gone.
_TRANSIENT = {1205, 1213, 1040, 1053, 1927, 2002, 2003, 2006, 2013}
_SCHEMA_LOCK = "isotherm-schema"
_SCHEMA_LOCK_SECONDS = 300


class MariaDb(Backend):
    def normalise(self, url: URL) -> URL:
        return url.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"})

    def writing_engine(self, url: URL) -> Engine:
        return _engine(url, "READ COMMITTED", 1)

    def reading_engine(self, url: URL) -> Engine:
        return _engine(url, "AUTOCOMMIT", READERS)

    def upsert(self, table: Table, key: Sequence[str]) -> Insert:
        statement = insert(table)
        replaced = {name: statement.inserted[name] for name in replaced_columns(table, key)}
        return statement.on_duplicate_key_update(replaced)

    def insert_new(self, table: Table, key: Sequence[str]) -> Insert:
        # Not INSERT IGNORE: that would ignore every other error as well.
        return insert(table).on_duplicate_key_update({key[0]: table.c[key[0]]})

    def is_transient(self, error: DBAPIError) -> bool:
        if error.connection_invalidated:
            return True
        code = error.orig.args[0] if error.orig and error.orig.args else None
        return code in _TRANSIENT

    @contextlib.contextmanager
    def schema_lock(self, connection: Connection) -> Iterator[None]:
        """A lock of the session's: DDL ends transactions here."""
        taken = connection.scalar(
            text("SELECT GET_LOCK(:name, :seconds)"),
            {"name": _SCHEMA_LOCK, "seconds": _SCHEMA_LOCK_SECONDS},
        )
        if not taken:
            raise TimeoutError("another process has been changing the schema for too long")
        try:
            yield
            # The next process must find the version that this one wrote, so it is committed
            # while the lock is still held.
            connection.exec_driver_sql("COMMIT")
        finally:
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": _SCHEMA_LOCK})


def _engine(url: URL, isolation_level: str, size: int) -> Engine:
    # The clock is read as local time, which in some hours of the year is ambiguous,
    # so sessions run in UTC; and a server may have been told to cut long values silently.
    session = "SET time_zone = '+00:00', sql_mode = 'TRADITIONAL'"
    return create_engine(
        url,
        isolation_level=isolation_level,
        connect_args={"init_command": session},
        **engine_options(size),
    )


@compiles(database_now, "mysql")
@compiles(database_now, "mariadb")
def _compile_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)"


@compiles(contains, "mysql")
@compiles(contains, "mariadb")
def _compile_contains(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"
