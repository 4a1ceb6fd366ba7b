"""Finds the stack a request names, if the caller may see it: one of the own project, for an
administrator one of any (``context_is_admin`` in the policy says who is one)."""

from __future__ import annotations

from isotherm.core.errors import EntityNotFound, Forbidden
from isotherm.core.ids import ProjectId
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.context import Neighbour
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Stack
from isotherm.ports.store import StackQuery
from isotherm.template import PseudoParameters
from isotherm.usecases.services import Services

STACK_USER_ROLE = "heat_stack_user"
"""The role of users that act for a resource, such as the agent on a server."""


def acts_for_a_resource(caller: Caller) -> bool:
    """Whether the caller is no person, but a user that was made for a resource."""
    return STACK_USER_ROLE in caller.roles


def reach_of(services: Services, caller: Caller) -> str | None:
    """The project whose things the caller is shown; None for all projects."""
    return None if services.policy.is_administrator(caller) else caller.project_id


async def find_stack(services: Services, caller: Caller, name_or_id: str) -> Stack:
    """A live stack by name or id, or a deleted one by id; raises EntityNotFound.

    Names are those of the own project, for administrators too.
    """
    root = await _root_named_by(services, caller)
    project_id = caller.project_id if root is None else root.project_id
    stack = await services.store.find_stack(ProjectId(project_id), name_or_id)
    if stack is None:
        stack = await services.store.stack(name_or_id)
    if stack is None or not _may_reach(services, caller, stack):
        raise EntityNotFound("Stack", name_or_id)
    return stack


async def project_of_stacks(services: Services, caller: Caller) -> str:
    """The project that the caller's stacks are of. The users of a stack are in a project of
    their own, which is named after the root stack."""
    root = await _root_named_by(services, caller)
    if root is not None and await _is_home(services, root, caller.project_id):
        return root.project_id
    return caller.project_id


async def _root_named_by(services: Services, caller: Caller) -> Stack | None:
    """The stack after which the project of a stack's user is named; anybody may name one so."""
    if acts_for_a_resource(caller) and caller.project_name:
        return await services.store.stack(caller.project_name)
    return None


async def _is_home(services: Services, root: Stack, project_id: str) -> bool:
    """Whether users of the stack, or of one somewhere below it, are in the project."""
    if root.stack_user_project_id is not None:
        return root.stack_user_project_id == project_id
    filters = {"root_id": [root.id]}
    family = StackQuery(project_id=root.project_id, filters=filters, show_nested=True)
    return any(
        each.stack_user_project_id == project_id for each in await services.store.stacks(family)
    )


async def stack_of(services: Services, caller: Caller, name: str, stack_id: str) -> Stack:
    """The stack of this name and id, deleted ones included; raises EntityNotFound.

    Stacks of other projects are not found, so that nobody learns that they exist.
    """
    stack = await services.store.stack(stack_id)
    if stack is None or stack.name != name or not _may_reach(services, caller, stack):
        raise EntityNotFound("Stack", name)
    return stack


async def live_stack(services: Services, caller: Caller, name: str, stack_id: str) -> Stack:
    """Like ``stack_of``, but deleted stacks are not found either."""
    stack = await stack_of(services, caller, name, stack_id)
    if stack.deleted_at is not None:
        raise EntityNotFound("Stack", name)
    return stack


def require_not_a_stranger(caller: Caller, stack: Stack) -> None:
    """Raises Forbidden for a user that was made for resources of another stack: what its
    project allows it to do, it may do with its own stack only."""
    if acts_for_a_resource(caller) and caller.project_id != stack.stack_user_project_id:
        raise Forbidden("A user of another stack may not read this.")


async def require_reader(services: Services, caller: Caller, stack: Stack, resource: str) -> None:
    """Raises Forbidden for users that were made for resources of other stacks, or that policies
    of the stack keep from reading of this resource."""
    require_not_a_stranger(caller, stack)
    if not acts_for_a_resource(caller):
        return
    namesakes = await services.store.namesakes(caller.user_id)
    for row in [each for each in namesakes if each.current and each.stack_id == stack.id]:
        own = services.registry.get(row.type)
        siblings = await _neighbours(services, stack)
        if own is not None and not own.may_read(row.properties, resource, siblings):
            raise Forbidden("The policies of this user do not allow it.")


async def _neighbours(services: Services, stack: Stack) -> dict[str, Neighbour]:
    rows = current_rows(await services.store.resources(stack.id))
    return {
        name: Neighbour(name, row.type, row.present_metadata, row.properties)
        for name, row in rows.items()
    }


async def connect_for(services: Services, caller: Caller, pseudo: PseudoParameters) -> CloudApi:
    """The cloud as the project of a stack sees it: as the caller, and where an administrator acts
    on the stack of another project, as the stack itself. Raises RemoteError."""
    if caller.project_id != pseudo.project_id:
        stack = await services.store.stack(pseudo.stack_id)
        if stack is not None:
            return await services.cloud.connect(stack.credentials)
    return await services.cloud.connect_caller(caller)


def _may_reach(services: Services, caller: Caller, stack: Stack) -> bool:
    within = (stack.project_id, stack.stack_user_project_id)
    return caller.project_id in within or services.policy.is_administrator(caller)


async def stack_with(services: Services, caller: Caller, physical_id: str) -> Stack:
    """The stack that has a resource of this physical id.

    Raises EntityNotFound.
    """
    reach = reach_of(services, caller)
    for row in await services.store.namesakes(physical_id):
        stack = await services.store.stack(row.stack_id)
        if stack is not None and reach in (None, stack.project_id):
            return stack
    raise EntityNotFound("Stack", physical_id)
