"""Update a stack: wholly (PUT) or in part (PATCH)."""

from __future__ import annotations

from typing import TypeVar

from msgspec import UNSET, UnsetType

from isotherm.core.ids import ProjectId, StackId
from isotherm.engine.recording.stack_moves import last_settled
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Stack, replace
from isotherm.usecases.access import live_stack
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.adoption import imported_by
from isotherm.usecases.stacks.exports import (
    require_free_exports,
    require_kept_exports,
    require_one_owner,
)
from isotherm.usecases.stacks.naming import require_tags, require_timeout
from isotherm.usecases.stacks.operations import Begun, begun, start_over
from isotherm.usecases.stacks.protection import Affected, policy_of, require_allowed
from isotherm.usecases.stacks.sinks import with_sinks
from isotherm.usecases.stacks.update_plan import plan_update
from isotherm.usecases.stacks.update_request import (
    UpdateRequest,
    desired_source,
    require_updatable,
)
from isotherm.usecases.validation import require_valid

__all__ = ["UpdateRequest", "desired_source", "last_settled", "require_updatable", "update_stack"]

T = TypeVar("T")


async def update_stack(
    services: Services, caller: Caller, name: str, stack_id: str, request: UpdateRequest
) -> Stack:
    """Validate, then overtake whatever the stack is doing with an update.

    Raises RequestError or InvalidDocument.
    """
    stack = await live_stack(services, caller, name, stack_id)
    require_updatable(stack)
    source = await desired_source(services, caller, stack, request)
    pseudo = await services.definer.pseudo_parameters(
        StackId(stack.id), stack.name, ProjectId(stack.project_id)
    )
    before = await definition_of(services, stack)
    examined = await require_valid(services, caller, source, pseudo, previous=before)
    exports = require_one_owner(examined.tree, stack.name)
    await require_free_exports(services, stack, exports)
    await require_kept_exports(services, stack, exports)
    await _require_allowed(services, caller, stack, request)
    source_id = await services.store.put_source(examined.source)
    imported = imported_by(services, replace(stack, source_id=source_id), request.imports)

    async def decide(present: Stack) -> Begun:
        require_updatable(present)
        present = await with_sinks(services, present, examined.definition.environment)
        desired = replace(
            last_settled(present),
            source_id=source_id,
            disable_rollback=_or(request.disable_rollback, present.disable_rollback),
            timeout_mins=require_timeout(_or(request.timeout_mins, present.timeout_mins)),
            tags=_tags(request, present),
            capabilities=_or(request.capabilities, present.capabilities),
        )
        number = present.traversal + 1
        if imported is not None:
            lent, given = replace(desired, lent=True), imported.id
            return begun(services, lent, Operation.ADOPT, number=number, snapshot_id=given)
        observes = request.converge or services.settings.observe_on_update
        return begun(services, desired, Operation.UPDATE, number=number, observes=observes)

    return await start_over(services, caller, stack, decide, snapshot=imported)


async def _require_allowed(
    services: Services, caller: Caller, stack: Stack, request: UpdateRequest
) -> None:
    """Raises StackProtected where the stack has a policy that keeps resources as they are."""
    if (policy := request.policy or await policy_of(services, stack)) is not None:
        changes = await plan_update(services, caller, (stack.name, stack.id), request)
        require_allowed(policy, [Affected(each.name, each.type, each.change) for each in changes])


def _tags(request: UpdateRequest, present: Stack) -> tuple[str, ...]:
    if request.tags is UNSET:
        return present.tags if request.existing else ()
    return require_tags(request.tags)


def _or(given: T | UnsetType, present: T) -> T:
    return present if isinstance(given, UnsetType) else given
