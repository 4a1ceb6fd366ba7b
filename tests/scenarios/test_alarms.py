"""Alarms that are judged here: what they signal happens once, whoever dies in the middle of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from isotherm.core.arns import resource_arn
from isotherm.core.errors import Refused
from isotherm.core.states import Status
from isotherm.engine.recording.watches import put_watch, target_of
from isotherm.kit.measures import Sample, Series, sum_of
from isotherm.kit.watches import State
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.scaling_policy import ScalingPolicy
from isotherm.testing.scene import Killed, Scene, play

TYPES = (AutoScalingGroup(), ScalingPolicy())
PROJECT = "project"
LOAD = Series(project_id=PROJECT, namespace="App", name="load")
GROUP = {"min_size": 0, "max_size": 5, "desired_capacity": 1, "resource": {"type": "Test::Thing"}}
POLICY = {
    "auto_scaling_group_id": {"get_resource": "g"},
    "adjustment_type": "change_in_capacity",
    "scaling_adjustment": 1,
}
TEMPLATE = json.dumps(
    {
        "heat_template_version": "2021-04-16",
        "resources": {
            "g": {"type": "OS::Heat::AutoScalingGroup", "properties": GROUP},
            "p": {"type": "OS::Heat::ScalingPolicy", "properties": POLICY},
        },
    }
)


async def made(scene: Scene) -> str:
    """A stack, and what signals its policy."""
    async with scene.worker():
        stack_id = await scene.create(TEMPLATE)
        assert (await scene.settle(stack_id)).status is Status.COMPLETE
    stack = await scene.stack(stack_id)
    return resource_arn(PROJECT, stack.name, stack_id, "p")


async def watch(scene: Scene, **fields: Any) -> None:
    given: dict[str, Any] = {
        "name": "high",
        "series": LOAD,
        "statistic": "Average",
        "period": 60,
        "threshold": 10.0,
        "comparison": "GreaterThanThreshold",
    }
    now = scene.clock.now()
    await put_watch(scene.store.watches, now, PROJECT, given | fields)


async def measure(scene: Scene, value: float) -> None:
    """In the last whole minute."""
    at = scene.clock.now() - timedelta(minutes=1)
    sample = Sample(series=LOAD, at=at, unit="", sum=sum_of([(value, 1.0)]))
    await scene.store.watches.add_samples([sample])


async def state(scene: Scene) -> State:
    found = await scene.store.watches.watch(PROJECT, "high")
    assert found is not None
    return found.state


async def kinds(scene: Scene) -> list[str]:
    """What became of the alarm, oldest first."""
    return [each.kind for each in reversed(await scene.store.watches.history(PROJECT))]


def test_a_group_grows_once_while_the_alarm_lasts() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(await made(scene),))
        async with scene.worker():
            await measure(scene, 99)
            await scene.clock.sleep(30)
            assert await state(scene) is State.ALARM
            await measure(scene, 99)
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 2
            assert await kinds(scene) == ["ConfigurationUpdate", "StateUpdate", "Action"]
            await scene.clock.sleep(600)
            assert await state(scene) is State.INSUFFICIENT_DATA

    play(scenario, types=TYPES)


class Deadly:
    """A store whose user dies at one call, before or after it has its effect."""

    def __init__(self, store: Any, method: str, *, after: bool) -> None:
        self._store, self._method, self._after = store, method, after
        self.struck = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name != self._method or self.struck:
            return found

        async def die(*arguments: Any, **more: Any) -> Any:
            self.struck = True
            if self._after:
                await found(*arguments, **more)
            raise Killed

        return die


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("method", ["conclude", "end_call", "post"])
def test_who_dies_while_judging_leaves_nothing_undone_or_doubled(
    method: str, *, after: bool
) -> None:
    async def scenario(scene: Scene) -> None:
        arn = await made(scene)
        await measure(scene, 99)
        await watch(scene, alarm_actions=(arn,))
        store: Any = scene.store
        if method == "post":
            original, deadly = store.post, Deadly(store, method, after=after)
            store.post = deadly.post
        else:
            original = store.watches
            deadly = store.watches = Deadly(original, method, after=after)
        async with scene.worker():
            await scene.clock.sleep(5)
        assert deadly.struck
        setattr(store, "post" if method == "post" else "watches", original)
        async with scene.worker():
            await scene.clock.sleep(120)
        assert len(scene.world.things) == 2
        assert (await kinds(scene)).count("StateUpdate") <= 2
        assert (await kinds(scene)).count("Action") == 1

    play(scenario, types=TYPES)


def test_two_workers_judge_as_one() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(await made(scene),))
        await measure(scene, 99)
        async with scene.worker(), scene.worker():
            await scene.clock.sleep(30)
        assert len(scene.world.things) == 2
        assert (await kinds(scene)).count("Action") == 1

    play(scenario, types=TYPES)


def test_an_action_on_what_is_not_there_is_tried_for_a_while() -> None:
    async def scenario(scene: Scene) -> None:
        arn = await made(scene)
        await watch(scene, alarm_actions=(arn.removesuffix("p") + "nothing",))
        await measure(scene, 99)
        async with scene.worker():
            await scene.clock.sleep(20 * 60)
        told = [each.summary for each in await scene.store.watches.history(PROJECT)]
        assert sum(each.startswith("Failed to execute action") for each in told) == 1
        assert await scene.store.watches.due_calls(scene.clock.now(), 10) == []

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("arn:openstack:heat::p:stacks/n/i/resources/r", "r"),
        ("http://x/v1/signal/arn%3Aopenstack%3Aheat%3A%3Ap%3Astacks/n/i/resources/r?S=1", "r"),
        ("https://x/v1/p/stacks/n/i/resources/r/signal", "r"),
        ("arn:openstack:heat::p:stacks/n/i", None),
        ("http://example.org/hook", None),
        ("mailto:x", None),
    ],
)
def test_what_an_action_names(action: str, resource: str | None) -> None:
    found = target_of(action)
    assert (found and found.resource) == resource


def test_actions_of_others_are_refused() -> None:
    async def scenario(scene: Scene) -> None:
        for wrong in ("http://x.org", "arn:openstack:heat::other:stacks/n/i/resources/r"):
            with pytest.raises(Refused):
                await watch(scene, alarm_actions=(wrong,))

    play(scenario, types=TYPES)
