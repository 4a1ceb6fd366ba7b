"""Events: in the order in which they were written, page by page."""

from __future__ import annotations

from tests.contracts.store.records import START, add_stack, after, fence, make_event

from isotherm.core.ids import EventId, StackId
from isotherm.core.states import Status
from isotherm.core.values import Secret
from isotherm.ports.records import Event, Stack, replace
from isotherm.ports.store import EventQuery, Store, Writes


async def add_events(store: Store, stack: Stack, count: int) -> list[Event]:
    """All at the same moment, two a commit."""
    holding = await fence(store, stack)
    added = [make_event(stack.id, resource_name=f"r{number % 3}") for number in range(count)]
    for first in range(0, count, 2):
        await store.commit(holding, Writes(events=added[first : first + 2]))
    return added


async def test_an_event_comes_back_as_it_was_given(store: Store) -> None:
    stack = await add_stack(store)
    event = make_event(
        stack.id,
        at=after(0.123456),
        resource_name="sérver",
        physical_id="id",
        status=Status.FAILED,
        status_reason="ResourceInError: 💥 " + "x" * 100_000,
        properties={"password": Secret("s3cret"), "size": 1},
    )
    await store.commit(await fence(store, stack), Writes(events=[event]))
    assert await store.event(StackId(stack.id), EventId(event.id)) == event
    assert (await store.events(EventQuery(stack_ids=[stack.id])))[1:] == [event]
    assert await store.event(StackId("other"), EventId(event.id)) is None


async def test_oldest_first_or_newest_first(store: Store) -> None:
    stack = await add_stack(store)
    added = await add_events(store, stack, 7)
    query = EventQuery(stack_ids=[stack.id])
    assert (await store.events(query))[1:] == added
    assert await store.events(replace(query, descending=True, limit=7)) == added[::-1]
    assert await store.events(EventQuery(stack_ids=[])) == []


async def test_pages_join_without_gap_or_repetition(store: Store) -> None:
    stack = await add_stack(store)
    await add_events(store, stack, 7)
    for descending in (True, False):
        for sort_keys in ((), ("resource_name",), ("at",)):
            query = EventQuery(stack_ids=[stack.id], sort_keys=sort_keys, descending=descending)
            everything = await store.events(query)
            paged: list[Event] = []
            while page := await store.events(
                replace(query, limit=3, marker=paged[-1].id if paged else None)
            ):
                paged += page
            assert paged == everything
            assert len(paged) == 8


async def test_events_that_come_between_pages_are_seen(store: Store) -> None:
    stack = await add_stack(store)
    holding = await fence(store, stack)
    (last,) = await store.events(EventQuery(stack_ids=[stack.id]))
    newer = make_event(stack.id, at=START)
    await store.commit(holding, Writes(events=[newer]))
    assert await store.events(EventQuery(stack_ids=[stack.id], marker=last.id)) == [newer]


async def test_an_unknown_marker_counts_as_none(store: Store) -> None:
    stack = await add_stack(store)
    assert len(await store.events(EventQuery(stack_ids=[stack.id], marker="nothing"))) == 1


async def test_events_of_some_stacks_one_resource_or_one_status(store: Store) -> None:
    first, second = await add_stack(store), await add_stack(store)
    added = await add_events(store, first, 6)
    failed = make_event(second.id, resource_name="r1", status=Status.FAILED)
    await store.commit(await fence(store, second), Writes(events=[failed]))

    both = [first.id, second.id]
    query = EventQuery(stack_ids=both, resource_name="r1")
    assert await store.events(query) == [added[1], added[4], failed]
    query = EventQuery(stack_ids=both, filters={"status": ["FAILED"]})
    assert await store.events(query) == [failed]
    query = EventQuery(stack_ids=[first.id], filters={"resource_name": ["r0", "r2"]})
    assert await store.events(query) == [added[n] for n in (0, 2, 3, 5)]
