"""A stack to which things happen, with one worker at a time."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Self

from tests.laws.strategies import (
    Check,
    Clear,
    Crash,
    Delete,
    Happening,
    Order,
    Release,
    Restart,
    Sleep,
    Trouble,
    Update,
    environment,
)

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Probe
from isotherm.engine.recording.remedies import RemedyVerb, can_go_on_with, is_stuck, row_to_remedy
from isotherm.ports.records import Operation, Resource
from isotherm.testing.scene import KillAt, Scene


class Stage:
    """``orders`` are those that were given."""

    def __init__(self, scene: Scene, stack_id: str) -> None:
        self._scene = scene
        self._stack_id = stack_id
        self._open = AsyncExitStack()
        self.orders: list[Order] = []

    async def __aenter__(self) -> Self:
        await self._start(None)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def let(self, happening: Happening) -> None:
        scene, stack_id = self._scene, self._stack_id
        match happening:
            case Sleep(seconds):
                await scene.clock.sleep(seconds)
            case Trouble(operation):
                scene.world.inject(operation, happening.fault())
            case Restart():
                await self._start(None)
            case Crash(point, nth):
                await self._start(KillAt(point, nth=nth))
            case Update(graph, hooks) if not await self._is_gone():
                await scene.update(stack_id, graph.template, environment=environment(hooks))
            case Delete() if not await self._is_gone():
                await scene.delete(stack_id)
            case Check() if (await scene.stack(stack_id)).status is not Status.IN_PROGRESS:
                if not await self._is_gone():
                    await scene.check(stack_id)

            case Clear() | Order() | Release():
                await self._intervene(happening)

    async def _intervene(self, happening: Clear | Order | Release) -> None:
        """Somebody does something about what waits or hangs."""
        scene, stack_id = self._scene, self._stack_id
        match happening:
            case Clear():
                for row in await scene.store.resources(stack_id):
                    if row.pause is not None and not row.pause.cleared:
                        await scene.clear(stack_id, row.name, row.pause.hook)
            case Order() if await self._can_be_ordered(happening):
                await self._order(happening)
            case Release() if (await scene.stack(stack_id)).status is Status.IN_PROGRESS:
                await scene.start(stack_id, Operation.RELEASE)

    async def _can_be_ordered(self, order: Order) -> bool:
        """As the service takes orders; those that begin something are for steps at work only."""
        rows = [row for row in await self._rows() if row.name == order.name]
        row = row_to_remedy(rows)
        if row is None or (row.pause is not None and not row.pause.cleared):
            return False
        match order.verb:
            case RemedyVerb.RETRY | RemedyVerb.REPLACE:
                return any(each.status is Status.IN_PROGRESS for each in rows)
            case RemedyVerb.SKIP:
                return is_stuck(row)
            case RemedyVerb.ADOPT:
                return can_go_on_with(row)
        return True

    async def _order(self, order: Order) -> None:
        scene, physical_id = self._scene, ""
        if order.verb == RemedyVerb.ADOPT:
            physical_id = scene.world.make({"name": f"by-{order.name}-hand"}, "")["id"]
        self.orders.append(order)
        await scene.order(self._stack_id, order.name, order.verb, physical_id)

    async def _rows(self) -> list[Resource]:
        return await self._scene.store.resources(self._stack_id)

    async def calm(self) -> None:
        """No trouble any more, and a worker that lives."""
        self._scene.world.faults.clear()
        await self._start(None)

    async def _start(self, probe: Probe | None) -> None:
        async with asyncio.timeout(1000):
            await self._open.aclose()
        await self._open.enter_async_context(self._scene.worker(probe))

    async def _is_gone(self) -> bool:
        return (await self._scene.stack(self._stack_id)).action is Action.DELETE
