"""What an update would do, to the last property: the plan that it would begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from isotherm.core.ids import ProjectId, StackId
from isotherm.core.values import (
    REDACTED,
    Secret,
    Unknown,
    Value,
    first_unknown,
    redact,
    transform,
)
from isotherm.engine.heavy_work import is_heavy, worked_out
from isotherm.kit.registry import Registry
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind, Plan, Step
from isotherm.planning.planner import PlannedScope, make_plan
from isotherm.planning.replacement import current_rows
from isotherm.planning.wants import want
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource, Stack
from isotherm.template import NestedStack, StackDefinition, Tree
from isotherm.usecases.access import live_stack
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.show import shown_parameters
from isotherm.usecases.stacks.update_request import (
    UpdateRequest,
    desired_source,
    require_updatable,
)
from isotherm.usecases.validation import Examination, require_valid

_CHANGES: Mapping[Kind, str] = {
    Kind.CREATE: "create",
    Kind.FINISH: "update",
    Kind.UPDATE: "update",
    Kind.REVERT: "update",
    Kind.UNDECIDED: "undecided",
    Kind.REPLACE: "replace",
    Kind.DELETE: "delete",
}


KNOWN_LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""Stands for what is not known yet, as clients of AWS know it."""


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """``before`` and ``after`` as they may be shown; ``known_after`` names the resource that
    must be dealt with before the new value is known."""

    name: str
    before: Value
    after: Value
    known_after: str = ""


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """``change`` is create, update, undecided (nothing, update or replace, known later), replace
    or delete; ``inside`` is what happens in the stack that the resource is, whose name and id
    (empty where it is still to come) are ``stack``, and which is given ``parameters``. ``before``
    and ``after`` are all properties as they may be shown, with KNOWN_LATER among them."""

    name: str
    type: str
    change: str
    physical_id: str | None
    reason: str
    properties: tuple[PropertyChange, ...] = ()
    inside: tuple[ResourceChange, ...] = ()
    stack: tuple[str, str] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Value] | None = None
    after: Mapping[str, Value] | None = None


async def plan_update(
    services: Services, caller: Caller, identity: tuple[str, str], request: UpdateRequest
) -> tuple[ResourceChange, ...]:
    """The resources that would change, in an order in which that can happen; none where the
    update would change nothing. Raises RequestError or InvalidDocument, as updating would."""
    _, changes = await foresee_update(services, caller, identity, request)
    return changes


async def foresee_update(
    services: Services, caller: Caller, identity: tuple[str, str], request: UpdateRequest
) -> tuple[StackDefinition, tuple[ResourceChange, ...]]:
    """The same, with what the stack would be."""
    stack = await live_stack(services, caller, *identity)
    require_updatable(stack)
    source = await desired_source(services, caller, stack, request)
    pseudo = await services.definer.pseudo_parameters(
        StackId(stack.id), stack.name, ProjectId(stack.project_id)
    )
    before = await definition_of(services, stack)
    examined = await require_valid(services, caller, source, pseudo, previous=before)
    services = replace(services, registry=examined.types)
    planning = _Planning(services, is_heavy(examined.source))
    changes = await planning.of(stack, examined.definition, examined.tree.children)
    return examined.definition, changes


async def foresee_creation(
    services: Services, name: str, examined: Examination
) -> tuple[ResourceChange, ...]:
    """The resources that a new stack would have, with those of the stacks below it."""
    services = replace(services, registry=examined.types)
    return await _Planning(services, is_heavy(examined.source)).new(name, examined.tree)


