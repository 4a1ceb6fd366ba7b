"""Reports of how traversals went, and what was learnt of how long steps take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.contracts.store.records import START, add_stack, lease

from isotherm.core.ids import StackId
from isotherm.ports.records import Duration, Operation, Report, Stack, StepReport
from isotherm.ports.store import Fence, Store, Writes


def make_report(stack: Stack, number: int = 1, **fields: Any) -> Report:
    given = {"asked_at": START, "begun_at": START, "ended_at": START + timedelta(seconds=9.5)}
    return Report(
        stack_id=stack.id, number=number, operation=Operation.UPDATE, **{**given, **fields}
    )


async def test_a_report_is_read_as_it_was_kept_by_default_the_newest(store: Store) -> None:
    stack = await add_stack(store)
    step = StepReport("a", "a", "OS::Heat::Value", "create", ("b",), 0.5, 0.625, 9.5, "done")
    first, second = make_report(stack, steps=(step,)), make_report(stack, 2)
    fence = Fence(lease=await lease(store, stack))
    await store.commit(fence, Writes(report=second))
    await store.commit(fence, Writes(report=first))
    stack_id = StackId(stack.id)
    assert await store.report(stack_id) == second
    assert await store.report(stack_id, 1) == first
    assert await store.report(stack_id, 3) is None
    assert await store.report(StackId("nobody")) is None


async def test_reports_of_several_stacks_are_those_asked_for_in_a_span(store: Store) -> None:
    begun = [START, START + timedelta(seconds=10), START + timedelta(seconds=30)]
    stacks = [await add_stack(store, name=f"web-{at.second}", created_at=at) for at in begun]
    for stack in stacks:
        made = make_report(stack, asked_at=stack.created_at)
        await store.commit(Fence(lease=await lease(store, stack)), Writes(report=made))
    ids, until = [each.id for each in stacks], START + timedelta(seconds=20)
    found = await store.reports_of(ids, START, until)
    assert sorted(each.stack_id for each in found) == sorted(ids[:2])
    assert [each.stack_id for each in await store.reports_of(ids[1:], START, until)] == [ids[1]]


async def test_the_reports_of_ten_traversals_are_kept(store: Store) -> None:
    stack = await add_stack(store)
    fence = Fence(lease=await lease(store, stack))
    for number in range(1, 13):
        await store.commit(fence, Writes(report=make_report(stack, number)))
    stack_id = StackId(stack.id)
    kept = [number for number in range(1, 13) if await store.report(stack_id, number)]
    assert kept == list(range(3, 13))


async def test_the_last_word_about_how_long_steps_take_counts(store: Store) -> None:
    stack = await add_stack(store)
    fence = Fence(lease=await lease(store, stack))
    server = Duration(type="OS::Nova::Server", kind="create", seconds=8.25)
    going = Duration(type="OS::Nova::Server", kind="delete", seconds=2.0)
    await store.commit(fence, Writes(durations=[server, going]))
    slower = Duration(type="OS::Nova::Server", kind="create", seconds=9.0)
    await store.commit(fence, Writes(durations=[slower]))
    assert sorted(await store.durations(), key=lambda each: each.kind) == [slower, going]
