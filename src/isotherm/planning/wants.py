"""Evaluates the desired side of a resource: expressions → coerced values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from isotherm.core.coercion import coerce_properties
from isotherm.core.concealing import judged
from isotherm.core.diagnostics import Diagnostic, Diagnostics, InvalidDocument
from isotherm.core.schema import PropertySchema
from isotherm.core.states import DeletionPolicy
from isotherm.core.values import Value
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import ResourceType
from isotherm.planning.decision import Want
from isotherm.template import (
    ResourceDefinition,
    Scope,
    StackDefinition,
    find_sibling,
    is_template,
)


def want(
    definition: StackDefinition,
    resource: ResourceDefinition,
    scope: Scope,
    types: Registry,
    renewed_in: int | None = 0,
) -> Want:
    """What the template asks of one resource as far as ``scope`` knows; for ``renewed_in`` see
    ``Want``.

    Raises ``InvalidDocument`` where known values do not fit the type, or the type is a template.
    """
    resource_type = types.get(resource.type)
    if resource_type is None:
        raise InvalidDocument([_not_offered(resource)])
    diagnostics = Diagnostics()
    path = f"resources.{resource.name}.properties"
    given = definition.evaluate(resource.properties, scope)
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        diagnostics.add(Diagnostic("properties must be a map", resource.position, path))
        diagnostics.raise_errors()
    external_id = _text(definition.evaluate(resource.external_id, scope))
    if resource_type.open:
        given = {}  # anything may be given, nothing is done with it
    group = resource_type.Properties
    moved = group.renamed(given)
    # What exists already has its properties, whatever is wrong with those that are given.
    found = diagnostics if external_id is None else Diagnostics()
    values = coerce_properties(group.schema, moved, path, found)
    find = partial(find_sibling, definition, scope, partial(_schema_of, types))

    def rules(seen: Mapping[str, Value]) -> Iterable[tuple[str, str]]:
        return chain(resource_type.validate(seen), resource_type.validate_among(seen, find))

    for where, reason in judged(rules, values):
        found.add(Diagnostic(reason, resource.position, f"{path}.{where}".rstrip(".")))
    diagnostics.extend(_wrong_policy(resource, resource_type))
    diagnostics.raise_errors()
    metadata = definition.evaluate(resource.metadata, scope) or {}
    return Want(
        name=resource.name,
        type=resource.type,
        properties=values,
        metadata=metadata if isinstance(metadata, Mapping) else {},
        external_id=external_id,
        renewed_in=renewed_in,
        by_operator=frozenset([name for name in group.operator_options if moved.get(name) is None]),
    )


def _schema_of(types: Registry, name: str) -> Mapping[str, PropertySchema] | None:
    known = types.get(name)
    return known.Properties.schema if known is not None else None


def require_all_but_properties(
    definition: StackDefinition, resource: ResourceDefinition, scope: Scope, types: Registry
) -> None:
    """Raises what ``want`` raises for a resource whose properties are known to be right."""
    resource_type = types.get(resource.type)
    if resource_type is None:
        raise InvalidDocument([_not_offered(resource)])
    if wrong := list(_wrong_policy(resource, resource_type)):
        raise InvalidDocument(wrong)
    definition.evaluate(resource.metadata, scope)


def _wrong_policy(
    resource: ResourceDefinition, resource_type: ResourceType[Any]
) -> Iterator[Diagnostic]:
    if resource.deletion_policy is DeletionPolicy.SNAPSHOT and not resource_type.keeps_copies:
        text = f'"Snapshot" deletion policy not supported by {resource.type}'
        where = f"resources.{resource.name}.deletion_policy"
        yield Diagnostic(text, resource.position, where, "use delete or retain")


def _not_offered(resource: ResourceDefinition) -> Diagnostic:
    if is_template(resource.type):
        text = f"A template as a resource type ({resource.type}) is not supported."
    else:
        text = f"this worker has no type {resource.type}"
    return Diagnostic(text, resource.position, f"resources.{resource.name}.type")


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) and value else None
