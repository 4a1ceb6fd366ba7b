"""Inboxes: anybody adds to them, in order; an owner takes each message in once."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from tests.claims import claim_one
from tests.contracts.store.records import (
    START,
    add_stack,
    after,
    lease,
    make_event,
    make_resource,
    make_stack,
    make_traversal,
    overtake,
)

from isotherm.core.ids import new_id
from isotherm.core.values import Secret
from isotherm.ports.records import Message, Stack, replace
from isotherm.ports.store import EventQuery, Fence, Fenced, Lease, Store, Work, Writes


def make_message(stack: Stack, at: datetime = START, **fields: Any) -> Message:
    given: dict[str, Any] = {"id": new_id(), "kind": "mark", "resource_id": "row"}
    return Message(stack_id=stack.id, at=at, **given | fields)


async def add_idle_stack(store: Store) -> Stack:
    """A stack that waits for nobody."""
    stack = await add_stack(store)
    held = await lease(store, stack)
    finished = make_traversal(stack.id, finished=True)
    await store.commit(Fence(lease=held), Writes(traversal=finished))
    await store.release(held)
    return stack


async def take(store: Store, held: Lease, *messages: Message) -> None:
    taken = [each.id for each in messages]
    await store.commit(Fence(lease=held), Writes(taken=taken))


async def test_messages_are_read_as_they_came(store: Store) -> None:
    stack, other = await add_stack(store), await add_stack(store)
    sent = [
        make_message(stack, content={"n": number, "token": Secret("hush")}) for number in range(5)
    ]
    await store.post(make_message(other))
    for message in sent:
        await store.post(message)
    assert await store.messages(stack.id) == sent


async def test_what_there_is_to_do_is_the_newest_traversal_and_messages(store: Store) -> None:
    stack, other = await add_stack(store), await add_stack(store)
    await store.post(make_message(other))
    newest = await store.traversal(stack.id)
    assert newest is not None
    assert await store.work(stack.id) == Work(stack=stack, traversal=newest, messages=False)
    message = make_message(stack)
    await store.post(message)
    assert await store.work(stack.id) == Work(stack=stack, traversal=newest, messages=True)
    await take(store, await lease(store, stack), message)
    assert await store.work(stack.id) == Work(stack=stack, traversal=newest, messages=False)
    assert await store.work("nothing") is None


async def test_a_message_that_is_posted_twice_is_there_once(store: Store) -> None:
    stack = await add_idle_stack(store)
    message = make_message(stack)
    await store.post(message)
    await store.post(message)
    assert await store.messages(stack.id) == [message]
    held = await lease(store, stack)
    await take(store, held, message)
    await store.post(message)
    assert await store.messages(stack.id) == [], "nor is it there again once it was taken in"


async def test_many_may_post_at_once(store: Store) -> None:
    stack = await add_stack(store)
    sent = [make_message(stack) for _ in range(20)]
    await asyncio.gather(*map(store.post, sent))
    assert {each.id for each in await store.messages(stack.id)} == {each.id for each in sent}


async def test_there_is_no_inbox_without_a_stack(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.post(make_message(make_stack()))


async def test_a_message_and_its_effect_are_one_change(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    first, second = make_message(stack), make_message(stack)
    await store.post(first)
    await store.post(second)
    row, event = make_resource(stack.id), make_event(stack.id)
    writes = Writes(resources=[row], events=[event], taken=[first.id])
    await store.commit(Fence(lease=held), writes)
    assert await store.messages(stack.id) == [second]
    assert await store.resources(stack.id) == [row]


async def test_who_may_not_write_takes_nothing_in(store: Store) -> None:
    stack = await add_stack(store)
    former = await lease(store, stack)
    message = make_message(stack)
    await store.post(message)
    await store.release(former)
    await lease(store, stack, "newer")
    event = make_event(stack.id)
    with pytest.raises(Fenced):
        await store.commit(Fence(lease=former), Writes(taken=[message.id], events=[event]))
    assert await store.messages(stack.id) == [message]
    assert event not in await store.events(EventQuery(stack_ids=[stack.id]))


async def test_a_message_of_another_stack_is_not_taken(store: Store) -> None:
    stack, other = await add_stack(store), await add_stack(store)
    message = make_message(other)
    await store.post(message)
    await take(store, await lease(store, stack), message)
    assert await store.messages(other.id) == [message]


async def test_a_stack_waits_for_an_owner_while_its_inbox_has_a_message(store: Store) -> None:
    stack = await add_idle_stack(store)
    first, second = make_message(stack), make_message(stack)
    assert await store.claim("a", 9, 60) == []
    await store.post(first)
    await store.post(second)
    (held,) = await store.claim("a", 9, 60)
    assert held.stack_id == stack.id
    await take(store, held, first)
    await store.release(held)
    held = await lease(store, stack, "b")
    await take(store, held, second)
    await store.release(held)
    assert await store.claim("a", 9, 60) == []
    assert await claim_one(store, "a", stack.id, 60) is None


async def test_a_message_that_comes_while_a_traversal_ends_is_not_forgotten(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    message = make_message(stack)
    await store.post(message)
    finished = make_traversal(stack.id, finished=True)
    await store.commit(Fence(lease=held), Writes(traversal=finished))
    await store.release(held)
    (held,) = await store.claim("b", 9, 60)
    await take(store, held, message)
    await store.release(held)
    assert await store.claim("b", 9, 60) == []


async def test_an_empty_inbox_does_not_end_a_traversal(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    message = make_message(stack)
    await store.post(message)
    await take(store, held, message)
    await store.release(held)
    (held,) = await store.claim("b", 9, 60)
    assert held.stack_id == stack.id


async def test_a_message_overtakes_nothing(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    await store.post(make_message(stack))
    await store.commit(Fence(lease=held, traversal=1), Writes())
    await overtake(store, stack)
    newest = await store.traversal(stack.id)
    assert newest is not None
    assert newest.number == 2


async def test_the_longest_waiting_message_is_seen_to_first(store: Store) -> None:
    late, early = await add_idle_stack(store), await add_idle_stack(store)
    far = START.replace(year=START.year + 100)
    await store.post(make_message(late, at=replace_year(far, 1)))
    await store.post(make_message(early, at=far))
    await store.post(make_message(early, at=replace_year(far, 2)))
    assert [each.stack_id for each in await store.claim("a", 9, 60)] == [early.id, late.id]


def replace_year(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)


async def test_old_messages_go_when_they_were_taken_in(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    old, young, still_open = (
        make_message(stack, after(0)),
        make_message(stack, after(10)),
        make_message(stack, after(0)),
    )
    for message in (old, young, still_open):
        await store.post(message)
    await take(store, held, old, young)
    assert await store.purge_messages(after(5)) == 1
    assert await store.purge_messages(after(5)) == 0
    assert await store.purge_messages(after(15)) == 1
    assert await store.messages(stack.id) == [still_open]


async def test_messages_go_with_their_stack(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    await store.post(make_message(stack))
    gone = replace(stack, deleted_at=after(0))
    finished = make_traversal(stack.id, finished=True)
    await store.commit(Fence(lease=held), Writes(stack=gone, traversal=finished))
    await store.purge(after(1))
    assert await store.messages(stack.id) == []
