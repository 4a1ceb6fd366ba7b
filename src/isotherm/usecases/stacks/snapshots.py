"""Snapshots of a stack: what it is made of, with copies of what is in the cloud."""

from __future__ import annotations

from isotherm.core.errors import ActionInProgress, NotFound, NotSupported, RequestLimitExceeded
from isotherm.core.ids import ProjectId, StackId, new_id
from isotherm.core.states import Action, Status
from isotherm.engine.recording.discards import discard_message
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.parts import parts_of
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Operation, Snapshot, Stack, replace
from isotherm.template import Environment
from isotherm.usecases.access import live_stack
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.contents import Contents, contents_of_snapshot
from isotherm.usecases.stacks.exports import (
    require_free_exports,
    require_kept_exports,
    require_one_owner,
)
from isotherm.usecases.stacks.operations import Begun, begun, start_over
from isotherm.usecases.stacks.sinks import with_sinks
from isotherm.usecases.stacks.update import last_settled
from isotherm.usecases.validation import require_valid

Shown = tuple[Snapshot, Contents]


async def take_snapshot(
    services: Services, caller: Caller, name: str, stack_id: str, label: object
) -> Shown:
    """Begin to take one; ``label`` is what users call it. Raises RequestError."""
    if label is not None and not isinstance(label, str):
        raise BadRequest("'name' must be text.")
    stack = await live_stack(services, caller, name, stack_id)
    await _require_room(services, stack)
    snapshot = Snapshot(
        id=new_id(),
        stack_id=stack.id,
        name=label,
        created_at=services.clock.now(),
        source_id=stack.source_id,
        tags=stack.tags,
        resources=await parts_of(services.store, stack.id),
    )

    async def decide(present: Stack) -> Begun:
        if present.status is Status.IN_PROGRESS:
            raise ActionInProgress(present.name, present.action)
        if present.source_id != snapshot.source_id:
            # Somebody has changed it since it was looked at.
            raise ActionInProgress(present.name, Action.UPDATE)
        number = present.traversal + 1
        return begun(services, present, Operation.SNAPSHOT, number=number, snapshot_id=snapshot.id)

    await start_over(services, caller, stack, decide, snapshot=snapshot)
    shown = replace(snapshot, resources={})
    return shown, await contents_of_snapshot(services, stack, shown)


async def list_snapshots(
    services: Services, caller: Caller, name: str, stack_id: str
) -> list[Shown]:
    """Oldest first; raises EntityNotFound."""
    stack = await live_stack(services, caller, name, stack_id)
    found = [each for each in await services.store.snapshots(stack.id) if each.listed]
    return [await _shown(services, stack, each) for each in found]


async def show_snapshot(
    services: Services, caller: Caller, name: str, stack_id: str, snapshot_id: str
) -> Shown:
    """Raises EntityNotFound, NotFound."""
    stack = await live_stack(services, caller, name, stack_id)
    return await _shown(services, stack, await _snapshot_of(services, stack, snapshot_id))


async def delete_snapshot(
    services: Services, caller: Caller, name: str, stack_id: str, snapshot_id: str
) -> None:
    """It goes, with its copies, as soon as its stack does nothing else. Raises RequestError."""
    stack = await live_stack(services, caller, name, stack_id)
    snapshot = await _snapshot_of(services, stack, snapshot_id)
    if snapshot.action is Action.CREATE and snapshot.status is Status.IN_PROGRESS:
        raise NotSupported("Deleting in-progress snapshot")
    message = discard_message(snapshot, services.clock.now())
    await post(services.store, services.bus, message)


async def restore_snapshot(
    services: Services, caller: Caller, name: str, stack_id: str, snapshot_id: str
) -> Stack:
    """Begin to bring the stack back to what it was. Raises RequestError, or InvalidDocument
    where that does not hold any more."""
    stack = await live_stack(services, caller, name, stack_id)
    snapshot = await _snapshot_of(services, stack, snapshot_id)
    if (snapshot.action, snapshot.status) != (Action.CREATE, Status.COMPLETE):
        raise NotSupported("Restoring incomplete snapshot")
    _require_restorable(stack)
    environment = await _require_holds(services, caller, stack, snapshot)

    async def decide(present: Stack) -> Begun:
        _require_restorable(present)
        present = await with_sinks(services, present, environment)
        desired = replace(last_settled(present), source_id=snapshot.source_id, tags=snapshot.tags)
        number = present.traversal + 1
        return begun(services, desired, Operation.RESTORE, number=number, snapshot_id=snapshot.id)

    return await start_over(services, caller, stack, decide)


async def _require_holds(
    services: Services, caller: Caller, stack: Stack, snapshot: Snapshot
) -> Environment:
    """The environment that it is restored with."""
    source = await services.store.source(snapshot.source_id)
    pseudo = await services.definer.pseudo_parameters(
        StackId(stack.id), stack.name, ProjectId(stack.project_id)
    )
    examined = await require_valid(services, caller, source, pseudo)
    exports = require_one_owner(examined.tree, stack.name)
    await require_free_exports(services, stack, exports)
    await require_kept_exports(services, stack, exports)
    return examined.definition.environment


def _require_restorable(stack: Stack) -> None:
    if stack.action is Action.DELETE:
        raise NotSupported("Restoring a stack when it is deleting")


async def _require_room(services: Services, stack: Stack) -> None:
    most = services.settings.max_snapshots_per_stack
    listed = [each for each in await services.store.snapshots(stack.id) if each.listed]
    if 0 <= most <= len(listed):
        raise RequestLimitExceeded(
            f"Request limit exceeded: the stack has the maximum of {most} snapshots. "
            "Delete some before taking more."
        )


async def _snapshot_of(services: Services, stack: Stack, snapshot_id: str) -> Snapshot:
    """Raises NotFound."""
    found = await services.store.snapshot(snapshot_id)
    if found is None or found.stack_id != stack.id or not found.listed:
        raise NotFound(f"Snapshot with id {snapshot_id} not found")
    return as_it_is(found, stack)


def as_it_is(snapshot: Snapshot, stack: Stack) -> Snapshot:
    """One that something newer has overtaken is not taken any more."""
    being_taken = snapshot.action is Action.CREATE and snapshot.status is Status.IN_PROGRESS
    if not being_taken or stack.traversal == snapshot.traversal:
        return snapshot
    reason = "Stack SNAPSHOT aborted: a newer action came first"
    return replace(snapshot, status=Status.FAILED, status_reason=reason)


async def _shown(services: Services, stack: Stack, snapshot: Snapshot) -> Shown:
    snapshot = as_it_is(snapshot, stack)
    return snapshot, await contents_of_snapshot(services, stack, snapshot)
