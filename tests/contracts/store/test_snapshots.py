"""Snapshots: kept and dropped together with what they belong to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.contracts.store.records import (
    START,
    add_stack,
    after,
    lease,
    make_event,
    make_stack,
    make_traversal,
)

from isotherm.core.ids import new_id
from isotherm.core.states import Status
from isotherm.core.values import Secret
from isotherm.ports.records import Snapshot, Source, Stack, replace
from isotherm.ports.store import Fence, Fenced, Store, Writes


def make_snapshot(stack: Stack, **fields: Any) -> Snapshot:
    given: dict[str, Any] = {"id": new_id(), "created_at": START, "source_id": stack.source_id}
    return Snapshot(stack_id=stack.id, **given | fields)


async def keep(store: Store, stack: Stack, *snapshots: Snapshot) -> None:
    held = await lease(store, stack)
    await store.commit(Fence(lease=held), Writes(snapshots=snapshots))
    await store.release(held)


async def test_what_was_kept_is_read_again_oldest_first(store: Store) -> None:
    stack, other = await add_stack(store), await add_stack(store)
    resources = {"a": {"resource_id": "7", "resource_data": {"token": Secret("hush")}}}
    first = make_snapshot(stack, resources=resources, tags=("x",))
    second = make_snapshot(stack, name="second", status=Status.COMPLETE)
    await keep(store, stack, first)
    await keep(store, stack, second)
    await keep(store, other, make_snapshot(other))
    assert await store.snapshots(stack.id) == [first, second]
    assert await store.snapshot(first.id) == first
    assert await store.snapshot("nothing") is None


async def test_a_snapshot_changes_and_goes_under_the_fence_of_its_stack(store: Store) -> None:
    stack = await add_stack(store)
    snapshot = make_snapshot(stack)
    held = await lease(store, stack)
    await store.commit(Fence(lease=held), Writes(snapshots=[snapshot]))
    done = replace(snapshot, status=Status.COMPLETE, status_reason="done")
    await store.commit(Fence(lease=held), Writes(snapshots=[done]))
    assert await store.snapshots(stack.id) == [done]
    stale = Fence(lease=held, traversal=stack.traversal - 1)
    with pytest.raises(Fenced):
        await store.commit(stale, Writes(removed_snapshots=[snapshot.id]))
    await store.commit(Fence(lease=held), Writes(removed_snapshots=[snapshot.id]))
    assert await store.snapshots(stack.id) == []


async def test_an_operation_brings_its_snapshot_or_neither_is_kept(store: Store) -> None:
    stack = await add_stack(store)
    newer = replace(stack, traversal=2)
    snapshot, late = make_snapshot(stack), make_snapshot(stack)
    second = make_traversal(stack.id, 2)
    assert await store.supersede(newer, second, None, expected=stack, snapshot=snapshot)
    again = replace(second, started_at=after(1))
    assert not await store.supersede(newer, again, None, expected=stack, snapshot=late)
    assert await store.snapshots(stack.id) == [snapshot]


async def test_a_new_stack_brings_what_it_adopts(store: Store) -> None:
    source_id = await store.put_source(Source(template={}, environment={}, files={}))
    stack = make_stack(source_id=source_id)
    given = make_snapshot(stack, listed=False)
    traversal, event = make_traversal(stack.id), make_event(stack.id)
    await store.create_stack(stack, traversal, event, snapshot=given)
    assert await store.snapshots(stack.id) == [given]


async def test_snapshots_are_purged_with_their_stack(store: Store) -> None:
    stack = await add_stack(store, deleted_at=START)
    kept = await add_stack(store)
    await keep(store, kept, make_snapshot(kept))
    await keep(store, stack, make_snapshot(stack))
    await store.purge(START + timedelta(days=1))
    assert await store.snapshots(stack.id) == []
    assert len(await store.snapshots(kept.id)) == 1
