"""No delegation stays behind: what no stack acts by is ended."""

from __future__ import annotations

from tests.scenarios.templates import things

from isotherm.core.states import Status
from isotherm.testing.scene import Scene, play

HOURS = 3 * 3600.0


def test_a_delegation_that_no_stack_acts_by_is_ended_in_time() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            kept = await scene.create(things(a={}))
            await scene.settle(kept)
            # Its request died before the stack was recorded.
            await scene.world.delegate(await scene.world.authenticate("token"))
            assert len(scene.world.trusts) == 2
            await scene.clock.sleep(HOURS)
            assert len(scene.world.trusts) == 1
            await scene.update(kept, things(a={"size": 2}))
            stack = await scene.settle(kept)
        assert stack.status is Status.COMPLETE, "the one that is needed was left alone"
        assert (await scene.stack(kept)).credentials["trust_id"] in scene.world.trusts

    play(scenario)


def test_a_request_that_is_still_at_work_keeps_its_delegation() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            await scene.world.delegate(await scene.world.authenticate("token"))
            await scene.clock.sleep(1800)
            assert len(scene.world.trusts) == 1

    play(scenario)
