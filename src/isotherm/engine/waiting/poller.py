"""Looks at waiting objects: one list call for many of a kind, instead of one call each."""

from __future__ import annotations

import asyncio
from typing import Any

from isotherm.core.clock import Clock
from isotherm.kit.context import Context
from isotherm.kit.entity import Entity
from isotherm.kit.outcomes import Remote
from isotherm.kit.resource_type import AnyType
from isotherm.ports.metrics import NO_METRICS, Metrics

_MANY = 4
_Key = tuple[str, Entity]
_Batch = dict[str, "asyncio.Future[Remote | None]"]


class Poller:
    """Shared by all traversals of a worker.

    The first who asks for a kind waits a moment for others, makes the list call and
    shares what it brings; whoever comes meanwhile forms the next batch. What goes wrong is not
    shared: it may be the first one's own trouble, so the others ask for themselves.
    """

    def __init__(self, clock: Clock, gather_seconds: float, metrics: Metrics = NO_METRICS) -> None:
        self._clock = clock
        self._gather = gather_seconds
        self._metrics = metrics
        self._open: dict[_Key, _Batch] = {}
        self._together: dict[_Key, int] = {}

    def is_shared(self, resource_type: AnyType, ctx: Context[Any]) -> bool:
        """Whether a look costs little, as others look at objects of the kind at the same time."""
        entity = resource_type.poll_entity
        if entity is None:
            return False
        return self._together.get((ctx.stack.project_id, entity), 1) >= _MANY

    async def observe(self, resource_type: AnyType, ctx: Context[Any]) -> Remote | None:
        """The object as it is now; None where it is gone. Raises RemoteError."""
        entity = resource_type.poll_entity
        if entity is None or not ctx.physical_id:
            return await resource_type.observe(ctx)
        key = (ctx.stack.project_id, entity)
        batch = self._open.get(key)
        if batch is None:
            return await self._lead(key, resource_type, ctx)
        future = batch.get(ctx.physical_id)
        if future is None:
            future = batch[ctx.physical_id] = asyncio.get_running_loop().create_future()
        found = await asyncio.shield(future)
        # A listing may leave out what is being built or removed, and a leader may fail or have
        # a user who sees less: ask for the one object.
        return found if found is not None else await resource_type.observe(ctx)

    async def _lead(self, key: _Key, resource_type: AnyType, ctx: Context[Any]) -> Remote | None:
        batch: _Batch = {}
        self._open[key] = batch
        try:
            await self._clock.sleep(self._gather)
        except BaseException:
            _leave_alone(batch)
            raise
        finally:
            del self._open[key]
        self._together[key] = len(batch) + 1
        self._metrics.polled(len(batch) + 1)
        if not batch:
            return await resource_type.observe(ctx)
        try:
            listed = await ctx.api.list(key[1])
        except BaseException:
            _leave_alone(batch)
            raise
        found = {str(each[key[1].id_field]): each for each in listed}
        for physical_id, future in batch.items():
            if not future.done():
                future.set_result(found.get(physical_id))
        own = found.get(ctx.physical_id)
        return own if own is not None else await resource_type.observe(ctx)


def _leave_alone(batch: _Batch) -> None:
    """Without what the leader would have found, each looks by itself."""
    for future in batch.values():
        if not future.done():
            future.set_result(None)
