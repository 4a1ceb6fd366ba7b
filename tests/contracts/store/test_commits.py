"""Commits: atomic, under their fence, and alone in their failures."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.contracts.store.records import (
    START,
    add_stack,
    after,
    fence,
    lease,
    make_event,
    make_resource,
    make_traversal,
    overtake,
)

from isotherm.core.failures import Failure
from isotherm.core.ids import new_id
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.core.values import Secret, Unknown
from isotherm.ports.records import Operation, Resource, Stack, replace
from isotherm.ports.store import EventQuery, Fence, Fenced, Lease, Store, Writes
from isotherm.store import Database, SqlStore
from isotherm.store.tables import leases


async def test_a_resource_comes_back_as_it_was_given(store: Store) -> None:
    stack = await add_stack(store)
    resource = make_resource(
        stack.id,
        name="sérver-🖥",
        status=Status.FAILED,
        status_reason="Größe 🤷",
        current=False,
        physical_id="a/b c",
        physical_name="stack-server-x",
        token="x",
        attempt=3,
        intent_at=after(0.5),
        stage="attaching",
        properties={"name": "x", "secret": Secret({"a": [1]}), "n": None, "big": 10**30},
        applying={"list": [{"deep": Secret("s")}]},
        attributes={"addresses": {"private": [{"addr": "10.0.0.1"}]}, "size": 1.5},
        reference="x",
        data={"key": Secret("k")},
        metadata={"a": {"b": True}},
        dependencies=("r1", "r2"),
        deletion_policy=DeletionPolicy.RETAIN,
        external=True,
        replaces="r0",
        replaced_by="r9",
        updated_at=after(0.000001),
    )
    await store.commit(await fence(store, stack), Writes(resources=[resource]))
    assert await store.resources(stack.id) == [resource]


async def test_one_commit_writes_everything(store: Store) -> None:
    stack = await add_stack(store)
    holding = await fence(store, stack)
    doomed, kept = make_resource(stack.id), make_resource(stack.id)
    await store.commit(holding, Writes(resources=[doomed, kept]))
    done = replace(kept, status=Status.COMPLETE, physical_id="p")
    complete = replace(stack, status=Status.COMPLETE, previous_source_id=stack.source_id)
    finished = make_traversal(stack.id, finished=True, cause="none")
    event = make_event(stack.id, resource_name="last")
    await store.commit(
        holding,
        Writes(
            resources=[done],
            removed_resources=[doomed.id],
            events=[event],
            stack=complete,
            traversal=finished,
        ),
    )
    assert await store.resources(stack.id) == [done]
    assert await store.stack(stack.id) == complete
    assert await store.traversal(stack.id) == finished
    assert (await store.events(EventQuery(stack_ids=[stack.id])))[-1] == event


async def test_rows_keep_the_order_in_which_they_were_first_written(store: Store) -> None:
    stack = await add_stack(store)
    holding = await fence(store, stack)
    rows = [make_resource(stack.id, name=str(number)) for number in range(5)]
    await asyncio.gather(*(store.commit(holding, Writes(resources=[row])) for row in rows))
    changed = [replace(row, status=Status.COMPLETE) for row in reversed(rows)]
    await store.commit(holding, Writes(resources=changed))
    assert await store.resources(stack.id) == list(reversed(changed))


async def test_the_rows_of_one_resource_can_be_read_alone(store: Store) -> None:
    stack = await add_stack(store)
    rows = [
        make_resource(stack.id, name=name, current=current)
        for name, current in (("a", False), ("b", True), ("a", True), ("A", True))
    ]
    await store.commit(await fence(store, stack), Writes(resources=rows))
    assert await store.resources(stack.id, "a") == [rows[0], rows[2]]
    assert await store.resources(stack.id, "c") == []
    assert await store.resources(stack.id) == rows


async def test_commits_of_one_row_at_once_leave_the_last(store: Store) -> None:
    stack = await add_stack(store)
    holding = await fence(store, stack)
    row = make_resource(stack.id)
    versions = [replace(row, stage=str(number)) for number in range(50)]
    await asyncio.gather(*(store.commit(holding, Writes(resources=[v])) for v in versions))
    assert await store.resources(stack.id) == [versions[-1]]
    await asyncio.gather(
        store.commit(holding, Writes(resources=[row])),
        store.commit(holding, Writes(removed_resources=[row.id])),
    )
    assert await store.resources(stack.id) == []


async def test_resources_of_several_stacks_come_at_once(store: Store) -> None:
    first, second, third = [await add_stack(store, name=name) for name in ("1", "2", "3")]
    for stack in (second, first, third):
        rows = [make_resource(stack.id, name=name) for name in ("b", "a")]
        await store.commit(await fence(store, stack), Writes(resources=rows))
    found = await store.resources_of([first.id, second.id, "none"])
    for stack in (first, second):
        of_stack = [each for each in found if each.stack_id == stack.id]
        assert of_stack == await store.resources(stack.id)
        assert [each.name for each in of_stack] == ["b", "a"]
    assert len(found) == 4
    assert await store.resources_of([]) == []


async def test_owners_are_the_physical_ids_that_rows_name(store: Store) -> None:
    stack = await add_stack(store)
    rows = [make_resource(stack.id, physical_id=p) for p in ("a", "b", None)]
    await store.commit(await fence(store, stack), Writes(resources=rows))
    asked = ["a", "B", "c", "", *(f"x{number}" for number in range(2500)), "b"]
    assert await store.owners(asked) == {"a", "b"}
    assert await store.owners([]) == set()


async def test_namesakes_are_the_rows_of_all_stacks_that_name_an_object(store: Store) -> None:
    first, second = await add_stack(store), await add_stack(store, name="second")
    rows = [make_resource(first.id, physical_id=p) for p in ("a", "b", None)]
    await store.commit(await fence(store, first), Writes(resources=rows))
    other = make_resource(second.id, physical_id="a")
    await store.commit(await fence(store, second), Writes(resources=[other]))
    assert await store.namesakes("a") == [rows[0], other]
    assert await store.namesakes("A") == []


# -- fences ---------------------------------------------------------------------------------


async def nothing_came_of(
    store: Store, stack: Stack, holding: Fence, record: Stack | None = None
) -> None:
    before = (await store.stack(stack.id), await store.traversal(stack.id))
    events = await store.events(EventQuery(stack_ids=[stack.id]))
    with pytest.raises(Fenced):
        await store.commit(
            holding,
            Writes(
                resources=[make_resource(stack.id)], events=[make_event(stack.id)], stack=record
            ),
        )
    assert await store.resources(stack.id) == []
    assert (await store.stack(stack.id), await store.traversal(stack.id)) == before
    assert await store.events(EventQuery(stack_ids=[stack.id])) == events


async def test_a_lease_that_has_run_out_forbids(store: Store) -> None:
    stack = await add_stack(store)
    over = await lease(store, stack, seconds=-1)
    await nothing_came_of(store, stack, Fence(lease=over))


async def test_an_older_epoch_forbids_even_the_same_owner(store: Store) -> None:
    stack = await add_stack(store)
    over = await lease(store, stack, seconds=-1)
    present = await lease(store, stack)
    assert present.epoch > over.epoch
    await nothing_came_of(store, stack, Fence(lease=over))
    await store.commit(Fence(lease=present), Writes(resources=[make_resource(stack.id)]))


async def test_a_lease_of_somebody_else_forbids(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    await nothing_came_of(store, stack, Fence(lease=replace(held, owner="thief")))


async def test_a_lease_that_was_given_back_forbids(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    await store.release(held)
    await nothing_came_of(store, stack, Fence(lease=held))


async def test_a_stack_nobody_knows_forbids(sql_store: Store) -> None:
    unknown = Lease(stack_id="nothing", owner="worker", epoch=1)
    with pytest.raises(Fenced):
        await sql_store.commit(Fence(lease=unknown), Writes())


async def test_an_overtaken_traversal_forbids_where_the_fence_names_it(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    newer = await overtake(store, stack)
    await nothing_came_of(store, stack, Fence(lease=held, traversal=1))
    row = make_resource(stack.id)
    await store.commit(Fence(lease=held), Writes(resources=[row]))
    await store.commit(Fence(lease=held, traversal=2), Writes(stack=newer))
    assert await store.resources(stack.id) == [row]


async def test_a_stack_record_from_before_it_was_overtaken_is_refused(store: Store) -> None:
    stack = await add_stack(store)
    held = await lease(store, stack)
    await overtake(store, stack, status_reason="update")
    await nothing_came_of(store, stack, Fence(lease=held), stack)


async def test_whoever_runs_a_traversal_may_begin_the_next(store: Store) -> None:
    stack = await add_stack(store)
    holding = await fence(store, stack)
    rolling_back = replace(stack, traversal=2, action=Action.ROLLBACK)
    traversal = make_traversal(stack.id, 2, operation=Operation.ROLLBACK, cause="quota")
    first, second = await asyncio.gather(
        store.commit(holding, Writes(stack=rolling_back, traversal=traversal)),
        store.commit(holding, Writes(resources=[make_resource(stack.id)])),
        return_exceptions=True,
    )
    assert first is None
    assert isinstance(second, Fenced)
    assert await store.traversal(stack.id) == traversal
    assert await store.stack(stack.id) == rolling_back


# -- neighbours in a batch --------------------------------------------------------------------


async def test_a_forbidden_commit_does_not_harm_its_neighbours(store: Store) -> None:
    stacks = [await add_stack(store) for _ in range(6)]
    fences = [await fence(store, stack) for stack in stacks]
    await overtake(store, stacks[2])
    rows = [make_resource(stack.id) for stack in stacks]
    outcomes = await asyncio.gather(
        *(store.commit(f, Writes(resources=[r])) for f, r in zip(fences, rows, strict=True)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [
        Fenced if number == 2 else type(None) for number in range(6)
    ]
    for number, stack in enumerate(stacks):
        assert await store.resources(stack.id) == ([] if number == 2 else [rows[number]])


async def test_a_commit_that_the_database_refuses_fails_alone(sql_store: SqlStore) -> None:
    stack = await add_stack(sql_store)
    holding = await fence(sql_store, stack)
    rows = [make_resource(stack.id, name=str(number)) for number in range(20)]
    bad: Any = replace(rows[7], traversal=None)
    outcomes = await asyncio.gather(
        *(
            sql_store.commit(
                holding,
                Writes(resources=[bad if row is rows[7] else row], events=[make_event(stack.id)]),
            )
            for row in rows
        ),
        return_exceptions=True,
    )
    failed = [number for number, outcome in enumerate(outcomes) if outcome is not None]
    assert failed == [7]
    assert [row.name for row in await sql_store.resources(stack.id)] == [
        row.name for row in rows if row is not rows[7]
    ]
    assert len(await sql_store.events(EventQuery(stack_ids=[stack.id]))) == 20


async def test_a_value_that_cannot_be_kept_is_refused(store: Store) -> None:
    stack = await add_stack(store)
    row = make_resource(stack.id, properties={"x": [Unknown("server")]})
    with pytest.raises(TypeError):
        await store.commit(await fence(store, stack), Writes(resources=[row]))
    assert await store.resources(stack.id) == []


async def test_records_of_another_stack_are_refused(sql_store: SqlStore) -> None:
    stack, other = await add_stack(sql_store), await add_stack(sql_store)
    holding = await fence(sql_store, stack)
    for writes in (
        Writes(resources=[make_resource(other.id)]),
        Writes(events=[make_event(other.id)]),
        Writes(stack=other),
        Writes(traversal=make_traversal(other.id)),
    ):
        with pytest.raises(ValueError, match=other.id):
            await sql_store.commit(holding, writes)


async def test_many_writers_at_once_lose_nothing(
    sql_store: SqlStore, other_store: SqlStore
) -> None:
    stacks = [await add_stack(sql_store) for _ in range(8)]
    expected: dict[str, set[str]] = {stack.id: set() for stack in stacks}

    holdings = {each.id: await fence(sql_store, each, owner=new_id()) for each in stacks}

    async def run(store: SqlStore, stack: Stack) -> None:
        holding = holdings[stack.id]
        for number in range(20):
            row: Resource = make_resource(stack.id, name=str(number))
            await store.commit(holding, Writes(resources=[row], events=[make_event(stack.id)]))
            expected[stack.id].add(row.id)

    await asyncio.gather(
        *(run((sql_store, other_store)[n % 2], stack) for n, stack in enumerate(stacks))
    )
    for stack in stacks:
        assert {row.id for row in await sql_store.resources(stack.id)} == expected[stack.id]
        assert len(await sql_store.events(EventQuery(stack_ids=[stack.id]))) == 21


async def test_a_commit_waits_for_whoever_is_just_taking_the_stack(
    connection: str, sql_store: SqlStore
) -> None:
    stack = await add_stack(sql_store)
    holding = await fence(sql_store, stack)
    database = Database(connection)
    with database.writing.begin() as taking:
        taking.execute(leases.update().values(owner="another", epoch=leases.c.epoch + 1))
        commit = asyncio.ensure_future(
            sql_store.commit(holding, Writes(resources=[make_resource(stack.id)]))
        )
        # Long enough for a commit that does not wait to betray itself.
        await asyncio.wait([commit], timeout=0.2)
    database.dispose()
    with pytest.raises(Fenced):
        await commit
    assert await sql_store.resources(stack.id) == []


async def test_what_was_committed_is_read_at_once(
    sql_store: SqlStore, other_store: SqlStore
) -> None:
    stack = await add_stack(sql_store)
    holding = await fence(sql_store, stack)
    row = make_resource(stack.id)
    for number in range(20):
        row = replace(row, stage=str(number), updated_at=START)
        await sql_store.commit(holding, Writes(resources=[row]))
        assert await other_store.resources(stack.id) == [row]


async def test_failures_are_kept_as_values(store: Store) -> None:
    failure = Failure("Conflict", "resources.a", "no room", "req-1", "row-1")
    stack = await add_stack(store)
    row = make_resource(stack.id, failure=failure)
    failed = replace(stack, failure=failure)
    await store.commit(await fence(store, stack), Writes(stack=failed, resources=[row]))
    assert await store.stack(stack.id) == failed
    assert await store.resources(stack.id) == [row]


async def test_traversals_are_found_by_when_they_were_begun(store: Store) -> None:
    stack = await add_stack(store)
    minute, numbers = timedelta(minutes=1), (2, 3, 4)
    for number in numbers:
        newer = replace(stack, traversal=number)
        begun = make_traversal(stack.id, number, started_at=stack.created_at + number * minute)
        assert await store.supersede(newer, begun, None, expected=stack)
        stack = newer

    async def between(start: float, end: float) -> list[int]:
        span = (stack.created_at + each * minute for each in (start, end))
        return [each.number for each in await store.traversals(stack.id, *span)]

    assert await between(0, 9) == [1, 2, 3, 4]
    assert await between(-9, 9) == [1, 2, 3, 4]
    # The one before was still the newest when the span began.
    assert await between(3.5, 9) == [3, 4]
    assert await between(3.5, 3.6) == [3]
    assert await between(-9, -8) == []
