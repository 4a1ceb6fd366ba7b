"""AWS::CloudFormation::Stack: a stack inside the stack, its template fetched from an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import yaml
from tests.scenarios.templates import attribute, nested, thing

from isotherm.core.states import Status
from isotherm.core.values import Secret
from isotherm.ports.records import Operation
from isotherm.resources.orchestration.nested_stack import NestedStack
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault

URL = "https://templates.example/pair.yaml"
INNER = nested(
    {"a": thing(size={"get_param": "size"}, password={"get_param": "key"})},
    {"size": {"type": "number"}, "key": {"type": "string", "hidden": True, "default": "k"}},
    serial=attribute("a", "serial"),
)
FILES = {URL: INNER}


def outer(**properties: Any) -> str:
    parameters = properties.pop("Parameters", {"size": "2"})
    return yaml.safe_dump(
        {
            "heat_template_version": "2021-04-16",
            "resources": {
                "kid": {
                    "type": "AWS::CloudFormation::Stack",
                    "properties": {"TemplateURL": URL, "Parameters": parameters, **properties},
                },
                "last": thing(uses=attribute("kid", "Outputs.serial")),
            },
            "outputs": {"kid": {"value": {"get_resource": "kid"}}},
        }
    )


def act(scenario: Any) -> None:
    play(scenario, types=[NestedStack()])


async def kid_of(scene: Scene, stack_id: str) -> Any:
    return await scene.stack((await scene.rows(stack_id))["kid"].physical_id or "")


def test_it_is_a_part_of_the_stack() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            kid = await kid_of(scene, stack_id)
            assert (kid.parent_id, kid.parent_resource) == (stack_id, "kid")
            rows = await scene.rows(stack_id)
            assert rows["kid"].reference.startswith("arn:openstack:heat::project:stacks/stack-kid-")
            (a,) = scene.world.named("a")
            (last,) = scene.world.named("last")
            assert (a["size"], last["uses"]) == (2, a["serial"])
            await scene.update(stack_id, outer(Parameters={"size": "3"}), files=FILES)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert [each["size"] for each in scene.world.named("a")] == [3]
            for operation in (Operation.SUSPEND, Operation.RESUME, Operation.CHECK):
                await scene.start(stack_id, operation)
                assert (await scene.settle(stack_id)).status is Status.COMPLETE
                assert (await kid_of(scene, stack_id)).action.value == operation.value
            await scene.delete(stack_id)
            await scene.settle(stack_id)
            assert not scene.world.things

    act(scenario)


def test_a_time_limit_of_its_own_ends_it() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 100_000
        async with scene.worker():
            begun = scene.clock.now()
            stack_id = await scene.create(outer(TimeoutInMinutes=5), files=FILES)
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert timedelta(minutes=5) <= scene.clock.now() - begun < timedelta(minutes=6)

    act(scenario)


def test_failures_inside_are_told_with_their_path() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            scene.world.inject("create", Fault(status="ERROR", count=20))
            stack_id = await scene.create(outer(), files=FILES)
            stack = await scene.settle(stack_id)
            assert "resources.kid.resources.a" in stack.status_reason

    act(scenario)


def test_hidden_parameters_stay_hidden() -> None:
    async def scenario(scene: Scene) -> None:
        template = yaml.safe_load(outer(Parameters={"size": 1, "key": {"get_param": "word"}}))
        template["parameters"] = {"word": {"type": "string", "hidden": True}}
        environment = {"parameters": {"word": "hush-hush"}}
        async with scene.worker():
            stack_id = await scene.create(
                yaml.safe_dump(template), files=FILES, environment=environment
            )
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            source = await scene.store.source((await kid_of(scene, stack_id)).source_id)
            assert source.environment["parameters"]["key"] == Secret("hush-hush")
            assert scene.world.named("a")[0]["password"] == "hush-hush"

    act(scenario)
