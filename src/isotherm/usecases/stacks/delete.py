"""Delete a stack."""

from __future__ import annotations

from isotherm.core.states import Action, Status
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Stack
from isotherm.usecases.access import live_stack
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.exports import require_kept_exports
from isotherm.usecases.stacks.operations import Begun, begun, start_over
from isotherm.usecases.stacks.protection import require_unprotected


async def delete_stack(services: Services, caller: Caller, name: str, stack_id: str) -> Stack:
    """Overtake whatever the stack is doing; asking again while it goes changes nothing.

    Raises EntityNotFound, ExportInUse where other stacks import values of this one, and
    StackProtected where somebody has said that it stays.
    """
    stack = await live_stack(services, caller, name, stack_id)
    await require_unprotected(services, stack)
    await require_kept_exports(services, stack, {})

    async def decide(present: Stack) -> Begun | None:
        going = present.action is Action.DELETE and present.status is Status.IN_PROGRESS
        if going or present.deleted_at is not None:
            return None
        return begun(services, present, Operation.DELETE, number=present.traversal + 1)

    return await start_over(services, caller, stack, decide)
