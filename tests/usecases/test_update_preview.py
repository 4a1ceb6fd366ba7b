"""Previews of updates: what becomes of each resource, in nested stacks, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.recording.starting import Starter, begin
from isotherm.ports.records import Operation, Source, Stack, replace
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.update import UpdateRequest
from isotherm.usecases.stacks.update_preview import preview_update

VERSION = {"heat_template_version": "2021-04-16"}
NONE = {"type": "OS::Heat::None"}
KID: dict[str, Any] = {
    **VERSION,
    "parameters": {"p": {"type": "string", "default": "x"}},
    "resources": {
        "t": {"type": "OS::Heat::TestResource", "properties": {"value": {"get_param": "p"}}},
        "n": NONE,
    },
}


def source(resources: Mapping[str, Any]) -> SourceRequest:
    template = {**VERSION, "resources": resources}
    return SourceRequest(template=template, files={"kid.yaml": json.dumps(KID)})


def kid(**properties: Any) -> dict[str, Any]:
    return {"type": "kid.yaml", "properties": properties}


@pytest.fixture
async def outer(desk: Desk) -> Stack:
    """A stack of a nested one, as an engine would have made them."""
    request = CreateRequest(name="web", source=source({"k": kid(), "z": NONE}))
    stack = await create_stack(desk.services, desk.caller, request)
    child = replace(
        stack,
        id=new_id(),
        name="web-k",
        parent_id=stack.id,
        parent_resource="k",
        source_id=await desk.store.put_source(Source(template=KID, environment={}, files={})),
        traversal=0,
        action=Action.INIT,
        status=Status.COMPLETE,
    )
    now, starter = desk.clock.now(), Starter(desk.store, desk.bus, desk.clock)
    await starter.start(*begin(child, Operation.CREATE, number=1, now=now, deadline=None))
    of_kid = (
        desk.row(child.id, "t", "OS::Heat::TestResource", properties=TEST_DEFAULTS),
        desk.row(child.id, "n", "OS::Heat::None"),
    )
    await desk.settle(child.id, *of_kid)
    of_outer = (
        desk.row(stack.id, "k", "kid.yaml", properties={"p": "x"}, physical_id=child.id),
        desk.row(stack.id, "z", "OS::Heat::None"),
    )
    return await desk.settle(stack.id, *of_outer)


TEST_DEFAULTS = {
    "value": "x",
    "fail": False,
    "update_replace": False,
    "wait_secs": 0,
    "attr_wait_secs": 0,
    "constraint_prop_secs": 0,
    "client_name": "",
    "entity_name": "",
}


async def previewed(
    desk: Desk, outer: Stack, resources: Mapping[str, Any], *, show_nested: bool
) -> dict[str, list[str]]:
    groups = await preview_update(
        desk.services,
        desk.caller,
        (outer.name, outer.id),
        UpdateRequest(source=source(resources)),
        show_nested=show_nested,
    )
    return {
        group: [
            f"{each.stack.parent_resource}/{each.name}" if each.stack.parent_resource else each.name
            for each in members
        ]
        for group, members in groups.items()
        if members
    }


@pytest.mark.parametrize(
    ("resources", "flat", "inside"),
    [
        (
            {"k": kid(p="y"), "z": NONE},
            {"updated": ["k"], "unchanged": ["z"]},
            {"updated": ["k/t"], "unchanged": ["k/n"]},
        ),
        (
            {"k": kid(p="x"), "z": NONE},
            {"updated": ["k"], "unchanged": ["z"]},
            {"unchanged": ["k/n", "k/t"]},
        ),
        (
            {"new": kid(), "z": NONE},
            {"added": ["new"], "deleted": ["k"], "unchanged": ["z"]},
            {"added": ["new/n", "new/t"], "deleted": ["k/n", "k/t"]},
        ),
        (
            {"k": NONE, "z": NONE},
            {"replaced": ["k"], "unchanged": ["z"]},
            {"deleted": ["k/n", "k/t"]},
        ),
    ],
)
async def test_nested_changes_are_shown_where_asked_for(
    desk: Desk,
    outer: Stack,
    resources: Mapping[str, Any],
    flat: dict[str, list[str]],
    inside: dict[str, list[str]],
) -> None:
    assert await previewed(desk, outer, resources, show_nested=False) == flat
    shown = await previewed(desk, outer, resources, show_nested=True)
    both = {group: [*flat.get(group, []), *inside.get(group, [])] for group in {**flat, **inside}}
    assert {group: sorted(each) for group, each in shown.items()} == {
        group: sorted(each) for group, each in both.items()
    }
