"""Free one resource that is stuck, at any depth, without surgery on the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.core.errors import (
    ActionInProgress,
    NotSupported,
    PhysicalResourceExists,
    RequestError,
    ResourceNotFound,
)
from isotherm.core.states import Action, Status
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.remedies import (
    OF_OBJECTS,
    RemedyVerb,
    can_adopt,
    refusal_of,
    remedy_message,
    row_to_remedy,
)
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Remedy, Resource, Stack
from isotherm.usecases.access import live_stack
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.operations import Begun, begun, start_over
from isotherm.usecases.stacks.update import require_updatable

_ANEW = frozenset({RemedyVerb.RETRY, RemedyVerb.REPLACE})

_AGAIN: Mapping[Action, Operation] = {
    Action.DELETE: Operation.DELETE,
    Action.CHECK: Operation.CHECK,
    Action.SUSPEND: Operation.SUSPEND,
    Action.RESUME: Operation.RESUME,
}
"""What does again what a stack has failed at; an update does where nothing is named."""


@dataclass(frozen=True, slots=True)
class RemedyRequest:
    """``physical_id`` names the object to adopt."""

    verb: str
    physical_id: Any = None


async def unstick_resource(
    services: Services,
    caller: Caller,
    stack_identity: tuple[str, str],
    name: str,
    request: RemedyRequest,
) -> None:
    """Order what is to be done with a resource; a step that works on it is interrupted for that.

    Raises EntityNotFound, ResourceNotFound, NotSupported, BadRequest, PhysicalResourceExists,
    and ActionInProgress where it has to wait until the whole tree of stacks does nothing.
    """
    stack, verb = await live_stack(services, caller, *stack_identity), RemedyVerb(request.verb)
    rows = await services.store.resources(stack.id, name)
    row = row_to_remedy(rows)
    if row is None:
        raise await _nothing_there(services, stack, name, verb)
    await _require_possible(services, stack, row, verb)
    adopts = verb is RemedyVerb.ADOPT
    physical_id = await _object_to_adopt(services, row, request) if adopts else ""
    going = row.status is Status.IN_PROGRESS and await _is_at_work(services, stack)
    again = verb in _ANEW and not going
    root = await services.store.stack(stack.root_id or stack.id) or stack
    if again:
        await _require_rest(services, root, verb)
    remedy = Remedy(verb=verb, by=caller.username, physical_id=physical_id)
    await post(services.store, services.bus, remedy_message(row, remedy, services.clock.now()))
    if again:
        await _begin_again(services, caller, root, verb)


async def _nothing_there(
    services: Services, stack: Stack, name: str, verb: RemedyVerb
) -> RequestError:
    """Lists show what the template asks for, though nothing of it was begun."""
    if name in (await definition_of(services, stack)).resources:
        return NotSupported(f"{verb.capitalize()} of a resource that was not begun yet")
    return ResourceNotFound(name, stack.name)


async def _require_possible(
    services: Services, stack: Stack, row: Resource, verb: RemedyVerb
) -> None:
    children = await services.store.children(stack.id) if verb in OF_OBJECTS else ()
    nests = any(child.id == row.physical_id for child in children)
    if why_not := refusal_of(row, verb, nests=nests):
        raise NotSupported(why_not)


async def _object_to_adopt(services: Services, row: Resource, request: RemedyRequest) -> str:
    given = request.physical_id
    if not isinstance(given, str) or not given:
        raise BadRequest("physical_resource_id must name the object to adopt")
    known = services.registry.get(row.type)
    if not can_adopt(row, known):
        raise NotSupported(f"Adopt for a resource of type {row.type} in {row.action}_{row.status}")
    if given != row.physical_id and await services.store.owners([given]):
        raise PhysicalResourceExists(f"{given} belongs to a resource already.")
    return given


async def _is_at_work(services: Services, stack: Stack) -> bool:
    traversal = await services.store.traversal(stack.id)
    return traversal is not None and not traversal.finished


async def _require_rest(services: Services, root: Stack, verb: RemedyVerb) -> None:
    if await _is_at_work(services, root):
        raise ActionInProgress(root.name, root.action)
    if _operation(root, verb) is Operation.UPDATE:
        require_updatable(root)


async def _begin_again(services: Services, caller: Caller, root: Stack, verb: RemedyVerb) -> None:
    """What the whole tree has failed at is done again, or it is brought to what it should be."""

    async def decide(present: Stack) -> Begun:
        await _require_rest(services, present, verb)
        operation = _operation(present, verb)
        return begun(services, present, operation, number=present.traversal + 1)

    await start_over(services, caller, root, decide)


def _operation(root: Stack, verb: RemedyVerb) -> Operation:
    if verb is RemedyVerb.REPLACE or root.status is not Status.FAILED:
        return Operation.UPDATE
    return _AGAIN.get(root.action, Operation.UPDATE)
