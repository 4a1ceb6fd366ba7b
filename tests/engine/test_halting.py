"""A worker that stops, or is overtaken, between two steps has not finished its plan."""

from __future__ import annotations

import pytest
from tests.claims import claim_one
from tests.scenarios.templates import ref, things

from isotherm.core.states import Action, Status
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault

CHAIN = things(a={}, b={"uses": ref("a")}, c={"uses": ref("b")})


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("after", [0.0, 0.01, 0.06, 1.0, 2.06, 2.3, 4.5, 6.2])
def test_a_worker_that_stops_leaves_the_rest_to_the_next(after: float, seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(CHAIN)
        async with scene.worker():
            await scene.clock.sleep(after)
        async with scene.worker():
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert set(await scene.rows(stack_id)) == {"a", "b", "c"}
        assert scene.world.made == 3

    play(scenario, seed=seed)


def test_a_stop_during_the_last_call_of_a_step_does_not_end_the_traversal() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 0  # ready when the call returns: no step ever waits
        stack_id = await scene.create(CHAIN)
        async with scene.worker():
            await scene.clock.sleep(0.02)
        stack = await scene.stack(stack_id)
        assert (stack.action, stack.status) == (Action.CREATE, Status.IN_PROGRESS)
        assert set(await scene.rows(stack_id)) == {"a"}

    play(scenario)


def test_a_deadline_during_the_last_call_of_a_step_is_a_time_out() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 0
        scene.world.latency = 45
        async with scene.worker():
            stack_id = await scene.create(CHAIN, timeout_mins=1)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.CREATE, Status.FAILED)
        assert stack.status_reason == "Create timed out"

    play(scenario)


def test_a_worker_that_lost_its_lease_lets_go() -> None:
    """The other owner goes on; the first neither writes nor turns in a circle."""

    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(CHAIN)
        async with scene.worker():
            await scene.clock.sleep(1.0)
            await scene.store.disown("worker-1")
            assert await claim_one(scene.store, "somebody else", stack_id, 100)
            await scene.clock.sleep(30)
            assert scene.world.count("create") == 1

    play(scenario)


def test_delete_overtakes_while_the_plan_is_being_prepared() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 50_000
        stack_id = await scene.create(things(a={}))
        async with scene.worker():
            await scene.clock.sleep(1)
        connect = scene.world.connect

        async def connect_slowly(credentials: object) -> object:
            await scene.clock.sleep(3)
            return await connect(credentials)

        scene.world.connect = connect_slowly  # type: ignore[assignment,method-assign]
        async with scene.worker():
            await scene.clock.sleep(2)
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
        assert scene.clock.monotonic() < 60, "it did not wait for the building to end"
        assert not scene.world.things

    play(scenario)


def test_rows_that_nobody_works_on_any_more_are_not_in_progress() -> None:
    async def scenario(scene: Scene) -> None:
        from isotherm.core.errors import Refused

        async with scene.worker():
            stack_id = await scene.create(things(a={}, late={"uses": ref("a")}))
            await scene.clock.sleep(3.5)  # late is building
            scene.world.inject("create", Fault(error=Refused("no", status=403), named="-new-"))
            await scene.update(stack_id, things(a={}, new={}, late={"uses": ref("new")}))
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.FAILED)
        late = (await scene.rows(stack_id))["late"]
        assert (late.action, late.status) == (Action.CREATE, Status.FAILED)
        assert late.status_reason == "CREATE aborted"

    play(scenario)
