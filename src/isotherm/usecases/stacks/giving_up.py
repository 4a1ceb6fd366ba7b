"""Give a stack up: its records go, its objects stay where they are."""

from __future__ import annotations

from isotherm.core.errors import NotSupported
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Stack
from isotherm.usecases.access import live_stack
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.contents import Contents, contents_of_stack
from isotherm.usecases.stacks.exports import require_kept_exports
from isotherm.usecases.stacks.operations import Begun, begun, start_over


async def export_stack(services: Services, caller: Caller, name: str, stack_id: str) -> Contents:
    """All that is needed to adopt the stack elsewhere. Raises RequestError."""
    stack = await _allowed(services, caller, name, stack_id)
    return await contents_of_stack(services, stack)


async def abandon_stack(services: Services, caller: Caller, name: str, stack_id: str) -> Contents:
    """The same, and the stack goes without its objects. Raises RequestError."""
    stack = await _allowed(services, caller, name, stack_id)
    await require_kept_exports(services, stack, {})
    contents = await contents_of_stack(services, stack)

    async def decide(present: Stack) -> Begun | None:
        if present.deleted_at is not None:
            return None
        number = present.traversal + 1
        return begun(services, present, Operation.DELETE, number=number, abandons=True)

    await start_over(services, caller, stack, decide)
    return contents


async def _allowed(services: Services, caller: Caller, name: str, stack_id: str) -> Stack:
    stack = await live_stack(services, caller, name, stack_id)
    if not services.settings.enable_stack_abandon:
        raise NotSupported("Stack Abandon")
    return stack
