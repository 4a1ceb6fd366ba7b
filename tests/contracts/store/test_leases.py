"""Leases: one owner a stack, by the database's clock."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping

import pytest
from tests.claims import claim_one
from tests.contracts.store.records import (
    add_stack,
    after,
    fence,
    lease,
    make_resource,
    make_traversal,
    overtake,
)

from isotherm.ports.store import Fence, Fenced, Lease, Store, Writes
from isotherm.store import SqlStore


def stack_ids(leases: list[Lease]) -> list[str]:
    return [lease.stack_id for lease in leases]


async def test_the_longest_waiting_are_claimed_first(store: Store) -> None:
    stacks = [await add_stack(store, created_at=after(number)) for number in (3, 1, 2)]
    assert stack_ids(await store.claim("a", 2, 60)) == [stacks[1].id, stacks[2].id]
    assert stack_ids(await store.claim("b", 2, 60)) == [stacks[0].id]
    assert await store.claim("c", 2, 60) == []


async def test_a_stack_that_was_given_back_queues_up_again(store: Store) -> None:
    first, second = [await add_stack(store, created_at=after(number)) for number in (1, 2)]
    (held,) = await store.claim("a", 1, 60)
    assert held.stack_id == first.id
    await store.release(held)
    assert stack_ids(await store.claim("a", 2, 60)) == [second.id, first.id]


async def test_a_finished_traversal_is_not_claimed_until_there_is_a_newer(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    finished = make_traversal(stack.id, finished=True)
    await store.commit(Fence(lease=held), Writes(traversal=finished))
    await store.release(held)
    assert await store.claim("a", 1, 60) == []
    assert await claim_one(store, "a", stack.id, 60) is None
    await overtake(store, stack)
    (claimed,) = await store.claim("a", 1, 60)
    assert claimed.epoch == held.epoch + 1


async def test_an_overtaken_traversal_that_ends_does_not_end_the_newer(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    await overtake(store, stack)
    await store.commit(Fence(lease=held), Writes(traversal=make_traversal(stack.id, finished=True)))
    await store.release(held)
    newest = await store.traversal(stack.id)
    assert newest
    assert (newest.number, newest.finished) == (2, False)
    assert stack_ids(await store.claim("a", 1, 60)) == [stack.id]


async def test_overtaking_leaves_the_lease_with_its_owner(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    await overtake(store, stack)
    assert await claim_one(store, "b", stack.id, 60) is None
    await store.commit(Fence(lease=held, traversal=2), Writes())


async def test_a_lease_that_has_run_out_can_be_claimed(store: Store) -> None:
    stack = await add_stack(store)
    over = await lease(store, stack, "a", seconds=-1)
    taken = await lease(store, stack, "b")
    assert (taken.owner, taken.epoch) == ("b", over.epoch + 1)
    assert await claim_one(store, "a", stack.id, 60) is None


async def test_claims_at_once_give_each_stack_one_owner(
    sql_store: SqlStore, other_store: SqlStore
) -> None:
    stacks = {(await add_stack(sql_store)).id for _ in range(40)}
    claims = await asyncio.gather(
        *((sql_store, other_store)[n % 2].claim(f"w{n}", 7, 60) for n in range(12))
    )
    # What another worker was just looking at may be passed over, to be had a moment later.
    claims.append(await sql_store.claim("late", 40, 60))
    claimed = [held.stack_id for leases in claims for held in leases]
    assert sorted(claimed) == sorted(stacks)


async def test_two_who_want_the_same_stack_get_it_once(
    sql_store: SqlStore, other_store: SqlStore
) -> None:
    for _ in range(10):
        stack = await add_stack(sql_store)
        won = await asyncio.gather(
            *(claim_one(s, f"{n}", stack.id, 60) for n, s in enumerate((sql_store, other_store)))
        )
        assert sum(held is not None for held in won) == 1


async def test_renewing_tells_what_is_still_held(store: Store) -> None:
    held, lost = [await add_stack(store) for _ in range(2)]
    await lease(store, held, "a", seconds=60)
    await lease(store, lost, "a", seconds=-1)
    await lease(store, await add_stack(store), "b")
    unheld = await add_stack(store)
    named = [held.id, lost.id, unheld.id]
    assert await asyncio.to_thread(store.renew, "a", named, 60) == {held.id: held.traversal}
    assert await asyncio.to_thread(store.renew, "nobody", named, 60) == {}


async def test_renewing_tells_of_a_newer_traversal(store: Store) -> None:
    stack = await add_stack(store)
    await lease(store, stack, "a")
    await overtake(store, stack)
    assert store.renew("a", [stack.id], 60) == {stack.id: stack.traversal + 1}


async def test_only_what_is_named_is_renewed(store: Store) -> None:
    named, other = [await add_stack(store) for _ in range(2)]
    kept, ending = await lease(store, named, "a"), await lease(store, other, "a")
    store.renew("a", [other.id], -1)
    await store.commit(Fence(lease=kept), Writes())
    with pytest.raises(Fenced):
        await store.commit(Fence(lease=ending), Writes())


@pytest.mark.parametrize("in_order", [True, False])
async def test_the_next_owner_learns_how_the_last_one_ended(store: Store, in_order: bool) -> None:
    stack = await add_stack(store)
    first = await lease(store, stack, "a")
    assert first.broken_off is None
    await store.release(first, in_order=in_order)
    second = await lease(store, stack, "b")
    if in_order:
        assert second.broken_off is None
    else:
        assert second.broken_off is not None
        assert 0 <= second.broken_off < 30


async def test_a_lease_that_ran_out_was_broken_off_when_it_did(store: Store) -> None:
    stack = await add_stack(store)
    await lease(store, stack, "a", seconds=-100)
    taken = await lease(store, stack, "b")
    assert taken.broken_off is not None
    assert 100 <= taken.broken_off < 130


async def test_renewing_prolongs(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack, "a", seconds=60)
    store.renew("a", [stack.id], -1)  # the other way round needs no waiting
    with pytest.raises(Fenced):
        await store.commit(Fence(lease=held), Writes())
    assert store.renew("a", [stack.id], 60) == {}


async def test_a_blocked_loop_does_not_keep_leases_from_being_renewed(
    sql_store: SqlStore,
) -> None:
    stack = await add_stack(sql_store)
    await lease(sql_store, stack, "a")
    renewed: list[Mapping[str, int]] = []
    thread = threading.Thread(target=lambda: renewed.append(sql_store.renew("a", [stack.id], 60)))
    thread.start()
    thread.join(30)  # the loop stands still
    assert renewed == [{stack.id: stack.traversal}]


async def test_releasing_a_lost_lease_takes_nothing_from_its_new_owner(store: Store) -> None:
    stack = await add_stack(store)
    lost = await lease(store, stack, "a", seconds=-1)
    present = await lease(store, stack, "b")
    await store.release(lost)
    await store.release(Lease(stack_id="nothing", owner="a", epoch=1))
    await store.commit(Fence(lease=present), Writes(resources=[make_resource(stack.id)]))


async def test_an_owner_ends_the_leases_of_its_earlier_life(store: Store) -> None:
    mine, other = await add_stack(store), await add_stack(store)
    old, kept = await fence(store, mine, "a"), await fence(store, other, "b")
    await store.disown("a")
    with pytest.raises(Fenced):
        await store.commit(old, Writes())
    await store.commit(kept, Writes())
    assert stack_ids(await store.claim("a", 5, 60)) == [mine.id]


async def test_owners_that_never_give_back_are_counted(store: Store) -> None:
    """Until somebody does, or a newer traversal begins: then it is not the same any more."""
    stack = await add_stack(store)
    counted = []
    for owner in "abc":
        (held,) = await store.claim(owner, 1, 60)
        counted.append(held.take_overs)
        await store.disown(owner)
    assert counted == [0, 1, 2]
    (held,) = await store.claim("d", 1, 60)
    await store.release(held, in_order=False)
    (held,) = await store.claim("e", 1, 60)
    assert (held.take_overs, held.broken_off is not None) == (0, True)
    await store.disown("e")
    await overtake(store, stack)
    (held,) = await store.claim("f", 1, 60)
    assert held.take_overs == 1


async def test_owners_that_give_back_because_they_failed_are_counted(store: Store) -> None:
    await add_stack(store)
    for owner, times in (("a", 0), ("b", 1), ("c", 2)):
        (held,) = await store.claim(owner, 1, 60)
        assert held.take_overs == times
        await store.release(held, in_order=False, well=False)
    (held,) = await store.claim("d", 1, 60)
    await store.release(held)
    (held,) = await store.claim("e", 1, 60)
    assert held.take_overs == 0
