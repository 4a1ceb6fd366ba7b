"""A group follows its load while the worker dies before or after anything that it writes."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from isotherm.core.arns import resource_arn
from isotherm.core.states import Status
from isotherm.engine.recording.watches import put_watch
from isotherm.kit.measures import Sample, Series, sum_of
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.scaling_policy import ScalingPolicy
from isotherm.resources.orchestration.wait_condition_handle import WaitConditionHandle
from isotherm.testing.lives import Killed, Life
from isotherm.testing.scene import Scene, play

TYPES = (AutoScalingGroup(), ScalingPolicy(), WaitConditionHandle())
PROJECT = "project"
LOAD = Series(project_id=PROJECT, namespace="Web", name="load")
WRITES = frozenset(
    {"claim", "claim_call", "commit", "conclude", "end_call", "look_later", "post", "put_call"}
    | {"release", "supersede", "create_stack"}
)
GOES_UP_AT, GOES_DOWN_AT, ENDS_AT = 1, 5, 10
"""Minutes; between them the load is neither high nor low."""


def policy(amount: int) -> dict[str, Any]:
    properties = {
        "auto_scaling_group_id": {"get_resource": "g"},
        "adjustment_type": "change_in_capacity",
        "scaling_adjustment": amount,
    }
    return {"type": "OS::Heat::ScalingPolicy", "properties": properties}


TEMPLATE = json.dumps(
    {
        "heat_template_version": "2021-04-16",
        "resources": {
            "drained": {
                "type": "OS::Heat::WaitConditionHandle",
                "properties": {"signal_transport": "NO_SIGNAL"},
            },
            "g": {
                "type": "OS::Heat::AutoScalingGroup",
                "metadata": {
                    "scale_in": {
                        "order": "newest",
                        "drain": {"handle": {"get_resource": "drained"}, "timeout": 20},
                    }
                },
                "properties": {
                    "min_size": 1,
                    "max_size": 5,
                    "resource": {"type": "Test::Thing"},
                },
            },
            "up": policy(1),
            "down": policy(-1),
        },
    }
)


class Doomed(Life):
    """Ends with one of the calls that write, before or after it has its effect."""

    def __init__(self, at: int, *, after: bool) -> None:
        super().__init__()
        self.left, self.after = at, after

    def store(self, store: Any) -> Any:
        return _Watched(store, self)


class _Watched:
    def __init__(self, store: Any, life: Doomed) -> None:
        self._store, self._life = store, life

    def __getattr__(self, name: str) -> Any:
        if self._life.over:
            raise Killed
        found = getattr(self._store, name)
        if not callable(found):  # a store in the store
            return _Watched(found, self._life)
        return self._counted(found) if name in WRITES else found

    def _counted(self, write: Any) -> Any:
        async def writing(*arguments: Any, **more: Any) -> Any:
            life = self._life
            life.left -= 1
            if life.left != 0:
                return await write(*arguments, **more)
            if life.after:
                await write(*arguments, **more)
            life.end()
            raise Killed

        return writing


async def report(scene: Scene) -> None:
    """A value for each minute, when it is over."""
    for minute in range(ENDS_AT):
        load = {GOES_UP_AT: 99.0, GOES_DOWN_AT: 1.0}.get(minute, 50.0)
        now = scene.clock.now()
        sample = Sample(series=LOAD, at=now, unit="", sum=sum_of([(load, 1.0)]))
        await scene.store.watches.add_samples([sample])
        await scene.clock.sleep(60)


async def alarm(scene: Scene, name: str, comparison: str, limits: tuple[float, str]) -> None:
    wish = {
        "name": name,
        "series": LOAD,
        "statistic": "Average",
        "period": 60,
        "comparison": comparison,
        "threshold": limits[0],
        "alarm_actions": (limits[1],),
    }
    await put_watch(scene.store.watches, scene.clock.now(), PROJECT, wish)


async def follow(scene: Scene, life: Doomed) -> list[int]:
    """How many members there are after each minute."""
    async with scene.worker():
        stack_id = await scene.create(TEMPLATE)
        assert (await scene.settle(stack_id)).status is Status.COMPLETE
    up, down = (resource_arn(PROJECT, "stack", stack_id, each) for each in ("up", "down"))
    await alarm(scene, "busy", "GreaterThanThreshold", (80.0, up))
    await alarm(scene, "idle", "LessThanThreshold", (20.0, down))
    seconds = 60 - scene.clock.now().timestamp() % 60
    await scene.clock.sleep(seconds + timedelta(seconds=1).total_seconds())
    sizes: list[int] = []
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(report(scene))
        async with scene.worker(life=life):
            while not life.over and len(sizes) < ENDS_AT:
                await scene.clock.sleep(60)
                sizes.append(len(scene.world.things))
        async with scene.worker():
            while len(sizes) < ENDS_AT:
                await scene.clock.sleep(60)
                sizes.append(len(scene.world.things))
            await scene.clock.sleep(60)
    stack = await scene.stack(stack_id)
    assert stack.status is Status.COMPLETE, stack.status_reason
    return sizes


def test_a_group_grows_and_shrinks_with_its_load() -> None:
    async def scenario(scene: Scene) -> None:
        life = Doomed(10**6, after=False)
        sizes = await follow(scene, life)
        assert (sizes[0], max(sizes), sizes[-1]) == (1, 2, 1)
        assert scene.world.made == 2
        assert 10**6 - life.left > 175

    play(scenario, types=TYPES)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 176))
def test_whenever_the_worker_dies_the_group_has_the_members_it_should(
    at: int, *, after: bool
) -> None:
    async def scenario(scene: Scene) -> None:
        life = Doomed(at, after=after)
        sizes = await follow(scene, life)
        assert life.over
        assert (max(sizes), sizes[-1], scene.world.made) == (2, 1, 2)
        told = [each.kind for each in await scene.store.watches.history(PROJECT)]
        assert told.count("Action") == 2

    play(scenario, types=TYPES)
