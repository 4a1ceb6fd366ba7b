"""Attributes as they are now: read when they are shown, not when they were recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from isotherm.core.clock import Clock
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.states import Action, Status
from isotherm.core.values import Unknown, Value, first_unknown, reveal
from isotherm.engine.heavy_work import worked_out
from isotherm.engine.preparing.definitions import Definer, types_in
from isotherm.engine.preparing.insides import inside_of
from isotherm.engine.preparing.software import SoftwareInSight
from isotherm.engine.preparing.stack_users import UsersInSight
from isotherm.engine.recording.scopes import RecordedScope
from isotherm.engine.steps.attributes import attributes_of
from isotherm.engine.steps.contexts import context_of, neighbour_of
from isotherm.engine.waiting.poller import Poller
from isotherm.kit.context import Neighbour
from isotherm.kit.nested_stacks import Inside, NoNestedStacks
from isotherm.kit.outcomes import Remote
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import AnyType
from isotherm.kit.template_type import FORMER_TEMPLATE
from isotherm.planning.attributes_needed import Attributes, attributes_needed, changes_by_itself
from isotherm.planning.replacement import current_rows
from isotherm.ports.records import Resource, Stack, replace
from isotherm.template import EvaluationError, StackDefinition, is_template

_PATIENCE = 5.0
"""Seconds that a look may take before what is recorded is shown instead."""

_Partly = dict[str, dict[str, Value]]
"""Maps among the outputs of which not everything is known: what is not is null."""

Errors = dict[tuple[str, str, str], str]
"""By resource, attribute and first step into it."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """A stack as it is recorded: its current rows by name."""

    stack: Stack
    rows: Mapping[str, Resource]
    types: Registry

    def neighbour(self, reference: Value) -> Neighbour | None:
        wanted = reveal(reference)
        found = (row for row in self.rows.values() if reveal(row.reference) == wanted)
        return next(map(neighbour_of, found), None)


class Present(NoNestedStacks):
    """Looks at the objects of a stack and of those below it, by its owner's delegation."""

    def __init__(self, definer: Definer, clock: Clock) -> None:
        self._definer = definer
        self._store = definer.store
        self._clock = clock
        self._poller = Poller(clock, 0.0)

    async def scope(
        self,
        stack: Stack,
        definition: StackDefinition,
        rows: Mapping[str, Resource],
        wanted: Attributes | None = None,
    ) -> RecordedScope:
        """What expressions about the stack see; ``rows`` are its current ones by name, and
        ``wanted`` the attributes that they read, by default all that its template reads
        anywhere."""
        types = types_in(definition, self._definer.types)
        if wanted is None:
            wanted = attributes_needed(definition, types)
        return await self._looked_at(_Sight(stack, rows, types), wanted)

    async def row(
        self,
        stack: Stack,
        definition: StackDefinition,
        rows: Mapping[str, Resource],
        name: str,
    ) -> Resource:
        """One of the stack's rows with all its attributes as they are now."""
        types = types_in(definition, self._definer.types)
        needed = attributes_needed(definition, types).get(name, frozenset())
        sight = _Sight(stack, rows, types)
        row, wanted = rows[name], needed | {""}
        if (teller := _teller(sight, row, wanted)) is None:
            return row
        return await self._look(sight, row, teller, wanted, {}) or row

    async def _looked_at(self, sight: _Sight, wanted: Attributes) -> RecordedScope:
        errors: Errors = {}
        looks = [
            self._look(sight, row, teller, wanted[name], errors)
            for name, row in sight.rows.items()
            if name in wanted and (teller := _teller(sight, row, wanted[name])) is not None
        ]
        if not looks:
            return RecordedScope(sight.rows, sight.types, errors)
        found = {row.name: row for row in await asyncio.gather(*looks) if row is not None}
        return RecordedScope({**sight.rows, **found}, sight.types, errors)

    async def _look(
        self,
        sight: _Sight,
        row: Resource,
        resource_type: AnyType,
        wanted: frozenset[str],
        errors: Errors,
    ) -> Resource | None:
        """The row as it is now; None where there is no answer."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._read(sight, row, resource_type, wanted, errors)
        except (RemoteError, InvalidDocument, TimeoutError):
            return None

    async def _read(
        self,
        sight: _Sight,
        row: Resource,
        resource_type: AnyType,
        wanted: frozenset[str],
        errors: Errors,
    ) -> Resource | None:
        stack = sight.stack
        api = await self._definer.cloud.connect(stack.credentials)
        ctx = context_of(
            stack,
            row,
            resource_type,
            api=api,
            now=self._clock.now(),
            stacks=self,
            reads=wanted,
        )
        ctx.software = SoftwareInSight(self._store.software, stack.project_id)
        ctx.neighbour = sight.neighbour
        ctx.users = UsersInSight(self._definer.cloud, stack)
        remote = await self._poller.observe(resource_type, ctx)
        if remote is None:
            return None
        errors |= {
            (row.name, name, key): f"Error in {row.name} {text}"
            for (name, key), text in resource_type.attribute_errors(remote).items()
        }
        declared = {each.name for each in resource_type.attributes}

        async def fetch(name: str) -> Value:
            try:
                return await resource_type.fetch(ctx, name)
            except RemoteError:
                return row.attributes.get(name)

        needed = wanted | (declared & row.attributes.keys())
        values = await attributes_of(resource_type, row, ctx, remote, needed=needed, fetch=fetch)
        # What was asked for and is there no more must not be shown as it once was.
        kept = {name: each for name, each in row.attributes.items() if name not in wanted}
        return replace(row, attributes={**kept, **values})

    # -- what types ask of the stacks below ---------------------------------------------

    async def show(self, stack_id: str) -> Remote | None:
        stack = await self._store.stack(stack_id)
        if stack is None or stack.deleted_at is not None:
            return None
        outputs, errors, partly = await self._outputs(stack)
        return {
            "name": stack.name,
            "action": stack.action.value,
            "status": stack.status.value,
            "reason": stack.status_reason,
            "outputs": outputs,
            "errors": errors,
            "partly": partly,
        }

    async def resources(self, stack_id: str) -> Mapping[str, Inside]:
        return inside_of(await self._store.resources(stack_id))

    async def read(self, stack_id: str, resource: str, attribute: str | None) -> Value:
        stack = await self._store.stack(stack_id)
        if stack is None:
            raise LookupError(resource)
        definition = await self._definer.define(stack)
        wanted = {resource: frozenset({attribute or ""})}
        rows = current_rows(await self._store.resources(stack_id))
        scope = await self.scope(stack, definition, rows, wanted)
        try:
            value = scope.attribute(resource, attribute) if attribute else scope.reference(resource)
        except EvaluationError as error:
            raise LookupError(str(error)) from None
        if isinstance(value, Unknown):
            raise LookupError(resource)
        return value

    async def _outputs(self, stack: Stack) -> tuple[dict[str, Value], dict[str, str], _Partly]:
        definition = await self._definer.define(stack)
        rows = current_rows(await self._store.resources(stack.id))
        scope = await self.scope(stack, definition, rows)
        heavy = definition.template.runs_queries
        return await worked_out(heavy, stack.project_id, _shown_outputs, definition, scope)


def _shown_outputs(
    definition: StackDefinition, scope: RecordedScope
) -> tuple[dict[str, Value], dict[str, str], _Partly]:
    values, errors = known_outputs(definition, scope)
    missing = definition.outputs.keys() - values.keys() - errors.keys()
    return values, errors, dict(_parts(definition, scope, missing))


def _parts(
    definition: StackDefinition, scope: RecordedScope, names: Collection[str]
) -> Iterator[tuple[str, dict[str, Value]]]:
    for name in names:
        value = definition.evaluate(definition.outputs[name].value, scope)
        if isinstance(value, dict):
            yield name, {key: None if first_unknown(e) else e for key, e in value.items()}


def known_outputs(
    definition: StackDefinition, scope: RecordedScope
) -> tuple[dict[str, Value], dict[str, str]]:
    """Outputs that have a value, null where their condition does not hold; and why the others
    have none, as far as that is a mistake."""
    declared = definition.template.outputs
    values: dict[str, Value] = {name: None for name in declared if name not in definition.outputs}
    errors: dict[str, str] = {}
    for name, output in definition.outputs.items():
        try:
            value = definition.evaluate(output.value, scope)
        except InvalidDocument as problem:
            errors[name] = problem.diagnostics[0].text
            continue
        if first_unknown(value) is None:
            values[name] = value
    return values, errors


def _type_of(row: Resource, types: Registry) -> AnyType | None:
    return types.get(row.type) or (FORMER_TEMPLATE if is_template(row.type) else None)


def _teller(sight: _Sight, row: Resource, wanted: frozenset[str]) -> AnyType | None:
    """The type by which a look can tell more than the record; None for what is coming or going,
    and for what is recorded as a whole and never changes by itself."""
    resource_type = _type_of(row, sight.types)
    going = row.action is Action.DELETE or sight.stack.action is Action.DELETE
    if resource_type is None or going or not (row.physical_id or resource_type.effectless):
        return None
    if resource_type.nests:
        return resource_type
    changes = any(changes_by_itself(resource_type, name) for name in wanted)
    tells_more = changes or ("" in wanted and _lacks_any(row, resource_type))
    return resource_type if tells_more and row.status is not Status.IN_PROGRESS else None


def _lacks_any(row: Resource, resource_type: AnyType) -> bool:
    """Whether there is something to be fetched that no template has read so far."""
    fetched = (each.name for each in resource_type.attributes if each.fetched)
    return not row.attributes.keys() >= set(fetched)