@dataclass(frozen=True, slots=True)
class _Planning:
    services: Services
    heavy: bool

    async def of(
        self, stack: Stack, wanted: StackDefinition, children: Mapping[str, NestedStack]
    ) -> tuple[ResourceChange, ...]:
        rows = await self.services.store.resources(stack.id)
        steps = await worked_out(
            self.heavy, stack.project_id, _planned, wanted, rows, self.services.registry
        )
        below = {each.parent_resource: each for each in await self._children(stack)}
        found: list[ResourceChange] = []
        for step, values in steps:
            change = _change(step, rows, values)
            child, present = children.get(step.name), below.get(step.name)
            if step.kind is Kind.DELETE and present is not None:
                change = replace(
                    change,
                    inside=await self._removed(present),
                    stack=(present.name, present.id),
                )
            elif child is not None:
                kept = present if step.kind is not Kind.REPLACE else None
                name = f"{stack.name}-{step.name}"
                inside = await self._inside(name, child, kept)
                if step.kind is Kind.UPDATE and not (inside or values.changes):
                    continue  # it is looked at, and is as it should be
                identity = (kept.name, kept.id) if kept else (name, "")
                change = _with_stack(change, child, identity, inside)
            found.append(change)
        return tuple(found)

    async def _inside(
        self, name: str, wanted: NestedStack, present: Stack | None
    ) -> tuple[ResourceChange, ...]:
        if present is not None:
            return await self.of(present, wanted.definition, wanted.children)
        return await self.new(name, wanted)

    async def new(self, name: str, wanted: Tree | NestedStack) -> tuple[ResourceChange, ...]:
        """All that is in a stack that is still to come."""
        found = []
        for step, values in _planned(wanted.definition, (), self.services.registry):
            change = _change(step, (), values)
            if child := wanted.children.get(step.name):
                below = f"{name}-{step.name}"
                change = _with_stack(change, child, (below, ""), await self.new(below, child))
            found.append(change)
        return tuple(found)

    async def _removed(self, stack: Stack) -> tuple[ResourceChange, ...]:
        """All that is in a stack that goes."""
        rows = current_rows(await self.services.store.resources(stack.id))
        below = {each.parent_resource: each for each in await self._children(stack)}
        found = []
        for name, row in rows.items():
            change = ResourceChange(name, row.type, "delete", row.physical_id, "")
            if child := below.get(name):
                inside = await self._removed(child)
                change = replace(change, inside=inside, stack=(child.name, child.id))
            found.append(change)
        return tuple(found)

    async def _children(self, stack: Stack) -> Sequence[Stack]:
        return await self.services.store.children(stack.id)


def _change(
    step: Step,
    rows: Sequence[Resource],
    values: _Values,
) -> ResourceChange:
    row = next((each for each in rows if each.id == step.row), None)
    return ResourceChange(
        name=step.name,
        type=step.type,
        change=_CHANGES[step.kind],
        physical_id=row.physical_id if row else None,
        reason=step.reason,
        properties=values.changes,
        before=values.before,
        after=values.after,
    )


def _with_stack(
    change: ResourceChange,
    wanted: NestedStack,
    identity: tuple[str, str],
    inside: tuple[ResourceChange, ...],
) -> ResourceChange:
    parameters = shown_parameters(wanted.definition)
    return replace(change, inside=inside, stack=identity, parameters=parameters)


@dataclass(frozen=True, slots=True)
class _Values:
    """What becomes of the properties of a resource."""

    changes: tuple[PropertyChange, ...]
    before: Mapping[str, Value] | None
    after: Mapping[str, Value] | None


def _planned(
    wanted: StackDefinition, rows: Sequence[Resource], types: Registry
) -> list[tuple[Step, _Values]]:
    coming = 1 + max((row.traversal for row in rows), default=0)
    plan = make_plan(Desired.of(wanted, types, renewed_in=coming, rows=rows), rows)
    scope = _scope_of(plan, wanted, rows, types)
    return [
        (step, _values(step, wanted, rows, scope, types)) for step in plan if step.kind in _CHANGES
    ]


def _scope_of(
    plan: Plan, wanted: StackDefinition, rows: Sequence[Resource], types: Registry
) -> PlannedScope:
    """What the plan itself was made of, as far as values are known."""
    scope = PlannedScope(current_rows(rows), types)
    scope.decided = {
        **dict.fromkeys(wanted.resources, Kind.KEEP),
        **{step.name: step.kind for step in plan if step.name in wanted.resources},
    }
    return scope


def _values(
    step: Step,
    wanted: StackDefinition,
    rows: Sequence[Resource],
    scope: PlannedScope,
    types: Registry,
) -> _Values:
    row = next((each for each in rows if each.id == step.row), None)
    before: Mapping[str, Value] = row.properties if row else {}
    shown = _shown(before) if row else None
    if step.kind is Kind.DELETE or step.name not in wanted.resources:
        return _Values((), shown, None)
    after = want(wanted, wanted.resources[step.name], scope, types).properties
    return _Values(tuple(_changes(step, before, after)), shown, _shown(after))


def _shown(properties: Mapping[str, Value]) -> dict[str, Value]:
    given = {name: each for name, each in properties.items() if each is not None}
    shown: dict[str, Value] = transform(
        given, lambda m: REDACTED if isinstance(m, Secret) else KNOWN_LATER
    )
    return shown


def _changes(
    step: Step, before: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[PropertyChange]:
    created = step.kind is Kind.CREATE
    names = [*after] if created else [*step.changes, *step.unknown]
    for name in dict.fromkeys(names):
        value = after.get(name)
        unknown = first_unknown(value)
        if created and value is None:
            continue
        yield PropertyChange(
            name=name,
            before=redact(before.get(name)),
            after=_known(value),
            known_after=unknown.after if unknown else "",
        )


def _known(value: Value) -> Value:
    """The value to be shown; nothing where all of it is known only later."""
    return None if isinstance(value, Unknown) else redact(value)
