"""One store, one bus, one cloud and any number of workers; what may be asked of stacks there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.owning.worker import Worker
from isotherm.engine.probe import NoProbe, Probe
from isotherm.engine.recording.discards import discard_message
from isotherm.engine.recording.durations import Durations
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.marks import mark_message
from isotherm.engine.recording.parts import parts_of
from isotherm.engine.recording.pauses import clearing_message, row_waiting_at
from isotherm.engine.recording.remedies import remedy_message, row_to_remedy
from isotherm.engine.recording.signals import signal_message
from isotherm.engine.recording.stack_moves import returning, settled
from isotherm.engine.recording.starting import Begun, Starter, begin
from isotherm.engine.settings import EngineSettings
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.poller import Poller
from isotherm.kit.lifecycle import Lifecycle
from isotherm.kit.registry import Registry
from isotherm.planning.replacement import current_rows
from isotherm.ports.bus import Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import (
    Event,
    Operation,
    Remedy,
    Resource,
    Snapshot,
    Source,
    Stack,
    replace,
)
from isotherm.ports.store import EventQuery, Store
from isotherm.template import EMPTY_ENVIRONMENT, Environment
from isotherm.testing.listeners import Listeners
from isotherm.testing.lives import Life, until_killed
from isotherm.testing.pacemaker import ClockPacemaker
from isotherm.testing.virtual_time import VirtualClock


@dataclass
class Stage:
    """One store, one bus, one cloud; any number of workers."""

    clock: VirtualClock
    store: Store
    bus: Bus
    cloud: Cloud
    types: Registry
    settings: EngineSettings = field(default_factory=EngineSettings)
    lifecycles: tuple[Lifecycle, ...] = ()
    environment: Environment = EMPTY_ENVIRONMENT
    """The operator's own."""
    listeners: Listeners = field(default_factory=Listeners)
    project_id: str = "project"
    """Whose stacks are made."""
    _workers: int = 0

    @asynccontextmanager
    async def worker(
        self, probe: Probe | None = None, life: Life | None = None
    ) -> AsyncIterator[Worker]:
        """A worker that runs for as long as the context is open; a killed one just ends."""
        self._workers += 1
        tools = Tools(
            store=life.store(self.store) if life else self.store,
            clock=self.clock,
            types=self.types,
            settings=self.settings,
            poller=Poller(self.clock, self.settings.gather_seconds),
            durations=Durations(self.store, self.clock),
            probe=probe or NoProbe(),
            sender=self.listeners,
            lifecycles=self.lifecycles,
            environment=self.environment,
        )
        pacemaker = ClockPacemaker(self.clock, self.settings.renew_seconds)
        worker = Worker(tools, self.cloud, self.bus, f"worker-{self._workers}", pacemaker)
        task = asyncio.get_running_loop().create_task(until_killed(worker, life))
        if life is not None:
            life.begin(task)
        try:
            yield worker
        finally:
            worker.stop()
            await task

    async def create(self, template: str, **fields: Any) -> str:
        """Ask for a stack (``files``, ``environment`` and fields of its record); its id."""
        stack = await self._new(template, fields)
        await self._starter.start(*self._begin(stack, Operation.CREATE))
        return stack.id

    async def _new(self, template: str, fields: dict[str, Any]) -> Stack:
        now = self.clock.now()
        files, environment = fields.pop("files", {}), fields.pop("environment", {})
        source_id = await self._put(template, files, environment)
        return Stack(
            id=new_id(),
            name=fields.pop("name", "stack"),
            project_id=self.project_id,
            user_id="user",
            username="demo",
            action=Action.INIT,
            status=Status.COMPLETE,
            status_reason="",
            created_at=now,
            source_id=source_id,
            traversal=0,
            credentials=await self.cloud.delegate(await self.cloud.authenticate("token")),
            **fields,
        )

    async def update(
        self,
        stack_id: str,
        template: str,
        files: Mapping[str, str] | None = None,
        *,
        observes: bool = False,
        **fields: Any,
    ) -> None:
        """``environment``, and ``fields`` of the stack's record, change with it."""
        source_id = await self._put(template, files or {}, fields.pop("environment", {}))
        fields["source_id"] = source_id
        await self._start_over(stack_id, Operation.UPDATE, observes=observes, **fields)

    async def stop(self, stack_id: str) -> None:
        """Have what is under way brought to an end, and nothing begun."""
        await self._start_over(stack_id, Operation.STOP)

    async def delete(self, stack_id: str) -> None:
        await self._start_over(stack_id, Operation.DELETE)

    async def cancel(self, stack_id: str) -> None:
        """Return to what the stack was when it was last complete."""

        async def decide(stack: Stack) -> Begun:
            return self._begin(returning(stack), Operation.ROLLBACK)

        await self._starter.start_over(await self.stack(stack_id), decide)

    async def check(self, stack_id: str) -> None:
        await self._start_over(stack_id, Operation.CHECK)

    async def snapshot(self, stack_id: str, name: str | None = None) -> str:
        """Take a snapshot; its id."""
        stack = await self.stack(stack_id)
        snapshot = Snapshot(
            id=new_id(),
            stack_id=stack_id,
            name=name,
            created_at=self.clock.now(),
            traversal=stack.traversal + 1,
            source_id=stack.source_id,
            resources=await parts_of(self.store, stack_id),
        )
        begun = self._begin(stack, Operation.SNAPSHOT, snapshot_id=snapshot.id)
        await self._starter.start_over(stack, lambda _: _at_once(begun), snapshot=snapshot)
        return snapshot.id

    async def restore(self, stack_id: str, snapshot_id: str) -> None:
        snapshot = await self.store.snapshot(snapshot_id)
        assert snapshot is not None
        stack = replace(settled(await self.stack(stack_id)), source_id=snapshot.source_id)
        begun = self._begin(stack, Operation.RESTORE, snapshot_id=snapshot_id)
        await self._starter.start_over(await self.stack(stack_id), lambda _: _at_once(begun))

    async def discard(self, snapshot_id: str) -> None:
        """Say that a snapshot is not wanted any more."""
        snapshot = await self.store.snapshot(snapshot_id)
        assert snapshot is not None
        await post(self.store, self.bus, discard_message(snapshot, self.clock.now()))

    async def adopt(self, template: str, given: Mapping[str, Any], **fields: Any) -> str:
        """Ask for a stack that takes over what is ``given`` by the names of its resources."""
        stack = await self._new(template, {**fields, "lent": True})
        snapshot = Snapshot(
            id=new_id(),
            stack_id=stack.id,
            created_at=self.clock.now(),
            source_id=stack.source_id,
            listed=False,
            resources=dict(given),
        )
        begun = self._begin(stack, Operation.ADOPT, snapshot_id=snapshot.id)
        await self._starter.start(*begun, snapshot=snapshot)
        return stack.id

    async def abandon(self, stack_id: str) -> None:
        stack = await self.stack(stack_id)
        begun = self._begin(stack, Operation.DELETE, abandons=True)
        await self._starter.start_over(stack, lambda _: _at_once(begun))

    async def start(self, stack_id: str, operation: Operation) -> None:
        await self._start_over(stack_id, operation)

    async def mark(self, stack_id: str, resource: str, *, unhealthy: bool = True) -> None:
        """Say that a resource is broken, or sound again."""
        row = (await self.rows(stack_id))[resource]
        message = mark_message(row, unhealthy=unhealthy, reason="", at=self.clock.now())
        await post(self.store, self.bus, message)

    async def clear(self, stack_id: str, name: str, hook: str) -> None:
        """Let a resource go on that waits at a hook."""
        rows = [row for row in await self.store.resources(stack_id) if row.name == name]
        row = row_waiting_at(rows, hook)
        assert row is not None, f"{name} does not wait at {hook}"
        await post(self.store, self.bus, clearing_message(row, hook, self.clock.now()))

    async def until_paused(self, stack_id: str, name: str, hook: str) -> None:
        """Wait until a resource waits at a hook."""
        async with asyncio.timeout(1_000):
            while True:
                rows = [row for row in await self.store.resources(stack_id) if row.name == name]
                if row_waiting_at(rows, hook) is not None:
                    return
                await self.clock.sleep(0.25)

    async def order(self, stack_id: str, name: str, verb: str, physical_id: str = "") -> None:
        """Order what is to be done with a resource that is stuck."""
        rows = [row for row in await self.store.resources(stack_id) if row.name == name]
        row = row_to_remedy(rows)
        assert row is not None, f"there is no {name}"
        remedy = Remedy(verb=verb, by="demo", physical_id=physical_id)
        await post(self.store, self.bus, remedy_message(row, remedy, self.clock.now()))

    async def signal(
        self, stack_id: str, name: str, details: Mapping[str, Any] | None = None
    ) -> None:
        row = (await self.rows(stack_id))[name]
        await post(self.store, self.bus, signal_message(row, details, self.clock.now()))

    async def settle(self, stack_id: str, *, within: float = 100_000) -> Stack:
        """Wait until no traversal of the stack is unfinished; the stack then."""
        async with asyncio.timeout(within):
            while True:
                traversal = await self.store.traversal(stack_id)
                if traversal is None or traversal.finished:
                    break
                await self.clock.sleep(0.25)
        return await self.stack(stack_id)

    async def stack(self, stack_id: str) -> Stack:
        found = await self.store.stack(stack_id)
        assert found is not None
        return found

    async def rows(self, stack_id: str) -> dict[str, Resource]:
        """Current rows by name."""
        return current_rows(await self.store.resources(stack_id))

    async def history(self, stack_id: str) -> list[str]:
        """Events as ``name ACTION_STATUS``, in order."""
        events = await self.store.events(EventQuery(stack_ids=[stack_id]))
        return [f"{e.resource_name} {e.action}_{e.status}" for e in events]

    async def events(self, stack_id: str) -> list[Event]:
        return await self.store.events(EventQuery(stack_ids=[stack_id]))

    async def _put(
        self, template: str, files: Mapping[str, str], environment: Mapping[str, Any]
    ) -> str:
        source = Source(template=template, environment=dict(environment), files=dict(files))
        return await self.store.put_source(source)

    async def _start_over(
        self, stack_id: str, operation: Operation, *, observes: bool = False, **changes: Any
    ) -> None:
        async def decide(stack: Stack) -> Begun:
            return self._begin(replace(stack, **changes), operation, observes=observes)

        await self._starter.start_over(await self.stack(stack_id), decide)

    def _begin(self, stack: Stack, operation: Operation, **sent: Any) -> Begun:
        now = self.clock.now()
        deadline = now + timedelta(minutes=stack.timeout_mins or 60)
        number = stack.traversal + 1
        begun, traversal = begin(stack, operation, number=number, now=now, deadline=deadline)
        return begun, replace(traversal, **sent)

    @property
    def _starter(self) -> Starter:
        return Starter(self.store, self.bus, self.clock)


async def _at_once(begun: Begun) -> Begun:
    return begun
