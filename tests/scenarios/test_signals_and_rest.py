"""Signals that set a group to work, and a stack that is put to rest at the same moment."""

from __future__ import annotations

import pytest
from tests.scenarios.test_scaling import TYPES, made, template

from isotherm.core.states import Action, Status
from isotherm.ports.records import Operation, Stack
from isotherm.ports.store import Fence, Writes
from isotherm.testing.scene import Scene, play

RESTED, WOKEN = (Action.SUSPEND, Status.COMPLETE), (Action.RESUME, Status.COMPLETE)


def state(stack: Stack) -> tuple[Action, Status]:
    return stack.action, stack.status


async def reasons(scene: Scene, stack_id: str) -> list[str]:
    """What the events of the policy say, beyond changes of its state."""
    events = await scene.events(stack_id)
    told = (each.status_reason for each in events if each.resource_name == "p")
    return [each for each in told if each != "state changed"]


async def wakes_up(scene: Scene, stack_id: str) -> None:
    await scene.start(stack_id, Operation.RESUME)
    assert state(await scene.settle(stack_id)) == WOKEN
    rows = await scene.rows(stack_id)
    assert {(row.action, row.status) for row in rows.values()} == {WOKEN}


def test_what_is_begun_while_a_signal_is_taken_in_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            commit = scene.store.commit

            async def begin_then_commit(fence: Fence, writes: Writes) -> None:
                if writes.traversal is not None and not writes.traversal.finished:
                    monkeypatch.undo()
                    await scene.start(stack_id, Operation.SUSPEND)
                await commit(fence, writes)

            monkeypatch.setattr(scene.store, "commit", begin_then_commit)
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(60)
            assert state(await scene.stack(stack_id)) == RESTED
            assert len(scene.world.things) == 1
            assert await reasons(scene, stack_id) == ["Cannot signal resource during SUSPEND"]
            await wakes_up(scene, stack_id)

    play(scenario, types=TYPES)


def test_a_signal_that_comes_while_the_stack_is_put_to_rest_wakes_nothing_up() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            await scene.start(stack_id, Operation.SUSPEND)
            await scene.signal(stack_id, "p")
            assert state(await scene.settle(stack_id)) == RESTED
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 1
            assert await reasons(scene, stack_id) == ["Cannot signal resource during SUSPEND"]
            await wakes_up(scene, stack_id)
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 3

    play(scenario, types=TYPES)


@pytest.mark.parametrize("after", [0.5, 3.0, 10.0])
def test_a_group_that_is_growing_can_be_put_to_rest_and_woken_up(after: float) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            scene.world.building = 30
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(after)
            await scene.start(stack_id, Operation.SUSPEND)
            assert state(await scene.settle(stack_id)) == RESTED
            await wakes_up(scene, stack_id)

    play(scenario, types=TYPES)
