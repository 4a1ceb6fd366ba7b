"""Types without an object elsewhere: one commit each for create and delete, unless they wait."""

from __future__ import annotations

from typing import Any

import yaml

from isotherm.core.states import Action, Status
from isotherm.kit.plugins import load_registry
from isotherm.kit.registry import Registry
from isotherm.testing.scene import Scene, play


def _template(**resources: dict[str, Any]) -> str:
    return yaml.safe_dump({"heat_template_version": "2021-04-16", "resources": resources})


def _with_all_types(scene: Scene) -> None:
    scene.types = Registry(dict(scene.types) | dict(load_registry()))


def test_a_delay_takes_its_time_when_it_is_deleted() -> None:
    async def scenario(scene: Scene) -> None:
        _with_all_types(scene)
        delay = {
            "type": "OS::Heat::Delay",
            "properties": {"min_wait": 30, "actions": ["DELETE"]},
        }
        async with scene.worker():
            stack_id = await scene.create(_template(a=delay))
            await scene.settle(stack_id)
            await scene.clock.sleep(1000)
            begun = scene.clock.monotonic()
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
        assert 30 <= scene.clock.monotonic() - begun < 40

    play(scenario)


def test_a_value_is_created_and_deleted_with_the_usual_events() -> None:
    async def scenario(scene: Scene) -> None:
        _with_all_types(scene)
        async with scene.worker():
            value = {"type": "OS::Heat::Value", "properties": {"value": 1}}
            stack_id = await scene.create(_template(a=value))
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert [line for line in await scene.history(stack_id) if line.startswith("a ")] == [
            "a CREATE_IN_PROGRESS",
            "a CREATE_COMPLETE",
            "a DELETE_IN_PROGRESS",
            "a DELETE_COMPLETE",
        ]
        assert not await scene.store.resources(stack_id)

    play(scenario)
