"""Measures and the alarms about them: taken in, looked up, changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from isotherm.engine.recording.watches import (
    outcome_of,
    past_of,
    put_watch,
    remove_watch,
    wake_composites,
)
from isotherm.kit.judging import Verdict
from isotherm.kit.measures import Point, Sample, Series, Sum, gathered, kept_period
from isotherm.kit.metric_queries import Line, Query, line_of
from isotherm.kit.suppression import ends_at
from isotherm.kit.watches import Watch
from isotherm.ports.cloud import Caller
from isotherm.ports.records import replace
from isotherm.ports.watches import Past, SeriesQuery
from isotherm.usecases.services import Services


async def put_samples(services: Services, samples: Sequence[Sample]) -> None:
    await services.store.watches.add_samples(samples)


async def find_series(services: Services, query: SeriesQuery) -> list[Series]:
    return await services.store.watches.series(query)


async def read_sums(
    services: Services, series: Series, period: int, span: tuple[datetime, datetime], unit: str
) -> list[tuple[datetime, str, Sum]]:
    """In spans of ``period`` seconds, each with its unit; an empty ``unit`` stands for all."""
    found = await services.store.watches.points([series.id], kept_period(period), *span)
    by_unit: dict[str, list[Point]] = {}
    for each in found.get(series.id, ()):
        if unit in ("", each.unit):
            by_unit.setdefault(each.unit, []).append(each)
    return [
        (at, of, total)
        for of, points in by_unit.items()
        for at, total in gathered(points, period).items()
    ]


async def read_lines(
    services: Services, queries: Sequence[Query], span: tuple[datetime, datetime]
) -> dict[str, Line]:
    """What is measured, by the ids of the queries."""
    wanted: dict[int, set[str]] = {}
    for each in queries:
        if each.series is not None:
            wanted.setdefault(each.kept_period, set()).add(each.series.id)
    found: dict[int, Mapping[str, list[Point]]] = {
        period: await services.store.watches.points(sorted(ids), period, *span)
        for period, ids in wanted.items()
    }
    return {
        each.id: line_of(each, found[each.kept_period].get(each.series.id, ()))
        for each in queries
        if each.series is not None
    }


async def put_alarm(services: Services, project_id: str, wish: Mapping[str, Any]) -> None:
    """Raises Refused; see ``put_watch``."""
    await put_watch(services.store.watches, services.clock.now(), project_id, wish)


async def show_alarm(services: Services, project_id: str, name: str) -> Watch | None:
    return await services.store.watches.watch(project_id, name)


async def list_alarms(services: Services, project_id: str) -> list[Watch]:
    return await services.store.watches.watches(project_id)


async def delete_alarm(services: Services, project_id: str, name: str) -> bool:
    """Whether there was one."""
    return await remove_watch(services.store.watches, services.clock.now(), project_id, name)


async def set_state(services: Services, caller: Caller, name: str, wanted: Verdict) -> bool:
    """Until it is judged next; what follows from a change follows. False: there is none."""
    store, now = services.store.watches, services.clock.now()
    told = {"state": wanted.state, "reason": wanted.reason, "reason_data": wanted.data}
    while (before := await store.watch(caller.project_id, name)) is not None:
        after = replace(before, version=before.version + 1, **told)
        if wanted.state is before.state:
            done = await store.conclude(after)
        else:
            name_of = before.suppressor
            suppressor = await store.watch(caller.project_id, name_of) if name_of else None
            after = replace(after, state_at=now)
            after, past, calls = outcome_of(before, after, suppressor, now)
            after = replace(after, look_at=min(after.look_at, ends_at(after) or after.look_at))
            done = await store.conclude(after, past, calls)
            await wake_composites(store, [after], now)
        if done:
            return True
    return False


async def enable_actions(services: Services, caller: Caller, name: str, *, enabled: bool) -> None:
    store, now = services.store.watches, services.clock.now()
    while (before := await store.watch(caller.project_id, name)) is not None:
        after = replace(before, actions_enabled=enabled, version=before.version + 1)
        word = "enabled" if enabled else "disabled"
        past = past_of(after, "ConfigurationUpdate", f'Actions of alarm "{name}" {word}', now)
        if await store.conclude(after, past):
            return


async def change_tags(
    services: Services,
    caller: Caller,
    name: str,
    change: Callable[[Mapping[str, str]], dict[str, str]],
) -> bool:
    """Whether there is such an alarm."""
    store = services.store.watches
    while (before := await store.watch(caller.project_id, name)) is not None:
        after = replace(before, tags=change(before.tags), version=before.version + 1)
        if await store.conclude(after):
            return True
    return False


async def read_history(services: Services, caller: Caller, name: str = "") -> list[Past]:
    """Newest first."""
    return await services.store.watches.history(caller.project_id, name)
