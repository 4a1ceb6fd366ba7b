"""MariaDB, by PyMySQL."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, Insert, Table, create_engine, event, text
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from isotherm.store.backend import (
    CONNECT_SECONDS,
    IDLE_SECONDS,
    READERS,
    Backend,
    contains,
    database_now,
    engine_options,
    replaced_columns,
)
from isotherm.store.obstacles import Obstacle

_OBSTACLES = {
    1205: Obstacle.CONTENTION,  # lock wait timeout
    1213: Obstacle.CONTENTION,  # deadlock
    1040: Obstacle.AWAY,  # too many connections
    1053: Obstacle.AWAY,  # shutdown
    1927: Obstacle.AWAY,  # connection killed
    2002: Obstacle.AWAY,  # cannot connect
    2003: Obstacle.AWAY,
    2006: Obstacle.AWAY,  # connection gone
    2013: Obstacle.AWAY,
    1047: Obstacle.AWAY,  # a node that has lost its cluster
    1290: Obstacle.READ_ONLY,  # what a primary becomes when another takes over
    1792: Obstacle.READ_ONLY,
    1836: Obstacle.READ_ONLY,
    1021: Obstacle.FULL,
    1114: Obstacle.FULL,
    1026: Obstacle.BROKEN,
    1030: Obstacle.BROKEN,
}
_NO_SPACE = re.compile(r"\berr(or|no)\W{1,3}28\b", re.IGNORECASE)
# A dead peer is noticed within half a minute. The driver has no options for it.
_SOCKET_OPTIONS = {
    "TCP_KEEPIDLE": 10,
    "TCP_KEEPINTVL": 5,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 20_000,
}
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

    def obstacle(self, error: DBAPIError) -> Obstacle | None:
        code = error.orig.args[0] if error.orig and error.orig.args else 0
        found = _OBSTACLES.get(code)
        if found is None and error.connection_invalidated:
            return Obstacle.AWAY
        if found is Obstacle.BROKEN and _NO_SPACE.search(str(error.orig)):
            return Obstacle.FULL
        return found

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
    # What stands between the special marks of a comment only MariaDB reads.
    idle = f"/*M!100300 , idle_write_transaction_timeout = {IDLE_SECONDS} */"
    session = f"SET time_zone = '+00:00', sql_mode = 'TRADITIONAL' {idle}"
    engine = create_engine(
        url,
        isolation_level=isolation_level,
        connect_args={"init_command": session, "connect_timeout": CONNECT_SECONDS},
        **engine_options(size),
    )

    @event.listens_for(engine, "connect")
    def watch_peer(connection: Any, _: Any) -> None:
        for name, value in _SOCKET_OPTIONS.items():
            if hasattr(socket, name):
                connection._sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    return engine


@compiles(database_now, "mysql")
@compiles(database_now, "mariadb")
def _compile_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)"


@compiles(contains, "mysql")
@compiles(contains, "mariadb")
def _compile_contains(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"
