"""Leave in the cloud what a stack has failed to delete."""

from __future__ import annotations

from collections.abc import Sequence

from isotherm.core.errors import NotSupported
from isotherm.core.states import Action, Status
from isotherm.ports.cloud import Caller
from isotherm.usecases.access import live_stack
from isotherm.usecases.services import Services
from isotherm.usecases.unsticking import RemedyRequest, unstick_resource


async def leave_behind(
    services: Services, caller: Caller, identity: tuple[str, str], names: Sequence[str]
) -> None:
    """Have resources that could not be deleted stay in the cloud when their stack is deleted next.

    Raises EntityNotFound, ResourceNotFound, and NotSupported unless deleting has failed.
    """
    stack = await live_stack(services, caller, *identity)
    if (stack.action, stack.status) != (Action.DELETE, Status.FAILED):
        state = f"{stack.action}_{stack.status}"
        raise NotSupported(f"Leaving resources behind when a stack is {state}")
    for name in names:
        await unstick_resource(services, caller, identity, name, RemedyRequest("skip"))
