"""The in-memory store keeps the promises of its port that tests of other rooms rely on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.claims import claim_one

from isotherm.core.states import Action, Status
from isotherm.core.values import Secret, Unknown
from isotherm.ports.records import Event, Operation, Resource, Source, Stack, Traversal, replace
from isotherm.ports.store import (
    EventQuery,
    Fence,
    Fenced,
    NameTaken,
    StackQuery,
    Store,
    Writes,
)
from isotherm.testing import MemoryStore
from isotherm.testing.hand_clock import HandClock

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(clock: HandClock) -> Store:
    return MemoryStore(clock)


def a_stack(stack_id: str, **fields: Any) -> Stack:
    told: dict[str, Any] = {
        "name": stack_id,
        "project_id": "p",
        "user_id": "u",
        "username": "demo",
        "action": Action.CREATE,
        "status": Status.IN_PROGRESS,
        "status_reason": "",
        "created_at": START,
        "traversal": 1,
        "credentials": Secret("trust"),
    }
    return Stack(id=stack_id, **(told | fields))


def an_event(stack_id: str, event_id: str, name: str = "") -> Event:
    return Event(
        id=event_id,
        stack_id=stack_id,
        at=START,
        resource_name=name or stack_id,
        resource_type="OS::Heat::Stack",
        physical_id=stack_id,
        action=Action.CREATE,
        status=Status.IN_PROGRESS,
        status_reason="",
    )


def a_row(stack_id: str, row_id: str, **fields: Any) -> Resource:
    told: dict[str, Any] = {
        "name": row_id,
        "type": "OS::Heat::None",
        "traversal": 1,
        "action": Action.CREATE,
        "status": Status.COMPLETE,
        "created_at": START,
        "updated_at": START,
    }
    return Resource(id=row_id, stack_id=stack_id, **(told | fields))


async def create(store: Store, stack_id: str, at: datetime = START, **fields: Any) -> Stack:
    source_id = await store.put_source(Source(template={}, environment={}, files={}))
    stack = a_stack(stack_id, source_id=source_id, created_at=at, **fields)
    traversal = Traversal(
        stack_id=stack_id, number=1, operation=Operation.CREATE, started_at=at, deadline=at
    )
    await store.create_stack(stack, traversal, an_event(stack_id, f"{stack_id}-1"))
    return stack


async def overtake(store: Store, stack: Stack) -> bool:
    number = stack.traversal + 1
    traversal = Traversal(
        stack_id=stack.id, number=number, operation=Operation.DELETE, started_at=START
    )
    newer = replace(stack, traversal=number, action=Action.DELETE)
    return await store.supersede(newer, traversal, None, expected=stack)


async def test_a_name_is_taken_while_its_stack_lives(store: Store) -> None:
    stack = await create(store, "a", name="web")
    with pytest.raises(NameTaken):
        await create(store, "b", name="web")
    await create(store, "c", name="web", project_id="other")
    await store.supersede(
        replace(stack, deleted_at=START, traversal=2),
        Traversal(stack_id="a", number=2, operation=Operation.DELETE, started_at=START),
        None,
        expected=stack,
    )
    await create(store, "b", name="web")


async def test_records_are_copies(store: Store) -> None:
    await create(store, "a")
    (lease,) = await store.claim("w", 5, 40)
    given = {"list": [Secret("x")]}
    await store.commit(Fence(lease=lease), Writes(resources=[a_row("a", "r", properties=given)]))
    given["list"].append(Secret("y"))
    (row,) = await store.resources("a")
    assert row.properties == {"list": [Secret("x")]}
    row.properties["list"].clear()
    assert (await store.resources("a"))[0].properties == {"list": [Secret("x")]}


async def test_an_unknown_value_is_refused_and_nothing_is_kept(store: Store) -> None:
    await create(store, "a")
    (lease,) = await store.claim("w", 5, 40)
    row = a_row("a", "r", properties={"x": [Unknown("y")]})
    with pytest.raises(TypeError):
        await store.commit(Fence(lease=lease), Writes(resources=[row], events=[an_event("a", "e")]))
    assert await store.resources("a") == []
    assert len(await store.events(EventQuery(stack_ids=["a"]))) == 1


async def test_only_one_of_two_overtakers_wins(store: Store) -> None:
    stack = await create(store, "a")
    assert await overtake(store, stack)
    assert not await overtake(store, stack)
    found = await store.traversal("a")
    assert found is not None
    assert (found.number, found.operation) == (2, Operation.DELETE)


async def test_an_overtaken_traversal_may_record_rows_but_nothing_else(store: Store) -> None:
    stack = await create(store, "a")
    (lease,) = await store.claim("w", 5, 40)
    await overtake(store, stack)
    with pytest.raises(Fenced):
        await store.commit(Fence(lease=lease, traversal=1), Writes(resources=[a_row("a", "r")]))
    with pytest.raises(Fenced):
        await store.commit(Fence(lease=lease), Writes(stack=stack))
    await store.commit(Fence(lease=lease), Writes(resources=[a_row("a", "r")]))
    assert [row.id for row in await store.resources("a")] == ["r"]


async def test_a_lease_that_ran_out_fences_its_owner(store: Store, clock: HandClock) -> None:
    await create(store, "a")
    (old,) = await store.claim("w1", 5, 40)
    assert await store.claim("w2", 5, 40) == []
    await clock.sleep(39)
    assert store.renew("w1", ["a"], 40) == {"a": 1}
    await clock.sleep(39)
    await store.commit(Fence(lease=old), Writes())
    await clock.sleep(2)
    assert store.renew("w1", ["a"], 40) == {}
    with pytest.raises(Fenced):
        await store.commit(Fence(lease=old), Writes())
    (new,) = await store.claim("w2", 5, 40)
    assert new.epoch == old.epoch + 1
    await store.release(old)
    await store.commit(Fence(lease=new), Writes())


async def test_a_process_that_starts_again_ends_its_old_leases(store: Store) -> None:
    await create(store, "a")
    await create(store, "b")
    old = await claim_one(store, "w1", "a", 40)
    other = await claim_one(store, "w2", "b", 40)
    assert old is not None
    assert other is not None
    await store.disown("w1")
    with pytest.raises(Fenced):
        await store.commit(Fence(lease=old), Writes())
    assert [lease.stack_id for lease in await store.claim("w1", 5, 40)] == ["a"]
    await store.commit(Fence(lease=other), Writes())


async def test_the_longest_waiting_is_claimed_first(store: Store, clock: HandClock) -> None:
    for seconds, stack_id in enumerate("abc"):
        await create(store, stack_id, START + timedelta(seconds=seconds))
    await clock.sleep(5)
    (first,) = await store.claim("w", 1, 40)
    await store.release(first)
    assert [lease.stack_id for lease in await store.claim("w", 5, 40)] == ["b", "c", "a"]


async def test_a_finished_traversal_is_not_claimed(store: Store) -> None:
    await create(store, "a")
    (lease,) = await store.claim("w", 5, 40)
    done = await store.traversal("a")
    assert done is not None
    await store.commit(Fence(lease=lease), Writes(traversal=replace(done, finished=True)))
    await store.release(lease)
    assert await store.claim("w", 5, 40) == []
    assert await claim_one(store, "w", "a", 40) is None


async def test_stacks_are_listed_newest_first_in_pages(store: Store) -> None:
    for seconds, stack_id in enumerate("abcd"):
        await create(store, stack_id, START + timedelta(seconds=seconds))
    await create(store, "nested", parent_id="a")
    await create(store, "foreign", project_id="q")
    first = await store.stacks(StackQuery(project_id="p", limit=2))
    assert [each.id for each in first] == ["d", "c"]
    rest = await store.stacks(StackQuery(project_id="p", marker="c"))
    assert [each.id for each in rest] == ["b", "a"]
    by_name = StackQuery(project_id="p", sort_keys=["name"], descending=False, show_nested=True)
    assert [each.id for each in await store.stacks(by_name)] == ["a", "b", "c", "d", "nested"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"filters": {"name": ["a", "c"]}}, "ac"),
        ({"filters": {"status": ["FAILED"]}}, ""),
        ({"tags": ["x", "y"]}, "b"),
        ({"tags_any": ["x", "y"]}, "ab"),
        ({"not_tags": ["x", "y"]}, "ac"),
        ({"not_tags_any": ["x", "y"]}, "c"),
    ],
)
async def test_stack_filters(store: Store, query: dict[str, Any], expected: str) -> None:
    for stack_id, tags in (("a", ("x",)), ("b", ("x", "y")), ("c", ())):
        await create(store, stack_id, tags=tags)
    asked = StackQuery(project_id="p", descending=False, sort_keys=["name"], **query)
    assert "".join(each.id for each in await store.stacks(asked)) == expected
    assert await store.count_stacks(asked) == len(expected)


async def test_purging_removes_old_deleted_stacks_only(store: Store, clock: HandClock) -> None:
    await create(store, "old", deleted_at=START - timedelta(days=2))
    await create(store, "new", deleted_at=START)
    assert await store.purge(START - timedelta(days=1)) == 1
    assert await store.stack("old") is None
    assert await store.events(EventQuery(stack_ids=["old"])) == []
    found = await store.stack("new")
    assert found is not None
    await store.source(found.source_id)
