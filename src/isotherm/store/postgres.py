"""PostgreSQL, by psycopg."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.dialects.postgresql import insert
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

# Serialisation failure, deadlock, lock not available, too many connections; and the
# classes of lost connections and of shutdowns.
_TRANSIENT_STATES = {"40001", "40P01", "55P03", "53300"}
_TRANSIENT_CLASSES = {"08", "57"}
_SCHEMA_LOCK = 0x69736F74


class Postgres(OnConflictBackend):
    insert = staticmethod(insert)

    def normalise(self, url: URL) -> URL:
        return url.set(drivername="postgresql+psycopg")

    def writing_engine(self, url: URL) -> Engine:
        return create_engine(url, isolation_level="READ COMMITTED", **engine_options(1))

    def reading_engine(self, url: URL) -> Engine:
        return create_engine(url, isolation_level="AUTOCOMMIT", **engine_options(READERS))

    def is_transient(self, error: DBAPIError) -> bool:
        if error.connection_invalidated:
            return True
        state = getattr(error.orig, "sqlstate", None)
        if state is None:
            # Connecting failed, or the connection broke before the server said anything.
            return isinstance(error.orig, psycopg.OperationalError)
        return state in _TRANSIENT_STATES or state[:2] in _TRANSIENT_CLASSES

    @contextlib.contextmanager
    def schema_lock(self, connection: Connection) -> Iterator[None]:
        """Held to the end of the transaction."""
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
        yield


@compiles(database_now, "postgresql")
def _compile_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"


@compiles(contains, "postgresql")
def _compile_contains(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"
