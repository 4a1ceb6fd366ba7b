"""A worker dies at a named point; another takes over and the end is the same."""

from __future__ import annotations

import pytest
from tests.scenarios.templates import attribute, ref, things

from isotherm.core.states import Status
from isotherm.engine.probe import Point
from isotherm.testing.scene import KillAt, Scene, play

BEFORE = things(a={}, b={"uses": ref("a")}, c={"fixed_uses": attribute("b", "address")})
AFTER = things(
    a={"size": 3}, b={"uses": ref("a"), "colour": "blue"}, d={"uses": attribute("a", "serial")}
)
POINTS = list(Point)
POINTS_OF_LIFE = [each for each in Point if each is not Point.AFTER_END]
NAMES = ["a", "b", "c"]


async def _outlive(scene: Scene, stack_id: str, killed: KillAt) -> None:
    """Let the doomed worker die (or finish), then let another one bring it to an end."""
    async with scene.worker(killed):
        await scene.clock.sleep(120)
    async with scene.worker():
        stack = await scene.settle(stack_id)
    assert stack.status is Status.COMPLETE, stack.status_reason


async def _check_nothing_lost(scene: Scene, stack_id: str) -> None:
    rows = await scene.store.resources(stack_id)
    assert {row.physical_id for row in rows} == scene.world.things.keys()
    assert all(row.status is Status.COMPLETE and row.current for row in rows)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("point", POINTS_OF_LIFE, ids=lambda p: p.value)
def test_create_survives(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(BEFORE)
        killed = KillAt(point, name)
        await _outlive(scene, stack_id, killed)
        assert killed.struck
        assert scene.world.made == 3, "nothing was created twice"
        await _check_nothing_lost(scene, stack_id)

    play(scenario)


@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
@pytest.mark.parametrize("point", POINTS, ids=lambda p: p.value)
def test_update_survives(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(BEFORE)
            await scene.settle(stack_id)
        await scene.update(stack_id, AFTER)
        killed = KillAt(point, name)
        await _outlive(scene, stack_id, killed)
        await _check_nothing_lost(scene, stack_id)
        rows = await scene.rows(stack_id)
        assert set(rows) == {"a", "b", "d"}
        a = scene.world.things[rows["a"].physical_id or ""]
        b = scene.world.things[rows["b"].physical_id or ""]
        assert (a["size"], b["colour"], b["uses"]) == (3, "blue", a["id"])
        assert scene.world.made == 5

    play(scenario)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("point", POINTS, ids=lambda p: p.value)
def test_delete_survives(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(BEFORE)
            await scene.settle(stack_id)
        await scene.delete(stack_id)
        await _outlive(scene, stack_id, KillAt(point, name))
        assert not scene.world.things
        assert not await scene.store.resources(stack_id)
        assert not scene.world.trusts

    play(scenario)


def test_a_restarted_worker_of_the_same_name_need_not_wait_for_its_own_lease() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(BEFORE)
        async with scene.worker(KillAt(Point.AFTER_CALL, "b")):
            await scene.clock.sleep(6)
        scene._workers = 0  # the same name again, as after a restart
        begun = scene.clock.monotonic()
        async with scene.worker():
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        assert scene.clock.monotonic() - begun < 15 < scene.settings.lease_seconds

    play(scenario)
