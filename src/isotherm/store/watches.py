"""Measures, the alarms about them, what became of these, and actions still to be taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, update

from isotherm.kit.measures import KEPT_DAYS, PERIODS, Point, Sample, Series, Sum, span_of
from isotherm.kit.watches import Watch
from isotherm.ports.watches import Call, Past, SeriesQuery
from isotherm.store.reader import Reader
from isotherm.store.statements import Statements
from isotherm.store.tables import alarm_calls, alarm_history, alarms, measures, metric_series
from isotherm.store.types import Instant
from isotherm.store.writer import Change, Writer

Rows = list[dict[str, Any]]
_AT_ONCE = 500

_THERE = (
    select(measures)
    .where(
        measures.c.series_id.in_(bindparam("ids", expanding=True)),
        measures.c.period == bindparam("of_period"),
        measures.c.at.in_(bindparam("ats", expanding=True)),
    )
    .order_by(measures.c.series_id, measures.c.at, measures.c.unit)
    .with_for_update()
)
_POINTS = (
    select(measures)
    .where(
        measures.c.series_id.in_(bindparam("ids", expanding=True)),
        measures.c.period == bindparam("of_period"),
        measures.c.at >= bindparam("start", type_=Instant),
        measures.c.at < bindparam("end", type_=Instant),
    )
    .order_by(measures.c.series_id, measures.c.at)
)
_OLD = (
    select(measures.c.series_id, measures.c.at, measures.c.unit)
    .where(
        measures.c.period == bindparam("of_period"),
        measures.c.at < bindparam("before", type_=Instant),
    )
    .limit(_AT_ONCE)
)
_FORGET = delete(measures).where(
    measures.c.series_id == bindparam("of_series"),
    measures.c.period == bindparam("of_period"),
    measures.c.at == bindparam("of_at", type_=Instant),
    measures.c.unit == bindparam("of_unit"),
)
_OF_PROJECT = alarms.c.project_id == bindparam("project")
_NAMED = select(alarms.c.document).where(_OF_PROJECT, alarms.c.name == bindparam("wanted"))
_ALL = select(alarms.c.document).where(_OF_PROJECT).order_by(alarms.c.name)
_DUE = (
    select(alarms.c.document)
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
_DUE_CALLS = (
    select(alarm_calls.c.document)
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


def _text(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()


def _past_row(past: Past) -> dict[str, Any]:
    return {
        "id": past.id,
        "project_id": past.project_id,
        "name": past.name,
        "document": _text(past),
    }


def _call_row(call: Call) -> dict[str, Any]:
    return {"id": call.id, "due_at": call.due_at, "document": _text(call)}


def _watch_row(watch: Watch) -> dict[str, Any]:
    return {
        "id": watch.id,
        "project_id": watch.project_id,
        "name": watch.name,
        "look_at": watch.look_at,
        "version": watch.version,
        "document": _text(watch),
    }


@dataclass(frozen=True, slots=True)
class _AddSamples(Change[None]):
    """Adds to what is there. Where a commit may have been made without our learning of it, the
    values may count twice: a measure, unlike an order, survives that."""

    statements: Statements
    samples: Sequence[Sample]

    def apply(self, connection: Connection) -> None:
        connection.execute(self.statements.add_series, list(_series_rows(self.samples)))
        summed = _summed(self.samples)
        there = _there(connection, summed)
        rows: Rows = [
            {
                "series_id": key[0],
                "period": key[1],
                "at": key[2],
                "unit": key[3],
                "document": _text(there[key].plus(new) if key in there else new),
            }
            for key, new in sorted(summed.items())
        ]
        connection.execute(self.statements.put_measure, rows)


Key = tuple[str, int, datetime, str]


def _there(connection: Connection, wanted: Iterable[Key]) -> dict[Key, Sum]:
    """What is there of these spans, to be added to."""
    keys = list(wanted)
    found: dict[Key, Sum] = {}
    for period in PERIODS:
        ids = sorted({key[0] for key in keys})
        ats = sorted({key[2] for key in keys if key[1] == period})
        rows = connection.execute(_THERE, {"ids": ids, "of_period": period, "ats": ats})
        for row in rows:
            total = msgspec.json.decode(row.document, type=Sum)
            found[row.series_id, period, row.at, row.unit] = total
    return found


def _series_rows(samples: Iterable[Sample]) -> Iterable[dict[str, Any]]:
    for series_id, series in {each.series.id: each.series for each in samples}.items():
        yield {
            "id": series_id,
            "project_id": series.project_id,
            "namespace": series.namespace,
            "name": series.name,
            "document": _text(series),
        }


def _summed(samples: Iterable[Sample]) -> dict[Key, Sum]:
    found: dict[Key, Sum] = {}
    for each in samples:
        for period in PERIODS:
            key = (each.series.id, period, span_of(each.at, period), each.unit)
            found[key] = found[key].plus(each.sum) if key in found else each.sum
    return found


@dataclass(frozen=True, slots=True)
class _PutWatch(Change[None]):
    statements: Statements
    watch: Watch
    past: Past

    def apply(self, connection: Connection) -> None:
        connection.execute(self.statements.put_alarm, _watch_row(self.watch))
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
    watch: Watch
    past: Past | None
    calls: Sequence[Call]

    def apply(self, connection: Connection) -> bool:
        watch = self.watch
        changed = connection.execute(
            _CONCLUDE,
            {
                "wanted": watch.id,
                "before": watch.version - 1,
                "after": watch.version,
                "next": watch.look_at,
                "contents": _text(watch),
            },
        )
        if changed.rowcount != 1:
            return False
        if self.past is not None:
            connection.execute(self.statements.add_past, _past_row(self.past))
        if self.calls:
            connection.execute(insert(alarm_calls), [_call_row(each) for each in self.calls])
        return True


@dataclass(frozen=True, slots=True)
class _PutCall(Change[None]):
    call: Call

    def apply(self, connection: Connection) -> None:
        row = _call_row(self.call)
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


@dataclass(frozen=True, slots=True)
class _Purge(Change[int]):
    now: datetime

    def apply(self, connection: Connection) -> int:
        gone = 0
        for period, days in KEPT_DAYS.items():
            before = self.now - timedelta(days=days)
            old = connection.execute(_OLD, {"of_period": period, "before": before}).all()
            rows = [
                {
                    "of_series": each.series_id,
                    "of_period": period,
                    "of_at": each.at,
                    "of_unit": each.unit,
                }
                for each in old
            ]
            if rows:
                connection.execute(_FORGET, rows)
            gone += len(rows)
        return gone


class SqlWatches:
    """Implements ``ports.watches.WatchStore``."""

    def __init__(self, reader: Reader, writer: Writer, statements: Statements) -> None:
        self._reader, self._writer, self._statements = reader, writer, statements

    async def add_samples(self, samples: Sequence[Sample]) -> None:
        if samples:
            await self._writer.write(_AddSamples(self._statements, samples))

    async def points(
        self, series_ids: Sequence[str], period: int, start: datetime, end: datetime
    ) -> Mapping[str, list[Point]]:
        wanted = {"ids": list(series_ids), "of_period": period, "start": start, "end": end}
        rows = await self._reader.read(lambda c: c.execute(_POINTS, wanted).all())
        found: dict[str, list[Point]] = {}
        for row in rows:
            total = msgspec.json.decode(row.document, type=Sum)
            point = Point(at=row.at, unit=row.unit, sum=total)
            found.setdefault(row.series_id, []).append(point)
        return found

    async def series(self, query: SeriesQuery) -> list[Series]:
        listed = select(metric_series.c.document).where(
            metric_series.c.project_id == query.project_id, metric_series.c.id > query.after
        )
        if query.namespace:
            listed = listed.where(metric_series.c.namespace == query.namespace)
        if query.name:
            listed = listed.where(metric_series.c.name == query.name)
        listed = listed.order_by(metric_series.c.id).limit(query.limit)
        rows = await self._reader.read(lambda c: c.execute(listed).scalars().all())
        return [msgspec.json.decode(row, type=Series) for row in rows]

    async def put_watch(self, watch: Watch, past: Past) -> None:
        await self._writer.write(_PutWatch(self._statements, watch, past))

    async def watch(self, project_id: str, name: str) -> Watch | None:
        key = {"project": project_id, "wanted": name}
        row = await self._reader.read(lambda c: c.execute(_NAMED, key).scalar_one_or_none())
        return None if row is None else msgspec.json.decode(row, type=Watch)

    async def watches(self, project_id: str) -> list[Watch]:
        key = {"project": project_id}
        rows = await self._reader.read(lambda c: c.execute(_ALL, key).scalars().all())
        return [msgspec.json.decode(row, type=Watch) for row in rows]

    async def remove_watch(self, project_id: str, name: str, past: Past) -> bool:
        return await self._writer.write(_RemoveWatch(self._statements, project_id, name, past))

    async def due_watches(self, now: datetime, limit: int) -> list[Watch]:
        wanted = {"now": now, "most": limit}
        rows = await self._reader.read(lambda c: c.execute(_DUE, wanted).scalars().all())
        return [msgspec.json.decode(row, type=Watch) for row in rows]

    async def conclude(
        self, watch: Watch, past: Past | None = None, calls: Sequence[Call] = ()
    ) -> bool:
        return await self._writer.write(_Conclude(self._statements, watch, past, calls))

    async def due_calls(self, now: datetime, limit: int) -> list[Call]:
        wanted = {"now": now, "most": limit}
        rows = await self._reader.read(lambda c: c.execute(_DUE_CALLS, wanted).scalars().all())
        return [msgspec.json.decode(row, type=Call) for row in rows]

    async def put_call(self, call: Call) -> None:
        await self._writer.write(_PutCall(call))

    async def end_call(self, call: Call, past: Past) -> None:
        await self._writer.write(_EndCall(self._statements, call, past))

    async def history(self, project_id: str, name: str = "") -> list[Past]:
        wanted = {"project": project_id} | ({"wanted": name} if name else {})
        listed = _HISTORY.where(_OF_NAME) if name else _HISTORY
        rows = await self._reader.read(lambda c: c.execute(listed, wanted).scalars().all())
        return [msgspec.json.decode(row, type=Past) for row in rows]

    async def purge_measures(self, now: datetime) -> int:
        return await self._writer.write(_Purge(now))
