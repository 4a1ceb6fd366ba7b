"""Orders for what is stuck: who may give which when, and what follows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.errors import (
    ActionInProgress,
    NotSupported,
    PhysicalResourceExists,
    RequestError,
    ResourceNotFound,
)
from isotherm.core.states import Action, Status
from isotherm.ports.records import Operation, Pause, Stack, replace
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.release import release_stack
from isotherm.usecases.unsticking import RemedyRequest, unstick_resource


async def create(desk: Desk) -> Stack:
    request = CreateRequest(name="web", source=SourceRequest(template=TEMPLATE))
    return await create_stack(desk.services, desk.caller, request)


async def created(desk: Desk, status: Status = Status.FAILED, **fields: Any) -> Stack:
    """A stack at rest, whose resource ``a`` is in the given state."""
    stack = await create(desk)
    first, second = desk.rows(stack.id)
    first = replace(first, status=status, **fields)
    return await desk.settle(stack.id, first, second, status=status)


async def order(desk: Desk, stack: Stack, verb: str, name: str = "a", thing: Any = None) -> Any:
    """What lies in the inbox then."""
    request = RemedyRequest(verb=verb, physical_id=thing)
    await unstick_resource(desk.services, desk.caller, ("web", stack.id), name, request)
    return [each.content for each in await desk.store.messages(stack.id)]


@pytest.mark.parametrize("verb", ["retry", "replace"])
async def test_what_has_failed_is_done_again_by_an_update(desk: Desk, verb: str) -> None:
    stack = await created(desk)
    assert await order(desk, stack, verb) == [{"verb": verb, "by": "demo", "physical_id": ""}]
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert (traversal.operation, traversal.number) == (Operation.UPDATE, 2)


async def test_a_deletion_that_failed_is_a_deletion_again(desk: Desk) -> None:
    stack = await create(desk)
    await desk.settle(stack.id, *desk.rows(stack.id))
    await delete_stack(desk.services, desk.caller, "web", stack.id)
    first, second = desk.rows(stack.id)
    going = replace(first, action=Action.DELETE, status=Status.FAILED)
    await desk.settle(stack.id, going, second, status=Status.FAILED)
    with pytest.raises(NotSupported):
        await order(desk, stack, "replace")
    await order(desk, stack, "retry")
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert traversal.operation is Operation.DELETE


@pytest.mark.parametrize(("verb", "thing"), [("skip", None), ("adopt", "mine"), ("forget", None)])
async def test_the_rest_changes_the_resource_alone(desk: Desk, verb: str, thing: Any) -> None:
    stack = await created(desk, type="OS::Cinder::Volume")
    (posted,) = await order(desk, stack, verb, thing=thing)
    assert (posted["verb"], posted["by"]) == (verb, "demo")
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert traversal.finished


async def test_while_the_stack_is_at_work_only_what_is_under_way_is_done_again(desk: Desk) -> None:
    stack = await create(desk)
    first, second = desk.rows(stack.id)
    going = replace(first, status=Status.IN_PROGRESS)
    await desk.settle(stack.id, going, replace(second, status=Status.FAILED))
    await run_action(desk.services, desk.caller, "web", stack.id, "check")
    assert len(await order(desk, stack, "retry")) == 1
    with pytest.raises(ActionInProgress):
        await order(desk, stack, "retry", "w")
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert traversal.operation is Operation.CHECK, "nothing is overtaken"


@pytest.mark.parametrize(
    ("verb", "name", "thing", "fields", "refusal"),
    [
        ("retry", "nothing", None, {}, ResourceNotFound),
        ("retry", "a", None, {"status": Status.COMPLETE}, NotSupported),
        ("skip", "a", None, {"status": Status.COMPLETE}, NotSupported),
        ("adopt", "a", None, {}, BadRequest),
        ("adopt", "a", "", {}, BadRequest),
        ("adopt", "a", 7, {}, BadRequest),
        ("adopt", "w", "mine", {}, NotSupported),
        ("adopt", "a", "mine", {"type": "OS::No::Such"}, NotSupported),
        ("skip", "a", None, {"pause": Pause(hook="pre-update", traversal=1)}, NotSupported),
        ("replace", "a", None, {"action": Action.DELETE}, NotSupported),
    ],
)
async def test_what_makes_no_sense_is_refused(
    desk: Desk, verb: str, name: str, thing: Any, fields: Any, refusal: type[RequestError]
) -> None:
    stack = await created(desk, **fields)
    with pytest.raises(refusal):
        await order(desk, stack, verb, name, thing)
    assert not await desk.store.messages(stack.id)


async def test_what_belongs_to_a_resource_is_not_adopted_by_another(desk: Desk) -> None:
    stack = await create(desk)
    first, second = desk.rows(stack.id)
    first = replace(first, type="OS::Cinder::Volume")
    other = replace(first, id="other", name="b", physical_id="theirs")
    await desk.settle(stack.id, replace(first, status=Status.FAILED), second, other)
    with pytest.raises(PhysicalResourceExists):
        await order(desk, stack, "adopt", thing="theirs")


async def test_a_stack_that_is_at_nothing_is_not_released(desk: Desk) -> None:
    stack = await create(desk)
    await release_stack(desk.services, desk.caller, "web", stack.id)
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert (traversal.operation, traversal.cause) == (Operation.RELEASE, "released by demo")
    await desk.settle(stack.id, status=Status.FAILED)
    with pytest.raises(NotSupported):
        await release_stack(desk.services, desk.caller, "web", stack.id)


async def test_what_lists_show_and_nothing_was_begun_of_is_not_called_unknown(desk: Desk) -> None:
    stack = await create(desk)
    _, second = desk.rows(stack.id)
    await desk.settle(stack.id, second, status=Status.FAILED)
    with pytest.raises(NotSupported, match="Adopt of a resource that was not begun yet is not"):
        await order(desk, stack, "adopt", "a", "mine")
    with pytest.raises(ResourceNotFound):
        await order(desk, stack, "adopt", "nothing", "mine")
