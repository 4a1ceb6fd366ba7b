"""Operations that requests start: how long they may take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from isotherm.engine.recording.starting import Begun, Starter, begin
from isotherm.ports.records import Operation, Stack
from isotherm.usecases.services import Services

__all__ = ["Begun", "begun", "start", "start_over"]


def begun(services: Services, stack: Stack, operation: Operation, *, number: int) -> Begun:
    """``stack`` as it is when ``operation`` starts, and its traversal."""
    now = services.clock.now()
    deadline = now + _time_limit(services, stack)
    return begin(stack, operation, number=number, now=now, deadline=deadline)


async def start(services: Services, stack: Stack) -> Stack:
    """Record a new stack, about to be created; raises NameTaken."""
    started, traversal = begun(services, stack, Operation.CREATE, number=1)
    await _starter(services).start(started, traversal)
    return started


async def start_over(
    services: Services, stack: Stack, decide: Callable[[Stack], Awaitable[Begun | None]]
) -> Stack:
    """See ``Starter.start_over``."""
    return await _starter(services).start_over(stack, decide)


def _starter(services: Services) -> Starter:
    return Starter(services.store, services.bus, services.clock)


def _time_limit(services: Services, stack: Stack) -> timedelta:
    if stack.timeout_mins:
        return timedelta(minutes=stack.timeout_mins)
    return timedelta(seconds=services.settings.stack_action_timeout)
