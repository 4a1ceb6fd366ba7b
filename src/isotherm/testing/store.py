"""A store in memory that keeps every promise of the port: fences, leases, claim order, queries.

Records are copied on the way in and out, as a database would, and a value that
no database could keep (an ``Unknown``) is refused (``copies``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from isotherm.core.clock import Clock
from isotherm.core.ids import EventId, ProjectId, StackId
from isotherm.ports.records import (
    Duration,
    Event,
    Message,
    Report,
    Resource,
    Snapshot,
    Source,
    Stack,
    Traversal,
)
from isotherm.ports.store import (
    AtRest,
    Duty,
    EventQuery,
    Fence,
    Lease,
    NameTaken,
    NoRoom,
    Passage,
    StackQuery,
    Work,
    Writes,
)
from isotherm.testing.attachments import MemoryAttachments
from isotherm.testing.attendance import MemoryAttendance
from isotherm.testing.copies import copied
from isotherm.testing.duties import Duties
from isotherm.testing.leases import Leases
from isotherm.testing.messages import Messages
from isotherm.testing.queries import matches, orderable, page, sorted_stacks, tells
from isotherm.testing.reports import Reports
from isotherm.testing.software import MemorySoftware
from isotherm.testing.sources import Sources
from isotherm.testing.watches import MemoryWatches


class MemoryStore:
    """Implements ``ports.store.Store``; leases run on ``clock``.

    Every write gives the loop one turn before it returns, so that callers cannot rely on
    two of their writes being one.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sources = Sources(clock)
        self._stacks: dict[str, Stack] = {}
        self._traversals: dict[tuple[str, int], Traversal] = {}
        self._resources: dict[str, Resource] = {}
        self._events: list[Event] = []
        self._messages = Messages()
        self._snapshots: dict[str, Snapshot] = {}
        self._reports = Reports()
        self.software = MemorySoftware()
        self.watches = MemoryWatches()
        self.attachments = MemoryAttachments()
        self.attendance = MemoryAttendance()
        self._leases = Leases(clock)
        self._duties = Duties(clock)

    # -- life of a stack -------------------------------------------------------------

    async def put_source(self, source: Source, *, kept: str = "") -> str:
        source_id = self._sources.put(source)
        await asyncio.sleep(0)
        return source_id

    async def source(self, source_id: str) -> Source:
        return self._sources[source_id]

    async def create_stack(
        self,
        stack: Stack,
        traversal: Traversal,
        event: Event,
        *,
        most: int = -1,
        snapshot: Snapshot | None = None,
    ) -> None:
        if stack.parent_id is None and self._live_root(stack.project_id, stack.name):
            raise NameTaken(stack.name)
        roots = [each for each in self._stacks.values() if each.project_id == stack.project_id]
        live = [each for each in roots if each.parent_id is None and not each.deleted_at]
        if 0 <= most <= len(live):
            raise NoRoom
        if stack.id in self._stacks:
            raise ValueError(f"stack {stack.id} exists already")
        self._sources.require(stack)
        self._put_stack(stack)
        self._put_traversal(traversal)
        self._events.append(copied(event))
        self._put_snapshots(snapshot)
        await asyncio.sleep(0)

    async def supersede(
        self,
        stack: Stack,
        traversal: Traversal,
        event: Event | None,
        *,
        expected: Stack,
        snapshot: Snapshot | None = None,
    ) -> bool:
        present = self._stacks.get(stack.id)
        if present is None or _state(present) != _state(expected):
            return False
        self._sources.require(stack)
        self._put_stack(stack)
        self._put_traversal(traversal)
        if event is not None:
            self._events.append(copied(event))
        self._put_snapshots(snapshot)
        await asyncio.sleep(0)
        return True

    async def at_rest(self, stack_ids: Sequence[str]) -> list[AtRest]:
        return [
            AtRest(stack=copied(self._stacks[each]), epoch=self._leases.epoch(each))
            for each in stack_ids
            if self._is_at_rest(each)
        ]

    async def stack(self, stack_id: str) -> Stack | None:
        found = self._stacks.get(stack_id)
        return copied(found) if found else None

    async def find_stack(self, project_id: ProjectId, name_or_id: str) -> Stack | None:
        by_id = self._stacks.get(name_or_id)
        if by_id is not None and by_id.project_id == project_id:
            return copied(by_id)
        named = [
            each
            for each in self._stacks.values()
            if each.project_id == project_id and each.name == name_or_id and not each.deleted_at
        ]
        # A root stack before nested ones; of several nested ones the newest.
        named.sort(key=lambda each: (each.parent_id is None, each.created_at))
        return copied(named[-1]) if named else None

    async def stacks(self, query: StackQuery) -> list[Stack]:
        found = sorted_stacks([s for s in self._stacks.values() if matches(query, s)], query)
        return [copied(each) for each in page(found, query.marker, query.limit)]

    async def count_stacks(self, query: StackQuery) -> int:
        return sum(matches(query, each) for each in self._stacks.values())

    async def children(self, stack_id: str) -> list[Stack]:
        return [
            copied(each)
            for each in self._stacks.values()
            if each.parent_id == stack_id and each.deleted_at is None
        ]

    async def resources(self, stack_id: str, name: str | None = None) -> list[Resource]:
        return [
            copied(each)
            for each in self._resources.values()
            if each.stack_id == stack_id and name in (None, each.name)
        ]

    async def resources_of(self, stack_ids: Sequence[str]) -> list[Resource]:
        return [copied(each) for each in self._resources.values() if each.stack_id in stack_ids]

    async def owners(self, physical_ids: Sequence[str]) -> set[str]:
        known = {each.physical_id for each in self._resources.values()}
        return known.intersection(physical_ids)  # type: ignore[return-value]  # None is not asked

    async def namesakes(self, physical_id: str) -> list[Resource]:
        found = [each for each in self._resources.values() if each.physical_id == physical_id]
        return [copied(each) for each in found]

    async def events(self, query: EventQuery) -> list[Event]:
        found = [each for each in self._events if tells(query, each)]
        if query.sort_keys:
            found.sort(key=lambda each: [orderable(getattr(each, k)) for k in query.sort_keys])
        if query.descending:
            found.reverse()
        return [copied(each) for each in page(found, query.marker, query.limit)]

    async def event(self, stack_id: StackId, event_id: EventId) -> Event | None:
        for each in self._events:
            if each.stack_id == stack_id and each.id == event_id:
                return copied(each)
        return None

    async def count_resources(self, project_id: str) -> int:
        live = {
            each.id
            for each in self._stacks.values()
            if each.project_id == project_id and each.deleted_at is None
        }
        return sum(each.current and each.stack_id in live for each in self._resources.values())

    async def snapshots(self, stack_id: str) -> list[Snapshot]:
        return [copied(each) for each in self._snapshots.values() if each.stack_id == stack_id]

    async def snapshot(self, snapshot_id: str) -> Snapshot | None:
        found = self._snapshots.get(snapshot_id)
        return copied(found) if found else None

    async def report(self, stack_id: StackId, number: int | None = None) -> Report | None:
        return self._reports.one(stack_id, number)

    async def reports_of(
        self, stack_ids: Sequence[str], start: datetime, end: datetime
    ) -> list[Report]:
        return self._reports.asked_between(stack_ids, start, end)

    async def durations(self) -> list[Duration]:
        return self._reports.durations()

    # -- running -----------------------------------------------------------------------

    async def traversal(self, stack_id: str) -> Traversal | None:
        stack = self._stacks.get(stack_id)
        return copied(self._traversals[stack_id, stack.traversal]) if stack else None

    async def traversals(self, stack_id: str, start: datetime, end: datetime) -> list[Traversal]:
        found = [each for (of, _), each in sorted(self._traversals.items()) if of == stack_id]
        before = [each.number for each in found if each.started_at <= start]
        first = max(before, default=0)
        return [copied(each) for each in found if each.started_at <= end and each.number >= first]

    async def work(self, stack_id: str) -> Work | None:
        traversal, messages = await self.traversal(stack_id), await self.messages(stack_id)
        stack = await self.stack(stack_id)
        if traversal is None or stack is None:
            return None
        return Work(stack=stack, traversal=traversal, messages=bool(messages))

    async def claim(self, owner: str, limit: int, seconds: float) -> list[Lease]:
        waiting = {
            k: at for k, at in self._waiting().items() if not self._leases.holder(k, seconds)
        }
        first = sorted(waiting, key=lambda each: self._leases.waiting_since(each, waiting[each]))
        taken = [
            self._leases.take(owner, StackId(each), seconds, waiting[each])
            for each in first[:limit]
        ]
        await asyncio.sleep(0)
        return taken

    def renew(self, owner: str, stack_ids: Collection[str], seconds: float) -> Mapping[str, int]:
        held = self._leases.renew(owner, stack_ids, seconds)
        return {stack_id: self._stacks[stack_id].traversal for stack_id in held}

    async def disown(self, owner: str) -> None:
        self._leases.disown(owner)
        await asyncio.sleep(0)

    async def release(self, lease: Lease, *, in_order: bool = True, well: bool = True) -> None:
        self._leases.release(lease, in_order, well)
        await asyncio.sleep(0)

    async def commit(self, fence: Fence, writes: Writes) -> None:
        self._leases.check(fence, writes, self._stacks)
        self._keep(writes)
        self._messages.take(fence.lease.stack_id, writes.taken)
        await asyncio.sleep(0)

    def _keep(self, writes: Writes) -> None:
        kept = [copied(each) for each in writes.resources]
        self._events += [copied(each) for each in writes.events]
        self._resources |= {each.id: each for each in kept}
        for row_id in writes.removed_resources:
            self._resources.pop(row_id, None)
        if writes.stack is not None:
            self._put_stack(writes.stack)
        if writes.traversal is not None:
            self._put_traversal(writes.traversal)
        if writes.report is not None:
            self._reports.put(writes.report)
        for server_id in writes.news_for:
            self.software.note_change(server_id)
        self._reports.learn(writes.durations)
        self._put_snapshots(*writes.snapshots)
        for snapshot_id in writes.removed_snapshots:
            self._snapshots.pop(snapshot_id, None)

    async def pass_through(self, fence: Fence, writes: Writes, passages: Sequence[Passage]) -> bool:
        self._leases.check(fence, writes, self._stacks)
        if any(each.writes.traversal in self._traversals.values() for each in passages):
            return True  # written already, though the answer was lost
        for each in passages:
            stack, epoch = each.present.stack, each.present.epoch
            moved = self._stacks[stack.id].traversal != stack.traversal
            if moved or not self._is_at_rest(stack.id) or epoch != self._leases.epoch(stack.id):
                return False
        for kept in (writes, *(each.writes for each in passages)):
            self._keep(kept)
        await asyncio.sleep(0)
        return True

    async def post(self, message: Message) -> None:
        if message.stack_id not in self._stacks:
            raise KeyError(message.stack_id)
        self._messages.post(message)
        await asyncio.sleep(0)

    async def messages(self, stack_id: str) -> list[Message]:
        return [copied(each) for each in self._messages.open() if each.stack_id == stack_id]

    async def add_duty(self, kind: str, key: str) -> None:
        self._duties.add(kind, key)
        await asyncio.sleep(0)

    async def claim_duties(
        self, owner: str, kinds: Collection[str], limit: int, seconds: float
    ) -> list[Duty]:
        taken = self._duties.claim(owner, kinds, limit, seconds)
        await asyncio.sleep(0)
        return taken

    async def end_duty(self, duty: Duty, due_in: float) -> None:
        self._duties.end(duty, due_in)
        await asyncio.sleep(0)

    async def purge(self, before: datetime) -> int:
        old = {s.id for s in self._stacks.values() if s.deleted_at and s.deleted_at < before}
        self._stacks = {k: s for k, s in self._stacks.items() if k not in old}
        self._resources = {k: r for k, r in self._resources.items() if r.stack_id not in old}
        self._traversals = {k: t for k, t in self._traversals.items() if t.stack_id not in old}
        self._events = [each for each in self._events if each.stack_id not in old]
        self._reports.drop_with(old)
        self._messages.drop_with(old)
        self._snapshots = {k: s for k, s in self._snapshots.items() if s.stack_id not in old}
        self.attachments.purge(before, self._stacks.keys())
        used = {s.source_id for s in self._stacks.values()}
        used |= {s.source_id for s in self._snapshots.values()}
        used |= {s.previous_source_id or "" for s in self._stacks.values()}
        self._sources.purge(used)
        await asyncio.sleep(0)
        return len(old)

    async def purge_messages(self, before: datetime) -> int:
        gone = self._messages.purge(before)
        await asyncio.sleep(0)
        return gone

    async def close(self) -> None:
        """Nothing is kept open."""

    # -- inside --------------------------------------------------------------------------

    def _live_root(self, project_id: str, name: str) -> bool:
        return any(
            each.project_id == project_id
            and each.name == name
            and each.parent_id is None
            and each.deleted_at is None
            for each in self._stacks.values()
        )

    def _put_stack(self, stack: Stack) -> None:
        self._stacks[stack.id] = copied(stack)

    def _put_snapshots(self, *snapshots: Snapshot | None) -> None:
        self._snapshots |= {each.id: copied(each) for each in snapshots if each is not None}

    def _put_traversal(self, traversal: Traversal) -> None:
        self._traversals[traversal.stack_id, traversal.number] = copied(traversal)
        self._leases.begin_anew(traversal.stack_id)

    def _unfinished(self) -> list[Traversal]:
        newest = (self._traversals[each.id, each.traversal] for each in self._stacks.values())
        return [each for each in newest if not each.finished]

    def _waiting(self) -> dict[str, datetime]:
        """Stacks that wait for an owner, and since when."""
        found = {each.stack_id: each.at for each in reversed(self._messages.open())}
        return found | {each.stack_id: each.started_at for each in self._unfinished()}

    def _is_at_rest(self, stack_id: str) -> bool:
        stack = self._stacks.get(stack_id)
        if stack is None or stack.deleted_at is not None or stack_id in self._waiting():
            return False
        return self._leases.is_free(stack_id)


def _state(stack: Stack) -> tuple[object, ...]:
    """What must not have moved when a request overtakes."""
    state = (stack.traversal, stack.action, stack.status, stack.deleted_at)
    return (*state, stack.previous_source_id)
