"""The store port on a database."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from isotherm.core.ids import EventId, ProjectId, StackId
from isotherm.ports.metrics import NO_METRICS, Metrics
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
    Passage,
    StackQuery,
    StoreUnavailable,
    Work,
    Writes,
)
from isotherm.store import duties, leases, purging, stacks
from isotherm.store.attachments import SqlAttachments
from isotherm.store.attendance import SqlAttendance
from isotherm.store.commits import prepare_commit
from isotherm.store.database import Database
from isotherm.store.encoding import Encoding
from isotherm.store.events import list_events, read_event
from isotherm.store.figures import Figures, read_figures
from isotherm.store.messages import Post, PurgeMessages, read_messages
from isotherm.store.passages import prepare_passages, read_at_rest
from isotherm.store.probing import Probe
from isotherm.store.reader import Reader
from isotherm.store.reports import read_durations, read_report, read_reports_of
from isotherm.store.resources import (
    read_namesakes,
    read_owners,
    read_resources,
    read_resources_of,
)
from isotherm.store.rows import EVENTS, MESSAGES, SNAPSHOTS, STACKS, TRAVERSALS
from isotherm.store.sealing import Sealer
from isotherm.store.snapshots import read_snapshot, read_snapshots
from isotherm.store.software import SqlSoftware
from isotherm.store.sources import RecentSources, opened, put_source, read_source
from isotherm.store.statements import Statements
from isotherm.store.traversals import read_traversal, read_traversals
from isotherm.store.watches import SqlWatches
from isotherm.store.writer import Writer

_PROBE_SECONDS = 3.0


class SqlStore:
    """Implements ``ports.store.Store``. The schema must be there: see ``schema.upgrade``."""

    def __init__(self, database: Database, sealer: Sealer, metrics: Metrics = NO_METRICS) -> None:
        self._database = database
        self._encoding = Encoding(sealer)
        self._statements = Statements.of(database.backend)
        self._writer = Writer(database, metrics)
        self._reader = Reader(database)
        self._sources = RecentSources()
        self.watches = SqlWatches(self._reader, self._writer, self._statements, sealer)
        self.attendance = SqlAttendance(self._reader, self._writer, self._statements)
        self.attachments = SqlAttachments(
            self._reader, self._writer, self._statements, self._encoding
        )
        self.software = SqlSoftware(self._reader, self._writer, self._statements, self._encoding)

    async def close(self) -> None:
        """Commit what is waiting and close all connections."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.close()
        self._reader.close()
        self._database.dispose()

    async def trouble(self) -> str:
        """Why nothing can be written; empty if the last change could be. Where it could not,
        it is tried anew."""
        if self._writer.trouble:
            with contextlib.suppress(StoreUnavailable, TimeoutError):
                async with asyncio.timeout(_PROBE_SECONDS):
                    await self._writer.write(Probe())
        return self._writer.trouble

    async def figures(self) -> Figures:
        """Of all that is in the database."""
        return await self._reader.read(read_figures)

    # -- life of a stack -----------------------------------------------------------------

    async def put_source(self, source: Source, *, kept: str = "") -> str:
        source_id, change = put_source(source, self._statements, self._encoding)
        if source_id != kept:
            await self._writer.write(change)
        return source_id

    async def source(self, source_id: str) -> Source:
        row = self._sources.get(source_id)
        if row is None:
            row = await self._reader.read(lambda c: read_source(c, source_id))
            self._sources.put(source_id, row)
        return opened(source_id, row, self._encoding)

    async def create_stack(
        self,
        stack: Stack,
        traversal: Traversal,
        event: Event,
        *,
        most: int = -1,
        snapshot: Snapshot | None = None,
    ) -> None:
        change = stacks.CreateStack(
            self._statements,
            STACKS.to_row(stack, self._encoding),
            TRAVERSALS.to_row(traversal, self._encoding),
            EVENTS.to_row(event, self._encoding),
            most,
            SNAPSHOTS.to_row(snapshot, self._encoding) if snapshot else None,
        )
        await self._writer.write(change)

    async def supersede(
        self,
        stack: Stack,
        traversal: Traversal,
        event: Event | None,
        *,
        expected: Stack,
        snapshot: Snapshot | None = None,
    ) -> bool:
        change = stacks.Supersede(
            self._statements,
            STACKS.to_row(stack, self._encoding),
            TRAVERSALS.to_row(traversal, self._encoding),
            EVENTS.to_row(event, self._encoding) if event else None,
            expected,
            SNAPSHOTS.to_row(snapshot, self._encoding) if snapshot else None,
        )
        return await self._writer.write(change)

    async def at_rest(self, stack_ids: Sequence[str]) -> list[AtRest]:
        return await self._reader.read(lambda c: read_at_rest(c, stack_ids, self._encoding))

    async def stack(self, stack_id: str) -> Stack | None:
        return await self._reader.read(lambda c: stacks.read_stack(c, stack_id, self._encoding))

    async def find_stack(self, project_id: ProjectId, name_or_id: str) -> Stack | None:
        return await self._reader.read(
            lambda c: stacks.find_stack(c, project_id, name_or_id, self._encoding)
        )

    async def stacks(self, query: StackQuery) -> list[Stack]:
        return await self._reader.read(lambda c: stacks.list_stacks(c, query, self._encoding))

    async def count_stacks(self, query: StackQuery) -> int:
        return await self._reader.read(lambda c: stacks.count_stacks(c, query))

    async def children(self, stack_id: str) -> list[Stack]:
        return await self._reader.read(lambda c: stacks.read_children(c, stack_id, self._encoding))

    async def resources(self, stack_id: str, name: str | None = None) -> list[Resource]:
        return await self._reader.read(lambda c: read_resources(c, stack_id, name, self._encoding))

    async def resources_of(self, stack_ids: Sequence[str]) -> list[Resource]:
        return await self._reader.read(lambda c: read_resources_of(c, stack_ids, self._encoding))

    async def owners(self, physical_ids: Sequence[str]) -> set[str]:
        return await self._reader.read(lambda c: read_owners(c, physical_ids))

    async def namesakes(self, physical_id: str) -> list[Resource]:
        return await self._reader.read(lambda c: read_namesakes(c, physical_id, self._encoding))

    async def events(self, query: EventQuery) -> list[Event]:
        return await self._reader.read(lambda c: list_events(c, query, self._encoding))

    async def event(self, stack_id: StackId, event_id: EventId) -> Event | None:
        return await self._reader.read(lambda c: read_event(c, stack_id, event_id, self._encoding))

    async def count_resources(self, project_id: str) -> int:
        return await self._reader.read(lambda c: stacks.count_resources(c, project_id))

    async def snapshots(self, stack_id: str) -> list[Snapshot]:
        return await self._reader.read(lambda c: read_snapshots(c, stack_id, self._encoding))

    async def snapshot(self, snapshot_id: str) -> Snapshot | None:
        return await self._reader.read(lambda c: read_snapshot(c, snapshot_id, self._encoding))

    async def report(self, stack_id: StackId, number: int | None = None) -> Report | None:
        return await self._reader.read(lambda c: read_report(c, stack_id, number, self._encoding))

    async def reports_of(
        self, stack_ids: Sequence[str], start: datetime, end: datetime
    ) -> list[Report]:
        span = start, end
        return await self._reader.read(
            lambda c: read_reports_of(c, stack_ids, span, self._encoding)
        )

    async def durations(self) -> list[Duration]:
        return await self._reader.read(read_durations)

    # -- running -------------------------------------------------------------------------

    async def traversal(self, stack_id: str) -> Traversal | None:
        return await self._reader.read(lambda c: read_traversal(c, stack_id, self._encoding))

    async def traversals(self, stack_id: str, start: datetime, end: datetime) -> list[Traversal]:
        span = start, end
        return await self._reader.read(lambda c: read_traversals(c, stack_id, span, self._encoding))

    async def work(self, stack_id: str) -> Work | None:
        return await self._reader.read(lambda c: stacks.read_work(c, stack_id, self._encoding))

    async def claim(self, owner: str, limit: int, seconds: float) -> list[Lease]:
        return await self._writer.write(leases.Claim(owner, seconds, limit))

    def renew(self, owner: str, stack_ids: Collection[str], seconds: float) -> Mapping[str, int]:
        return self._writer.write_blocking(leases.Renew(owner, sorted(stack_ids), seconds))

    async def disown(self, owner: str) -> None:
        await self._writer.write(leases.Disown(owner))

    async def release(self, lease: Lease, *, in_order: bool = True, well: bool = True) -> None:
        await self._writer.write(leases.Release(lease, in_order, well))

    async def commit(self, fence: Fence, writes: Writes) -> None:
        change = prepare_commit(fence, writes, self._statements, self._encoding)
        await self._writer.write(change)

    async def pass_through(self, fence: Fence, writes: Writes, passages: Sequence[Passage]) -> bool:
        others = {each.present.stack.id for each in passages}
        commit = prepare_commit(fence, writes, self._statements, self._encoding, others=others)
        change = prepare_passages(commit, passages, self._statements, self._encoding)
        return await self._writer.write(change)

    async def post(self, message: Message) -> None:
        if not await self._writer.write(Post(MESSAGES.to_row(message, self._encoding))):
            raise KeyError(message.stack_id)

    async def messages(self, stack_id: str) -> list[Message]:
        return await self._reader.read(lambda c: read_messages(c, stack_id, self._encoding))

    async def add_duty(self, kind: str, key: str) -> None:
        await self._writer.write(duties.AddDuty(self._statements, kind, key))

    async def claim_duties(
        self, owner: str, kinds: Collection[str], limit: int, seconds: float
    ) -> list[Duty]:
        return await self._writer.write(duties.ClaimDuties(owner, sorted(kinds), limit, seconds))

    async def end_duty(self, duty: Duty, due_in: float) -> None:
        await self._writer.write(duties.EndDuty(duty, due_in))

    async def purge(self, before: datetime) -> int:
        purged = 0
        while some := await self._writer.write(purging.PurgeStacks(before)):
            purged += some
        await self._writer.write(purging.PurgeSources())
        return purged

    async def purge_messages(self, before: datetime) -> int:
        purged = 0
        while some := await self._writer.write(PurgeMessages(before)):
            purged += some
        return purged
