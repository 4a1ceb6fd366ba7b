"""Release a stack from an operation that hangs."""

from __future__ import annotations

from isotherm.core.errors import NotSupported
from isotherm.engine.recording.starting import Begun, Starter, begin
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Stack, replace
from isotherm.usecases.access import live_stack
from isotherm.usecases.services import Services


async def release_stack(services: Services, caller: Caller, name: str, stack_id: str) -> None:
    """End what the stack and those below it are at, without waiting for the cloud: what is
    under way counts as failed.

    Raises EntityNotFound, and NotSupported where nothing is under way.
    """
    stack = await live_stack(services, caller, name, stack_id)

    async def decide(present: Stack) -> Begun:
        going = await services.store.traversal(present.id)
        if going is None or going.finished:
            raise NotSupported("Releasing a stack that is at nothing")
        begun, traversal = begin(
            present,
            Operation.RELEASE,
            number=present.traversal + 1,
            now=services.clock.now(),
            deadline=None,
        )
        return begun, replace(traversal, cause=f"released by {caller.username}")

    # The cloud is not asked for access: it may be what the stack hangs in.
    await Starter(services.store, services.bus, services.clock).start_over(stack, decide)
