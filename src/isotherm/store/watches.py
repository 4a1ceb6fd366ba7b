"""Alarms, what became of them, and actions still to be taken; what they signal is sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, update

from isotherm.kit.measures import Point, Sample, Series
from isotherm.kit.watches import Watch
from isotherm.ports.records import replace
from isotherm.ports.watches import Call, Past, SeriesQuery
from isotherm.store.learning import learnt
from isotherm.store.measures import (
    AddSamples,
    PurgeMeasures,
    PurgeRest,
    read_points,
    read_series,
)
from isotherm.store.reader import Reader
from isotherm.store.sealing import Sealer
from isotherm.store.statements import Statements
from isotherm.store.tables import alarm_calls, alarm_history, alarms
from isotherm.store.types import Instant
from isotherm.store.writer import Change, Writer

T = TypeVar("T", Watch, Call)

_WATCH_KIND, _CALL_KIND, _PAST_KIND = learnt(Watch), learnt(Call), learnt(Past)
_WATCH = (alarms.c.id, alarms.c.look_at, alarms.c.document)
_CALL = (alarm_calls.c.id, alarm_calls.c.due_at, alarm_calls.c.document)
_OF_PROJECT = alarms.c.project_id == bindparam("project")
_NAMED = select(*_WATCH).where(_OF_PROJECT, alarms.c.name == bindparam("wanted"))
_ALL = select(*_WATCH).where(_OF_PROJECT).order_by(alarms.c.name)
_DUE = (
    select(*_WATCH)
    .where(alarms.c.look_at <= bindparam("now", type_=Instant))
    .order_by(alarms.c.look_at)
    .limit(bindparam("most", type_=Integer))
)
_REMOVE = delete(alarms).where(_OF_PROJECT, alarms.c.name == bindparam("wanted"))
_CONCLUDE = (
    update(alarms)
    .where(alarms.c.id == bindparam("wanted"), alarms.c.version == bindparam("before"))
    .values(
        version=bindparam("after"),
        look_at=bindparam("next", type_=Instant),
        document=bindparam("contents"),
    )
)
_LOOK_LATER = (
    update(alarms)
    .where(alarms.c.id == bindparam("wanted"), alarms.c.version == bindparam("before"))
    .values(look_at=bindparam("next", type_=Instant))
)
_LOOK_AT = (
    update(alarms)
    .where(alarms.c.id.in_(bindparam("ids", expanding=True)))
    .values(look_at=bindparam("next", type_=Instant))
)
_CLAIM_CALL = (
    update(alarm_calls)
    .where(
        alarm_calls.c.id == bindparam("wanted"),
        alarm_calls.c.due_at == bindparam("before", type_=Instant),
    )
    .values(due_at=bindparam("next", type_=Instant))
)
_DUE_CALLS = (
    select(*_CALL)
    .where(alarm_calls.c.due_at <= bindparam("now", type_=Instant))
    .order_by(alarm_calls.c.due_at)
    .limit(bindparam("most", type_=Integer))
)
_PUT_CALL = (
    update(alarm_calls)
    .where(alarm_calls.c.id == bindparam("wanted"))
    .values(due_at=bindparam("next", type_=Instant), document=bindparam("contents"))
)
_END_CALL = delete(alarm_calls).where(alarm_calls.c.id == bindparam("wanted"))
_HISTORY = (
    select(alarm_history.c.document)
    .where(alarm_history.c.project_id == bindparam("project"))
    .order_by(alarm_history.c.seq.desc())
)
_OF_NAME = alarm_history.c.name == bindparam("wanted")


def _past_row(past: Past) -> dict[str, Any]:
    return {
        "id": past.id,
        "project_id": past.project_id,
        "name": past.name,
        "at": past.at,
        "document": msgspec.json.encode(past).decode(),
    }


@dataclass(frozen=True, slots=True)
class _Rows:
    """Makes rows of records, and records of rows: what they signal opens doors."""

    sealer: Sealer

    def of_call(self, call: Call) -> dict[str, Any]:
        return {"id": call.id, "due_at": call.due_at, "document": self._sealed(call)}

    def of_watch(self, watch: Watch) -> dict[str, Any]:
        return {
            "id": watch.id,
            "project_id": watch.project_id,
            "name": watch.name,
            "look_at": watch.look_at,
            "version": watch.version,
            "document": self._sealed(watch),
        }

    def watch(self, row: Any) -> Watch:
        """Others than its owner may have said when it is looked at."""
        return replace(self._opened(row.document, row.id, _WATCH_KIND), look_at=row.look_at)

    def call(self, row: Any) -> Call:
        return replace(self._opened(row.document, row.id, _CALL_KIND), due_at=row.due_at)

    def _sealed(self, record: Watch | Call) -> str:
        return self.sealer.seal(msgspec.json.encode(record), f"alarms/{record.id}")

    def _opened(self, document: str, record_id: str, kind: type[T]) -> T:
        if document.startswith("{"):  # from before they were sealed
            return msgspec.json.decode(document, type=kind)
        return msgspec.json.decode(self.sealer.open(document, f"alarms/{record_id}"), type=kind)


@dataclass(frozen=True, slots=True)
class _PutWatch(Change[None]):
    statements: Statements
    row: dict[str, Any]
    past: Past

    def apply(self, connection: Connection) -> None:
        connection.execute(self.statements.put_alarm, self.row)
        connection.execute(self.statements.add_past, _past_row(self.past))


@dataclass(frozen=True, slots=True)
class _RemoveWatch(Change[bool]):
    statements: Statements
    project_id: str
    name: str
    past: Past

    def apply(self, connection: Connection) -> bool:
        key = {"project": self.project_id, "wanted": self.name}
        if connection.execute(_REMOVE, key).rowcount == 0:
            return False
        connection.execute(self.statements.add_past, _past_row(self.past))
        return True


@dataclass(frozen=True, slots=True)
class _Conclude(Change[bool]):
    """All or nothing: what follows from a change of state is there exactly if the change is."""

    statements: Statements
    row: dict[str, Any]
    past: Past | None
    calls: list[dict[str, Any]]

    def apply(self, connection: Connection) -> bool:
        changed = connection.execute(
            _CONCLUDE,
            {
                "wanted": self.row["id"],
                "before": self.row["version"] - 1,
                "after": self.row["version"],
                "next": self.row["look_at"],
                "contents": self.row["document"],
            },
        )
        if changed.rowcount != 1:
            return False
        if self.past is not None:
            connection.execute(self.statements.add_past, _past_row(self.past))
        if self.calls:
            connection.execute(insert(alarm_calls), self.calls)
        return True


@dataclass(frozen=True, slots=True)
class _LookLater(Change[None]):
    looks: list[dict[str, Any]]

    def apply(self, connection: Connection) -> None:
        connection.execute(_LOOK_LATER, self.looks)


@dataclass(frozen=True, slots=True)
class _LookAt(Change[None]):
    ids: Sequence[str]
    at: datetime

    def apply(self, connection: Connection) -> None:
        connection.execute(_LOOK_AT, {"ids": list(self.ids), "next": self.at})


@dataclass(frozen=True, slots=True)
class _ClaimCall(Change[bool]):
    """Whoever is not sure that he has it will find it again when its time is over."""

    call: Call
    until: datetime

    def apply(self, connection: Connection) -> bool:
        wanted = {"wanted": self.call.id, "before": self.call.due_at, "next": self.until}
        return connection.execute(_CLAIM_CALL, wanted).rowcount == 1


@dataclass(frozen=True, slots=True)
class _PutCall(Change[None]):
    row: dict[str, Any]

    def apply(self, connection: Connection) -> None:
        row = self.row
        changed = {"wanted": row["id"], "next": row["due_at"], "contents": row["document"]}
        connection.execute(_PUT_CALL, changed)


@dataclass(frozen=True, slots=True)
class _EndCall(Change[None]):
    statements: Statements
    call: Call
    past: Past

    def apply(self, connection: Connection) -> None:
        if connection.execute(_END_CALL, {"wanted": self.call.id}).rowcount:
            connection.execute(self.statements.add_past, _past_row(self.past))


class SqlWatches:
    """Implements ``ports.watches.WatchStore``."""

    def __init__(
        self, reader: Reader, writer: Writer, statements: Statements, sealer: Sealer
    ) -> None:
        self._reader, self._writer, self._statements = reader, writer, statements
        self._rows = _Rows(sealer)

    async def add_samples(self, samples: Sequence[Sample]) -> None:
        if samples:
            await self._writer.write(AddSamples(self._statements, samples))

    async def points(
        self, series_ids: Sequence[str], period: int, start: datetime, end: datetime
    ) -> Mapping[str, list[Point]]:
        span = start, end
        return await self._reader.read(lambda c: read_points(c, series_ids, period, span))

    async def series(self, query: SeriesQuery) -> list[Series]:
        return await self._reader.read(lambda c: read_series(c, query))

    async def put_watch(self, watch: Watch, past: Past) -> None:
        row = self._rows.of_watch(watch)
        await self._writer.write(_PutWatch(self._statements, row, past))

    async def watch(self, project_id: str, name: str) -> Watch | None:
        key = {"project": project_id, "wanted": name}
        row = await self._reader.read(lambda c: c.execute(_NAMED, key).one_or_none())
        return None if row is None else self._rows.watch(row)

    async def watches(self, project_id: str) -> list[Watch]:
        key = {"project": project_id}
        rows = await self._reader.read(lambda c: c.execute(_ALL, key).all())
        return [self._rows.watch(row) for row in rows]

    async def remove_watch(self, project_id: str, name: str, past: Past) -> bool:
        return await self._writer.write(_RemoveWatch(self._statements, project_id, name, past))

    async def due_watches(self, now: datetime, limit: int) -> list[Watch]:
        wanted = {"now": now, "most": limit}
        rows = await self._reader.read(lambda c: c.execute(_DUE, wanted).all())
        return [self._rows.watch(row) for row in rows]

    async def look_later(self, watches: Sequence[Watch]) -> None:
        looks = [
            {"wanted": each.id, "before": each.version, "next": each.look_at} for each in watches
        ]
        if looks:
            await self._writer.write(_LookLater(looks))

    async def look_at(self, ids: Sequence[str], at: datetime) -> None:
        if ids:
            await self._writer.write(_LookAt(ids, at))

    async def conclude(
        self, watch: Watch, past: Past | None = None, calls: Sequence[Call] = ()
    ) -> bool:
        rows = list(map(self._rows.of_call, calls))
        change = _Conclude(self._statements, self._rows.of_watch(watch), past, rows)
        return await self._writer.write(change)

    async def due_calls(self, now: datetime, limit: int) -> list[Call]:
        wanted = {"now": now, "most": limit}
        rows = await self._reader.read(lambda c: c.execute(_DUE_CALLS, wanted).all())
        return [self._rows.call(row) for row in rows]

    async def claim_call(self, call: Call, until: datetime) -> bool:
        return await self._writer.write(_ClaimCall(call, until))

    async def put_call(self, call: Call) -> None:
        await self._writer.write(_PutCall(self._rows.of_call(call)))

    async def end_call(self, call: Call, past: Past) -> None:
        await self._writer.write(_EndCall(self._statements, call, past))

    async def history(self, project_id: str, name: str = "") -> list[Past]:
        wanted = {"project": project_id} | ({"wanted": name} if name else {})
        listed = _HISTORY.where(_OF_NAME) if name else _HISTORY
        rows = await self._reader.read(lambda c: c.execute(listed, wanted).scalars().all())
        return [msgspec.json.decode(row, type=_PAST_KIND) for row in rows]

    async def purge_measures(self, now: datetime) -> int:
        gone = await self._writer.write(PurgeMeasures(now))
        return gone + await self._writer.write(PurgeRest(now))
