"""Creations that wait for signals: CreationPolicy of templates for AWS."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.readiness import readiness_message
from isotherm.ports.records import Message
from isotherm.resources.orchestration.value import ValueResource
from isotherm.testing.scene import KillAt, Scene, play


def template(
    count: int = 1, timeout: str = "PT5M", share: int = 100, kind: str = "Test::Thing"
) -> str:
    """``after`` is made when enough has told that ``thing`` works."""
    policy: dict[str, Any] = {
        "ResourceSignal": {"Count": count, "Timeout": timeout},
        "AutoScalingCreationPolicy": {"MinSuccessfulInstancesPercent": share},
    }
    properties = {"value": "v"} if kind == "OS::Heat::Value" else {}
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {
                "thing": {"Type": kind, "Properties": properties, "CreationPolicy": policy},
                "after": {"Type": "Test::Thing", "DependsOn": "thing"},
            },
        }
    )


async def waiting(scene: Scene, source: str) -> str:
    stack_id = await scene.create(source)
    await scene.clock.sleep(20)
    row = (await scene.rows(stack_id))["thing"]
    assert (row.action, row.status) == (Action.CREATE, Status.IN_PROGRESS)
    assert row.physical_id
    assert scene.world.made == 1
    return stack_id


async def tell(scene: Scene, stack_id: str, *signals: tuple[str, str]) -> None:
    row = (await scene.rows(stack_id))["thing"]
    for each in signals:
        await scene.store.post(readiness_message(row, each, scene.clock.now()))


def test_it_is_made_when_enough_signals_have_come() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(2))
            # The same one twice counts once.
            await tell(scene, stack_id, ("a", "SUCCESS"), ("a", "SUCCESS"))
            await scene.clock.sleep(10)
            assert scene.world.made == 1
            await tell(scene, stack_id, ("b", "SUCCESS"))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert scene.world.made == 2
            told = [each for each in await scene.events(stack_id) if each.action is Action.SIGNAL]
            assert {each.status_reason for each in told} == {
                "Signal a: SUCCESS",
                "Signal b: SUCCESS",
            }
            # What comes later changes nothing.
            await tell(scene, stack_id, ("c", "FAILURE"))
            await scene.update(stack_id, template(5))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert await scene.store.messages(stack_id) == []

    play(scenario)


@pytest.mark.parametrize(
    ("fields", "signals", "told"),
    [
        ({"timeout": "PT1M"}, (), "CreationPolicyTimeout: resources.thing: 1 of 1"),
        ({"count": 2}, (("a", "FAILURE"),), "received a: FAILURE"),
        (
            {"count": 4, "share": 50},
            (("a", "FAILURE"), ("b", "FAILURE"), ("c", "FAILURE")),
            "CreationPolicyFailure",
        ),
    ],
)
def test_it_fails_when_there_cannot_be_enough(
    fields: dict[str, Any], signals: tuple[tuple[str, str], ...], told: str
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(**fields))
            await tell(scene, stack_id, *signals)
            stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.CREATE, Status.FAILED)
            assert told in stack.status_reason
            assert scene.world.made == 1

    play(scenario)


def test_some_may_fail_where_the_template_says_so() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(4, share=50))
            await tell(scene, stack_id, ("a", "FAILURE"), ("b", "SUCCESS"), ("c", "SUCCESS"))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE

    play(scenario)


def test_what_came_while_nobody_worked_on_it_counts() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(2))
            await tell(scene, stack_id, ("a", "SUCCESS"))
            await scene.clock.sleep(5)
        await tell(scene, stack_id, ("b", "SUCCESS"))
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert scene.world.made == 2

    play(scenario)


@pytest.mark.parametrize("kind", ["Test::Thing", "OS::Heat::Value"])
@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_no_signal_is_lost_and_nothing_doubled_when_workers_die(point: Point, kind: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker(KillAt(point, "thing")):
            stack_id = await scene.create(template(2, "PT1H", kind=kind))
            await scene.clock.sleep(10)
            if "thing" in await scene.rows(stack_id):
                await tell(scene, stack_id, ("a", "SUCCESS"))
            await scene.clock.sleep(10)
        async with scene.worker():
            await scene.clock.sleep(100)
            row = (await scene.rows(stack_id))["thing"]
            for each in {"a", "b"} - row.heard.keys():
                await tell(scene, stack_id, (each, "SUCCESS"))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert (await scene.rows(stack_id))["thing"].heard == {"a": "SUCCESS", "b": "SUCCESS"}
        assert scene.world.made == len(scene.world.things) == (2 if kind.startswith("Test") else 1)

    play(scenario, types=(ValueResource(),))


def test_the_time_limit_runs_on_when_a_worker_dies() -> None:
    async def scenario(scene: Scene) -> None:
        begun = scene.clock.monotonic()
        async with scene.worker():
            stack_id = await waiting(scene, template(timeout="PT2M"))
        await scene.clock.sleep(30)
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.FAILED
            assert scene.clock.monotonic() - begun == pytest.approx(120, abs=3)

    play(scenario)


def test_who_waits_can_be_deleted() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template())
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
            assert not scene.world.things

    play(scenario)


def many(count: int) -> str:
    policy = {"ResourceSignal": {"Timeout": "PT1H"}}
    thing = {"Type": "Test::Thing", "CreationPolicy": policy}
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {f"thing{n}": thing for n in range(count)},
        }
    )


def reads_while(scene: Scene) -> list[str]:
    """The stacks whose inboxes are read from now on."""
    reads: list[str] = []
    read = scene.store.messages

    async def counted(stack_id: str) -> list[Message]:
        reads.append(stack_id)
        return await read(stack_id)

    scene.store.messages = counted  # type: ignore[method-assign]
    return reads


def test_many_who_wait_read_the_inbox_as_often_as_one() -> None:
    seen: dict[int, int] = {}

    async def scenario(scene: Scene, count: int) -> None:
        async with scene.worker():
            stack_id = await scene.create(many(count))
            await scene.clock.sleep(30)
            assert len(scene.world.things) == count
            reads = reads_while(scene)
            await scene.clock.sleep(300)
            seen[count] = len(reads)
            for row in (await scene.rows(stack_id)).values():
                told = readiness_message(row, ("a", "SUCCESS"), scene.clock.now())
                await post(scene.store, scene.bus, told)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE

    for count in (1, 20):
        play(partial(scenario, count=count))
    assert seen[20] == seen[1]


@pytest.mark.parametrize("moment", [30.0, 30.25, 30.5, 30.75])
def test_a_signal_is_heard_when_it_comes(moment: float) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(many(2))
            await scene.clock.sleep(moment)
            begun = scene.clock.monotonic()
            for row in (await scene.rows(stack_id)).values():
                told = readiness_message(row, ("a", "SUCCESS"), scene.clock.now())
                await post(scene.store, scene.bus, told)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert scene.clock.monotonic() - begun < 0.5

    play(scenario)


def test_a_signal_that_nobody_told_of_counts_if_it_came_in_time() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(timeout="PT1M"))
            row = (await scene.rows(stack_id))["thing"]
            assert row.intent_at is not None
            over = (row.intent_at - scene.clock.now()).total_seconds() + 60
            await scene.clock.sleep(over - 0.01)
            await tell(scene, stack_id, ("a", "SUCCESS"))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE

    play(scenario)
