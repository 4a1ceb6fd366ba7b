"""Measures and alarms in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from isotherm.kit.measures import KEPT, PERIODS, Point, Sample, Series, span_of
from isotherm.kit.watches import Watch
from isotherm.ports.records import replace
from isotherm.ports.watches import Call, Past, SeriesQuery


class MemoryWatches:
    """Implements ``ports.watches.WatchStore``."""

    def __init__(self) -> None:
        self._points: dict[tuple[str, int, datetime, str], Point] = {}
        self._series: dict[str, Series] = {}
        self._watches: dict[str, Watch] = {}
        self._calls: dict[str, Call] = {}
        self._past: dict[str, Past] = {}

    async def add_samples(self, samples: Sequence[Sample]) -> None:
        for each in samples:
            self._series[each.series.id] = each.series
            for period in each.periods:
                at = span_of(each.at, period)
                key = (each.series.id, period, at, each.unit)
                there = self._points.get(key)
                total = there.sum.plus(each.sum) if there else each.sum
                self._points[key] = Point(at=at, unit=each.unit, sum=total)

    async def points(
        self, series_ids: Sequence[str], period: int, start: datetime, end: datetime
    ) -> Mapping[str, list[Point]]:
        found: dict[str, list[Point]] = {}
        for (series, of, at, _), point in sorted(self._points.items()):
            if series in series_ids and of == period and start <= at < end:
                found.setdefault(series, []).append(point)
        return found

    async def series(self, query: SeriesQuery) -> list[Series]:
        found = [
            each
            for key, each in sorted(self._series.items())
            if each.project_id == query.project_id
            and query.namespace in ("", each.namespace)
            and query.name in ("", each.name)
            and key > query.after
            and (query.since is None or self._is_measured(key, query.since))
        ]
        return found[: query.limit]

    def _is_measured(self, series_id: str, since: datetime) -> bool:
        start = span_of(since, PERIODS[0])
        return any(key[0] == series_id and key[2] >= start for key in self._points)

    async def put_watch(self, watch: Watch, past: Past) -> None:
        self._watches[watch.id] = watch
        self._past[past.id] = past

    async def watch(self, project_id: str, name: str) -> Watch | None:
        return next((each for each in await self.watches(project_id) if each.name == name), None)

    async def watches(self, project_id: str) -> list[Watch]:
        found = [each for each in self._watches.values() if each.project_id == project_id]
        return sorted(found, key=lambda each: each.name)

    async def remove_watch(self, project_id: str, name: str, past: Past) -> bool:
        there = await self.watch(project_id, name)
        if there is None:
            return False
        del self._watches[there.id]
        self._past[past.id] = past
        return True

    async def due_watches(self, now: datetime, limit: int) -> list[Watch]:
        due = [each for each in self._watches.values() if each.look_at <= now]
        return sorted(due, key=lambda each: each.look_at)[:limit]

    async def look_later(self, watches: Sequence[Watch]) -> None:
        for each in watches:
            there = self._watches.get(each.id)
            if there is not None and there.version == each.version:
                self._watches[each.id] = replace(there, look_at=each.look_at)

    async def look_at(self, ids: Sequence[str], at: datetime) -> None:
        for each in ids:
            if each in self._watches:
                self._watches[each] = replace(self._watches[each], look_at=at)

    async def conclude(
        self, watch: Watch, past: Past | None = None, calls: Sequence[Call] = ()
    ) -> bool:
        there = self._watches.get(watch.id)
        if there is None or there.version != watch.version - 1:
            return False
        self._watches[watch.id] = watch
        if past is not None:
            self._past[past.id] = past
        self._calls |= {each.id: each for each in calls}
        return True

    async def due_calls(self, now: datetime, limit: int) -> list[Call]:
        due = [each for each in self._calls.values() if each.due_at <= now]
        return sorted(due, key=lambda each: each.due_at)[:limit]

    async def claim_call(self, call: Call, until: datetime) -> bool:
        there = self._calls.get(call.id)
        if there is None or there.due_at != call.due_at:
            return False
        self._calls[call.id] = replace(there, due_at=until)
        return True

    async def put_call(self, call: Call) -> None:
        if call.id in self._calls:
            self._calls[call.id] = call

    async def end_call(self, call: Call, past: Past) -> None:
        if self._calls.pop(call.id, None) is not None:
            self._past[past.id] = past

    async def history(self, project_id: str, name: str = "") -> list[Past]:
        return [
            each
            for each in reversed(self._past.values())
            if each.project_id == project_id and name in ("", each.name)
        ]

    async def purge_measures(self, now: datetime) -> int:
        old = [key for key in self._points if key[2] < now - KEPT[key[1]]]
        for key in old:
            del self._points[key]
        measured = {key[0] for key in self._points}
        unmeasured = [each for each in self._series if each not in measured]
        for each in unmeasured:
            del self._series[each]
        past = [key for key, each in self._past.items() if each.at < now - timedelta(days=30)]
        for each in past:
            del self._past[each]
        return len(old) + len(unmeasured) + len(past)
