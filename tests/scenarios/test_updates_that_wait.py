"""Rolling updates of groups that wait until new instances have signalled that they work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.scenarios.test_instance_groups import TYPES, group, images, launch, made, template

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.readiness import readiness_message
from isotherm.testing.scene import KillAt, Scene, play


def source(image: str, size: int = 3, **policy: Any) -> str:
    rolling = {"WaitOnResourceSignals": True, "PauseTime": "PT10M", **policy}
    made_of = group(size, {"AutoScalingRollingUpdate": rolling})
    return template(LC=launch(image), G=made_of)


async def tell(scene: Scene, stack_id: str, signal: str, status: str = "SUCCESS") -> None:
    row = (await scene.rows(stack_id))["G"]
    message = readiness_message(row, (signal, status), scene.clock.now())
    await post(scene.store, scene.bus, message)


async def state(scene: Scene, stack_id: str) -> tuple[Action, Status]:
    row = (await scene.rows(stack_id))["G"]
    return row.action, row.status


def test_each_batch_waits_for_its_instances() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, source("one"))
            await scene.update(stack_id, source("two"))
            for renewed in (1, 2, 3):
                await scene.clock.sleep(120)
                assert images(scene).count("two") == renewed
                assert await state(scene, stack_id) == (Action.UPDATE, Status.IN_PROGRESS)
                # The same one again is no other instance.
                for signal in range(renewed):
                    await tell(scene, stack_id, f"i{signal}")
            stack = await scene.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            assert images(scene) == ["two"] * 3
            told = [each for each in await scene.events(stack_id) if each.action is Action.SIGNAL]
            assert "Signal i2: SUCCESS" in {each.status_reason for each in told}

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    ("signals", "told"),
    [
        ({"a": "FAILURE"}, "3 of 3 new instances must signal success, received a: FAILURE"),
        ({}, "received none; 1 did not signal in time"),
    ],
)
def test_an_update_fails_and_goes_back_where_too_few_tell_of_success(
    signals: Mapping[str, str], told: str
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, source("one"))
            await scene.update(stack_id, source("two"), disable_rollback=False)
            await scene.clock.sleep(120)
            for signal, status in signals.items():
                await tell(scene, stack_id, signal, status)
            await scene.clock.sleep(600)
            # The way back waits for the instance that it makes, too.
            assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
            await tell(scene, stack_id, "b")
            stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.ROLLBACK, Status.COMPLETE)
            assert images(scene) == ["one"] * 3
            reasons = {each.status_reason for each in await scene.events(stack_id)}
            assert any("UpdatePolicyFailure" in each and told in each for each in reasons)

    play(scenario, types=TYPES)


def test_some_may_fail_where_the_template_says_so() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            policy = {"MinSuccessfulInstancesPercent": 50, "MaxBatchSize": 2}
            stack_id = await made(scene, source("one", 4))
            await scene.update(stack_id, source("two", 4, **policy))
            await scene.clock.sleep(60)
            await tell(scene, stack_id, "a", "FAILURE")
            await tell(scene, stack_id, "b")
            await scene.clock.sleep(60)
            assert images(scene).count("two") == 4
            await tell(scene, stack_id, "c")
            # One is never heard of.
            await scene.clock.sleep(500)
            assert await state(scene, stack_id) == (Action.UPDATE, Status.IN_PROGRESS)
            stack = await scene.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason

    play(scenario, types=TYPES)


def test_nothing_is_waited_for_where_nothing_is_new() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, source("one"))
            begun = scene.clock.monotonic()
            await scene.update(stack_id, source("one", 2))
            stack = await scene.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            assert len(images(scene)) == 2
            assert scene.clock.monotonic() - begun < 60

    play(scenario, types=TYPES)


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_whoever_dies_every_batch_waits_and_no_signal_is_lost(point: Point, nth: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, source("one", 2))
        heard = 0
        async with scene.worker(KillAt(point, "G", nth=nth)):
            await scene.update(stack_id, source("two", 2))
            await scene.clock.sleep(60)
            if images(scene).count("two") == 1:
                await tell(scene, stack_id, "a")
                heard = 1
            await scene.clock.sleep(60)
        async with scene.worker():
            for signal in ("a", "b")[heard:]:
                await scene.clock.sleep(120)
                assert images(scene).count("two") == (1 if signal == "a" else 2)
                assert await state(scene, stack_id) == (Action.UPDATE, Status.IN_PROGRESS)
                await tell(scene, stack_id, signal)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert images(scene) == ["two"] * 2
        assert scene.world.made == 4

    play(scenario, types=TYPES)


@pytest.mark.parametrize("name", ["Launch", "Terminate", "AddToLoadBalancer"])
def test_processes_that_an_update_is_made_of_cannot_be_suspended(name: str) -> None:
    problems = list(
        TYPES[0].validate_policy(
            {"AutoScalingRollingUpdate": {"SuspendProcesses": ["HealthCheck", name]}}
        )
    )
    assert [where for where, _ in problems] == ["AutoScalingRollingUpdate.SuspendProcesses"]
    assert f"{name} is not supported yet" in problems[0][1]
