"""What the template behind a resource is given by that resource and its stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.diagnostics import Diagnostic, InvalidDocument
from isotherm.core.values import Unknown, Value, first_unknown, holds_secret, reveal
from isotherm.template.binding.definition import ResourceDefinition, StackDefinition
from isotherm.template.binding.surroundings import NothingKnown
from isotherm.template.document import dotted
from isotherm.template.environments.environment import Environment
from isotherm.template.expressions import Scope
from isotherm.template.model import Template
from isotherm.template.nesting.schema import parameter_value
from isotherm.template.parameters import (
    ParameterDeclaration,
    ParameterType,
    ParameterValueError,
)


def child_environment(
    parent: StackDefinition, resource: ResourceDefinition, template: Template
) -> Environment:
    """The environment of the template behind a resource: properties are its parameters."""
    environment = parent.environment
    return Environment(
        parameters=dict(_properties(parent, resource, template)),
        parameter_defaults=environment.parameter_defaults,
        registry=environment.registry.nested(resource.name, resource.type),
    )


def _properties(
    parent: StackDefinition, resource: ResourceDefinition, template: Template
) -> Iterator[tuple[str, Value]]:
    """Values that fit; what is wrong with the others is found where they are given."""
    values = known_properties(parent, resource)
    for name, declared in template.parameters.items():
        if isinstance(values, Unknown):
            yield name, Unknown(resource.name)
        elif isinstance(values, Mapping) and name in values:
            value = parameter_value(declared, values[name])
            yield name, _fitting(declared, value)


def known_properties(parent: StackDefinition, resource: ResourceDefinition) -> Value:
    """The properties as far as they are known before any resource exists."""
    try:
        return parent.evaluate(resource.properties, NothingKnown())
    except InvalidDocument:
        return Unknown(resource.name)


def _fitting(declared: ParameterDeclaration, value: Value) -> Value:
    """The value if the parameter takes it, a single one in the parameter's type."""
    if first_unknown(value) is not None:
        return value
    try:
        converted = declared.convert(reveal(value))
        if declared.violation(converted) is not None:
            return Unknown(declared.name)
    except ParameterValueError:
        return Unknown(declared.name)
    single = declared.type not in (ParameterType.LIST, ParameterType.JSON)
    return converted if single and not holds_secret(value) else value


def unreadable(
    parent: StackDefinition, resource: ResourceDefinition, template: Template
) -> Iterator[Diagnostic]:
    """Values of json parameters that are no json: to the schema any value will do."""
    values = known_properties(parent, resource)
    for name, declared in template.parameters.items():
        value = values.get(name) if isinstance(values, Mapping) else None
        if declared.type is not ParameterType.JSON or value is None:
            continue
        if first_unknown(value) is None and not _is_json(declared, reveal(value)):
            path = (*resource.properties.path, name)
            yield Diagnostic(
                f"Property {name} must be a map, a list or JSON text",
                parent.template.document.position(path),
                dotted(path),
            )


def _is_json(declared: ParameterDeclaration, value: Value) -> bool:
    try:
        read: object = declared.convert(value)
    except ParameterValueError:
        return False
    # Empty text stands for "nothing given".
    return isinstance(read, Mapping | list) or read == ""


def facade_of(
    parent: StackDefinition, resource: ResourceDefinition, scope: Scope
) -> dict[str, Value]:
    """What ``resource_facade`` gives inside the template behind a resource."""
    facade: dict[str, Value] = {"deletion_policy": resource.deletion_policy.value}
    for part in ("metadata", "update_policy"):
        try:
            value = parent.evaluate(getattr(resource, part), scope)
            facade[part] = {} if value is None else value
        except InvalidDocument:
            facade[part] = Unknown(resource.name)
    return facade
