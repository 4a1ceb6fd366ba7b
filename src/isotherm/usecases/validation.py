"""Full validation of a definition before anything is promised: all findings at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from isotherm.core.constraints import Constraint, CustomConstraint
from isotherm.core.diagnostics import Diagnostic, Diagnostics
from isotherm.core.errors import (
    Forbidden,
    NotSupported,
    RemoteError,
    StackResourceLimitExceeded,
)
from isotherm.core.schema import PropertySchema
from isotherm.core.values import Unknown, Value, reveal
from isotherm.kit.context import CloudApi
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.wants import want
from isotherm.ports.cloud import Caller
from isotherm.template import StackDefinition, validate
from isotherm.usecases.refusals import ResourceTypeUnavailable
from isotherm.usecases.services import Services

_LOOKUPS_AT_ONCE = 8


async def require_valid(services: Services, caller: Caller, definition: StackDefinition) -> None:
    """Template, types and the names it expects to exist in the cloud.

    Raises InvalidDocument with everything found, or RequestError for a limit or a type
    the caller may not use.
    """
    validate(definition, services.registry).raise_errors()
    limit = services.settings.max_resources_per_stack
    if 0 <= limit < len(definition.resources):
        raise StackResourceLimitExceeded(
            f"Maximum resources per stack exceeded: {len(definition.resources)} of {limit}."
        )
    await _require_usable_types(services, caller, definition)
    await _require_existing(services, caller, definition)


async def _require_usable_types(
    services: Services, caller: Caller, definition: StackDefinition
) -> None:
    offered = await services.cloud.services()
    for name in {resource.type for resource in definition.resources.values()}:
        resource_type = services.registry.get(name)
        if resource_type is None:
            raise NotSupported(f"A template as a resource type ({name})")
        if not services.policy.allows_type(name, caller):
            raise Forbidden(f"You are not authorized to use resource type {name}.")
        if resource_type.service and resource_type.service not in offered:
            raise ResourceTypeUnavailable(name, resource_type.service)


@dataclass(frozen=True, slots=True)
class _Expected:
    """A value that must name something in the cloud."""

    finder: str
    value: str
    path: str
    resource: str


async def _require_existing(
    services: Services, caller: Caller, definition: StackDefinition
) -> None:
    expected = list(_expectations(services, definition))
    asked = {(each.finder, each.value) for each in expected}
    if not asked:
        return
    api = await services.cloud.connect_caller(caller)
    answers = await _look_up(api, asked)
    found = Diagnostics()
    for each in expected:
        if reason := answers[each.finder, each.value]:
            resource = definition.resources[each.resource]
            text = f"Error validating value {each.value!r}: {reason}"
            found.add(Diagnostic(text, resource.position, each.path))
    found.raise_errors()


async def _look_up(
    api: CloudApi, asked: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], str | None]:
    """Why each look-up fails, or None where it does not."""
    turn = asyncio.Semaphore(_LOOKUPS_AT_ONCE)
    answers: dict[tuple[str, str], str | None] = {}

    async def look_up(finder: str, value: str) -> None:
        async with turn:
            try:
                await api.find(finder, value)
                answers[finder, value] = None
            except RemoteError as error:
                answers[finder, value] = str(error)

    async with asyncio.TaskGroup() as group:
        for finder, value in asked:
            group.create_task(look_up(finder, value))
    return answers


def _expectations(services: Services, definition: StackDefinition) -> Iterator[_Expected]:
    scope = AllUnknown()
    for name, resource in definition.resources.items():
        resource_type = services.registry[resource.type]
        wanted = want(definition, resource, scope, services.registry)
        schema = resource_type.Properties.schema
        for path, finder, value in _in_fields(schema, wanted.properties, f"resources.{name}"):
            yield _Expected(finder, value, path, name)


def _in_fields(
    fields: Mapping[str, PropertySchema], values: Mapping[str, Value], path: str
) -> Iterator[tuple[str, str, str]]:
    prefix = f"{path}.properties" if path.count(".") == 1 else path
    for key, schema in fields.items():
        if values.get(key) is not None:
            yield from _in_value(schema, reveal(values[key]), f"{prefix}.{key}")


def _in_value(schema: PropertySchema, value: Value, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Unknown) or value is None:
        return
    for finder in _finders(schema.constraints):
        if isinstance(value, str) and value:
            yield path, finder, value
    if isinstance(value, Mapping) and schema.fields:
        yield from _in_fields(schema.fields, value, path)
    elif isinstance(value, list) and schema.items:
        for index, each in enumerate(value):
            yield from _in_value(schema.items, each, f"{path}.{index}")


def _finders(constraints: Iterable[Constraint]) -> Iterator[str]:
    for constraint in constraints:
        if isinstance(constraint, CustomConstraint) and not constraint.pure:
            yield constraint.name
