"""Leases in memory, on a clock that tests can turn."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from isotherm.core.clock import Clock
from isotherm.core.ids import StackId
from isotherm.ports.records import Stack
from isotherm.ports.store import Fence, Fenced, Lease, Writes

_ABSURD = 3
"""See ``isotherm.store.leases``."""


@dataclass(slots=True)
class _Holding:
    lease: Lease
    until: datetime
    ended_in_order: bool = False
    given_back: bool = False
    take_overs: int = 0


class Leases:
    """Who owns which stack. ``renew`` may be called from another thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, _Holding] = {}
        self._lock = threading.Lock()

    def holder(self, stack_id: str, seconds: float) -> str | None:
        """Who owns the stack, for somebody who would own it for ``seconds`` at a time."""
        with self._lock:
            held = self._held.get(stack_id)
            if held is None or held.ended_in_order:
                return None
            left = (held.until - self._clock.now()).total_seconds()
            return held.lease.owner if 0 < left <= _ABSURD * seconds else None

    def epoch(self, stack_id: str) -> int:
        with self._lock:
            held = self._held.get(stack_id)
            return held.lease.epoch if held else 0

    def is_free(self, stack_id: str) -> bool:
        """Whether nobody has owned the stack, or whoever did last gave it back in good order."""
        with self._lock:
            held = self._held.get(stack_id)
            return held is None or held.ended_in_order

    def check(self, fence: Fence, writes: Writes, stacks: Mapping[str, Stack]) -> None:
        """Raises Fenced where that may not be written."""
        if not self.holds(fence.lease):
            raise Fenced(f"the lease of {fence.lease.owner} is over")
        newest = stacks[fence.lease.stack_id].traversal
        if fence.traversal is not None and fence.traversal != newest:
            raise Fenced(f"traversal {fence.traversal} was overtaken by {newest}")
        if writes.stack is not None and writes.stack.traversal < newest:
            raise Fenced(f"a stack record of traversal {writes.stack.traversal} comes too late")

    def holds(self, lease: Lease) -> bool:
        with self._lock:
            held = self._held.get(lease.stack_id)
            return held is not None and held.lease == lease and held.until > self._clock.now()

    def waiting_since(self, stack_id: str, since: datetime) -> datetime:
        """When a stack that waits ``since`` then was last without an owner for the first time."""
        with self._lock:
            held = self._held.get(stack_id)
            return max(since, held.until) if held else since

    def take(self, owner: str, stack_id: StackId, seconds: float, since: datetime) -> Lease:
        """``since`` it waits."""
        with self._lock:
            before = self._held.get(stack_id)
            epoch = before.lease.epoch + 1 if before else 1
            now = self._clock.now()
            broken_off = None
            if before and not before.ended_in_order:
                broken_off = max((now - before.until).total_seconds(), 0.0)
            free_since = max(since, before.until) if before else since
            lease = Lease(
                stack_id=stack_id,
                owner=owner,
                epoch=epoch,
                broken_off=broken_off,
                waited=max((now - free_since).total_seconds(), 0.0),
                take_overs=before.take_overs + 1 if before and not before.given_back else 0,
            )
            until = now + timedelta(seconds=seconds)
            self._held[stack_id] = _Holding(lease, until, take_overs=lease.take_overs)
            return lease

    def renew(self, owner: str, stack_ids: Collection[str], seconds: float) -> set[str]:
        with self._lock:
            now = self._clock.now()
            named = (self._held[each] for each in stack_ids if each in self._held)
            mine = [h for h in named if h.lease.owner == owner and h.until > now]
            for held in mine:
                held.until = now + timedelta(seconds=seconds)
            return {held.lease.stack_id for held in mine}

    def disown(self, owner: str) -> None:
        with self._lock:
            now = self._clock.now()
            for held in self._held.values():
                if held.lease.owner == owner:
                    held.until = min(held.until, now)

    def release(self, lease: Lease, in_order: bool, well: bool) -> None:
        with self._lock:
            held = self._held.get(lease.stack_id)
            now = self._clock.now()
            if held is not None and held.lease == lease and held.until > now:
                held.until = now
                held.ended_in_order = in_order
                held.given_back = well

    def begin_anew(self, stack_id: str) -> None:
        """A traversal begins or ends: who has died before does not count any more."""
        with self._lock:
            if held := self._held.get(stack_id):
                held.take_overs = 0
