"""Nested stacks that an update would leave as they are, with all that are nested in them.

Each is planned as its own owner would plan it, by the same functions; where anything would be
done, or might be, nothing is said, and the stack is updated in the ordinary way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.schema import Blueprint
from isotherm.core.states import Action, Status
from isotherm.core.values import Value
from isotherm.engine.preparing.definitions import declared_types, types_in
from isotherm.engine.preparing.nested_stacks import StacksBelow
from isotherm.engine.preparing.present import known_outputs
from isotherm.engine.preparing.shared_reads import StandingStacks
from isotherm.engine.recording.passages import Inside, Passing, Still
from isotherm.engine.recording.scopes import RecordedScope
from isotherm.engine.steps.attributes import attributes_of
from isotherm.engine.steps.contexts import context_of
from isotherm.engine.steps.passing_over import is_ready, standing_blueprint
from isotherm.kit.context import Context
from isotherm.kit.resource_type import AnyType
from isotherm.planning.desired import Desired
from isotherm.planning.plan import Kind, Step
from isotherm.planning.planner import make_plan
from isotherm.planning.replacement import current_rows
from isotherm.planning.standing import stands
from isotherm.ports.records import Resource, Stack
from isotherm.ports.store import AtRest
from isotherm.template import StackDefinition

_SETTLED = frozenset({Action.CREATE, Action.UPDATE})
_MOST = 500
"""Stacks that pass in one commit. More are shared out: that above them is visited."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the stack of a resource would be asked to be."""

    resource: str
    stack_id: str
    blueprint: Blueprint


@dataclass(frozen=True, slots=True)
class _Row:
    """One whose stack has to be looked into."""

    step: Step
    row: Resource
    type: AnyType
    ctx: Context[Any]
    needed: frozenset[str]
    blueprint: Blueprint

    @property
    def asked(self) -> _Asked:
        return _Asked(self.row.name, self.ctx.physical_id, self.blueprint)

    async def is_unmoved(self, still: Still) -> bool:
        """Whether nothing that is recorded of the stack with the row changes, either."""
        if not await is_ready(self.type, self.ctx, still):
            return False

        async def fetch(name: str) -> Value:
            return await self.type.fetch(self.ctx, name)

        attributes = await attributes_of(
            self.type, self.row, self.ctx, still.shown, needed=self.needed, fetch=fetch
        )
        told = (attributes, self.type.reference(self.ctx), self.ctx.data)
        return told == (self.row.attributes, self.row.reference, self.row.data)


async def find_still(
    below: StacksBelow,
    standing: StandingStacks,
    resource: str,
    stack_id: str,
    blueprint: Blueprint,
) -> Still | None:
    """The stack of a resource if an update to ``blueprint`` leaves it as it is."""
    try:
        found = await _find(below, standing, [_Asked(resource, stack_id, blueprint)])
    except (InvalidDocument, LookupError, RemoteError):
        return None  # whoever owns it finds the same, and tells of it
    return found[0] if found else None


async def _find(
    below: StacksBelow, standing: StandingStacks, asked: Sequence[_Asked]
) -> list[Still] | None:
    """All of these, which lie side by side; None where one of them is not still."""
    ids = [each.stack_id for each in asked]
    if len(ids) > _MOST:
        return None
    resting = await standing.at_rest.of(ids)
    for each in asked:
        present = resting.get(each.stack_id)
        if present is None or not _is_settled(present.stack):
            return None
        if not await below.is_given(each.resource, present.stack, each.blueprint):
            return None
    rows = await standing.rows.of(ids)
    found: list[Still] = []
    for stack_id in ids:
        await asyncio.sleep(0)  # there may be many, and others want their turn
        still = await _through(below, standing, resting[stack_id], rows.get(stack_id, ()))
        if still is None:
            return None
        found.append(still)
    return found if sum(len(each.passages) for each in found) <= _MOST else None


def _is_settled(stack: Stack) -> bool:
    """Whether its last operation has made of it what it is to be."""
    whole = stack.status is Status.COMPLETE and stack.action in _SETTLED
    there = stack.previous_source_id == stack.source_id and not stack.untidy
    return whole and there and not stack.lent


async def _through(
    below: StacksBelow, standing: StandingStacks, present: AtRest, rows: Sequence[Resource]
) -> Still | None:
    begun = below.begin_update(present.stack)
    stack = begun[0]
    if stack.tells or present.stack.tells:
        return None  # of its events its owner tells
    definition = await below.define(stack)
    registry = definition.environment.registry
    if registry.resources or definition.template.runs_queries:
        return None  # hooks and restrictions, and what may take long
    if any(row.pause or row.remedy for row in rows):
        return None
    types = types_in(definition, below.types)
    desired = Desired.of(definition, types, nested=True, renewed_in=stack.traversal, rows=rows)
    plan = make_plan(desired, rows)
    current = current_rows(rows)
    inner = below.inside(stack, definition)
    waiting = [await _looked_into(inner, desired, step, current) for step in plan]
    there = [each for each in waiting if each is not None]
    if len(there) < len(waiting):
        return None
    inside = await _inside(inner, standing, there)
    if inside is None:
        return None
    outputs, _ = known_outputs(definition, RecordedScope(current, below.types))
    declared = declared_types(definition)
    return Passing(present, begun, below.clock, declared).through(inside, outputs)


async def _looked_into(
    inner: StacksBelow, desired: Desired, step: Step, current: Mapping[str, Resource]
) -> _Row | None:
    """A step of the plan that does nothing but update a stack further below; else None."""
    row = current.get(step.name)
    if step.kind is not Kind.UPDATE or row is None or not row.physical_id:
        return None
    resource_type = desired.types[step.type]
    want = desired.want(step.name, RecordedScope(current, desired.types))
    if not stands(resource_type, row, want) or row.stage or row.adopted:
        return None
    if not _is_tied_alike(desired, row, current):
        return None
    needed = desired.needed.get(row.name, frozenset())
    ctx = context_of(
        inner.stack,
        row,
        resource_type,
        api=inner.api,
        now=inner.clock.now(),
        stacks=inner,
        reads=needed,
        desired={**want.properties, **row.resolved},
    )
    blueprint = await standing_blueprint(resource_type, ctx)
    return _Row(step, row, resource_type, ctx, needed, blueprint) if blueprint else None


def _is_tied_alike(desired: Desired, row: Resource, current: Mapping[str, Resource]) -> bool:
    definition: StackDefinition = desired.definition
    used = {current[each].id for each in desired.edges[row.name] if each in current}
    kept = row.deletion_policy is definition.resources[row.name].deletion_policy
    return kept and used == set(row.dependencies)


async def _inside(
    inner: StacksBelow, standing: StandingStacks, rows: Sequence[_Row]
) -> list[Inside] | None:
    found = await _find(inner, standing, [each.asked for each in rows]) if rows else []
    if found is None:
        return None
    for each, still in zip(rows, found, strict=True):
        if not await each.is_unmoved(still):
            return None
    return [Inside(each.step, each.row, still) for each, still in zip(rows, found, strict=True)]
