"""Stacks: unique names, overtaking, finding and listing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.contracts.store.records import (
    START,
    add_stack,
    after,
    fence,
    make_event,
    make_resource,
    make_stack,
    make_traversal,
    overtake,
)

from isotherm.core.ids import EventId, ProjectId, StackId
from isotherm.core.states import Action, Status
from isotherm.core.values import Secret
from isotherm.ports.records import Source, Stack, replace
from isotherm.ports.store import EventQuery, NameTaken, NoRoom, StackQuery, Store, Writes


async def names(store: Store, **query: Any) -> list[str]:
    return [stack.name for stack in await store.stacks(StackQuery(**query))]


async def test_a_stack_comes_back_as_it_was_given(store: Store) -> None:
    former = await store.put_source(Source(template={"a": 1}, environment={}, files={}))
    stack = await add_stack(
        store,
        name="Überbau-🏗",
        status_reason="because 𝒻 of \N{SNOWMAN}",
        updated_at=after(0.000001),
        previous_source_id=former,
        credentials={"trust_id": "t", "password": Secret("s3cret"), "roles": ["a", Secret(1)]},
        disable_rollback=False,
        timeout_mins=7,
        tags=("b", "a", 'with "quotes", and commas', "🏷"),
        description="multi\nline",
        parent_resource="group",
        root_id="root",
        stack_user_project_id="users",
    )
    assert await store.stack(stack.id) == stack
    assert await store.find_stack(ProjectId("project"), "Überbau-🏗") == stack
    assert await store.stacks(StackQuery()) == [stack]


async def test_an_unknown_stack_is_none(store: Store) -> None:
    assert await store.stack("nothing") is None
    assert await store.traversal("nothing") is None
    assert await store.find_stack(ProjectId("project"), "nothing") is None
    assert await store.event(StackId("nothing"), EventId("nothing")) is None
    assert await store.resources("nothing") == []
    unknown = make_stack()
    traversal = make_traversal(unknown.id, 2)
    assert not await store.supersede(unknown, traversal, None, expected=unknown)


async def test_a_name_is_taken_while_a_root_stack_of_the_project_lives(store: Store) -> None:
    stack = await add_stack(store, name="web")
    with pytest.raises(NameTaken):
        await add_stack(store, name="web")
    await add_stack(store, name="web", project_id="other")
    await add_stack(store, name="web", parent_id=stack.id)
    await overtake(store, stack, deleted_at=after(1))
    await add_stack(store, name="web")


@pytest.mark.parametrize("other", ["Web", "web ", "wéb", "ｗeb", "WEB"])
async def test_names_that_differ_at_all_are_different(store: Store, other: str) -> None:
    first, second = await add_stack(store, name="web"), await add_stack(store, name=other)
    assert await store.find_stack(ProjectId("project"), "web") == first
    assert await store.find_stack(ProjectId("project"), other) == second
    assert await names(store, filters={"name": [other]}) == [other]


async def test_of_many_that_want_a_name_at_once_one_gets_it(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(add_stack(store, name="web") for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Stack) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == 7
    assert await names(store) == ["web"]


async def test_a_refused_stack_leaves_nothing(store: Store) -> None:
    owner = await add_stack(store, name="web")
    refused = make_stack(name="web", source_id=owner.source_id)
    with pytest.raises(NameTaken):
        await store.create_stack(refused, make_traversal(refused.id), make_event(refused.id))
    assert await store.stack(refused.id) is None
    assert await store.traversal(refused.id) is None
    assert await store.events(EventQuery(stack_ids=[refused.id])) == []


async def test_only_one_of_those_who_expect_the_same_traversal_overtakes(store: Store) -> None:
    stack = await add_stack(store)

    async def attempt(seconds: int) -> bool:
        newer = replace(stack, traversal=2, status_reason=f"by {seconds}")
        traversal = make_traversal(stack.id, 2, started_at=after(seconds))
        return await store.supersede(newer, traversal, make_event(stack.id), expected=stack)

    won = await asyncio.gather(*map(attempt, range(5)))
    assert sum(won) == 1
    kept, traversal = await store.stack(stack.id), await store.traversal(stack.id)
    assert kept
    assert traversal
    assert kept.traversal == traversal.number == 2
    assert kept.status_reason == f"by {won.index(True)}"
    assert traversal.started_at == after(won.index(True))
    assert len(await store.events(EventQuery(stack_ids=[stack.id]))) == 2


async def test_a_traversal_that_ended_meanwhile_is_not_overtaken_unseen(store: Store) -> None:
    read = await add_stack(store)
    holding = await fence(store, read)
    ended = replace(read, status=Status.COMPLETE, previous_source_id=read.source_id)
    finished = make_traversal(read.id, finished=True)
    await store.commit(holding, Writes(stack=ended, traversal=finished))

    newer, traversal = replace(read, traversal=2), make_traversal(read.id, 2)
    assert not await store.supersede(newer, traversal, None, expected=read)
    assert await store.stack(read.id) == ended
    newer = replace(ended, traversal=2)
    assert await store.supersede(newer, traversal, None, expected=ended)
    assert await store.stack(read.id) == newer


async def test_two_processes_do_not_overtake_the_same_traversal(
    sql_store: Store, other_store: Store
) -> None:
    for _ in range(20):
        stack = await add_stack(sql_store)
        won = await asyncio.gather(
            *(
                store.supersede(
                    replace(stack, traversal=2),
                    make_traversal(stack.id, 2, started_at=after(seconds)),
                    None,
                    expected=stack,
                )
                for seconds, store in enumerate((sql_store, other_store))
            )
        )
        assert sum(won) == 1


async def test_a_stack_is_found_by_id_by_name_and_in_its_project_only(store: Store) -> None:
    stack = await add_stack(store, name="web")
    assert await store.find_stack(ProjectId("project"), stack.id) == stack
    assert await store.find_stack(ProjectId("project"), "web") == stack
    assert await store.find_stack(ProjectId("other"), stack.id) is None
    assert await store.find_stack(ProjectId("other"), "web") is None


async def test_a_deleted_stack_is_found_by_id_only(store: Store) -> None:
    gone = await overtake(store, await add_stack(store, name="web"), deleted_at=after(1))
    assert await store.find_stack(ProjectId("project"), "web") is None
    assert await store.find_stack(ProjectId("project"), gone.id) == gone
    assert await store.stack(gone.id) == gone
    assert await names(store) == []
    assert await names(store, show_deleted=True) == ["web"]


async def test_a_root_stack_goes_before_a_nested_one_of_its_name(store: Store) -> None:
    root = await add_stack(store, name="web")
    await add_stack(store, name="web", parent_id=root.id, created_at=after(1))
    assert await store.find_stack(ProjectId("project"), "web") == root


async def test_children_are_the_live_ones_in_order_of_creation(store: Store) -> None:
    parent = await add_stack(store)
    children = [await add_stack(store, parent_id=parent.id, created_at=after(n)) for n in (1, 2)]
    await overtake(
        store, await add_stack(store, parent_id=parent.id, name="gone"), deleted_at=after(3)
    )
    assert await store.children(parent.id) == children
    assert await store.stacks(StackQuery()) == [parent]
    assert len(await store.stacks(StackQuery(show_nested=True))) == 3
    assert await store.count_stacks(StackQuery(show_nested=True, show_deleted=True)) == 4


async def test_the_newest_stacks_come_first(store: Store) -> None:
    for number in (2, 0, 1):
        await add_stack(store, name=str(number), created_at=after(number))
    assert await names(store) == ["2", "1", "0"]
    assert await names(store, descending=False) == ["0", "1", "2"]


async def test_pages_join_without_gap_or_repetition(store: Store) -> None:
    for name in "edcba":  # all created at the same time
        await add_stack(store, name=name, updated_at=None if name in "bd" else START)
    for descending in (True, False):
        for sort_keys in ((), ("name",), ("updated_at",), ("timeout_mins", "name")):
            query = StackQuery(sort_keys=sort_keys, descending=descending)
            everything = await store.stacks(query)
            paged: list[Stack] = []
            while page := await store.stacks(
                replace(query, limit=2, marker=paged[-1].id if paged else None)
            ):
                paged += page
            assert paged == everything
            assert len(paged) == 5


async def test_sorting_is_by_code_point_and_nulls_are_least(store: Store) -> None:
    for name, minutes in (("b", 1), ("a", None), ("B", 2), ("ä", 0)):
        await add_stack(store, name=name, timeout_mins=minutes)
    assert await names(store, sort_keys=["name"], descending=False) == ["B", "a", "b", "ä"]
    assert await names(store, sort_keys=["timeout_mins"], descending=False) == list("aäbB")


async def test_an_unknown_marker_counts_as_none(store: Store) -> None:
    await add_stack(store, name="a")
    assert await names(store, marker="nothing") == ["a"]


async def test_filters_accept_any_of_their_values(store: Store) -> None:
    await add_stack(store, name="a", status=Status.FAILED, username="x")
    await add_stack(store, name="b", status=Status.COMPLETE, timeout_mins=5)
    await add_stack(store, name="c", action=Action.UPDATE, disable_rollback=False)
    assert sorted(await names(store, filters={"name": ["a", "c", "z"]})) == ["a", "c"]
    assert await names(store, filters={"status": [Status.FAILED]}) == ["a"]
    assert await names(store, filters={"action": ["UPDATE"]}) == ["c"]
    assert await names(store, filters={"timeout_mins": [5]}) == ["b"]
    assert await names(store, filters={"disable_rollback": [False]}) == ["c"]
    assert await names(store, filters={"username": ["x"], "name": ["b"]}) == []

    assert await store.count_stacks(StackQuery(filters={"name": ["a", "b"]}, limit=1)) == 2


async def test_what_no_record_can_have_is_found_in_none(store: Store) -> None:
    """Also where a database could not even be asked for it."""
    for name in "abc":
        await add_stack(store, name=name)
    for filters in (
        {"stack_user_project_id": ["x"]},
        {"timeout_mins": [2**70, -(2**70), 2**31]},
        {"name": ["\x00"]},
        {"name": ["a\x00"], "action": ["\x00"]},
    ):
        assert await names(store, filters=filters) == []
    assert len(await names(store, limit=2**31 - 1)) == 3
    assert await store.find_stack(ProjectId("project"), "\x00") is None


async def test_filters_by_text_from_a_request_mean_the_same(sql_store: Store) -> None:
    await add_stack(sql_store, name="a", timeout_mins=5, disable_rollback=False)
    parent = await add_stack(sql_store, name="b")
    await add_stack(sql_store, name="c", parent_id=parent.id)
    assert await names(sql_store, filters={"timeout_mins": ["5"]}) == ["a"]
    assert await names(sql_store, filters={"timeout_mins": ["many"]}) == []
    assert await names(sql_store, filters={"disable_rollback": ["False"]}) == ["a"]
    assert await names(sql_store, filters={"owner_id": [parent.id]}, show_nested=True) == ["c"]
    with pytest.raises(ValueError, match="colour"):
        await sql_store.stacks(StackQuery(sort_keys=["colour"]))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tags": ["x", "y"]}, ["both"]),
        ({"tags_any": ["x", "y"]}, ["both", "one"]),
        ({"not_tags": ["x", "y"]}, ["none", "odd", "one"]),
        ({"not_tags_any": ["x", "y"]}, ["none", "odd"]),
        ({"tags": ["X"]}, ["odd"]),
        ({"tags": ['x","y']}, ["odd"]),
        ({"tags": ["%"]}, []),
        ({"tags": ["x"], "not_tags": ["y"]}, ["one"]),
    ],
)
async def test_tags(store: Store, query: dict[str, list[str]], expected: list[str]) -> None:
    await add_stack(store, name="none")
    await add_stack(store, name="one", tags=("x",))
    await add_stack(store, name="both", tags=("y", "x"))
    await add_stack(store, name="odd", tags=("X", 'x","y', "xx"))
    assert sorted(await names(store, **query)) == expected


async def test_resources_are_counted_by_project_in_live_stacks(store: Store) -> None:
    for stack in (
        await add_stack(store),
        await add_stack(store),
        await add_stack(store, project_id="other"),
    ):
        rows = [make_resource(stack.id), make_resource(stack.id, current=False)]
        await store.commit(await fence(store, stack), Writes(resources=rows))
    assert await store.count_resources("project") == 2
    await overtake(store, stack, deleted_at=START)
    assert await store.count_resources("other") == 0


async def test_many_at_once_do_not_pass_the_limit(store: Store) -> None:
    await add_stack(store, name="first")
    source_id = await store.put_source(Source(template={}, environment={}, files={}))

    async def create(number: int) -> bool:
        stack = make_stack(name=f"stack-{number}", source_id=source_id)
        event = make_event(stack.id)
        try:
            await store.create_stack(stack, make_traversal(stack.id), event, most=5)
        except NoRoom:
            return False
        return True

    assert sum(await asyncio.gather(*map(create, range(20)))) == 4
    assert await store.count_stacks(StackQuery(project_id="project")) == 5


async def test_nested_stacks_and_those_that_are_gone_take_no_room(store: Store) -> None:
    root = await add_stack(store, name="root")
    await add_stack(store, name="inside", parent_id=root.id)
    await add_stack(store, name="gone", deleted_at=START)
    stack = make_stack(name="more", source_id=root.source_id)
    await store.create_stack(stack, make_traversal(stack.id), make_event(stack.id), most=2)
    other = make_stack(name="other", source_id=root.source_id)
    with pytest.raises(NoRoom):
        await store.create_stack(other, make_traversal(other.id), make_event(other.id), most=2)
