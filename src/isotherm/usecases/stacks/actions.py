"""Stack actions: check, suspend, resume, and the two ways to cancel an update."""

from __future__ import annotations

from isotherm.core.errors import ActionInProgress, NotSupported
from isotherm.core.states import Action, Status
from isotherm.engine.recording.stack_moves import returning
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Stack, replace
from isotherm.usecases.access import live_stack
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.operations import Begun, begun, start_over

_CHECK = "check"
_CANCEL = "cancel_update"
_STOP = "cancel_without_rollback"
_REST = {"suspend": Operation.SUSPEND, "resume": Operation.RESUME}
ACTIONS = (_CHECK, _CANCEL, _STOP, *_REST)


async def run_action(
    services: Services, caller: Caller, name: str, stack_id: str, action: str
) -> Stack:
    """Start ``action`` (one of ACTIONS); raises RequestError."""
    if action not in ACTIONS:
        raise BadRequest(f"Invalid action {action} specified")
    services.policy.require(f"actions:{action}", caller)
    stack = await live_stack(services, caller, name, stack_id)
    if action == _CANCEL:
        return await _cancel(services, caller, stack)
    if action == _STOP:
        return await _stop(services, caller, stack)
    if action in _REST:
        return await _visit(services, caller, stack, _REST[action])
    return await _check(services, caller, stack)


async def _check(services: Services, caller: Caller, stack: Stack) -> Stack:
    """Compare every resource with what the cloud says of it."""

    async def decide(present: Stack) -> Begun:
        if present.action is Action.DELETE:
            raise NotSupported("Checking a stack when it is deleting")
        if present.status is Status.IN_PROGRESS:
            raise ActionInProgress(present.name, present.action)
        return begun(services, present, Operation.CHECK, number=present.traversal + 1)

    return await start_over(services, caller, stack, decide)


async def _visit(services: Services, caller: Caller, stack: Stack, operation: Operation) -> Stack:
    """Suspend or resume all resources; nothing is to be done where that is so already."""

    async def decide(present: Stack) -> Begun | None:
        if present.status is Status.IN_PROGRESS:
            raise ActionInProgress(present.name, present.action)
        if (present.action, present.status) == (operation.value, Status.COMPLETE):
            return None
        return begun(services, present, operation, number=present.traversal + 1)

    return await start_over(services, caller, stack, decide)


async def _cancel(services: Services, caller: Caller, stack: Stack) -> Stack:
    """Return to the last source that was completed."""

    async def decide(present: Stack) -> Begun:
        _require_cancellable(present, Action.UPDATE)
        if present.previous_source_id is None:
            raise NotSupported("Cancelling the update of a stack that was never complete")
        back = returning(present)
        started, traversal = begun(services, back, Operation.ROLLBACK, number=present.traversal + 1)
        return started, replace(traversal, cause="Update cancelled by the user")

    return await start_over(services, caller, stack, decide)


async def _stop(services: Services, caller: Caller, stack: Stack) -> Stack:
    """Begin nothing more, in nested stacks neither; the stack has failed when what is under
    way has come to its end."""

    async def decide(present: Stack) -> Begun:
        _require_cancellable(present, Action.UPDATE, Action.CREATE)
        return begun(services, present, Operation.STOP, number=present.traversal + 1)

    return await start_over(services, caller, stack, decide)


def _require_cancellable(stack: Stack, *actions: Action) -> None:
    if stack.status is not Status.IN_PROGRESS or stack.action not in actions:
        raise NotSupported(f"Cancelling update when stack is {stack.action}_{stack.status}")
