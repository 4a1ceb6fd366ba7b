"""The real engine on the real store, with a cloud that nothing asks for anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from isotherm.bus.embedded import EmbeddedBus
from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.ending import stack_event
from isotherm.engine.pacemaker import ThreadPacemaker
from isotherm.engine.poller import Poller
from isotherm.engine.probe import NoProbe
from isotherm.engine.run import Tools
from isotherm.engine.settings import EngineSettings
from isotherm.engine.worker import Worker
from isotherm.kit.registry import load_registry
from isotherm.ports.bus import EVENTS, TRAVERSALS
from isotherm.ports.records import Operation, Source, Stack, Traversal, replace
from isotherm.server.real_clock import RealClock
from isotherm.store import Database, Key, Sealer, SqlStore, upgrade_schema
from isotherm.testing.world import World


@dataclass
class Service:
    """Starts operations on stacks and waits for their ends."""

    store: SqlStore
    bus: EmbeddedBus
    clock: RealClock

    async def create(self, template: dict[str, Any]) -> Stack:
        now = self.clock.now()
        stack = Stack(
            id=new_id(),
            name="bench",
            project_id="project",
            user_id="user",
            username="demo",
            action=Action.CREATE,
            status=Status.IN_PROGRESS,
            status_reason="",
            created_at=now,
            source_id=await self._put(template),
            traversal=1,
            credentials={"trust_id": "trust"},
        )
        traversal = self._traversal(stack, Operation.CREATE)
        await self.store.create_stack(stack, traversal, stack_event(stack, self.clock))
        return await self._finished(stack)

    async def update(self, stack: Stack, template: dict[str, Any]) -> Stack:
        source_id = await self._put(template)
        return await self._supersede(stack, Operation.UPDATE, source_id)

    async def delete(self, stack: Stack) -> Stack:
        return await self._supersede(stack, Operation.DELETE, stack.source_id)

    async def _put(self, template: dict[str, Any]) -> str:
        return await self.store.put_source(Source(template=template, environment={}, files={}))

    async def _supersede(self, stack: Stack, operation: Operation, source_id: str) -> Stack:
        newer = replace(
            stack,
            action=Action(operation.value),
            status=Status.IN_PROGRESS,
            traversal=stack.traversal + 1,
            source_id=source_id,
        )
        traversal = self._traversal(newer, operation)
        event = stack_event(newer, self.clock)
        assert await self.store.supersede(newer, traversal, event, expected=stack)
        return await self._finished(newer)

    def _traversal(self, stack: Stack, operation: Operation) -> Traversal:
        now = self.clock.now()
        return Traversal(
            stack_id=stack.id,
            number=stack.traversal,
            operation=operation,
            started_at=now,
            deadline=now + timedelta(hours=1),
        )

    async def _finished(self, stack: Stack) -> Stack:
        """Wakes the worker and waits for its answer; the stack as it is then."""
        async with self.bus.listen(EVENTS) as keys:
            await self.bus.wake(TRAVERSALS, stack.id)
            async for _ in keys:
                found = await self.store.stack(stack.id)
                assert found is not None
                if found.status is not Status.IN_PROGRESS:
                    assert found.status is Status.COMPLETE, found.status_reason
                    return found
        raise AssertionError("the bus was closed")


@asynccontextmanager
async def running_service(folder: Path) -> AsyncIterator[Service]:
    """A service with one worker and a SQLite file in ``folder``."""
    clock, settings, bus = RealClock(), EngineSettings(), EmbeddedBus()
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    upgrade_schema(database)
    store = SqlStore(database, Sealer(Key.from_passphrase("0123456789abcdef0123456789abcdef")))
    tools = Tools(
        store=store,
        clock=clock,
        types=load_registry(),
        settings=settings,
        poller=Poller(clock, settings.gather_seconds),
        probe=NoProbe(),
    )
    pacemaker = ThreadPacemaker(settings.renew_seconds)
    worker = Worker(tools, World(clock), bus, "bench", pacemaker)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run())
        try:
            yield Service(store, bus, clock)
        finally:
            worker.stop()
    await bus.close()
    await store.close()
