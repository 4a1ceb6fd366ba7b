"""The worker: claims stacks, owns as many as it finds, gives them back when it stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from isotherm.engine.leasing.hold import Aftermath, Hold, seconds_jumped
from isotherm.engine.leasing.tenure import Tenure
from isotherm.engine.owning.attendance import Attendance
from isotherm.engine.owning.duties import Rounds
from isotherm.engine.owning.ownership import Ownership
from isotherm.engine.owning.telling import Teller
from isotherm.engine.owning.watching import Watchman
from isotherm.engine.tools import Tools
from isotherm.ports.bus import EVENTS, MESSAGES, TRAVERSALS, Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.store import Lease, StoreUnavailable

log = logging.getLogger(__name__)

# Leases that are over are dropped at once, yet the loop must not spin.
_SHORTEST_WATCH = 0.05


class Pacemaker(Protocol):
    """Calls ``beat`` regularly for as long as it runs, however busy the loop is."""

    def start(self, beat: Callable[[], None]) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Owned:
    ownership: Ownership
    task: asyncio.Task[None]


class Worker:
    """``owner`` names this process among all that share the store."""

    def __init__(
        self, tools: Tools, cloud: Cloud, bus: Bus, owner: str, pacemaker: Pacemaker
    ) -> None:
        self._tools = tools
        self._cloud = cloud
        self._bus = bus
        self._owner = owner
        self._pacemaker = pacemaker
        self._owned: dict[str, _Owned] = {}
        self._attendance = Attendance(tools, owner)
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()
        self._claimed_at = tools.clock.monotonic()
        self._all_seen_at: float | None = None
        """When this worker last saw all that was free; monotonic time."""

    @property
    def running(self) -> int:
        """How many stacks this worker owns."""
        return len(self._owned)

    @property
    def out_of_touch(self) -> float:
        """Seconds since this worker last looked for work and got an answer."""
        return self._tools.clock.monotonic() - self._claimed_at

    async def run(self) -> None:
        """Work until ``stop``; then let go of everything in good order."""
        loop = asyncio.get_running_loop()
        self._pacemaker.start(lambda: self._beat(loop))
        try:
            async with asyncio.TaskGroup() as tasks:
                watches = (
                    self._hear_traversals(),
                    self._hear_messages(),
                    self._hear_news(),
                    self._tick(),
                    self._let_go(),
                    Rounds(self._tools, self._cloud, self._owner).run(),
                    Watchman(self._tools, self._bus).run(),
                    Teller(self._tools, self._cloud).run(),
                    self._attendance.run(),
                )
                helpers = [tasks.create_task(watch) for watch in watches]
                await self._disown()
                while not self._stop.is_set():
                    self._wake.clear()
                    if not await self._claim(tasks):
                        await self._wake.wait()
                for helper in helpers:
                    helper.cancel()
                for owned in self._owned.values():
                    owned.ownership.stop()
            await self._attendance.end()
        finally:
            self._pacemaker.stop()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    async def _disown(self) -> None:
        """What an earlier life of this worker owned is free; if that cannot be said, it will
        be when its leases run out."""
        try:
            await self._tools.store.disown(self._owner)
        except StoreUnavailable as away:
            log.warning("leases of an earlier life could not be ended: %s", away)

    async def _claim(self, tasks: asyncio.TaskGroup) -> bool:
        """Take the stacks that wait for an owner; whether there may be more of them."""
        clock, settings = self._tools.clock, self._tools.settings
        asked_at = clock.monotonic()
        try:
            leases = await self._tools.store.claim(
                self._owner, settings.claim_limit, settings.lease_seconds
            )
        except StoreUnavailable as away:
            log.warning("no work can be found: %s", away)
            return False
        except Exception:
            # The next look may find what this one could not; those who own stacks go on.
            log.exception("no work can be found")
            return False
        self._claimed_at = clock.monotonic()
        for lease in leases:
            hold = self._hold(lease, asked_at)
            ownership = Ownership(self._tools, self._cloud, self._bus, hold)
            # Known before it runs, so that a stop or a wake-up reaches it from the first moment.
            self._owned[lease.stack_id] = _Owned(
                ownership, tasks.create_task(self._own(ownership, lease.stack_id))
            )
        if len(leases) == settings.claim_limit:
            return True
        self._all_seen_at = asked_at
        return False

    def _hold(self, lease: Lease, asked_at: float) -> Hold:
        clock, settings = self._tools.clock, self._tools.settings
        since = None if self._all_seen_at is None else asked_at - self._all_seen_at
        jumped = seconds_jumped(lease, since, settings)
        tenure = Tenure(clock, settings, asked_at)
        return Hold(lease, tenure, Aftermath(clock, settings, lease, jumped), jumped)

    async def _own(self, ownership: Ownership, stack_id: str) -> None:
        try:
            await ownership.work()
        except StoreUnavailable as away:
            log.warning("stack %s: its traversal was broken off: %s", stack_id, away)
            await self._pause()
        except Exception:
            # Whatever went wrong with one stack, the others and the worker go on; the
            # traversal stays unfinished and is claimed again, as often as the settings say.
            log.exception("stack %s: its traversal was broken off", stack_id)
            await self._pause()
        finally:
            # By now another ownership of the same stack may have begun here.
            owned = self._owned.get(stack_id)
            if owned is not None and owned.ownership is ownership:
                del self._owned[stack_id]
            # Something may have come for this stack while it was still ours.
            self._wake.set()

    async def _pause(self) -> None:
        await self._tools.clock.sleep(self._tools.settings.poll_seconds)

    async def _hear_traversals(self) -> None:
        async with self._bus.listen(TRAVERSALS) as keys:
            async for stack_id in keys:
                if owned := self._owned.get(stack_id):
                    owned.ownership.overtake()
                self._wake.set()

    async def _hear_messages(self) -> None:
        async with self._bus.listen(MESSAGES) as keys:
            async for stack_id in keys:
                if owned := self._owned.get(stack_id):
                    owned.ownership.tell()
                self._wake.set()

    async def _hear_news(self) -> None:
        """Pass on what is new of stacks that traversals of ours wait for."""
        async with self._bus.listen(EVENTS) as keys:
            async for stack_id in keys:
                self._tools.news.tell(stack_id)

    async def _tick(self) -> None:
        """A lost wake-up costs at most this interval, also one about messages for a stack that
        is at work here: it may wait for just these."""
        while True:
            await self._pause()
            self._wake.set()
            for each in self._owned.values():
                each.ownership.tell()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        """Prolong the leases; called from the pacemaker's thread."""
        owned = dict(self._owned)
        if not owned:
            return
        asked_at = self._tools.clock.monotonic()
        held = self._tools.store.renew(
            self._owner, owned.keys(), self._tools.settings.lease_seconds
        )
        for stack_id in held:
            owned[stack_id].ownership.tenure.prolong(asked_at)
        loop.call_soon_threadsafe(self._learn, owned, held)

    def _learn(self, owned: Mapping[str, _Owned], held: Mapping[str, int]) -> None:
        for stack_id, each in owned.items():
            if stack_id in held:
                each.ownership.learn(held[stack_id])
            else:
                self._drop(stack_id, each)

    async def _let_go(self) -> None:
        """Break off what no lease covers any more, even where the database cannot be asked."""
        longest = self._tools.settings.lease_seconds
        while True:
            left = [each.ownership.tenure.left for each in self._owned.values()]
            await self._tools.clock.sleep(max(min(left, default=longest), _SHORTEST_WATCH))
            for stack_id, each in list(self._owned.items()):
                if each.ownership.tenure.left <= 0:
                    self._drop(stack_id, each)

    def _drop(self, stack_id: str, owned: _Owned) -> None:
        if self._owned.get(stack_id) is owned and not owned.ownership.ended:
            log.warning("stack %s: its lease was lost", stack_id)
            owned.task.cancel()
