"""Which engines there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Insert, bindparam, delete, select

from isotherm.ports.attendance import Engine
from isotherm.store.reader import Reader
from isotherm.store.statements import Statements
from isotherm.store.tables import engines
from isotherm.store.types import Instant
from isotherm.store.writer import Change, Writer

_ALL = select(engines).order_by(engines.c.since, engines.c.id)
_REMOVE = delete(engines).where(engines.c.id == bindparam("wanted"))
_PURGE = delete(engines).where(engines.c.seen_at < bindparam("before", type_=Instant))


@dataclass(frozen=True, slots=True)
class _Put(Change[None]):
    put: Insert
    engine: Engine

    def apply(self, connection: Connection) -> None:
        connection.execute(self.put, msgspec.structs.asdict(self.engine))


@dataclass(frozen=True, slots=True)
class _Remove(Change[None]):
    engine_id: str

    def apply(self, connection: Connection) -> None:
        connection.execute(_REMOVE, {"wanted": self.engine_id})


@dataclass(frozen=True, slots=True)
class _Purge(Change[int]):
    before: datetime

    def apply(self, connection: Connection) -> int:
        return connection.execute(_PURGE, {"before": self.before}).rowcount


class SqlAttendance:
    """Implements ``ports.attendance.AttendanceStore``."""

    def __init__(self, reader: Reader, writer: Writer, statements: Statements) -> None:
        self._reader, self._writer, self._statements = reader, writer, statements

    async def put(self, engine: Engine) -> None:
        await self._writer.write(_Put(self._statements.put_engine, engine))

    async def engines(self) -> list[Engine]:
        rows = await self._reader.read(lambda c: c.execute(_ALL).all())
        return [Engine(**row._mapping) for row in rows]

    async def remove(self, engine_id: str) -> None:
        await self._writer.write(_Remove(engine_id))

    async def purge(self, before: datetime) -> int:
        return await self._writer.write(_Purge(before))
