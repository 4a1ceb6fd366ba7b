"""The plan of an update tells each change to the last property."""

from __future__ import annotations

from typing import Any

from tests.desk import Desk

from isotherm.core.values import transform
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.wants import want
from isotherm.ports.records import Resource, Stack
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.update import UpdateRequest
from isotherm.usecases.stacks.update_plan import PropertyChange, ResourceChange, plan_update

HOT = "heat_template_version: 2018-08-31\n"


VALUE = {"type": "OS::Heat::Value"}
VOLUME = {"type": "OS::Cinder::Volume", "properties": {"size": {"get_param": "p"}}}
TEMPLATE: dict[str, Any] = {
    "heat_template_version": "2018-08-31",
    "parameters": {
        "p": {"type": "number", "default": 1},
        "s": {"type": "string", "default": "hush", "hidden": True},
    },
    "resources": {
        "a": VOLUME,
        "w": {**VALUE, "properties": {"value": {"get_attr": ["a", "size"]}}},
    },
}


async def created(desk: Desk) -> Stack:
    """A stack whose resources are as the template asks."""
    request = CreateRequest(name="web", source=SourceRequest(template=TEMPLATE))
    stack = await create_stack(desk.services, desk.caller, request)
    definition = await desk.services.definer.define(stack)
    rows: list[Resource] = []
    for name, resource in definition.resources.items():
        wanted = want(definition, resource, AllUnknown(), desk.services.registry)
        rows.append(
            desk.row(
                stack.id,
                name,
                resource.type,
                physical_id=f"physical-{name}",
                reference=f"physical-{name}",
                properties=transform(wanted.properties, lambda _: 1),
                attributes={"size": 1, "value": 1},
                dependencies=tuple(row.id for row in rows),
            )
        )
    await desk.settle(stack.id, *rows)
    return stack


async def planned(
    desk: Desk, stack: Stack, template: Any, files: dict[str, str] | None = None, **parameters: Any
) -> tuple[ResourceChange, ...]:
    source = SourceRequest(template=template, parameters=parameters, files=files)
    return await plan_update(
        desk.services, desk.caller, (stack.name, stack.id), UpdateRequest(source=source)
    )


async def test_what_changes_nothing_has_an_empty_plan(desk: Desk) -> None:
    assert await planned(desk, await created(desk), TEMPLATE) == ()


async def test_old_and_new_values_and_what_is_known_later(desk: Desk) -> None:
    first, second = await planned(desk, await created(desk), TEMPLATE, p=2)
    assert (first.name, first.change, first.physical_id) == ("a", "update", "physical-a")
    assert first.properties == (PropertyChange("size", 1, 2),)
    assert (second.name, second.change) == ("w", "undecided")
    assert second.properties == (PropertyChange("value", 1, None, known_after="a"),)


async def test_what_is_made_replaced_and_removed(desk: Desk) -> None:
    volume = {**VOLUME, "properties": {"size": 1, "availability_zone": "nova"}}
    new = {**VALUE, "properties": {"value": 7}}
    template = {**TEMPLATE, "resources": {"a": volume, "n": new}}
    changes = {each.name: each for each in await planned(desk, await created(desk), template)}
    assert {name: each.change for name, each in changes.items()} == {
        "w": "delete",
        "a": "replace",
        "n": "create",
    }
    assert changes["a"].reason == "availability_zone cannot be changed in place"
    assert changes["a"].properties == (PropertyChange("availability_zone", None, "nova"),)
    assert PropertyChange("value", None, 7) in changes["n"].properties


async def test_secrets_are_not_shown(desk: Desk) -> None:
    new = {**VALUE, "properties": {"value": {"get_param": "s"}}}
    template = {**TEMPLATE, "resources": {**TEMPLATE["resources"], "n": new}}
    [change] = await planned(desk, await created(desk), template, s="deep-hush")
    assert change.properties == (PropertyChange("value", None, "******"),)


async def test_a_new_stack_inside_tells_what_is_made_in_it(desk: Desk) -> None:
    inner = f"{HOT}resources: {{v: {{type: OS::Heat::Value, properties: {{value: 7}}}}}}\n"
    template = {**TEMPLATE, "resources": {**TEMPLATE["resources"], "in": {"type": "inner.yaml"}}}
    [change] = await planned(desk, await created(desk), template, {"inner.yaml": inner})
    assert (change.name, change.change) == ("in", "create")
    assert [(each.name, each.change) for each in change.inside] == [("v", "create")]
    assert change.inside[0].properties == (PropertyChange("value", None, 7),)
