"""Owning a stack: run its traversals one after the other until none is left."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.states import Action, Status
from isotherm.engine.calls import patiently
from isotherm.engine.ending import conclusion
from isotherm.engine.executor import Executor, Failure, Result
from isotherm.engine.failing import record_abandoned
from isotherm.engine.failures import Overtaken, TimedOut
from isotherm.engine.pause import Halt
from isotherm.engine.preparing import Hold, Prepared, prepare
from isotherm.engine.run import Tools
from isotherm.engine.tenure import Tenure
from isotherm.planning.plan import Kind, Step
from isotherm.planning.planner import make_removal_plan
from isotherm.ports.bus import EVENTS, TRAVERSALS, Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Operation, Resource, Stack, Traversal
from isotherm.ports.store import Fence, Fenced, StackQuery, StoreUnavailable, Writes

log = logging.getLogger(__name__)


class Ownership:
    """One stack in this worker's hands. ``stop`` ends the work where it is, in good order."""

    def __init__(self, tools: Tools, cloud: Cloud, bus: Bus, hold: Hold) -> None:
        self._tools = tools
        self._cloud = cloud
        self._bus = bus
        self._hold = hold
        self._lease = hold.lease
        self._halt = Halt(tools.clock)
        self._number: int | None = None
        self._stopping = False
        self.ended = False

    @property
    def tenure(self) -> Tenure:
        return self._hold.tenure

    def overtake(self) -> None:
        """There may be a newer traversal: stop the one that runs, then look."""
        self._halt.overtake()

    def learn(self, newest: int) -> None:
        """The stack's newest traversal, as somebody read it: its wake-up may have been lost."""
        if self._number is not None and newest > self._number:
            self.overtake()

    def stop(self) -> None:
        self._stopping = True
        self.overtake()

    async def work(self) -> None:
        """Run traversals until the stack has none; the lease is given back in the end.

        Raises StoreUnavailable.
        """
        in_order = False
        try:
            await self._run_all()
            in_order = self._hold.aftermath.left <= 0
        except Fenced as lost:
            log.warning("stack %s: ownership was lost: %s", self._lease.stack_id, lost)
        finally:
            self.ended = True
            await self._give_back(in_order)

    async def _run_all(self) -> None:
        store = self._tools.store
        while not self._stopping:
            # Before looking: whatever overtakes from here on is noticed.
            self._halt, self._number = Halt(self._tools.clock), None
            stack = await store.stack(self._lease.stack_id)
            traversal = await store.traversal(self._lease.stack_id)
            if stack is None or traversal is None or traversal.finished:
                break
            self._number = traversal.number
            await self._run(stack, traversal)
            await self._bus.wake(EVENTS, stack.id)

    async def _give_back(self, in_order: bool) -> None:
        try:
            await self._tools.store.release(self._lease, in_order=in_order)
        except StoreUnavailable as away:
            log.warning("stack %s: its lease is left to run out: %s", self._lease.stack_id, away)
            return
        if self._stopping:
            # Others need not wait until they look by themselves.
            await self._bus.wake(TRAVERSALS, self._lease.stack_id)

    async def _run(self, stack: Stack, traversal: Traversal) -> None:
        result = await self._walk(stack, traversal)
        if result.overtaken and not result.timed_out:
            # Raises Fenced if it was the lease that was lost, and not the traversal.
            await self._tools.store.commit(Fence(lease=self._lease), Writes())
            return
        deleted = traversal.operation is Operation.DELETE and result.complete
        if deleted and await self._is_last(stack):
            await self._revoke(stack)
        writes = conclusion(stack, traversal, result, self._tools.clock, self._tools.settings)
        fence = Fence(lease=self._lease, traversal=traversal.number)
        try:
            await self._tools.store.commit(fence, writes)
        except Fenced:
            newest = await self._tools.store.traversal(stack.id)
            if newest is None or newest.number == traversal.number:
                raise

    async def _walk(self, stack: Stack, traversal: Traversal) -> Result:
        tools, halt = self._tools, self._halt
        try:
            prepared = await patiently(
                lambda: prepare(
                    tools, self._cloud, self._hold, stack, traversal, bus=self._bus, halt=halt
                ),
                halt,
                tools.settings,
                repeatable=True,
            )
        except (InvalidDocument, RemoteError) as error:
            return _refused(stack, str(error))
        except Overtaken:
            return Result(overtaken=True)
        return await _walk_in_time(prepared, traversal)

    async def _is_last(self, stack: Stack) -> bool:
        """Whether no other stack acts by the same delegation: those nested in each other share
        one, and a nested stack may be kept when the one above it goes."""
        root_id = stack.root_id or stack.id
        if root_id != stack.id:
            root = await self._tools.store.stack(root_id)
            if root is not None and root.deleted_at is None:
                return False
        family = StackQuery(
            project_id=stack.project_id, filters={"root_id": [root_id]}, show_nested=True
        )
        return all(each.id == stack.id for each in await self._tools.store.stacks(family))

    async def _revoke(self, stack: Stack) -> None:
        """End the delegation before the stack is recorded as deleted, so that none is left."""
        await self.tenure.secure()
        try:
            await patiently(
                lambda: self._cloud.revoke(stack.credentials),
                Halt(self._tools.clock),
                self._tools.settings,
                repeatable=True,
            )
        except (RemoteError, Overtaken, TimedOut) as error:
            log.warning("stack %s: its delegation could not be revoked: %s", stack.id, error)


async def _walk_in_time(prepared: Prepared, traversal: Traversal) -> Result:
    """The walk's result; the halt comes when the deadline does."""
    run = prepared.run
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(traversal.deadline, run.halt, run.tools))
            try:
                result = await _walk_all(prepared, traversal)
            finally:
                watch.cancel()
    except ExceptionGroup as group:
        raise group.exceptions[0] from group
    result.timed_out = result.timed_out or (run.halt.timed_out and not result.complete)
    if not result.overtaken and not result.complete:
        await record_abandoned(run)
    return result


async def _walk_all(prepared: Prepared, traversal: Traversal) -> Result:
    run = prepared.run
    result = await Executor(run, prepared.plan).walk()
    if traversal.operation is Operation.CHECK or result.overtaken or result.timed_out:
        return result
    leftovers = [row for row in run.ledger.rows.values() if not row.current]
    if not result.complete:
        leftovers = [row for row in leftovers if _failed_in(traversal, row)]
    if not leftovers:
        return result
    # Attempts that failed on the way, which no plan could foresee.
    removal = await Executor(run, make_removal_plan(leftovers)).walk()
    if result.complete or removal.overtaken:
        return removal
    return result


def _failed_in(traversal: Traversal, row: Resource) -> bool:
    """Whether the row is an attempt of this traversal that nothing can return to."""
    failed = (row.action, row.status) == (Action.CREATE, Status.FAILED)
    return failed and row.traversal == traversal.number


async def _watch(deadline: datetime | None, halt: Halt, tools: Tools) -> None:
    if deadline is None:
        return
    left = (deadline - tools.clock.now()).total_seconds()
    if left > 0:
        await tools.clock.sleep(left)
    halt.time_out()


def _refused(stack: Stack, reason: str) -> Result:
    """The traversal could not even be planned."""
    step = Step(stack.name, Kind.UNDECIDED, stack.name, "")
    return Result(failures=[Failure(step, reason)])
