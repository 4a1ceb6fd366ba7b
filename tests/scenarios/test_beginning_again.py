"""Updates of stacks that did not end well: what is there stays, what is not is made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from tests.scenarios.templates import nested, ref, stack, thing
from tests.scenarios.test_nested_stacks import consistent

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault

FILES = {"inner.yaml": nested({"deep": thing(), "deeper": thing(uses=ref("deep"))})}
WANTED = nested({"a": thing(size=1), "b": thing(uses=ref("a")), "n": stack("inner.yaml")})
OTHER = nested({"a": thing(size=2, colour="red"), "c": thing(uses=ref("a"))})
NO = Refused("quota exceeded", status=413)


async def made(scene: Scene, *, rollback: bool = False) -> str:
    stack_id = await scene.create(WANTED, files=FILES, disable_rollback=not rollback)
    await scene.settle(stack_id)
    return stack_id


async def a_create_that_failed(scene: Scene) -> str:
    scene.world.inject("create", Fault(error=NO, named="-deep-"))
    return await made(scene)


async def a_create_that_was_rolled_back(scene: Scene) -> str:
    scene.world.inject("create", Fault(error=NO, named="-b-"))
    return await made(scene, rollback=True)


async def an_update_that_failed(scene: Scene) -> str:
    stack_id = await made(scene)
    scene.world.inject("create", Fault(error=NO, named="-c-"))
    await scene.update(stack_id, OTHER, {})
    return stack_id


async def an_update_that_was_rolled_back(scene: Scene) -> str:
    stack_id = await made(scene, rollback=True)
    scene.world.inject("create", Fault(error=NO, named="-c-"))
    await scene.update(stack_id, OTHER, {})
    return stack_id


async def a_rollback_that_failed(scene: Scene) -> str:
    stack_id = await made(scene, rollback=True)
    scene.world.inject("create", Fault(error=NO, named="-c-"))
    scene.world.inject("delete", Fault(error=NO, count=50))
    await scene.update(stack_id, OTHER, {})
    await scene.settle(stack_id)
    scene.world.faults.clear()
    return stack_id


async def a_removal_that_failed(scene: Scene) -> str:
    stack_id = await made(scene)
    scene.world.inject("delete", Fault(error=NO, count=50, named="-deeper-"))
    await scene.update(stack_id, nested({"a": thing(size=1)}), {})
    await scene.settle(stack_id)
    scene.world.faults.clear()
    return stack_id


async def a_delete_that_failed_half_way(scene: Scene) -> str:
    stack_id = await made(scene)
    scene.world.inject("delete", Fault(error=NO, count=50, named="-a-"))
    scene.world.inject("delete", Fault(error=NO, count=50, named="-deep-"))
    await scene.delete(stack_id)
    await scene.settle(stack_id)
    scene.world.faults.clear()
    return stack_id


Begin = Callable[[Scene], Awaitable[str]]
BEFORE: dict[str, tuple[Begin, Action, Status]] = {
    each.__name__: (each, action, status)
    for each, action, status in (
        (a_create_that_failed, Action.CREATE, Status.FAILED),
        (a_create_that_was_rolled_back, Action.ROLLBACK, Status.COMPLETE),
        (an_update_that_failed, Action.UPDATE, Status.FAILED),
        (an_update_that_was_rolled_back, Action.ROLLBACK, Status.COMPLETE),
        (a_rollback_that_failed, Action.ROLLBACK, Status.FAILED),
        (a_removal_that_failed, Action.UPDATE, Status.FAILED),
        (a_delete_that_failed_half_way, Action.DELETE, Status.FAILED),
    )
}


@pytest.mark.parametrize("before", BEFORE)
def test_an_update_brings_the_stack_to_what_is_wanted(before: str) -> None:
    begin, action, status = BEFORE[before]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begin(scene)
            failed = await scene.settle(stack_id)
            assert (failed.action, failed.status) == (action, status), failed.status_reason
            await scene.update(stack_id, WANTED, FILES)
            ended = await scene.settle(stack_id)
            assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE), (
                ended.status_reason
            )
            assert set(await scene.rows(stack_id)) == {"a", "b", "n"}
            assert len(scene.world.things) == 4
            await consistent(scene)

    play(scenario)


@pytest.mark.parametrize("before", BEFORE)
def test_a_delete_leaves_nothing(before: str) -> None:
    begin, _, _ = BEFORE[before]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begin(scene)
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert not scene.world.things
        assert not scene.world.trusts

    play(scenario)


@pytest.mark.parametrize("before", [each for each in BEFORE if "delete" not in each])
def test_a_check_and_a_mark_find_what_is_there(before: str) -> None:
    begin, _, _ = BEFORE[before]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begin(scene)
            await scene.settle(stack_id)
            await scene.check(stack_id)
            assert (await scene.settle(stack_id)).action is Action.CHECK
            if "a" in (rows := await scene.rows(stack_id)) and rows["a"].physical_id:
                await scene.mark(stack_id, "a")
                await scene.clock.sleep(5)
            await scene.update(stack_id, WANTED, FILES)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            await consistent(scene)

    play(scenario)
