"""A worker without a plug-in: what it does not know it leaves as it is."""

from __future__ import annotations

import pytest
from tests.scenarios.templates import things

from isotherm.core.states import Action, Status
from isotherm.ports.records import Stack
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Thing, world_types


class Plugin(Thing):
    name = "Plug::In::Thing"


BOTH = things(plain={}, plugged={"type": Plugin.name})


async def made(scene: Scene) -> str:
    scene.types = world_types(Plugin())
    async with scene.worker():
        stack_id = await scene.create(BOTH)
        assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def with_types(scene: Scene, stack_id: str, *types: Thing) -> Stack:
    """The stack after a worker that has these types has ended what was asked."""
    scene.types = world_types(*types)
    async with scene.worker():
        return await scene.settle(stack_id)


def test_a_delete_leaves_what_it_has_no_type_for() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await made(scene)
        before = (await scene.rows(stack_id))["plugged"]
        await scene.delete(stack_id)
        stack = await with_types(scene, stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.FAILED)
        assert stack.status_reason == (
            "Resource DELETE failed: ResourceTypeUnavailable: resources.plugged: "
            "this worker has no type Plug::In::Thing"
        )
        assert await scene.rows(stack_id) == {"plugged": before}
        assert before.physical_id in scene.world.things
        await scene.delete(stack_id)
        stack = await with_types(scene, stack_id, Plugin())
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
        assert not scene.world.things

    play(scenario)


def test_a_check_says_nothing_about_what_it_has_no_type_for() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await made(scene)
        before = (await scene.rows(stack_id))["plugged"]
        await scene.check(stack_id)
        stack = await with_types(scene, stack_id)
        assert (stack.action, stack.status) == (Action.CHECK, Status.FAILED)
        assert "this worker has no type Plug::In::Thing" in stack.status_reason
        assert (await scene.rows(stack_id))["plugged"] == before, "it is not taken for broken"

    play(scenario)


@pytest.mark.parametrize(
    "template",
    [
        things(plain={"size": 2}, plugged={"type": Plugin.name, "size": 2}),
        things(plain={"size": 2}),
        things(plain={"size": 2}, plugged={}),
    ],
    ids=["changed", "removed", "replaced by a type that is known"],
)
def test_an_update_loses_nothing_that_it_has_no_type_for(template: str) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await made(scene)
        before = (await scene.rows(stack_id))["plugged"]
        await scene.update(stack_id, template)
        stack = await with_types(scene, stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.FAILED)
        assert "this worker has no type Plug::In::Thing" in stack.status_reason
        assert before.physical_id in scene.world.things
        await scene.update(stack_id, BOTH)
        stack = await with_types(scene, stack_id, Plugin())
        assert stack.status is Status.COMPLETE
        assert (await scene.rows(stack_id))["plugged"].physical_id == before.physical_id
        assert len(scene.world.things) == 2

    play(scenario)
