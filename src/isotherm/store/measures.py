"""Measures: summed up as they come, read by spans, and forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, exists, select

from isotherm.kit.measures import FINE, KEPT, PERIODS, Point, Sample, Series, Sum, span_of
from isotherm.ports.watches import SeriesQuery
from isotherm.store.learning import learnt
from isotherm.store.statements import Statements
from isotherm.store.tables import alarm_history, measures, metric_series
from isotherm.store.types import Instant
from isotherm.store.writer import Change

Rows = list[dict[str, Any]]
_AT_ONCE = 500
_HISTORY_KEPT = timedelta(days=30)
_SUM, _SERIES = learnt(Sum), learnt(Series)

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
_MEASURED_SINCE = exists().where(
    measures.c.series_id == metric_series.c.id, measures.c.period == PERIODS[0]
)
_UNMEASURED = (
    select(metric_series.c.id)
    .where(~exists().where(measures.c.series_id == metric_series.c.id))
    .limit(_AT_ONCE)
)
_FORGET_SERIES = delete(metric_series).where(
    metric_series.c.id.in_(bindparam("ids", expanding=True))
)
_OLD_HISTORY = (
    select(alarm_history.c.seq)
    .where(alarm_history.c.at < bindparam("before", type_=Instant))
    .limit(_AT_ONCE)
)
_FORGET_HISTORY = delete(alarm_history).where(
    alarm_history.c.seq.in_(bindparam("seqs", expanding=True))
)


def _text(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()


@dataclass(frozen=True, slots=True)
class AddSamples(Change[None]):
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
    for period in (FINE, *PERIODS):
        ids = sorted({key[0] for key in keys if key[1] == period})
        ats = sorted({key[2] for key in keys if key[1] == period})
        if not ids:
            continue
        rows = connection.execute(_THERE, {"ids": ids, "of_period": period, "ats": ats})
        for row in rows:
            total = msgspec.json.decode(row.document, type=_SUM)
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
        for period in each.periods:
            key = (each.series.id, period, span_of(each.at, period), each.unit)
            found[key] = found[key].plus(each.sum) if key in found else each.sum
    return found


@dataclass(frozen=True, slots=True)
class PurgeMeasures(Change[int]):
    now: datetime

    def apply(self, connection: Connection) -> int:
        gone = 0
        for period, kept in KEPT.items():
            before = self.now - kept
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


@dataclass(frozen=True, slots=True)
class PurgeRest(Change[int]):
    """Series of which nothing is known any more, and the history of alarms from long ago."""

    now: datetime

    def apply(self, connection: Connection) -> int:
        ids = connection.execute(_UNMEASURED).scalars().all()
        if ids:
            connection.execute(_FORGET_SERIES, {"ids": ids})
        before = {"before": self.now - _HISTORY_KEPT}
        seqs = connection.execute(_OLD_HISTORY, before).scalars().all()
        if seqs:
            connection.execute(_FORGET_HISTORY, {"seqs": seqs})
        return len(ids) + len(seqs)


def read_points(
    connection: Connection,
    series_ids: Sequence[str],
    period: int,
    span: tuple[datetime, datetime],
) -> Mapping[str, list[Point]]:
    wanted = {"ids": list(series_ids), "of_period": period, "start": span[0], "end": span[1]}
    found: dict[str, list[Point]] = {}
    for row in connection.execute(_POINTS, wanted):
        total = msgspec.json.decode(row.document, type=_SUM)
        point = Point(at=row.at, unit=row.unit, sum=total)
        found.setdefault(row.series_id, []).append(point)
    return found


def read_series(connection: Connection, query: SeriesQuery) -> list[Series]:
    listed = select(metric_series.c.document).where(
        metric_series.c.project_id == query.project_id, metric_series.c.id > query.after
    )
    if query.namespace:
        listed = listed.where(metric_series.c.namespace == query.namespace)
    if query.name:
        listed = listed.where(metric_series.c.name == query.name)
    if query.since is not None:
        since = span_of(query.since, PERIODS[0])
        listed = listed.where(_MEASURED_SINCE.where(measures.c.at >= since))
    rows = connection.execute(listed.order_by(metric_series.c.id).limit(query.limit)).scalars()
    return [msgspec.json.decode(row, type=_SERIES) for row in rows]
