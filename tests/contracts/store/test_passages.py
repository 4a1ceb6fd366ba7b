"""Traversals that begin and end in one moment: of stacks at rest, all of them or none."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.store.records import (
    add_stack,
    after,
    fence,
    lease,
    make_event,
    make_resource,
    make_traversal,
    overtake,
)
from tests.contracts.store.test_messages import add_idle_stack, make_message

from isotherm.core.states import Action, Status
from isotherm.ports.records import Operation, Stack, replace
from isotherm.ports.store import AtRest, EventQuery, Fence, Fenced, Passage, Store, Writes


async def at_rest(store: Store, stack: Stack) -> AtRest:
    (found,) = await store.at_rest([stack.id])
    return found


def passage(present: AtRest, **fields: Any) -> Passage:
    """An update of the stack that is done at once, with a row and an event."""
    stack, number = present.stack, present.stack.traversal + 1
    moved = replace(
        stack, action=Action.UPDATE, status=Status.COMPLETE, traversal=number, updated_at=after(1)
    )
    traversal = make_traversal(
        stack.id, number, operation=Operation.UPDATE, started_at=after(1), finished=True
    )
    given: dict[str, Any] = {
        "stack": moved,
        "traversal": traversal,
        "resources": [make_resource(stack.id, id=f"row of {stack.id}", traversal=number)],
    }
    return Passage(present=present, writes=Writes(**given | fields))


async def pass_through(store: Store, *passages: Passage, held: Fence | None = None) -> bool:
    """From a stack above, which tells of each passage."""
    held = held or await fence(store, await add_stack(store))
    events = [make_event(held.lease.stack_id, resource_name="begun")]
    events += [make_event(each.present.stack.id, resource_name="passed") for each in passages]
    return await store.pass_through(held, Writes(events=events), passages)


async def test_those_at_rest_are_live_owned_by_nobody_and_wait_for_nothing(store: Store) -> None:
    idle, told, owned, moving = [await add_idle_stack(store) for _ in range(4)]
    held = await lease(store, gone := await add_stack(store))
    finished = make_traversal(gone.id, finished=True)
    deleted = replace(gone, deleted_at=after(1))
    await store.commit(Fence(lease=held), Writes(traversal=finished, stack=deleted))
    await store.release(held)
    await store.post(make_message(owned))
    await lease(store, owned)
    await store.post(make_message(told))
    await overtake(store, moving)
    asked = [each.id for each in (idle, told, owned, moving, gone)]
    (found,) = await store.at_rest([*asked, "nowhere"])
    assert found.stack == await store.stack(idle.id)


async def test_passages_write_all_that_tells_of_them(store: Store) -> None:
    stacks = [await add_idle_stack(store) for _ in range(2)]
    passages = [passage(await at_rest(store, each)) for each in stacks]
    assert await pass_through(store, *passages)
    for stack, passed in zip(stacks, passages, strict=True):
        assert await store.stack(stack.id) == passed.writes.stack
        assert await store.traversal(stack.id) == passed.writes.traversal
        assert await store.resources(stack.id) == passed.writes.resources
        assert (await at_rest(store, stack)).stack == passed.writes.stack
    told = await store.events(EventQuery(stack_ids=[each.id for each in stacks]))
    assert [each.stack_id for each in told[-2:]] == [each.id for each in stacks]
    assert {each.resource_name for each in told[-2:]} == {"passed"}
    assert await store.claim("engine", 10, 40) == []


async def test_a_stack_that_has_moved_keeps_all_of_them_back(store: Store) -> None:
    """Those who have owned it may have changed its rows, though it is free again."""
    still, stack = await add_idle_stack(store), await add_idle_stack(store)
    passages = [passage(await at_rest(store, each)) for each in (still, stack)]
    await store.post(message := make_message(stack))
    assert not await pass_through(store, *passages), "it has a message"
    held = await lease(store, stack)
    assert not await pass_through(store, *passages), "it is owned"
    await store.commit(Fence(lease=held), Writes(taken=[message.id]))
    await store.release(held)
    assert not await pass_through(store, *passages), "it was owned"
    passages = [passage(await at_rest(store, each)) for each in (still, stack)]
    await overtake(store, stack)
    assert not await pass_through(store, *passages), "a traversal waits"
    assert await store.resources(still.id) == await store.resources(stack.id) == []
    assert (await at_rest(store, still)).stack.traversal == 1


async def test_a_passage_happens_once(store: Store) -> None:
    stack = await add_idle_stack(store)
    present = await at_rest(store, stack)
    other = make_traversal(stack.id, 2, operation=Operation.UPDATE, started_at=after(9))
    passed = passage(present)
    assert await pass_through(store, passed)
    assert await pass_through(store, passed), "as where the answer was lost"
    assert not await pass_through(store, passage(present, traversal=other))
    assert (await at_rest(store, stack)).stack.traversal == 2


async def test_who_has_lost_its_own_stack_lets_no_other_pass(store: Store) -> None:
    above, stack = await add_stack(store), await add_idle_stack(store)
    held = await fence(store, above)
    await overtake(store, above)
    with pytest.raises(Fenced):
        await pass_through(store, passage(await at_rest(store, stack)), held=held)
    assert (await at_rest(store, stack)).stack.traversal == 1


@pytest.mark.parametrize("in_order", [True, False])
async def test_calls_of_the_last_owner_may_still_be_under_way(store: Store, in_order: bool) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    finished = make_traversal(stack.id, finished=True)
    await store.commit(Fence(lease=held), Writes(traversal=finished))
    await store.release(held, in_order=in_order)
    assert len(await store.at_rest([stack.id])) == in_order
