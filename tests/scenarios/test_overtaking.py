"""A newer operation on a busy stack."""

from __future__ import annotations

import pytest
from tests.scenarios.templates import ref, things

from isotherm.core.states import Action, Status
from isotherm.testing.scene import Scene, play


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("after", [0.0, 0.02, 0.07, 1.0, 2.2, 4.5])
def test_delete_overtakes_a_create_at_any_time(after: float, seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(
                things(a={}, b={"uses": ref("a")}, c={"uses": ref("a")}, d={"uses": ref("c")})
            )
            await scene.clock.sleep(after)
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE), stack.status_reason
        assert not scene.world.things
        assert not await scene.store.resources(stack_id)

    play(scenario, seed=seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("after", [0.0, 0.02, 0.07, 1.0, 2.2, 4.5])
def test_update_overtakes_a_create_and_the_last_word_holds(after: float, seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(
                things(
                    a={"colour": "red"}, b={"uses": ref("a"), "size": 1}, gone={"uses": ref("b")}
                )
            )
            await scene.clock.sleep(after)
            await scene.update(
                stack_id,
                things(
                    a={"colour": "blue"}, b={"uses": ref("a"), "size": 2}, new={"uses": ref("b")}
                ),
            )
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), stack.status_reason
        rows = await scene.rows(stack_id)
        assert set(rows) == {"a", "b", "new"}
        assert len(await scene.store.resources(stack_id)) == 3
        assert {row.physical_id for row in rows.values()} == scene.world.things.keys()
        a, b = (scene.world.things[rows[n].physical_id or ""] for n in ("a", "b"))
        assert (a["colour"], b["size"], b["uses"]) == ("blue", 2, a["id"])

    play(scenario, seed=seed)


def test_many_updates_at_once_end_in_the_last_one() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={"size": 1}))
            for size in range(2, 9):
                await scene.clock.sleep(0.4)
                await scene.update(stack_id, things(a={"size": size}))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        assert [each["size"] for each in scene.world.things.values()] == [8]

    play(scenario)
