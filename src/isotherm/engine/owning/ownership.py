"""Owning a stack: run its traversals one after the other until none is left."""

from __future__ import annotations

import logging
from datetime import timedelta

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.tracing import tracing
from isotherm.engine.interruptions import Overtaken
from isotherm.engine.leasing.hold import Hold
from isotherm.engine.leasing.tenure import Tenure
from isotherm.engine.operations import OPERATIONS
from isotherm.engine.owning.conclusion import conclusion
from isotherm.engine.owning.courier import Courier
from isotherm.engine.owning.delegation import end_delegation, end_stack_users, is_last_of_delegation
from isotherm.engine.owning.emptying import emptied
from isotherm.engine.owning.execution import execute
from isotherm.engine.owning.letting_go import let_go
from isotherm.engine.owning.lifecycles import OperationLifecycle
from isotherm.engine.owning.snapshots import with_snapshot
from isotherm.engine.preparing.preparation import Preparation, Prepared
from isotherm.engine.recording.actions_log import log_begin, log_break, log_end
from isotherm.engine.recording.inbox import Inbox
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.steps.closing import close_abandoned
from isotherm.engine.steps.executor import Result, refused
from isotherm.engine.steps.run import Run
from isotherm.engine.tools import Tools
from isotherm.engine.waiting.halt import Halt
from isotherm.engine.waiting.patience import Patience
from isotherm.ports.bus import EVENTS, TRAVERSALS, Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.records import Operation, Stack, Traversal, replace
from isotherm.ports.store import Fence, Fenced, StoreUnavailable, Writes

log = logging.getLogger(__name__)


