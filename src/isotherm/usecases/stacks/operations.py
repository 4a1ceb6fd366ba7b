"""Starts traversals: the records of a new operation on a stack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from isotherm.core.errors import ActionInProgress
from isotherm.core.states import Action, Status
from isotherm.engine.ending import stack_event
from isotherm.ports.bus import EVENTS, TRAVERSALS
from isotherm.ports.records import Operation, Stack, Traversal, replace
from isotherm.usecases.services import Services

_TRIES = 5

Step = tuple[Stack, Traversal]


def begun(
    services: Services, stack: Stack, operation: Operation, *, number: int
) -> tuple[Stack, Traversal]:
    """``stack`` as it is when ``operation`` starts, and its traversal."""
    now = services.clock.now()
    action = Action(operation.value)
    started = replace(
        stack,
        action=action,
        status=Status.IN_PROGRESS,
        status_reason=f"Stack {action} started",
        traversal=number,
        updated_at=None if operation is Operation.CREATE else now,
    )
    traversal = Traversal(
        stack_id=stack.id,
        number=number,
        operation=operation,
        deadline=now + _time_limit(services, stack),
        started_at=now,
    )
    return started, traversal


async def start_over(
    services: Services, stack: Stack, decide: Callable[[Stack], Awaitable[Step | None]]
) -> Stack:
    """Give the stack a new traversal, as ``decide`` says for its present record.

    Where somebody else was faster, ``decide`` is asked again with the newer record.
    None from it means that there is nothing to do.
    """
    for _ in range(_TRIES):
        step = await decide(stack)
        if step is None:
            await services.bus.wake(TRAVERSALS, stack.id)
            return stack
        newer, traversal = step
        event = stack_event(newer, services.clock)
        if await services.store.supersede(newer, traversal, event, expected=stack):
            await services.bus.wake(TRAVERSALS, stack.id)
            await services.bus.wake(EVENTS, stack.id)
            return newer
        stack = await services.store.stack(stack.id) or stack
    raise ActionInProgress(stack.name, stack.action)


def _time_limit(services: Services, stack: Stack) -> timedelta:
    if stack.timeout_mins:
        return timedelta(minutes=stack.timeout_mins)
    return timedelta(seconds=services.settings.stack_action_timeout)
