"""List and show the resources of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import Struct

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import (
    ActionInProgress,
    ResourceNotFound,
)
from isotherm.core.states import Action, Status
from isotherm.core.values import Secret, Value, redact, reveal
from isotherm.engine.recording.inbox import post
from isotherm.engine.recording.marks import can_be_marked, mark_message
from isotherm.engine.recording.server_metadata import Deployed, own_metadata
from isotherm.kit.registry import Registry
from isotherm.planning.dependencies import AllUnknown, dependencies
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource, Stack
from isotherm.template import INSIDE, ResourceDefinition, StackDefinition
from isotherm.usecases.access import acts_for_a_resource, live_stack, require_reader, stack_of
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services

_SHOW = "show"
_FILTERED = {
    "type": "type",
    "status": "status",
    "name": "name",
    "action": "action",
    "id": "id",
    "physical_resource_id": "physical_id",
}
FILTERS = frozenset(_FILTERED)


class ResourceListRequest(Struct, frozen=True, kw_only=True):
    """``nested_depth`` 0: only the stack itself. ``filters`` by the names in FILTERS."""

    nested_depth: int = 0
    filters: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class ResourceDetail:
    """One resource of a stack. ``nested`` is the stack that the resource is, if it is one."""

    stack: Stack
    name: str
    type: str
    action: Action
    status: Status
    status_reason: str
    physical_id: str
    created_at: datetime
    updated_at: datetime
    required_by: list[str]
    description: str
    attributes: Mapping[str, Value]
    metadata: Mapping[str, Value]
    nested: Stack | None = None


async def list_resources(
    services: Services, caller: Caller, name: str, stack_id: str, request: ResourceListRequest
) -> list[ResourceDetail]:
    """Resources of the stack and, to the depth asked for, of its nested stacks.

    Raises EntityNotFound.
    """
    stack = await stack_of(services, caller, name, stack_id)
    found = await _details(services, stack, request.nested_depth)
    return [each for each in found if _meets(each, request.filters)]


async def show_resource(
    services: Services,
    caller: Caller,
    stack_identity: tuple[str, str],
    name: str,
    *,
    with_attributes: Sequence[str] = (),
) -> ResourceDetail:
    """With its attributes as they are now; ``with_attributes`` are shown besides those
    recorded. Raises EntityNotFound and ResourceNotFound."""
    stack = await stack_of(services, caller, *stack_identity)
    rows = current_rows(await services.store.resources(stack.id))
    if name in rows:
        definition = await definition_of(services, stack)
        rows[name] = await services.present.row(stack, definition, rows, name)
    return await _detail(services, stack, rows, name, with_attributes)


async def _detail(
    services: Services,
    stack: Stack,
    rows: Mapping[str, Resource],
    name: str,
    asked: Sequence[str] = (),
) -> ResourceDetail:
    children = {child.parent_resource: child for child in await services.store.children(stack.id)}
    describer = _Describer(services, stack, await definition_of(services, stack), rows)
    if name not in describer.names():
        raise ResourceNotFound(name, stack.name)
    detail = describer.describe(name, children.get(name), asked)
    row = rows.get(name)
    return detail if row is None else await _with_own_metadata(services, row, detail)


async def _with_own_metadata(
    services: Services, row: Resource, detail: ResourceDetail
) -> ResourceDetail:
    """With what is not in the template, and no signal has told."""
    own = await _own_metadata(services, row, detail.stack)
    return replace(detail, metadata={**detail.metadata, **own}) if own else detail


async def _own_metadata(services: Services, row: Resource, stack: Stack) -> Mapping[str, Value]:
    resource_type = services.registry.get(row.type)
    if resource_type is None:
        return {}
    deployed: Deployed = ()
    if resource_type.takes_deployments and row.physical_id:
        deployed = await services.store.software.configs_of_server(row.physical_id)
    return own_metadata(row, resource_type, deployed, stack.project_id)


async def show_recorded(
    services: Services, caller: Caller, stack_identity: tuple[str, str], name: str
) -> ResourceDetail:
    """For programs on servers, which may have been given the keys of a person: attributes as they
    were recorded, metadata in clear; neither what waits for it nor its stack, as nothing else is
    read of the stack than the one row. Raises EntityNotFound, ResourceNotFound."""
    stack = await stack_of(services, caller, *stack_identity)
    rows = current_rows(await services.store.resources(stack.id, name))
    definition = await definition_of(services, stack)
    describer = _Describer(services, stack, definition, rows, required_by={})
    if name not in describer.names():
        raise ResourceNotFound(name, stack.name)
    detail, row = describer.describe(name), rows.get(name)
    if row is None:
        return detail
    own = await _own_metadata(services, row, stack)
    return replace(detail, metadata={**reveal(row.present_metadata), **own})


async def show_metadata(
    services: Services, caller: Caller, stack_identity: tuple[str, str], name: str
) -> Mapping[str, Value]:
    """Raises EntityNotFound, ResourceNotFound, and Forbidden for users of other stacks. Servers
    ask for theirs often, so nothing is worked out that is not told; they get it in clear."""
    stack = await stack_of(services, caller, *stack_identity)
    row = current_rows(await services.store.resources(stack.id, name)).get(name)
    if row is None:
        metadata = (await show_recorded(services, caller, stack_identity, name)).metadata
    else:
        told = reveal if acts_for_a_resource(caller) else redact
        metadata = {**told(row.present_metadata), **await _own_metadata(services, row, stack)}
    await require_reader(services, caller, stack, name)
    return metadata


@dataclass(frozen=True, slots=True)
class MarkRequest:
    """That a user knows a resource to be broken (or sound again), and why."""

    unhealthy: bool
    reason: str = ""


async def mark_resource(
    services: Services,
    caller: Caller,
    stack_identity: tuple[str, str],
    name: str,
    request: MarkRequest,
) -> None:
    """The next update replaces what is marked as unhealthy; ``name`` may also be the physical id.

    A mark that says what is known already changes nothing. Raises EntityNotFound,
    ResourceNotFound, and ActionInProgress while the resource itself is being worked on.
    """
    stack = await live_stack(services, caller, *stack_identity)
    rows = current_rows(await services.store.resources(stack.id))
    row = rows.get(name) or next((r for r in rows.values() if r.physical_id == name), None)
    if row is None:
        raise ResourceNotFound(name, stack.name)
    if row.status is Status.IN_PROGRESS and stack.status is Status.IN_PROGRESS:
        raise ActionInProgress(stack.name, stack.action)
    if can_be_marked(row, unhealthy=request.unhealthy):
        now = services.clock.now()
        message = mark_message(row, unhealthy=request.unhealthy, reason=request.reason, at=now)
        await post(services.store, services.bus, message)


async def _details(services: Services, stack: Stack, depth: int) -> list[ResourceDetail]:
    rows = current_rows(await services.store.resources(stack.id))
    children = {child.parent_resource: child for child in await services.store.children(stack.id)}
    definition = await definition_of(services, stack)
    describer = _Describer(services, stack, definition, rows)
    found = [describer.describe(name, children.get(name)) for name in describer.names()]
    if depth > 0:
        for child in children.values():
            found += await _details(services, child, depth - 1)
    return found


def describe_resources(
    services: Services,
    stack: Stack,
    definition: StackDefinition,
    rows: Mapping[str, Resource],
) -> list[ResourceDetail]:
    """The resources of a stack from its current rows and a definition of it."""
    describer = _Describer(services, stack, definition, rows)
    return [describer.describe(name) for name in describer.names()]


class _Describer:
    """Describes the resources of one stack from its rows and its template."""

    def __init__(
        self,
        services: Services,
        stack: Stack,
        definition: StackDefinition,
        rows: Mapping[str, Resource],
        *,
        required_by: Mapping[str, list[str]] | None = None,
    ) -> None:
        """Without ``required_by`` it is worked out."""
        self._types = services.registry
        self._stack = stack
        self._definition = definition
        self._rows = rows
        if required_by is None:
            required_by = _required_by(services, definition, rows)
        self._required_by = required_by

    def names(self) -> list[str]:
        """Rows first; names that the template asks for but nothing was begun for come last."""
        if self._stack.action is Action.DELETE:
            return list(self._rows)
        return [*self._rows, *(n for n in self._definition.resources if n not in self._rows)]

    def describe(
        self, name: str, nested: Stack | None = None, asked: Sequence[str] = ()
    ) -> ResourceDetail:
        row = self._rows.get(name)
        told = self._definition.resources.get(name)
        started = self._stack.created_at
        kind = row.type if row else told.type if told else ""
        return ResourceDetail(
            stack=self._stack,
            name=name,
            type=_shown_type(row, told),
            action=row.action if row else Action.INIT,
            status=row.status if row else Status.COMPLETE,
            status_reason=row.status_reason if row else "",
            physical_id=(row.physical_id or "") if row else "",
            created_at=row.created_at if row else started,
            updated_at=row.updated_at if row else started,
            required_by=self._required_by.get(name, []),
            description=(told.description or "") if told else "",
            attributes=self._attributes(kind, row, asked),
            metadata=redact(row.present_metadata) if row else self._wanted_metadata(told),
            nested=nested,
        )

    def _wanted_metadata(self, told: ResourceDefinition | None) -> Mapping[str, Value]:
        if told is None:
            return {}
        try:
            metadata = self._definition.evaluate(told.metadata, AllUnknown())
        except InvalidDocument:
            return {}
        return redact(metadata) if isinstance(metadata, Mapping) else {}

    def _attributes(
        self, kind: str, row: Resource | None, asked: Sequence[str]
    ) -> dict[str, Value]:
        """All that the cloud tells of the object, as clients of the reference have it; else what
        the type offers, null where nothing is known. What is asked for by name comes besides."""
        recorded: Mapping[str, Value] = row.attributes if row else {}
        told = redact(recorded.get(_SHOW))
        if not isinstance(told, Mapping) or not told:
            schema = self._types.lookup(kind)
            known = {
                name: redact(value)
                for name, value in recorded.items()
                if not name.startswith(INSIDE)
            }
            told = {**dict.fromkeys(schema.attributes if schema else ()), **known}
            told.pop(_SHOW, None)
        return {**told, **{name: _opened(row, name, self._types) for name in asked}}


def _opened(row: Resource | None, name: str, types: Registry) -> Value:
    """The recorded attribute, without its wrapping where the type itself makes the secret (a
    private key): who asks for it by name wants to have it."""
    if row is None:
        return None
    value = row.attributes.get(name)
    schema = types.lookup(row.type)
    declared = schema.attributes.get(name) if schema else None
    if isinstance(value, Secret) and declared is not None and declared.secret:
        return value.reveal()
    return redact(value)


def _shown_type(row: Resource | None, told: ResourceDefinition | None) -> str:
    """The type as the template says it: an alias stays what it is called there."""
    if told is not None and (row is None or row.type == told.type):
        return told.declared_type
    return row.type if row else ""


def _required_by(
    services: Services, definition: StackDefinition, rows: Mapping[str, Resource]
) -> dict[str, list[str]]:
    """For each name those that wait for it, by the template, else by what was recorded."""
    found: dict[str, list[str]] = {}
    edges = dependencies(definition, services.registry)
    names = {row.id: name for name, row in rows.items()}
    for name in [*definition.resources, *rows]:
        row = rows.get(name)
        if name in edges:
            earlier = sorted(edges[name])
        else:
            earlier = [names[each] for each in row.dependencies if each in names] if row else []
        for each in earlier:
            if name not in found.setdefault(each, []):
                found[each].append(name)
    return found


def _meets(detail: ResourceDetail, filters: Mapping[str, Sequence[str]]) -> bool:
    """A status may be told as it is shown, too."""
    shown = f"{detail.action}_{detail.status}"
    return all(
        getattr(detail, _FILTERED[name], None) in accepted
        or (name == "status" and shown in accepted)
        for name, accepted in filters.items()
    )
