"""Commits under a fence: those of a batch share their statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Connection, bindparam, delete, func, select, update

from isotherm.ports.store import Fence, Fenced, Writes
from isotherm.store.backend import database_now
from isotherm.store.encoding import Encoding
from isotherm.store.messages import FIRST_OPEN, RESET_WAITING, TAKE
from isotherm.store.reports import REMOVE_OLD, outdated
from isotherm.store.rows import EVENTS, REPORTS, RESOURCES, SNAPSHOTS, STACKS, TRAVERSALS, Row
from isotherm.store.statements import Statements
from isotherm.store.tables import leases, resources, snapshots, stacks
from isotherm.store.told_servers import NOTE_CHANGE
from isotherm.store.types import Instant
from isotherm.store.writer import Change

# In one order everywhere, so that two writers never wait for each other in a circle.
_LOCK_LEASES = (
    select(
        leases.c.stack_id,
        leases.c.owner,
        leases.c.epoch,
        leases.c.traversal,
        leases.c.waiting_since.is_not(None).label("waits"),
        (leases.c.expires_at > database_now()).label("live"),
    )
    .where(leases.c.stack_id.in_(bindparam("stack_ids", expanding=True)))
    .order_by(leases.c.stack_id)
    .with_for_update()
)

UPDATE_STACK = (
    update(stacks)
    .where(stacks.c.id == bindparam("stack"))
    .values({c.name: bindparam(f"new_{c.name}") for c in stacks.c if c.name != "id"})
)

SET_TRAVERSAL = (
    update(leases)
    .where(leases.c.stack_id == bindparam("stack"))
    .values(
        traversal=bindparam("number"),
        take_overs=0,
        # With its traversal finished, a stack may still wait for what lies in its inbox.
        waiting_since=func.coalesce(bindparam("since", type_=Instant), FIRST_OPEN),
    )
)

_REMOVE_RESOURCE = delete(resources).where(
    resources.c.id == bindparam("row"), resources.c.stack_id == bindparam("stack")
)
_REMOVE_SNAPSHOT = delete(snapshots).where(
    snapshots.c.id == bindparam("row"), snapshots.c.stack_id == bindparam("stack")
)


@dataclass(frozen=True, slots=True)
class Commit(Change[None]):
    """One change under its fence, already in the form of rows."""

    statements: Statements
    fence: Fence
    resources: list[Row]
    removed: Sequence[str]
    events: list[Row]
    taken: Sequence[str]
    stack: Row | None
    stack_traversal: int
    traversal: Row | None
    snapshots: list[Row]
    removed_snapshots: Sequence[str]
    report: Row | None
    durations: list[Row]
    news_for: Sequence[str]

    def apply(self, connection: Connection) -> None:
        (outcome,) = self.apply_all(connection, [self])
        if outcome is not None:
            raise outcome

    @classmethod
    def apply_all(cls, connection: Connection, changes: Sequence[Commit]) -> list[Any]:
        """Write what no fence forbids; for each commit None or its Fenced."""
        standing = lock_leases(connection, {c.fence.lease.stack_id for c in changes})
        gathered = Gathered()
        outcomes: list[Any] = []
        for change in changes:
            stack_id = change.fence.lease.stack_id
            refusal = standing[stack_id].refusal(change) if stack_id in standing else "it is gone"
            if refusal:
                outcomes.append(Fenced(f"stack {stack_id}: {refusal}"))
                continue
            gathered.add(change, standing[stack_id])
            outcomes.append(None)
        gathered.write(connection, changes[0].statements)
        return outcomes


def prepare_commit(
    fence: Fence,
    writes: Writes,
    statements: Statements,
    encoding: Encoding,
    *,
    others: Collection[str] = (),
) -> Commit:
    """The commit as rows; ValueError for records of another stack than the fence's, but for events
    of ``others``."""
    stack_id = fence.lease.stack_id
    for other in _stack_ids(writes):
        if other != stack_id and other not in others:
            raise ValueError(f"the lease is for stack {stack_id}, not for {other}")
    return Commit(
        statements,
        fence,
        [RESOURCES.to_row(resource, encoding) for resource in writes.resources],
        writes.removed_resources,
        [EVENTS.to_row(event, encoding) for event in writes.events],
        writes.taken,
        STACKS.to_row(writes.stack, encoding) if writes.stack else None,
        writes.stack.traversal if writes.stack else 0,
        TRAVERSALS.to_row(writes.traversal, encoding) if writes.traversal else None,
        [SNAPSHOTS.to_row(snapshot, encoding) for snapshot in writes.snapshots],
        writes.removed_snapshots,
        REPORTS.to_row(writes.report, encoding) if writes.report else None,
        [asdict(duration) for duration in writes.durations],
        writes.news_for,
    )


def _stack_ids(writes: Writes) -> Iterator[str]:
    """Whose records they are."""
    for records in (writes.resources, writes.events, writes.snapshots):
        for record in records:
            yield record.stack_id
    if writes.stack:
        yield writes.stack.id
    if writes.traversal:
        yield writes.traversal.stack_id
    if writes.report:
        yield writes.report.stack_id


@dataclass(slots=True)
class Standing:
    """What the fences of a batch are held against: a lease, and the stack's newest traversal;
    ``waits`` if somebody has to see to the stack."""

    owner: str | None
    epoch: int
    live: bool
    traversal: int
    waits: bool

    def refusal(self, commit: Commit) -> str:
        """Why the commit must not be; empty if it may."""
        fence, lease = commit.fence, commit.fence.lease
        if not self.live:
            return "the lease has run out"
        if (self.owner, self.epoch) != (lease.owner, lease.epoch):
            return f"it is owned by {self.owner} in epoch {self.epoch}"
        if fence.traversal is not None and fence.traversal != self.traversal:
            return f"traversal {fence.traversal} was overtaken by {self.traversal}"
        if commit.stack and commit.stack_traversal < self.traversal:
            return f"its record of traversal {commit.stack_traversal} comes too late"
        return ""


def lock_leases(connection: Connection, stack_ids: set[str]) -> dict[str, Standing]:
    """As they are until the transaction ends."""
    rows = connection.execute(_LOCK_LEASES, {"stack_ids": sorted(stack_ids)})
    return {
        row.stack_id: Standing(row.owner, row.epoch, bool(row.live), row.traversal, bool(row.waits))
        for row in rows
    }


@dataclass(slots=True)
class Gathered:
    """The rows of many commits, each once in its last state."""

    resources: dict[str, Row] = field(default_factory=dict)
    removed: list[dict[str, str]] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    stacks: dict[str, Row] = field(default_factory=dict)
    traversals: dict[tuple[str, int], Row] = field(default_factory=dict)
    newest: dict[str, Row] = field(default_factory=dict)
    snapshots: dict[str, Row] = field(default_factory=dict)
    removed_snapshots: list[dict[str, str]] = field(default_factory=list)
    reports: dict[tuple[str, int], Row] = field(default_factory=dict)
    durations: dict[tuple[str, str], Row] = field(default_factory=dict)
    news_for: set[str] = field(default_factory=set)

    def add(self, commit: Commit, standing: Standing) -> None:
        stack_id = commit.fence.lease.stack_id
        # Most commits are of one row with its events: there are thousands of those.
        for row in commit.resources:
            self.resources[row["id"]] = row
        for row_id in commit.removed:
            self.removed.append({"row": row_id, "stack": stack_id})
        self.events += commit.events
        for row in commit.snapshots:
            self.snapshots[row["id"]] = row
        for row_id in commit.removed_snapshots:
            self.removed_snapshots.append({"row": row_id, "stack": stack_id})
        for message_id in commit.taken:
            self.taken.append({"wanted": message_id, "stack": stack_id})
        if commit.stack:
            self.stacks[stack_id] = stack_parameters(commit.stack)
        if commit.report:
            self.reports[stack_id, commit.report["number"]] = commit.report
        for row in commit.durations:
            self.durations[row["type"], row["kind"]] = row
        self.news_for.update(commit.news_for)
        if commit.traversal:
            self._add_traversal(commit.traversal, standing)

    def _add_traversal(self, row: Row, standing: Standing) -> None:
        self.traversals[row["stack_id"], row["number"]] = row
        if row["number"] >= standing.traversal:
            standing.traversal = row["number"]
            self.newest[row["stack_id"]] = newest_traversal(row)

    def write(self, connection: Connection, statements: Statements) -> None:
        for statement, rows in (
            (UPDATE_STACK, [*self.stacks.values()]),
            (TAKE, self.taken),
            (statements.put_traversal, [*self.traversals.values()]),
            (SET_TRAVERSAL, [*self.newest.values()]),
            # After both of what it looks at.
            (RESET_WAITING, [{"stack": stack_id} for stack_id in self._emptied()]),
            (statements.put_resource, [*self.resources.values()]),
            # After the rest: a row that was removed never comes back.
            (_REMOVE_RESOURCE, self.removed),
            (statements.put_snapshot, [*self.snapshots.values()]),
            (_REMOVE_SNAPSHOT, self.removed_snapshots),
            (statements.add_event, self.events),
            (statements.put_report, [*self.reports.values()]),
            (REMOVE_OLD, outdated(self.reports.values())),
            (statements.put_duration, [self.durations[key] for key in sorted(self.durations)]),
            (NOTE_CHANGE, [{"server": each} for each in sorted(self.news_for)]),
        ):
            if rows:
                connection.execute(statement, rows)

    def _emptied(self) -> list[str]:
        """Stacks whose inboxes have fewer messages now."""
        return sorted({each["stack"] for each in self.taken})


def stack_parameters(row: Row) -> Row:
    """Parameters of ``UPDATE_STACK``."""
    new = {f"new_{name}": value for name, value in row.items() if name != "id"}
    return {"stack": row["id"], **new}


def newest_traversal(row: Row) -> Row:
    """Parameters of ``SET_TRAVERSAL``: a finished traversal waits for nobody."""
    since = None if row["finished"] else row["started_at"]
    return {"stack": row["stack_id"], "number": row["number"], "since": since}
