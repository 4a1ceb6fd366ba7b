"""Roll back a stack that has failed, when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from isotherm.core.errors import ActionInProgress, NotSupported
from isotherm.core.states import Action, Status
from isotherm.engine.recording.stack_moves import returning
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Stack, replace
from isotherm.usecases.access import live_stack
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.operations import Begun, begun, start_over
from isotherm.usecases.unsticking import RemedyRequest, unstick_resource

_ASKED = "Rolled back by the user"


async def roll_back(
    services: Services, caller: Caller, identity: tuple[str, str], *after: Action
) -> Stack:
    """Return to the last source that was completed, or to nothing; ``after`` are the actions
    that must have failed. Raises NotSupported, ActionInProgress."""
    stack = await live_stack(services, caller, *identity)

    async def decide(present: Stack) -> Begun:
        if present.status is Status.IN_PROGRESS:
            raise ActionInProgress(present.name, present.action)
        if present.status is not Status.FAILED or present.action not in after:
            state = f"{present.action}_{present.status}"
            raise NotSupported(f"Rolling back a stack that is {state}")
        back, number = returning(present), present.traversal + 1
        started, traversal = begun(services, back, Operation.ROLLBACK, number=number)
        return started, replace(traversal, cause=_ASKED)

    return await start_over(services, caller, stack, decide)


async def continue_rollback(
    services: Services, caller: Caller, identity: tuple[str, str], skipped: Sequence[str]
) -> Stack:
    """Roll back once more what failed to; ``skipped`` resources are taken for done first.

    Raises NotSupported, ActionInProgress, ResourceNotFound.
    """
    stack = await live_stack(services, caller, *identity)
    if (stack.action, stack.status) != (Action.ROLLBACK, Status.FAILED):
        raise NotSupported(
            f"Going on with a roll-back of a stack that is {stack.action}_{stack.status}"
        )
    for name in skipped:
        await unstick_resource(services, caller, identity, name, RemedyRequest("skip"))
    return await roll_back(services, caller, identity, Action.ROLLBACK)
