"""Marks on resources: who may put them when, and what is posted."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.errors import ActionInProgress, ResourceNotFound
from isotherm.core.states import Action, Status
from isotherm.ports.records import Stack, replace
from isotherm.usecases.resources import MarkRequest, mark_resource
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack

BROKEN, SOUND = MarkRequest(unhealthy=True, reason="no ping"), MarkRequest(unhealthy=False)


async def create(desk: Desk) -> Stack:
    request = CreateRequest(name="web", source=SourceRequest(template=TEMPLATE))
    return await create_stack(desk.services, desk.caller, request)


async def mark(desk: Desk, stack: Stack, request: MarkRequest, name: str = "a") -> list[Any]:
    """What lies in the inbox after ``name`` was marked."""
    await mark_resource(desk.services, desk.caller, ("web", stack.id), name, request)
    return [each.content for each in await desk.store.messages(stack.id)]


async def test_a_mark_is_posted_with_its_reason(desk: Desk) -> None:
    stack = await create(desk)
    await desk.settle(stack.id, *desk.rows(stack.id))
    assert await mark(desk, stack, BROKEN) == [{"unhealthy": True, "reason": "no ping"}]


async def test_a_resource_is_named_by_its_physical_id_too(desk: Desk) -> None:
    stack = await create(desk)
    first, second = desk.rows(stack.id)
    await desk.settle(stack.id, first, replace(second, physical_id="id-of-w"))
    await mark(desk, stack, BROKEN, "id-of-w")
    (message,) = await desk.store.messages(stack.id)
    assert message.resource_id == second.id


async def test_a_mark_that_tells_nothing_new_is_not_posted(desk: Desk) -> None:
    stack = await create(desk)
    going, other = desk.rows(stack.id)
    await desk.settle(stack.id, replace(going, action=Action.DELETE, status=Status.FAILED), other)
    assert await mark(desk, stack, BROKEN) == [], "what goes is not replaced"
    assert await mark(desk, stack, SOUND, "w") == [], "it was not said to be broken"


async def test_what_is_being_worked_on_is_not_marked(desk: Desk) -> None:
    stack = await create(desk)
    begun, other = desk.rows(stack.id)
    begun = replace(begun, status=Status.IN_PROGRESS)
    await desk.settle(stack.id, begun, other, status=Status.IN_PROGRESS)
    with pytest.raises(ActionInProgress):
        await mark(desk, stack, BROKEN)
    assert len(await mark(desk, stack, BROKEN, "w")) == 1, "while the rest of the stack may be"


async def test_there_must_be_something_to_mark(desk: Desk) -> None:
    stack = await create(desk)
    with pytest.raises(ResourceNotFound):
        await mark(desk, stack, BROKEN)