class Ownership:
    """One stack in this worker's hands. ``stop`` ends the work where it is, in good order."""

    def __init__(self, tools: Tools, cloud: Cloud, bus: Bus, hold: Hold) -> None:
        self._tools = tools
        self._cloud = cloud
        self._bus = bus
        self._hold = hold
        self._lease = hold.lease
        self._inbox = Inbox(tools.store, tools.types, hold.lease.stack_id)
        self._courier = Courier(tools, cloud, hold.lease)
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

    def tell(self) -> None:
        """A message may have come: take it in between two steps of what runs."""
        self._inbox.tell()

    def stop(self) -> None:
        self._stopping = True
        self.overtake()

    async def work(self) -> None:
        """Run traversals until the stack has none; the lease is given back in the end.

        Raises StoreUnavailable.
        """
        stack_id = self._lease.stack_id
        in_order, well = False, True
        try:
            while (found := await self._look()) is not None:
                stack, traversal = found
                if not traversal.finished:
                    self._number = traversal.number
                    with tracing(
                        request_id=traversal.request_id,
                        client_token=traversal.client_token,
                        stack_id=stack_id,
                        traversal=str(self._number),
                    ):
                        async with self._courier.at_work(stack):
                            over = await self._run(stack, traversal)
                    if over and not (self._halt.overtaken or self._inbox.may_have_messages):
                        # What has come without our knowing waits for whoever claims it next.
                        await self._bus.wake(EVENTS, stack_id)
                        break
                elif not await self._take_messages(stack):
                    break
                else:
                    await self._courier.finish(stack_id)
                await self._bus.wake(EVENTS, stack_id)
            # Calls of the owner before may still be under way: the next owner must know.
            in_order = self._hold.aftermath.left <= 0
        except Fenced as lost:
            log.warning("stack %s: ownership was lost: %s", stack_id, lost)
        except StoreUnavailable:
            raise
        except Exception:
            # What is wrong may be in the stack: it shall not be tried for ever.
            well = False
            raise
        finally:
            self.ended = True
            await self._give_back(in_order, well)

    async def _look(self) -> tuple[Stack, Traversal] | None:
        """What there is to do: a traversal to be run, or messages of a stack that does nothing."""
        store, stack_id = self._tools.store, self._lease.stack_id
        while not self._stopping:
            # Before looking: whatever overtakes or comes from here on is noticed.
            self._halt, self._number = Halt(self._tools.clock), None
            self._inbox.may_have_messages = False
            work = await store.work(stack_id)
            if work is None:
                return None
            self._inbox.may_have_messages |= work.messages
            if work.traversal.finished and not self._inbox.may_have_messages:
                return None
            if work.stack.traversal == work.traversal.number:
                return work.stack, work.traversal
            # A newer one came between the two looks.
        return None

    async def _run(self, stack: Stack, traversal: Traversal) -> bool:
        """Prepare the traversal, carry it out and conclude it; whether nothing follows it, as far
        as this worker knows."""
        traversal = await self._give_time_back(traversal)
        log_begin(stack, traversal, taken_over=self._lease.broken_off is not None)
        prepared: Prepared | Result
        if OPERATIONS[traversal.operation].lets_go:
            prepared = await let_go(self._tools, self._bus, self._hold, stack, traversal)
        elif self._lease.take_overs > self._tools.settings.most_take_overs:
            prepared = await self._given_up(stack)
        else:
            prepared = await self._prepared(stack, traversal)
        told, plugins = Writes(), OperationLifecycle(self._tools.lifecycles, stack, traversal)
        if isinstance(prepared, Prepared) and (refusal := await plugins.before()):
            prepared = await self._refused(stack, refusal)
        if isinstance(prepared, Prepared):
            result = await execute(prepared, traversal)
            told = self._report(prepared.run, traversal)
            housed = prepared.run.ledger.stack.stack_user_project_id
            stack = replace(stack, stack_user_project_id=housed)
        else:
            result = prepared
        if result.overtaken and not result.timed_out:
            # Raises Fenced if it was the lease that was lost, and not the traversal.
            await self._tools.store.commit(Fence(lease=self._lease), told)
            log_break(stack, traversal)
            return False
        over = await self._conclude(stack, traversal, result, told)
        await plugins.after(result)
        return over

    def _report(self, run: Run, traversal: Traversal) -> Writes:
        """How it went, and what is learnt of it; not of steps that waited for somebody."""
        steps = run.times.steps
        held = run.breakpoints.held(each.resource for each in steps)
        learnt = [each for each in steps if each.resource not in held] if held else steps
        return Writes(
            report=run.times.report(traversal), durations=self._tools.durations.learn(learnt)
        )

    async def _conclude(
        self, stack: Stack, traversal: Traversal, result: Result, told: Writes
    ) -> bool:
        """Record how the traversal ended, with what is told of it besides; whether it is over and
        nothing follows it."""
        deleted = traversal.operation is Operation.DELETE and result.went_well
        stack = await emptied(self._tools.store, stack, traversal, result)
        writes = conclusion(stack, traversal, result, self._tools.clock, self._tools.settings)
        if deleted and await is_last_of_delegation(self._tools.store, stack):
            await self._courier.tell_last(stack, writes.events)
            await self.tenure.secure()
            await end_stack_users(self._tools, self._cloud, stack)
            await end_delegation(self._tools, self._cloud, stack)
        writes = replace(writes, report=told.report, durations=told.durations)
        writes = await with_snapshot(self._tools.store, stack, traversal, result, writes)
        fence = Fence(lease=self._lease, traversal=traversal.number)
        try:
            await self._tools.store.commit(fence, writes)
        except Fenced:
            # Overtaken at the last moment is fine: the loop goes on with the newer traversal.
            newest = await self._tools.store.traversal(stack.id)
            if newest is None or newest.number == traversal.number:
                raise
            log_break(stack, traversal)
            return False
        log_end(stack, traversal, writes, self._tools.clock)
        return writes.traversal is not None and writes.traversal.finished

    async def _give_time_back(self, traversal: Traversal) -> Traversal:
        """What a clock has jumped ahead by was not spent on the traversal."""
        jump = timedelta(seconds=self._hold.jumped)
        if not jump or traversal.deadline is None:
            return traversal
        if traversal.started_at > self._tools.clock.now() - jump:
            return traversal
        log.warning("stack %s: the clock jumped ahead by %s", self._lease.stack_id, jump)
        later = replace(
            traversal,
            started_at=traversal.started_at + jump,
            deadline=traversal.deadline + jump,
        )
        fence = Fence(lease=self._lease, traversal=traversal.number)
        await self._tools.store.commit(fence, Writes(traversal=later))
        return later

    async def _prepared(self, stack: Stack, traversal: Traversal) -> Prepared | Result:
        """What can be carried out; or how the traversal has ended before that."""
        tools, halt = self._tools, self._halt
        preparation = Preparation(
            tools=tools,
            cloud=self._cloud,
            hold=self._hold,
            stack=stack,
            traversal=traversal,
            bus=self._bus,
            halt=halt,
            inbox=self._inbox,
        )
        try:
            return await Patience(halt, tools.settings, tools.clock)(preparation.prepare)
        except (InvalidDocument, RemoteError) as error:
            return await self._refused(stack, str(error))
        except Overtaken:
            return Result(overtaken=True)

    async def _given_up(self, stack: Stack) -> Result:
        """How a traversal ends of which one worker after the other has died, or at which they
        have failed: whatever is in it, it shall not end the next one, too."""
        times = self._lease.take_overs
        log.error("stack %s: given up after %d take-overs", stack.id, times)
        return await self._refused(
            stack, f"given up: {times} workers in a row ended or failed while they were at it"
        )

    async def _refused(self, stack: Stack, reason: str) -> Result:
        tools = self._tools
        rows = await tools.store.resources(stack.id)
        await close_abandoned(Ledger(tools.store, tools.clock, self._lease, stack, rows))
        return refused(reason)

    async def _take_messages(self, stack: Stack) -> bool:
        """Take in what has come for a stack that does nothing; whether there was anything."""
        store, clock = self._tools.store, self._tools.clock
        if not await store.messages(stack.id):
            return False
        rows = await store.resources(stack.id)
        ledger = Ledger(store, clock, self._lease, stack, rows)
        try:
            left = await self._inbox.take(ledger, idle=True)
        except Overtaken:
            return True  # by what somebody has begun since; the message comes after that
        if not left:
            return True
        # For another process. It shall find the stack free, but not at once again we.
        try:
            await self._halt.sleep(self._tools.settings.poll_seconds)
        except Overtaken:
            return True
        return False

    async def _give_back(self, in_order: bool, well: bool) -> None:
        try:
            await self._tools.store.release(self._lease, in_order=in_order, well=well)
        except StoreUnavailable as away:
            log.warning("stack %s: its lease is left to run out: %s", self._lease.stack_id, away)
            return
        if self._stopping:
            # Others need not wait until they look by themselves.
            await self._bus.wake(TRAVERSALS, self._lease.stack_id)
