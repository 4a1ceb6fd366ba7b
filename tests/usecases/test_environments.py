"""What a stack keeps of the environments and parameters that requests bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.desk import Desk

from isotherm.engine.recording.stack_moves import stack_event
from isotherm.ports.records import Operation, Source, Stack, Traversal
from isotherm.ports.records import replace as replace_record
from isotherm.ports.store import EventQuery
from isotherm.template import load_environment, merge_environments
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.contents import contents_of_stack
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.show import show_environment, show_stack
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

TEMPLATE: dict[str, Any] = {
    "heat_template_version": "2021-04-16",
    "parameters": {
        "s": {"type": "string", "default": "d"},
        "l": {"type": "comma_delimited_list", "default": "d"},
    },
}

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def created(desk: Desk, name: str = "x", **said: Any) -> Stack:
    source = SourceRequest(template=TEMPLATE, **said)
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name=name, source=source))
    return await desk.settle(stack.id)


async def patched(desk: Desk, stack: Stack, **said: Any) -> None:
    request = UpdateRequest(source=SourceRequest(**said), existing=True)
    await update_stack(desk.services, desk.caller, stack.name, stack.id, request)
    await desk.settle(stack.id)


async def environment(desk: Desk, stack: Stack) -> Any:
    return await show_environment(desk.services, desk.caller, stack.name, stack.id)


async def value(desk: Desk, stack: Stack, parameter: str) -> str:
    shown = await show_stack(desk.services, desk.caller, stack.name, stack.id)
    return shown.parameters[parameter]


async def test_a_null_among_the_parameters_of_a_request_asks_for_the_default(desk: Desk) -> None:
    stack = await created(desk, environment={"parameters": {"s": "e"}}, parameters={"s": None})
    assert (await environment(desk, stack))["parameters"] == {"s": None}
    assert await value(desk, stack, "s") == "d"


async def test_a_null_in_an_update_in_part_asks_for_the_default(desk: Desk) -> None:
    stack = await created(desk, environment={"parameters": {"s": "e", "l": "a"}})
    await patched(desk, stack, parameters={"s": None})
    assert (await value(desk, stack, "s"), await value(desk, stack, "l")) == ("d", "a")


async def test_a_new_template_in_an_update_in_part_drops_parameters(desk: Desk) -> None:
    stack = await created(desk, environment={"parameters": {"s": "e", "l": "a"}})
    smaller = {**TEMPLATE, "parameters": {"l": TEMPLATE["parameters"]["l"]}}
    await patched(desk, stack, template=smaller)
    assert (await environment(desk, stack))["parameters"] == {"l": "a"}


async def test_an_update_in_part_overwrites_whatever_strategy_its_files_name(desk: Desk) -> None:
    stack = await created(desk, environment={"parameters": {"l": "a"}})
    files = {
        f"{each}.yaml": {"parameters": {"l": each}, "parameter_merge_strategies": {"l": "merge"}}
        for each in "bc"
    }
    await patched(desk, stack, files=files, environment_files=("b.yaml", "c.yaml"))
    assert await value(desk, stack, "l") == "b,c"


async def test_an_update_in_part_can_take_a_mapping_away(desk: Desk) -> None:
    mapped = {"A": "OS::Heat::None", "B": "OS::Heat::None", "C": "OS::Heat::None"}
    stack = await created(desk, environment={"resource_registry": mapped})
    await patched(desk, stack, environment={"resource_registry": {"A": None, "B": ""}})
    kept = (await environment(desk, stack))["resource_registry"]
    assert kept == {"B": "", "C": "OS::Heat::None", "resources": {}}


async def test_a_stack_tells_its_sinks_of_what_comes_and_not_of_what_was(desk: Desk) -> None:
    sinks = {"event_sinks": [{"type": "zaqar-queue", "target": "q"}]}
    stack = await created(desk)
    assert not stack.tells
    await patched(desk, stack, environment=sinks)
    told = await desk.store.stack(stack.id)
    assert told is not None
    assert told.tells
    before = [each.id for each in await desk.store.events(EventQuery(stack_ids=[stack.id]))]
    assert told.told == before[1], "the last event before the update"
    assert (await created(desk, environment=sinks, name="other")).tells


async def test_a_nested_stack_does_not_show_what_the_operator_says(desk: Desk) -> None:
    """It was handed down with the environment of the stack above; what a user says stays, also
    where the operator says the same."""
    aliases = {"OS::Old*": "OS::Neutron*", "OS::Both": "OS::Heat::None"}
    operators = load_environment(
        {"resource_registry": aliases, "parameter_defaults": {"s": "operator", "l": "a"}}
    )
    services = replace(desk.services, environment=operators)
    given = {
        "resource_registry": {"OS::Both": "OS::Heat::None", "OS::Mine": "OS::Heat::None"},
        "parameter_defaults": {"l": "b"},
    }
    root = await created(desk, environment=given)
    inside = merge_environments([load_environment(given)], base=operators)
    source = Source(template=TEMPLATE, environment=inside.as_data(), files={})
    nested = replace_record(
        root,
        id="nested",
        name="x-kid",
        parent_id=root.id,
        parent_resource="kid",
        root_id=root.id,
        source_id=await desk.store.put_source(source),
    )
    first = Traversal(
        stack_id="nested", number=nested.traversal, operation=Operation.CREATE, started_at=NOW
    )
    await desk.store.create_stack(nested, first, stack_event(nested, desk.clock))
    shown = await show_environment(services, desk.caller, nested.name, nested.id)
    assert shown["resource_registry"] == {**given["resource_registry"], "resources": {}}
    assert shown["parameter_defaults"] == {"l": "b"}
    exported = await contents_of_stack(services, nested)
    assert exported.environment["resource_registry"] == shown["resource_registry"]
