"""What is kept in memory does not grow with what has been done."""

from __future__ import annotations

import gc
from typing import Any

from tests.desk import Desk

from isotherm.ports.records import Stack
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    PseudoParameters,
    StackDefinition,
    bind,
    load_template,
)
from isotherm.template.model import DeclaredResource
from isotherm.usecases.definitions import RecentDefinitions, definition_of
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack

BIG = 500
PSEUDO = PseudoParameters("id", "stack", "region", "project")


def values(count: int, name: str) -> dict[str, Any]:
    # So long that some of them are all that is kept of texts.
    value = {"type": "OS::Heat::Value", "properties": {"value": name * 300}}
    resources = {f"{name}_{n}": value for n in range(count)}
    return {"heat_template_version": "2021-04-16", "resources": resources}


def in_memory(kind: type) -> int:
    gc.collect()
    return sum(type(each) is kind for each in gc.get_objects())


async def test_big_stacks_are_not_remembered_one_and_all(desk: Desk) -> None:
    """Each of them is checked, planned, carried out, and asked about."""
    numbers: list[tuple[int, int]] = []
    for number in range(14):
        request = CreateRequest(
            name=f"s{number}", source=SourceRequest(template=values(BIG, chr(97 + number)))
        )
        stack: Stack | None = await create_stack(desk.services, desk.caller, request)
        assert stack is not None
        await definition_of(desk.services, await desk.settle(stack.id))
        await desk.delete(stack.id)
        del stack, request
        if number in (6, 13):
            numbers.append((in_memory(StackDefinition), in_memory(DeclaredResource)))
    after_seven, after_all = numbers
    assert after_all[0] <= after_seven[0] + 1
    assert after_all[1] <= after_seven[1] + BIG


def definition(parts: int) -> StackDefinition:
    template = load_template(values(parts, "v"))
    return bind(template, EMPTY_ENVIRONMENT, pseudo=PSEUDO, files={})


def test_the_definitions_used_last_are_remembered_as_long_as_they_are_small() -> None:
    recent = RecentDefinitions(parts=100)
    small, other, big = definition(30), definition(31), definition(200)
    recent.put(("a", "1"), small)
    recent.put(("b", "1"), other)
    recent.put(("b", "1"), definition(31))
    assert recent.get(("a", "1")) is small
    recent.put(("c", "1"), definition(32))
    assert recent.get(("b", "1")) is None
    assert recent.get(("a", "1")) is small
    recent.put(("d", "1"), big)
    assert recent.get(("a", "1")) is None
    assert recent.get(("d", "1")) is big
