"""What an update would do with the resources of a stack, and with those of the stacks inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from isotherm.core.ids import ProjectId, StackId
from isotherm.core.states import Action
from isotherm.engine.heavy_work import is_heavy, worked_out
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind
from isotherm.planning.planner import make_plan
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource, Stack, replace
from isotherm.template import NestedStack, StackDefinition
from isotherm.usecases.access import live_stack
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.resources import ResourceDetail, describe_resources
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.update_request import UpdateRequest, desired_source
from isotherm.usecases.validation import require_valid

GROUPS: Mapping[str, frozenset[Kind]] = {
    "unchanged": frozenset({Kind.KEEP}),
    "updated": frozenset({Kind.UPDATE, Kind.UNDECIDED, Kind.FINISH, Kind.REVERT}),
    "replaced": frozenset({Kind.REPLACE}),
    "added": frozenset({Kind.CREATE}),
    "deleted": frozenset({Kind.DELETE}),
}
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


async def preview_update(
    services: Services,
    caller: Caller,
    identity: tuple[str, str],
    request: UpdateRequest,
    *,
    show_nested: bool = False,
) -> dict[str, list[ResourceDetail]]:
    """Resources by what an update would do with them (the keys of GROUPS), the stack's own
    first. Raises RequestError or InvalidDocument, as updating would."""
    stack = await live_stack(services, caller, *identity)
    source = await desired_source(services, caller, stack, request)
    pseudo = await services.definer.pseudo_parameters(
        StackId(stack.id), stack.name, ProjectId(stack.project_id)
    )
    before = await definition_of(services, stack)
    examined = await require_valid(services, caller, source, pseudo, previous=before)
    services = dataclasses.replace(services, registry=examined.types)
    changes = _Changes(services, heavy=is_heavy(examined.source), show_nested=show_nested)
    await changes.foresee(stack, examined.definition, examined.tree.children)
    return changes.groups


class _Changes:
    """Collects what becomes of the resources of a stack and of those below it."""

    def __init__(self, services: Services, *, heavy: bool, show_nested: bool) -> None:
        self._services, self._heavy, self._show_nested = services, heavy, show_nested
        self.groups: dict[str, list[ResourceDetail]] = {group: [] for group in GROUPS}

    async def foresee(
        self, stack: Stack, wanted: StackDefinition, children: Mapping[str, NestedStack]
    ) -> None:
        rows = await self._services.store.resources(stack.id)
        kinds = await self._kinds(stack, wanted, rows)
        shown = replace(stack, action=Action.UPDATE)
        for detail in describe_resources(self._services, shown, wanted, current_rows(rows)):
            if detail.name in kinds:
                self.groups[_GROUP_OF[kinds[detail.name]]].append(detail)
        if self._show_nested:
            below = await self._below(stack)
            for name, kind in kinds.items():
                await self._inside(stack, kind, children.get(name), below.get(name))

    async def _kinds(
        self, stack: Stack, wanted: StackDefinition, rows: Iterable[Resource]
    ) -> dict[str, Kind]:
        project_id, types = stack.project_id, self._services.registry
        desired = await worked_out(self._heavy, project_id, Desired.of, wanted, types)
        plan = await worked_out(self._heavy, project_id, make_plan, desired, list(rows))
        kinds = {step.name: step.kind for step in plan if step.kind in _GROUP_OF}
        # A step for every resource would say so; those without one stay as they are.
        return kinds | {name: Kind.KEEP for name in wanted.resources if name not in kinds}

    async def _inside(
        self, stack: Stack, kind: Kind, wanted: NestedStack | None, present: Stack | None
    ) -> None:
        group = _GROUP_OF[kind]
        if wanted and present and group in ("unchanged", "updated"):
            await self.foresee(present, wanted.definition, wanted.children)
            return
        if wanted and group != "deleted":
            self._add(stack, wanted)
        if present and group in ("replaced", "deleted"):
            await self._delete(present)

    def _add(self, stack: Stack, wanted: NestedStack) -> None:
        name = wanted.resource.name
        below = replace(stack, name=f"{stack.name}-{name}", parent_resource=name)
        self.groups["added"] += describe_resources(self._services, below, wanted.definition, {})
        for child in wanted.children.values():
            self._add(below, child)

    async def _delete(self, stack: Stack) -> None:
        rows = current_rows(await self._services.store.resources(stack.id))
        definition = await definition_of(self._services, stack)
        going = replace(stack, action=Action.DELETE)
        self.groups["deleted"] += describe_resources(self._services, going, definition, rows)
        for child in (await self._below(stack)).values():
            await self._delete(child)

    async def _below(self, stack: Stack) -> dict[str | None, Stack]:
        children = await self._services.store.children(stack.id)
        return {child.parent_resource: child for child in children}
