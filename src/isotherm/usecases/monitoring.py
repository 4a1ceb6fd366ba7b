"""Measures and the alarms about them: taken in, looked up, changed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from isotherm.core.errors import Refused
from isotherm.core.ids import new_id
from isotherm.engine.owning.watching import calls_of, past_of, state_changed, target_of
from isotherm.kit.measures import Sample, Series, Sum, gathered, kept_period
from isotherm.kit.watches import State, Watch
from isotherm.ports.cloud import Caller
from isotherm.ports.records import replace
from isotherm.ports.watches import Past, SeriesQuery
from isotherm.usecases.services import Services

_ALARMS = uuid.UUID("9e0f5c3a-0a37-4d3c-9d5f-7c1c2c9c2f51")


async def put_samples(services: Services, samples: Sequence[Sample]) -> None:
    await services.store.watches.add_samples(samples)


async def find_series(services: Services, query: SeriesQuery) -> list[Series]:
    return await services.store.watches.series(query)


async def read_sums(
    services: Services, series: Series, period: int, span: tuple[datetime, datetime], unit: str
) -> Mapping[datetime, Sum]:
    """In spans of ``period`` seconds; an empty unit stands for all."""
    found = await services.store.watches.points([series.id], kept_period(period), *span)
    points = [each for each in found.get(series.id, ()) if unit in ("", each.unit)]
    return gathered(points, period)


def require_actions(project_id: str, actions: Collection[str]) -> None:
    """Raises Refused for what cannot be done."""
    for action in actions:
        target = target_of(action)
        if target is None:
            raise Refused(
                "Only resources of stacks can be signalled, by their ARN or address;"
                " other actions are not supported yet."
            )
        if target.project_id != project_id:
            raise Refused("An action names a resource of another project.")


async def put_alarm(services: Services, project_id: str, wish: Mapping[str, Any]) -> None:
    """Make the alarm, or change it: its state stays what it is. ``wish`` has the fields of a
    watch. Raises Refused."""
    now, name = services.clock.now(), str(wish["name"])
    for field in ("alarm_actions", "ok_actions", "insufficient_actions"):
        require_actions(project_id, wish.get(field, ()))
    before = await services.store.watches.watch(project_id, name)
    if before is None:
        alarm_id = str(uuid.uuid5(_ALARMS, f"{project_id} {name}"))
        watch = Watch(
            **wish, id=alarm_id, state_at=now, project_id=project_id, updated_at=now, look_at=now
        )
    else:
        watch = Watch(
            **wish,
            state=before.state,
            reason=before.reason,
            state_at=before.state_at,
            id=before.id,
            project_id=project_id,
            updated_at=now,
            look_at=now,
            version=before.version + 1,
        )
    verb = "created" if before is None else "updated"
    past = past_of(watch, "ConfigurationUpdate", f'Alarm "{name}" {verb}', now)
    await services.store.watches.put_watch(watch, past)


async def show_alarm(services: Services, project_id: str, name: str) -> Watch | None:
    return await services.store.watches.watch(project_id, name)


async def list_alarms(services: Services, project_id: str) -> list[Watch]:
    return await services.store.watches.watches(project_id)


async def delete_alarm(services: Services, project_id: str, name: str) -> bool:
    """Whether there was one."""
    past = Past(
        id=new_id(),
        project_id=project_id,
        name=name,
        at=services.clock.now(),
        kind="ConfigurationUpdate",
        summary=f'Alarm "{name}" deleted',
    )
    return await services.store.watches.remove_watch(project_id, name, past)


async def set_state(
    services: Services, caller: Caller, name: str, wanted: tuple[State, str]
) -> bool:
    """Until it is judged next; what follows from a change follows. False: there is none."""
    state, reason = wanted
    store, now = services.store.watches, services.clock.now()
    while (before := await store.watch(caller.project_id, name)) is not None:
        after = replace(before, state=state, reason=reason, version=before.version + 1)
        if state is before.state:
            done = await store.conclude(after)
        else:
            after = replace(after, state_at=now)
            past = state_changed(before, after, now)
            done = await store.conclude(after, past, calls_of(after, now))
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


async def read_history(services: Services, caller: Caller, name: str = "") -> list[Past]:
    """Newest first."""
    return await services.store.watches.history(caller.project_id, name)
