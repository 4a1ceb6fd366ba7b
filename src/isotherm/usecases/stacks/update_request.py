"""What an update asks for, and what the stack shall be made of after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from isotherm.core.errors import NotSupported
from isotherm.core.states import Action
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source, Stack
from isotherm.usecases.definitions import source_of
from isotherm.usecases.services import Services
from isotherm.usecases.sources import (
    SourceRequest,
    make_source,
    patched_source,
    without_parameters,
)
from isotherm.usecases.stacks.notifications import notifying


class UpdateRequest(Struct, frozen=True, kw_only=True):
    """``existing``: what is not mentioned stays as it is."""

    source: SourceRequest
    existing: bool = False
    clear_parameters: tuple[str, ...] = ()
    disable_rollback: bool | UnsetType = UNSET
    timeout_mins: int | UnsetType | None = UNSET
    tags: Any = UNSET
    capabilities: tuple[str, ...] | UnsetType = UNSET
    converge: bool = False
    """Look at every object first, and repair what somebody has changed."""
    notified: Sequence[str] | UnsetType = UNSET
    """Addresses that are told of events from now on, where that is said apart."""
    policy: str | None = None
    """The policy of the stack for this update alone."""
    imports: Mapping[str, Any] = {}
    """Objects that new resources are, as the data of an adoption has them."""


async def desired_source(
    services: Services, caller: Caller, stack: Stack, request: UpdateRequest
) -> Source:
    """What the stack shall be made of after the update."""
    source = await _desired(services, caller, stack, request)
    return source if request.notified is UNSET else notifying(source, request.notified)


async def _desired(
    services: Services, caller: Caller, stack: Stack, request: UpdateRequest
) -> Source:
    if not request.existing:
        return await make_source(services, caller, request.source)
    present = without_parameters(await source_of(services, stack), request.clear_parameters)
    return await patched_source(services, caller, present, request.source)


def require_updatable(stack: Stack) -> None:
    """Raises NotSupported for stacks that are suspended or on their way out."""
    if stack.action is Action.DELETE:
        raise NotSupported("Updating a stack when it is deleting")
    if stack.action is Action.SUSPEND:
        raise NotSupported("Updating a stack when it is suspended")
