"""Change sets: updates, or stacks, that somebody looks at before they are begun."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from isotherm.core.arns import stack_arn
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import EntityNotFound, RequestError
from isotherm.core.ids import ProjectId, StackId, new_id
from isotherm.core.values import Secret, reveal
from isotherm.ports.attachments import Attachment
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source, Stack
from isotherm.ports.records import replace as replaced
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest, make_source
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.importing import Imported, as_imports, parts_of_import
from isotherm.usecases.stacks.notifications import notified_by
from isotherm.usecases.stacks.update import update_stack
from isotherm.usecases.stacks.update_plan import PropertyChange, ResourceChange, plan_update
from isotherm.usecases.stacks.update_request import UpdateRequest, desired_source
from isotherm.usecases.validation import require_valid

KIND = "change-set"
MOST = 200
"""Change sets of a project at a time."""
NOTHING = (
    "The submitted information didn't contain changes. "
    "Submit different information to create a change set."
)


class InvalidChangeSet(RequestError):
    """It cannot be executed: it failed, was executed, or the stack has moved on since."""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """``new``: the stack comes with it. ``execution`` is UNAVAILABLE, AVAILABLE, OBSOLETE or
    EXECUTE_COMPLETE. Values of ``parameters`` are as they may be shown."""

    attachment: Attachment
    new: bool
    stack_name: str
    status: str
    reason: str
    execution: str
    description: str
    changes: tuple[ResourceChange, ...]
    tags: tuple[str, ...]

    @property
    def imports(self) -> bool:
        return bool(self.attachment.content.get("imports"))

    @property
    def notified(self) -> list[str]:
        """The addresses that will be told of events."""
        source = reveal(self.attachment.content.get("source")) or {}
        return notified_by(source.get("environment") or {})

    @property
    def template(self) -> Any:
        """None of one that has failed."""
        return (reveal(self.attachment.content.get("source")) or {}).get("template")

    @property
    def id(self) -> str:
        return self.attachment.id

    @property
    def name(self) -> str:
        return self.attachment.name

    @property
    def stack_arn(self) -> str:
        each = self.attachment
        return stack_arn(each.project_id, self.stack_name, each.stack_id)


@dataclass(frozen=True, slots=True)
class ChangeSetRequest:
    """``update`` is what to do to the ``stack``; ``create`` is the stack to be made instead."""

    name: str
    description: str = ""
    stack: Stack | None = None
    update: UpdateRequest | None = None
    create: CreateRequest | None = None
    tags: tuple[str, ...] = ()
    imports: tuple[Imported, ...] = ()
    """Objects that are taken over; then nothing else may change."""


async def create_change_set(
    services: Services, caller: Caller, request: ChangeSetRequest
) -> ChangeSet:
    """Work out what would change, and keep it. A template that is wrong, or changes nothing,
    makes a change set that has failed. Raises RequestError, InvalidImport."""
    kept = await services.store.attachments.of_project(caller.project_id, KIND)
    if len(kept) >= MOST:
        raise BadRequest(f"The project has {MOST} change sets: delete some first.")
    stack_id = request.stack.id if request.stack else _coming(kept, request) or new_id()
    if any((each.stack_id, each.name) == (stack_id, request.name) for each in kept):
        raise BadRequest(f"ChangeSet {request.name} exists already")
    content: dict[str, Any] = {
        "new": request.create is not None,
        "stack_name": request.stack.name
        if request.stack
        else str(request.create and request.create.name),
        "description": request.description,
        "tags": list(request.tags),
        "traversal": request.stack.traversal if request.stack else 0,
        "imports": parts_of_import(services, request.imports),
        "execution": "UNAVAILABLE",
        "status": "FAILED",
        "changes": [],
    }
    try:
        source, changes = await _worked_out(services, caller, request)
    except InvalidDocument as problem:
        content["reason"] = "\n".join(str(each) for each in problem.diagnostics)
    else:
        if request.imports:
            changes = as_imports(changes, content["imports"], services.registry)
        content |= await _proposed(services, request, source, changes)
    attachment = Attachment(
        id=new_id(),
        project_id=caller.project_id,
        stack_id=stack_id,
        kind=KIND,
        name=request.name,
        at=services.clock.now(),
        content=content,
    )
    await services.store.attachments.put(attachment)
    return _read(attachment)


async def find_change_set(
    services: Services, caller: Caller, name_or_id: str, stack: str | None
) -> ChangeSet:
    """By its id, or by its name and the name or id of the stack. Raises EntityNotFound."""
    for each in reversed(await services.store.attachments.of_project(caller.project_id, KIND)):
        if each.id == name_or_id:
            return await _present(services, each)
        if each.name == name_or_id and stack in (each.stack_id, each.content["stack_name"]):
            return await _present(services, each)
    raise EntityNotFound("ChangeSet", name_or_id)


async def list_change_sets(services: Services, caller: Caller, stack: str) -> list[ChangeSet]:
    """Those of a stack, by its name or id."""
    kept = await services.store.attachments.of_project(caller.project_id, KIND)
    own = [each for each in kept if stack in (each.stack_id, each.content["stack_name"])]
    return [await _present(services, each) for each in own]


async def remove_change_set(services: Services, found: ChangeSet) -> None:
    await services.store.attachments.remove(found.id)


async def execute_change_set(
    services: Services, caller: Caller, found: ChangeSet, *, disable_rollback: bool | None = None
) -> Stack:
    """Begin what it proposes; the other change sets of the stack go. ``disable_rollback`` is said
    instead of what was said before. Raises RequestError."""
    if found.execution != "AVAILABLE":
        raise InvalidChangeSet(
            f"ChangeSet [{found.name}] cannot be executed in its current status: "
            f"{found.status}, {found.execution}"
        )
    content = found.attachment.content
    given = reveal(content["source"])
    source = SourceRequest(
        template=given["template"], environment=given["environment"], files=given["files"]
    )
    imports = content.get("imports") or {}
    said = {} if disable_rollback is None else {"disable_rollback": disable_rollback}
    if found.new:
        request = msgspec.convert(content["create"], CreateRequest)
        adopted = {**given, "resources": imports} if imports else None
        request = replaced(request, source=source, adopted=adopted, **said)
        stack = await create_stack(services, caller, request, stack_id=found.attachment.stack_id)
    else:
        settings = {**content["update"], **said}
        update = UpdateRequest(source=source, imports=imports, **settings)
        stack = await update_stack(
            services, caller, found.stack_name, found.attachment.stack_id, update
        )
    for each in await services.store.attachments.of_project(caller.project_id, KIND):
        if each.stack_id == stack.id and each.id != found.id:
            await services.store.attachments.remove(each.id)
    done = replaced(found.attachment, content={**content, "execution": "EXECUTE_COMPLETE"})
    await services.store.attachments.put(done)
    return stack


async def was_import(services: Services, stack: Stack) -> bool:
    """Whether what is rolled back of the stack, or was at last, is an import."""
    kept = await services.store.attachments.of_project(stack.project_id, KIND)
    return any(
        each.stack_id == stack.id
        and each.content["execution"] == "EXECUTE_COMPLETE"
        and each.content.get("imports")
        and each.content["traversal"] + 2 == stack.traversal
        for each in kept
    )


async def _worked_out(
    services: Services, caller: Caller, request: ChangeSetRequest
) -> tuple[Source, tuple[ResourceChange, ...]]:
    if request.stack is not None and request.update is not None:
        source = await desired_source(services, caller, request.stack, request.update)
        identity = request.stack.name, request.stack.id
        return source, await plan_update(services, caller, identity, request.update)
    assert request.create is not None
    source = await make_source(services, caller, request.create.source)
    pseudo = await services.definer.pseudo_parameters(
        StackId("None"), str(request.create.name), ProjectId(caller.project_id)
    )
    examined = await require_valid(services, caller, source, pseudo)
    resources = examined.definition.resources.values()
    return source, tuple(
        ResourceChange(each.name, each.declared_type, "create", None, "") for each in resources
    )


async def _proposed(
    services: Services,
    request: ChangeSetRequest,
    source: Source,
    changes: Sequence[ResourceChange],
) -> dict[str, Any]:
    """What is kept of a proposal that can be executed, or of one that changes nothing."""
    if request.stack is not None:
        present = await services.store.source(request.stack.source_id)
        if not changes and present == source:
            return {"reason": NOTHING}
    # Parameters may be secret, and nobody needs to read the rest before it is executed.
    sealed = Secret(msgspec.to_builtins(source))
    proposed: dict[str, Any] = {
        "status": "CREATE_COMPLETE",
        "execution": "AVAILABLE",
        "source": sealed,
        "changes": json.loads(msgspec.json.encode([_kept(each) for each in changes])),
    }
    if request.create is not None:
        settings = replaced(request.create, source=SourceRequest())
        proposed["create"] = msgspec.to_builtins(settings)
    elif request.update is not None:
        proposed["update"] = _settings(request.update)
    return proposed


def _settings(update: UpdateRequest) -> dict[str, Any]:
    given = {
        "disable_rollback": update.disable_rollback,
        "timeout_mins": update.timeout_mins,
        "tags": update.tags,
    }
    return {name: each for name, each in given.items() if each is not msgspec.UNSET}


def _kept(change: ResourceChange) -> dict[str, Any]:
    return {
        "name": change.name,
        "type": change.type,
        "change": change.change,
        "physical_id": change.physical_id,
        "reason": change.reason,
        "properties": [
            [each.name, each.before, each.after, each.known_after] for each in change.properties
        ],
    }


def _read(attachment: Attachment) -> ChangeSet:
    content = attachment.content
    return ChangeSet(
        attachment=attachment,
        new=content["new"],
        stack_name=content["stack_name"],
        status=content["status"],
        reason=content.get("reason", ""),
        execution=content["execution"],
        description=content["description"],
        changes=tuple(map(_change, content["changes"])),
        tags=tuple(content["tags"]),
    )


def _change(kept: Mapping[str, Any]) -> ResourceChange:
    properties = tuple(PropertyChange(*each) for each in kept["properties"])
    return ResourceChange(**{**kept, "properties": properties})


async def _present(services: Services, attachment: Attachment) -> ChangeSet:
    """As it is now: what the stack has overtaken is worth nothing any more."""
    found = _read(attachment)
    if found.execution != "AVAILABLE":
        return found
    stack = await services.store.stack(attachment.stack_id)
    moved = stack is not None and stack.traversal != attachment.content["traversal"]
    if moved:
        obsolete = {**attachment.content, "execution": "OBSOLETE"}
        return _read(replaced(attachment, content=obsolete))
    return found


def _coming(kept: Sequence[Attachment], request: ChangeSetRequest) -> str | None:
    """The id that another change set has given to the same stack, which is still to come."""
    for each in kept:
        if each.content["new"] and each.content["stack_name"] == str(
            request.create and request.create.name
        ):
            return each.stack_id
    return None
