"""The worker: claims stacks, owns as many as it finds, gives them back when it stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from isotherm.engine.ownership import Ownership
from isotherm.engine.run import Tools
from isotherm.ports.bus import TRAVERSALS, Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.store import Lease

log = logging.getLogger(__name__)


class Pacemaker(Protocol):
    """Calls ``beat`` regularly for as long as it runs, however busy the loop is."""

    def start(self, beat: Callable[[], None]) -> None: ...

    def stop(self) -> None: ...


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
        self._owned: dict[str, tuple[Ownership, asyncio.Task[None]]] = {}
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Work until ``stop``; then let go of everything in good order."""
        loop = asyncio.get_running_loop()
        await self._tools.store.disown(self._owner)
        self._pacemaker.start(lambda: self._beat(loop))
        try:
            async with asyncio.TaskGroup() as tasks:
                helpers = [tasks.create_task(self._listen()), tasks.create_task(self._tick())]
                await self._claim_until_stopped(tasks)
                for helper in helpers:
                    helper.cancel()
                for ownership, _ in self._owned.values():
                    ownership.stop()
        finally:
            self._pacemaker.stop()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    async def _claim_until_stopped(self, tasks: asyncio.TaskGroup) -> None:
        settings = self._tools.settings
        while not self._stop.is_set():
            self._wake.clear()
            leases = await self._tools.store.claim(
                self._owner, settings.claim_limit, settings.lease_seconds
            )
            for lease in leases:
                ownership = Ownership(self._tools, self._cloud, self._bus, lease)
                task = tasks.create_task(self._work(ownership, lease))
                self._owned[lease.stack_id] = (ownership, task)
            if not leases:
                await self._wake.wait()

    async def _work(self, ownership: Ownership, lease: Lease) -> None:
        try:
            await ownership.work()
        except Exception:
            # Whatever went wrong with one stack, the others and the worker go on; the
            # traversal stays unfinished and is claimed again.
            log.exception("stack %s: its traversal was broken off", lease.stack_id)
            await self._tools.clock.sleep(self._tools.settings.poll_seconds)
        finally:
            # By now another ownership of the same stack may have begun here.
            if self._owned.get(lease.stack_id, (None,))[0] is ownership:
                del self._owned[lease.stack_id]
            # Something may have come for this stack while it was still ours.
            self._wake.set()

    async def _listen(self) -> None:
        async with self._bus.listen(TRAVERSALS) as keys:
            async for stack_id in keys:
                if owned := self._owned.get(stack_id):
                    owned[0].overtake()
                self._wake.set()

    async def _tick(self) -> None:
        """A lost wake-up costs at most this interval."""
        while True:
            await self._tools.clock.sleep(self._tools.settings.poll_seconds)
            self._wake.set()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        """Prolong the leases; called from the pacemaker's thread."""
        owned = set(self._owned)
        held = self._tools.store.renew(self._owner, self._tools.settings.lease_seconds)
        if lost := owned - held:
            loop.call_soon_threadsafe(self._drop, lost)

    def _drop(self, lost: set[str]) -> None:
        for stack_id in lost & self._owned.keys():
            log.warning("stack %s: its lease was lost", stack_id)
            self._owned[stack_id][1].cancel()
