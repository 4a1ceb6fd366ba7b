"""A worker dies while a stack with others below it is made, changed or removed."""

from __future__ import annotations

import pytest
from tests.scenarios.test_nested_stacks import FILES, consistent, everything, outer

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.testing.scene import KillAt, Scene, play

POINTS = list(Point)
POINTS_OF_LIFE = [each for each in Point if each is not Point.AFTER_END]
NAMES = ["deep", "pair", "a", "b"]


async def _outlive(scene: Scene, stack_id: str, killed: KillAt) -> None:
    async with scene.worker(killed):
        await scene.clock.sleep(120)
    async with scene.worker():
        stack = await scene.settle(stack_id)
    assert killed.struck
    assert stack.status is Status.COMPLETE, stack.status_reason


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("point", POINTS_OF_LIFE, ids=lambda p: p.value)
def test_create_survives(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(outer(), files=FILES)
        await _outlive(scene, stack_id, KillAt(point, name))
        assert scene.world.made == 3, "nothing was created twice"
        assert len(await everything(scene)) == 3
        rows = await scene.rows(stack_id)
        assert {row.action for row in rows.values()} == {Action.CREATE}, "nothing is done again"
        await consistent(scene)

    play(scenario)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("point", POINTS_OF_LIFE, ids=lambda p: p.value)
def test_update_survives(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
        await scene.update(stack_id, outer(size=4), FILES | {"pair.yaml": _grown()})
        await _outlive(scene, stack_id, KillAt(point, name))
        assert [each["size"] for each in scene.world.named("a")] == [4]
        assert [each["size"] for each in scene.world.named("b")] == [2]
        assert scene.world.made == 3
        await consistent(scene)

    play(scenario)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("point", POINTS[1:], ids=lambda p: p.value)
def test_delete_survives(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
        await scene.delete(stack_id)
        await _outlive(scene, stack_id, KillAt(point, name))
        assert not scene.world.things
        assert not scene.world.trusts
        assert not await everything(scene)

    play(scenario)


def _grown() -> str:
    """The innermost template with a change to the second thing, too."""
    return FILES["pair.yaml"].replace(
        "properties:\n      uses:", "properties:\n      size: 2\n      uses:"
    )
