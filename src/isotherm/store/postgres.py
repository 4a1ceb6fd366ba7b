"""PostgreSQL, by psycopg."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, Insert, Table, create_engine, text
from sqlalchemy.dialects.postgresql import insert
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

# Serialisation failure, deadlock, lock not available, too many connections; and the
# classes of lost connections and of shutdowns.
_TRANSIENT_STATES = {"40001", "40P01", "55P03", "53300"}
_TRANSIENT_CLASSES = {"08", "57"}
_SCHEMA_LOCK = 0x69736F74


def _normalise(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg")


def _writing_engine(url: URL) -> Engine:
    return create_engine(url, isolation_level="READ COMMITTED", **engine_options(1))


def _reading_engine(url: URL) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT", **engine_options(READERS))


def _upsert(table: Table, key: Sequence[str]) -> Insert:
    statement = insert(table)
    replaced = {name: statement.excluded[name] for name in replaced_columns(table, key)}
    return statement.on_conflict_do_update(index_elements=list(key), set_=replaced)


def _insert_new(table: Table, key: Sequence[str]) -> Insert:
    return insert(table).on_conflict_do_nothing(index_elements=list(key))


def _is_transient(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # Connecting failed, or the connection broke before the server said anything.
        return isinstance(error.orig, psycopg.OperationalError)
    return state in _TRANSIENT_STATES or state[:2] in _TRANSIENT_CLASSES


@contextlib.contextmanager
def _schema_lock(connection: Connection) -> Iterator[None]:
    """Held to the end of the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
    yield


@compiles(database_now, "postgresql")
def _compile_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"


@compiles(contains, "postgresql")
def _compile_contains(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"


POSTGRES = Backend(
    normalise=_normalise,
    writing_engine=_writing_engine,
    reading_engine=_reading_engine,
    upsert=_upsert,
    insert_new=_insert_new,
    is_transient=_is_transient,
    schema_lock=_schema_lock,
)
