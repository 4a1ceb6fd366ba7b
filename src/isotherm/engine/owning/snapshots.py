"""What the end of a traversal makes of the snapshot that it was about."""

from __future__ import annotations

from isotherm.core.states import Status
from isotherm.engine.recording.parts import parts_of
from isotherm.engine.steps.executor import Result
from isotherm.ports.records import Operation, Stack, Traversal, replace
from isotherm.ports.store import Store, Writes


async def with_snapshot(
    store: Store, stack: Stack, traversal: Traversal, result: Result, writes: Writes
) -> Writes:
    """``writes`` with the snapshot that was taken; what an adoption was given is not kept."""
    if traversal.operation not in (Operation.SNAPSHOT, Operation.ADOPT):
        return writes
    snapshot = await store.snapshot(traversal.snapshot_id)
    if snapshot is None or snapshot.stack_id != stack.id:
        return writes  # one of a stack above
    if traversal.operation is Operation.ADOPT:
        return replace(writes, removed_snapshots=[snapshot.id])
    assert writes.stack is not None
    taken = replace(
        snapshot,
        status=Status.COMPLETE if result.went_well else Status.FAILED,
        status_reason=writes.stack.status_reason,
        resources=await parts_of(store, stack.id),
    )
    return replace(writes, snapshots=[taken])
