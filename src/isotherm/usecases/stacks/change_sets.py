"""Change sets: updates, or stacks, that somebody looks at before they are begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import EntityNotFound, RequestError
from isotherm.core.ids import ProjectId, StackId, new_id
from isotherm.core.values import Secret, reveal
from isotherm.ports.attachments import Attachment
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source, Stack
from isotherm.ports.records import replace as replaced
from isotherm.template import StackDefinition
from isotherm.usecases.refusals import BadRequest, ChangeSetExists
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest, make_source
from isotherm.usecases.stacks.change_set_records import (
    KIND,
    ChangeSet,
    kept_changes,
    read_change_set,
)
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.importing import Imported, as_imports, parts_of_import
from isotherm.usecases.stacks.naming import require_name
from isotherm.usecases.stacks.reviews import begin_review, end_review, find_review, reviews
from isotherm.usecases.stacks.show import shown_parameters
from isotherm.usecases.stacks.update import update_stack
from isotherm.usecases.stacks.update_plan import ResourceChange, foresee_creation, foresee_update
from isotherm.usecases.stacks.update_request import UpdateRequest, desired_source
from isotherm.usecases.validation import require_valid

MOST = 200
"""Change sets of a project at a time."""
NOTHING = (
    "The submitted information didn't contain changes. "
    "Submit different information to create a change set."
)


class InvalidChangeSet(RequestError):
    """It cannot be executed: it failed, was executed, or the stack has moved on since."""


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
    capabilities: tuple[str, ...] = ()
    """What the caller says to know of the template."""
    nested: bool = False
    """With change sets of the stacks below."""


async def create_change_set(
    services: Services, caller: Caller, request: ChangeSetRequest
) -> ChangeSet:
    """Work out what would change, and keep it. A template that is wrong, or changes nothing,
    makes a change set that has failed. Raises RequestError, InvalidImport."""
    kept = await services.store.attachments.of_project(caller.project_id, KIND)
    if len(kept) >= MOST:
        raise BadRequest(f"The project has {MOST} change sets: delete some first.")
    stack_name, stack_id = await _for_stack(services, caller, request)
    for each in kept:
        if (each.stack_id, each.name) == (stack_id, request.name):
            await _require_over(services, each)
    content: dict[str, Any] = {
        "new": request.create is not None,
        "stack_name": stack_name,
        "description": request.description,
        "tags": list(request.tags),
        "capabilities": list(request.capabilities),
        "nested": request.nested,
        "traversal": request.stack.traversal if request.stack else 0,
        "imports": parts_of_import(services, request.imports),
        "execution": "UNAVAILABLE",
        "status": "FAILED",
        "changes": [],
    }
    try:
        source, definition, changes = await _worked_out(services, caller, request)
    except InvalidDocument as problem:
        content["reason"] = "\n".join(str(each) for each in problem.diagnostics)
    else:
        content["parameters"] = shown_parameters(definition)
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
    if request.create is not None:
        await begin_review(services, caller.project_id, (stack_name, stack_id))
    return read_change_set(attachment)


async def find_change_set(
    services: Services, caller: Caller, name_or_id: str, stack: str | None
) -> ChangeSet:
    """By its id, or by its name and the name or id of the stack. Raises EntityNotFound."""
    for each in reversed(await services.store.attachments.of_project(caller.project_id, KIND)):
        found = await _present(services, each)
        for one in (found, *found.all_below()):
            if one.id == name_or_id or (
                one.name == name_or_id and stack in (one.stack_id, one.stack_name)
            ):
                return one
    raise EntityNotFound("ChangeSet", name_or_id)


async def list_change_sets(services: Services, caller: Caller, stack: str) -> list[ChangeSet]:
    """Those of a stack, by its name or id."""
    kept = await services.store.attachments.of_project(caller.project_id, KIND)
    found = [await _present(services, each) for each in kept]
    all_of_them = (one for each in found for one in (each, *each.all_below()))
    return [each for each in all_of_them if stack in (each.stack_id, each.stack_name)]


async def remove_change_set(services: Services, found: ChangeSet) -> None:
    """With those below it. Raises InvalidChangeSet for one of these."""
    _require_root(found, "deleted")
    await services.store.attachments.remove(found.id)


async def execute_change_set(
    services: Services, caller: Caller, found: ChangeSet, *, disable_rollback: bool | None = None
) -> Stack:
    """Begin what it proposes; the other change sets of the stack go. ``disable_rollback`` is said
    instead of what was said before. Raises RequestError."""
    _require_root(found, "executed")
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
        await end_review(services, caller.project_id, stack.id)
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


def _require_root(found: ChangeSet, wanted: str) -> None:
    if found.parent is not None:
        raise InvalidChangeSet(
            f"ChangeSet [{found.name}] belongs to [{found.root.name}], with which it is {wanted}."
        )


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


async def _for_stack(
    services: Services, caller: Caller, request: ChangeSetRequest
) -> tuple[str, str]:
    """Name and id of the stack that it is about, which may be still to come."""
    if request.stack is not None:
        return request.stack.name, request.stack.id
    assert request.create is not None
    name = require_name(request.create.name)
    review = await find_review(services, caller.project_id, name)
    if review is None and len(await reviews(services, caller.project_id)) >= MOST:
        raise BadRequest(f"The project has {MOST} stacks under review: delete some first.")
    return name, review.stack_id if review else new_id()


async def _worked_out(
    services: Services, caller: Caller, request: ChangeSetRequest
) -> tuple[Source, StackDefinition, tuple[ResourceChange, ...]]:
    if request.stack is not None and request.update is not None:
        source = await desired_source(services, caller, request.stack, request.update)
        identity = request.stack.name, request.stack.id
        return source, *await foresee_update(services, caller, identity, request.update)
    assert request.create is not None
    name = str(request.create.name)
    source = await make_source(services, caller, request.create.source)
    pseudo = await services.definer.pseudo_parameters(
        StackId("None"), name, ProjectId(caller.project_id)
    )
    examined = await require_valid(services, caller, source, pseudo)
    return source, examined.definition, await foresee_creation(services, name, examined)


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
        "changes": kept_changes(changes, deep=request.nested),
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
        "capabilities": update.capabilities,
    }
    return {name: each for name, each in given.items() if each is not msgspec.UNSET}


async def _require_over(services: Services, attachment: Attachment) -> None:
    """Only what can still be executed needs its name. Clients name change sets by the second, and
    a deployment may take less. Raises ChangeSetExists."""
    if (await _present(services, attachment)).execution == "AVAILABLE":
        raise ChangeSetExists(attachment.name)


async def _present(services: Services, attachment: Attachment) -> ChangeSet:
    """As it is now: what the stack has overtaken is worth nothing any more."""
    found = read_change_set(attachment)
    if found.execution != "AVAILABLE":
        return found
    stack = await services.store.stack(attachment.stack_id)
    moved = stack is not None and stack.traversal != attachment.content["traversal"]
    if moved:
        obsolete = {**attachment.content, "execution": "OBSOLETE"}
        return read_change_set(replaced(attachment, content=obsolete))
    return found
