"""The real engine on the real store, with a cloud that nothing asks for anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from isotherm.bus.embedded import EmbeddedBus
from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.owning.pacemaker import ThreadPacemaker
from isotherm.engine.owning.worker import Worker
from isotherm.engine.probe import NoProbe
from isotherm.engine.recording.durations import Durations
from isotherm.engine.recording.starting import Begun, Starter, begin
from isotherm.engine.settings import EngineSettings
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.poller import Poller
from isotherm.kit.plugins import load_registry
from isotherm.ports.bus import EVENTS
from isotherm.ports.records import Operation, Source, Stack, replace
from isotherm.server.real_clock import RealClock
from isotherm.store import Database, Key, Sealer, SqlStore, upgrade_schema
from isotherm.testing.listeners import Listeners
from isotherm.testing.world import World


@dataclass
class Service:
    """Starts operations on stacks and waits for their ends."""

    store: SqlStore
    bus: EmbeddedBus
    clock: RealClock

    async def create(self, source: Source) -> Stack:
        stack = Stack(
            id=new_id(),
            name="bench",
            project_id="project",
            user_id="user",
            username="demo",
            action=Action.INIT,
            status=Status.COMPLETE,
            status_reason="",
            created_at=self.clock.now(),
            source_id=await self.store.put_source(source),
            traversal=0,
            credentials={"trust_id": "trust"},
        )
        async with self.bus.listen(EVENTS) as keys:
            await self._starter.start(*self._begin(stack, Operation.CREATE))
            return await self._finished(stack.id, keys)

    async def update(self, stack: Stack, source: Source) -> Stack:
        source_id = await self.store.put_source(source)
        return await self._start_over(stack, Operation.UPDATE, source_id)

    async def delete(self, stack: Stack) -> Stack:
        return await self._start_over(stack, Operation.DELETE, stack.source_id)

    async def _start_over(self, stack: Stack, operation: Operation, source_id: str) -> Stack:
        async def decide(present: Stack) -> Begun:
            return self._begin(replace(present, source_id=source_id), operation)

        async with self.bus.listen(EVENTS) as keys:
            await self._starter.start_over(stack, decide)
            return await self._finished(stack.id, keys)

    def _begin(self, stack: Stack, operation: Operation) -> Begun:
        now = self.clock.now()
        number, deadline = stack.traversal + 1, now + timedelta(hours=1)
        return begin(stack, operation, number=number, now=now, deadline=deadline)

    @property
    def _starter(self) -> Starter:
        return Starter(self.store, self.bus, self.clock)

    async def _finished(self, stack_id: str, keys: AsyncIterator[str]) -> Stack:
        """The stack as it is when its operation is over."""
        async for key in keys:
            if key != stack_id:
                continue
            found = await self.store.stack(stack_id)
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
        durations=Durations(store, clock),
        probe=NoProbe(),
        sender=Listeners(),
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
