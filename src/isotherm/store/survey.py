"""What a database is, found out without changing anything of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, select

from isotherm.store.backend import database_now
from isotherm.store.database import Database
from isotherm.store.schema import complaining, revision_of
from isotherm.store.sealing import key_id_of
from isotherm.store.tables import sources

_OF_HEAT = {"raw_template", "resource_data", "stack"}
"""Tables that only Heat's own schema has."""
_NEWEST = select(sources.c.environment).order_by(sources.c.touched_at.desc()).limit(1)
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Survey:
    """``key_id`` is the key's by which the newest record was sealed, ``ahead`` how many seconds
    the database's clock goes before this machine's."""

    exists: bool = True
    revision: str | None = None
    is_heats: bool = False
    key_id: str | None = None
    ahead: float = 0.0


def survey_database(database: Database) -> Survey:
    """Raises StoreUnavailable where there is no database to ask."""
    with complaining(database):
        engine = database.backend.looking_engine(database.url)
        if engine is None:
            return Survey(exists=False)
        try:
            with engine.connect() as connection:
                return _survey(connection)
        finally:
            engine.dispose()


def _survey(connection: Connection) -> Survey:
    tables = set(inspect(connection).get_table_names())
    newest = connection.scalar(_NEWEST) if sources.name in tables else None
    return Survey(
        revision=revision_of(connection),
        is_heats=tables >= _OF_HEAT,
        key_id=key_id_of(newest) if newest else None,
        ahead=_seconds_ahead(connection),
    )


def _seconds_ahead(connection: Connection) -> float:
    before = time.time()
    theirs = connection.scalar(select(database_now())) or 0
    # The answer took its time, and tells of a moment in between.
    return theirs / _MICROSECONDS - (before + time.time()) / 2
