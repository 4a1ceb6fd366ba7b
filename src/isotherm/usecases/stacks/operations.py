"""Operations that requests start: how long they may take."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

from isotherm.core.errors import RemoteError
from isotherm.engine.recording.starting import Begun, Starter, begin
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Snapshot, Stack, replace
from isotherm.usecases.refusals import DelegationOver
from isotherm.usecases.services import Services

__all__ = ["Begun", "begun", "start", "start_over"]


def begun(
    services: Services,
    stack: Stack,
    operation: Operation,
    *,
    number: int,
    snapshot_id: str = "",
    abandons: bool = False,
    observes: bool = False,
) -> Begun:
    """``stack`` as it is when ``operation`` starts, and its traversal; for the others see
    ``Traversal``."""
    now = services.clock.now()
    deadline = now + _time_limit(services, stack)
    started, traversal = begin(stack, operation, number=number, now=now, deadline=deadline)
    return started, replace(
        traversal, snapshot_id=snapshot_id, abandons=abandons, observes=observes
    )


async def start(services: Services, stack: Stack, adopted: Snapshot | None = None) -> Stack:
    """Record a new stack, about to be created or to take over what is ``adopted``; raises
    NameTaken, NoRoom."""
    operation = Operation.CREATE if adopted is None else Operation.ADOPT
    snapshot_id = "" if adopted is None else adopted.id
    started, traversal = begun(services, stack, operation, number=1, snapshot_id=snapshot_id)
    most = services.settings.max_stacks_per_tenant
    await _starter(services).start(started, traversal, most=most, snapshot=adopted)
    return started


async def start_over(
    services: Services,
    caller: Caller,
    stack: Stack,
    decide: Callable[[Stack], Awaitable[Begun | None]],
    *,
    snapshot: Snapshot | None = None,
) -> Stack:
    """See ``Starter.start_over``. Where the delegation by which the service acts for the stack
    gives no access any more (its creator has left), the caller's takes its place.

    Raises DelegationOver where the caller is an administrator of another project.
    """
    if await services.cloud.gives_access(stack.credentials):
        return await _starter(services).start_over(stack, decide, snapshot=snapshot)
    if caller.project_id != stack.project_id:
        raise DelegationOver(stack.name, stack.project_id)
    renewed = await services.cloud.delegate(caller)
    obsolete = renewed

    async def decide_with_access(present: Stack) -> Begun | None:
        if (step := await decide(present)) is None:
            return None
        started, traversal = step
        return replace(started, credentials=renewed), traversal

    try:
        started = await _starter(services).start_over(stack, decide_with_access, snapshot=snapshot)
        if started.credentials == renewed:
            obsolete = stack.credentials
        return started
    finally:
        with contextlib.suppress(RemoteError):
            await services.cloud.revoke(obsolete)


def _starter(services: Services) -> Starter:
    return Starter(services.store, services.bus, services.clock)


def _time_limit(services: Services, stack: Stack) -> timedelta:
    if stack.timeout_mins:
        return timedelta(minutes=stack.timeout_mins)
    return timedelta(seconds=services.settings.stack_action_timeout)
