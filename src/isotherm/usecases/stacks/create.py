"""Create a stack."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from msgspec import Struct

from isotherm.core.errors import NotSupported, RemoteError, RequestLimitExceeded, StackExists
from isotherm.core.ids import ProjectId, StackId, new_id
from isotherm.core.states import Action, Status
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Snapshot, Source, Stack, replace
from isotherm.ports.store import NameTaken, NoRoom, StackQuery
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest, make_source
from isotherm.usecases.stacks.adoption import adopted_by, read_adoption, source_of_adoption
from isotherm.usecases.stacks.exports import require_free_exports, require_one_owner
from isotherm.usecases.stacks.naming import require_name, require_tags, require_timeout
from isotherm.usecases.stacks.operations import start
from isotherm.usecases.validation import require_valid


class CreateRequest(Struct, frozen=True, kw_only=True):
    name: Any
    source: SourceRequest
    disable_rollback: bool = True
    timeout_mins: int | None = None
    tags: Any = None
    capabilities: tuple[str, ...] = ()
    adopted: str | Mapping[str, Any] | None = None
    """Data of an export whose objects the stack takes over."""


async def create_stack(
    services: Services, caller: Caller, request: CreateRequest, *, stack_id: str = ""
) -> Stack:
    """Validate, record the stack and its first traversal, wake a worker. What it is given to
    adopt is taken over, not made. ``stack_id`` is one that was promised before.

    Raises RequestError, InvalidDocument, or RemoteError where the cloud cannot be asked.
    """
    stack = drafted(services, caller, request, stack_id or new_id())
    data = adopted_data(services, request)
    source = await requested_source(services, caller, request, data)
    await require_room(services, caller, stack.name)
    pseudo = await services.definer.pseudo_parameters(
        StackId(stack.id), stack.name, ProjectId(caller.project_id)
    )
    examined = await require_valid(services, caller, source, pseudo)
    await require_free_exports(services, stack, require_one_owner(examined.tree, stack.name))
    source_id = await services.store.put_source(examined.source)
    credentials = await services.cloud.delegate(caller)
    new = replace(
        stack,
        action=Action.INIT,
        source_id=source_id,
        credentials=credentials,
        lent=data is not None,
        tells=bool(examined.definition.environment.event_sinks),
    )
    return await _record(services, new, adopted_by(services, new, data) if data else None)


def adopted_data(services: Services, request: CreateRequest) -> Mapping[str, Any] | None:
    """The data by which the stack is to be adopted, if it is. Raises RequestError."""
    if request.adopted is None:
        return None
    data = read_adoption(request.adopted)
    if not services.settings.enable_stack_adopt:
        raise NotSupported("Stack Adopt")
    return data


async def requested_source(
    services: Services, caller: Caller, request: CreateRequest, data: Mapping[str, Any] | None
) -> Source:
    """What the stack is to be made of, or what it was that is adopted by ``data``.

    Raises RequestError or InvalidDocument.
    """
    wanted = request.source if data is None else source_of_adoption(data, request.source)
    return await make_source(services, caller, wanted)


def drafted(services: Services, caller: Caller, request: CreateRequest, stack_id: str) -> Stack:
    """The stack as a preview shows it; nothing is recorded of it.

    Raises BadRequest, StackValidationFailed.
    """
    return Stack(
        id=stack_id,
        name=require_name(request.name),
        project_id=caller.project_id,
        user_id=caller.user_id,
        username=caller.username,
        action=Action.CREATE,
        status=Status.COMPLETE,
        status_reason="",
        created_at=services.clock.now(),
        source_id="",
        traversal=0,
        credentials=None,
        disable_rollback=request.disable_rollback,
        timeout_mins=require_timeout(request.timeout_mins),
        tags=require_tags(request.tags),
        capabilities=request.capabilities,
    )


async def require_room(services: Services, caller: Caller, name: str) -> None:
    """Raises StackExists, and RequestLimitExceeded where the project has no room for more."""
    present = await services.store.find_stack(ProjectId(caller.project_id), name)
    if present is not None and present.name == name and present.parent_id is None:
        raise StackExists(name)
    query = StackQuery(project_id=caller.project_id)
    if 0 <= services.settings.max_stacks_per_tenant <= await services.store.count_stacks(query):
        raise _no_room(services)


def _no_room(services: Services) -> RequestLimitExceeded:
    return RequestLimitExceeded(
        "Request limit exceeded: the project has the maximum of "
        f"{services.settings.max_stacks_per_tenant} stacks. Delete some before creating more."
    )


async def _record(services: Services, stack: Stack, adopted: Snapshot | None) -> Stack:
    try:
        return await start(services, stack, adopted)
    except (NameTaken, NoRoom) as refusal:
        # What cannot be ended now is found later: no stack acts by it.
        with suppress(RemoteError):
            await services.cloud.revoke(stack.credentials)
        taken = isinstance(refusal, NameTaken)
        raise StackExists(stack.name) if taken else _no_room(services) from None
