"""Finds the stack a request names, if the caller may see it."""

from __future__ import annotations

from isotherm.core.errors import EntityNotFound
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Stack
from isotherm.usecases.services import Services


async def find_stack(services: Services, caller: Caller, name_or_id: str) -> Stack:
    """A live stack by name or id, or a deleted one by id; raises EntityNotFound."""
    stack = await services.store.find_stack(caller.project_id, name_or_id)
    if stack is None:
        raise EntityNotFound("Stack", name_or_id)
    return stack


async def stack_of(services: Services, caller: Caller, name: str, stack_id: str) -> Stack:
    """The stack of this name and id, deleted ones included; raises EntityNotFound.

    Stacks of other projects are not found, so that nobody learns that they exist.
    """
    stack = await services.store.stack(stack_id)
    if stack is None or stack.name != name or not _owns(caller, stack):
        raise EntityNotFound("Stack", name)
    return stack


async def live_stack(services: Services, caller: Caller, name: str, stack_id: str) -> Stack:
    """Like ``stack_of``, but deleted stacks are not found either."""
    stack = await stack_of(services, caller, name, stack_id)
    if stack.deleted_at is not None:
        raise EntityNotFound("Stack", name)
    return stack


def _owns(caller: Caller, stack: Stack) -> bool:
    return caller.project_id in (stack.project_id, stack.stack_user_project_id)
