"""Resources, events and outputs of a stack."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.errors import EntityNotFound, NotFound, ResourceNotFound
from isotherm.core.states import Action, Status
from isotherm.core.values import Secret
from isotherm.ports.records import Stack, replace
from isotherm.usecases.events import EventListRequest, list_events, show_event
from isotherm.usecases.outputs import list_outputs, show_output
from isotherm.usecases.refusals import EventsNotFound
from isotherm.usecases.resources import (
    ResourceListRequest,
    list_resources,
    show_metadata,
    show_resource,
)
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.show import show_stack


async def create(desk: Desk, **template: Any) -> Stack:
    source = SourceRequest(template={**TEMPLATE, **template})
    return await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=source))


async def test_resources_that_were_not_begun_are_listed_as_such(desk: Desk) -> None:
    stack = await create(desk)
    found = await list_resources(desk.services, desk.caller, "web", stack.id, ResourceListRequest())
    assert [(each.name, each.action, each.status) for each in found] == [
        ("a", Action.INIT, Status.COMPLETE),
        ("w", Action.INIT, Status.COMPLETE),
    ]
    assert found[0].required_by == ["w"]
    shown = await show_resource(desk.services, desk.caller, ("web", stack.id), "a")
    assert shown.attributes == {"output": None}


async def test_resources_are_filtered_and_shown(desk: Desk) -> None:
    stack = await create(desk)
    await desk.settle(stack.id, *desk.rows(stack.id))
    request = ResourceListRequest(filters={"type": ["OS::Heat::Value"]})
    (found,) = await list_resources(desk.services, desk.caller, "web", stack.id, request)
    assert found.name == "w"
    identity = ("web", stack.id)
    shown = await show_resource(desk.services, desk.caller, identity, "a", with_attributes=["zz"])
    assert shown.attributes == {"output": "x", "zz": None}
    assert shown.physical_id == "physical-a"
    assert await show_metadata(desk.services, desk.caller, identity, "a") == {}
    with pytest.raises(ResourceNotFound):
        await show_resource(desk.services, desk.caller, identity, "zz")
    with pytest.raises(EntityNotFound):
        await show_resource(desk.services, desk.other, identity, "a")


async def test_a_resource_is_shown_as_the_cloud_tells_of_it(desk: Desk) -> None:
    stack = await create(desk)
    a, w = desk.rows(stack.id)
    told = {"name": "one", "secret": Secret("hush")}
    rows = (replace(a, attributes={"output": "x", "show": told}), w)
    await desk.settle(stack.id, *rows)
    identity = ("web", stack.id)
    shown = await show_resource(desk.services, desk.caller, identity, "a")
    assert shown.attributes == {"name": "one", "secret": "******"}
    asked = ["output", "zz"]
    shown = await show_resource(desk.services, desk.caller, identity, "a", with_attributes=asked)
    assert shown.attributes == {"name": "one", "secret": "******", "output": "x", "zz": None}


async def test_leftovers_are_not_shown(desk: Desk) -> None:
    stack = await create(desk)
    first, second = desk.rows(stack.id)
    leftover = replace(first, id="leftover", current=False, physical_id="old")
    await desk.settle(stack.id, leftover, first, second)
    found = await list_resources(desk.services, desk.caller, "web", stack.id, ResourceListRequest())
    assert [each.physical_id for each in found] == ["physical-a", ""]


async def test_outputs_are_evaluated_from_what_is_recorded(desk: Desk) -> None:
    stack = await create(desk)
    detail = await show_stack(desk.services, desk.caller, "web", stack.id)
    assert detail.outputs is not None
    assert [(each.key, each.value) for each in detail.outputs] == [
        ("o", None),
        ("hidden", "hush"),
    ]
    await desk.settle(stack.id, *desk.rows(stack.id, output="seen"))
    shown = await show_output(desk.services, desk.caller, "web", stack.id, "o")
    assert (shown.value, shown.error, shown.description) == ("seen", None, "an output")
    listed = await list_outputs(desk.services, desk.caller, "web", stack.id)
    assert [each.value for each in listed] == [None, None]
    with pytest.raises(NotFound):
        await show_output(desk.services, desk.caller, "web", stack.id, "zz")


async def test_an_output_that_cannot_be_evaluated_says_why(desk: Desk) -> None:
    outputs = {"bad": {"value": {"list_join": [",", {"get_attr": ["w", "value"]}]}}}
    stack = await create(desk, outputs=outputs)
    await desk.settle(stack.id, *desk.rows(stack.id, output=[1, 2]))
    detail = await show_stack(desk.services, desk.caller, "web", stack.id)
    assert detail.outputs is not None
    (bad,) = detail.outputs
    assert bad.value is None
    assert bad.error is not None
    assert "outputs.bad.value" in bad.error


async def test_secrets_that_pass_through_a_resource_are_shown_in_outputs_only(desk: Desk) -> None:
    stack = await create(desk)
    await desk.settle(stack.id, *desk.rows(stack.id, output=Secret("hush")))
    shown = await show_output(desk.services, desk.caller, "web", stack.id, "o")
    assert shown.value == "hush"
    identity = ("web", stack.id)
    resource = await show_resource(
        desk.services, desk.caller, identity, "a", with_attributes=["output"]
    )
    assert resource.attributes == {"output": "******"}


async def test_events_come_newest_first_and_page_by_marker(desk: Desk) -> None:
    stack = await create(desk)
    desk.clock.advance(1)
    await desk.settle(stack.id, *desk.rows(stack.id))
    row = desk.rows(stack.id)[0]
    await desk.tell(stack.id, desk.event(row))

    async def listed(**fields: Any) -> list[str]:
        request = EventListRequest(**fields)
        found = await list_events(desk.services, desk.caller, "web", stack.id, request)
        return [f"{e.event.resource_name} {e.event.action}_{e.event.status}" for e in found]

    everything = await listed()
    assert everything[-1] == "web CREATE_IN_PROGRESS"
    assert await listed(descending=False) == everything[::-1]
    assert await listed(resource="a") == ["a CREATE_COMPLETE"]
    assert await listed(filters={"resource_status": ["IN_PROGRESS"]}, limit=1) == [
        "web CHECK_IN_PROGRESS"
    ]
    assert await listed(marker="nonsense") == everything
    request = EventListRequest(descending=False, limit=1)
    (first,) = await list_events(desk.services, desk.caller, "web", stack.id, request)
    assert await listed(descending=False, marker=first.event.id) == everything[::-1][1:]
    with pytest.raises(EventsNotFound):
        await listed(resource="zz")


async def test_an_event_belongs_to_its_resource(desk: Desk) -> None:
    stack = await create(desk)
    request = EventListRequest()
    (only,) = await list_events(desk.services, desk.caller, "web", stack.id, request)
    identity = ("web", stack.id)
    shown = await show_event(desk.services, desk.caller, identity, "web", only.event.id)
    assert shown.event == only.event
    with pytest.raises(EventsNotFound):
        await show_event(desk.services, desk.caller, identity, "a", only.event.id)
