"""List and describe the resource types on offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import filterfalse
from typing import Any

from msgspec import Struct

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    Constraint,
    CustomConstraint,
    Length,
    Modulo,
    Range,
)
from isotherm.core.errors import EntityNotFound, Forbidden
from isotherm.core.patterns import PatternError, compile_pattern, matches_start
from isotherm.core.schema import (
    ABSENT,
    AttributeSchema,
    PropertySchema,
    SupportStatus,
    Told,
    TypeSchema,
)
from isotherm.kit.resource_type import AnyType
from isotherm.ports.cloud import Caller
from isotherm.template import is_template
from isotherm.usecases.offers import lacking
from isotherm.usecases.refusals import Invalid
from isotherm.usecases.services import Services

_STATUSES = ("UNKNOWN", "SUPPORTED", "DEPRECATED", "UNSUPPORTED", "HIDDEN")
_HIDDEN = "HIDDEN"


class TypeListRequest(Struct, frozen=True, kw_only=True):
    """``name`` is a regular expression that matches from the start."""

    name: str | None = None
    version: str | None = None
    support_status: str | None = None


async def list_types(
    services: Services, caller: Caller, request: TypeListRequest
) -> list[TypeSchema]:
    """Types the caller may use in this cloud; hidden ones only where asked for by status.

    Raises Invalid.
    """
    wanted = request.support_status
    if wanted is not None and wanted not in _STATUSES:
        raise Invalid(f"Invalid support status and should be one of {_STATUSES}")
    matches = _name_filter(request.name)
    found = []
    for name, resource_type in _by_name(services):
        support = resource_type.support
        if support.status == _HIDDEN and wanted != _HIDDEN:
            continue
        if wanted is not None and support.status != wanted:
            continue
        if request.version is not None and support.version != request.version:
            continue
        if not matches(name) or not services.policy.allows_type(name, caller):
            continue
        if await lacking(services.cloud, resource_type, services.registry) is None:
            found.append(replace(resource_type.type_schema(), name=name))
    return found


def _by_name(services: Services) -> Iterator[tuple[str, AnyType]]:
    """All types as templates call them: those that the operator has templates for by their
    names, not by where the templates lie."""
    mapped = services.environment.registry
    names = {name for name in mapped.types if "*" not in name and is_template(mapped.resolve(name))}
    for name in sorted(names.union(filterfalse(is_template, services.registry))):
        resource_type = services.registry.get(mapped.resolve(name) if name in names else name)
        if resource_type is not None:
            yield name, resource_type


async def show_type(services: Services, caller: Caller, name: str) -> dict[str, Any]:
    """What the type offers, in the form clients know.

    Raises EntityNotFound, Forbidden or ResourceTypeUnavailable.
    """
    found = await find_type(services, caller, name)
    return {**described(found.type_schema()), "resource_type": name}


async def find_type(services: Services, caller: Caller, name: str) -> AnyType:
    """Raises EntityNotFound, Forbidden or ResourceTypeUnavailable."""
    # Aliases are not listed, but they can be asked for.
    resource_type = services.registry.get(
        services.environment.registry.resolve(name, types=services.registry)
    )
    if resource_type is None:
        raise EntityNotFound("Resource Type", name)
    if not services.policy.allows_type(name, caller):
        raise Forbidden(f"You are not authorized to use resource type {name}.")
    if refusal := await lacking(services.cloud, resource_type, services.registry):
        raise refusal
    return resource_type


def offered_properties(schema: TypeSchema) -> dict[str, PropertySchema]:
    """Properties that authors of new templates should know."""
    return {name: each for name, each in schema.properties.items() if _is_offered(each)}


def _is_offered(schema: PropertySchema) -> bool:
    known = schema.support.status != _HIDDEN and schema.told is not Told.NOT_AT_ALL
    return schema.implemented and known


def offered_attributes(schema: TypeSchema) -> dict[str, AttributeSchema]:
    """Attributes that authors of new templates should know."""
    return {
        name: each for name, each in schema.attributes.items() if each.support.status != _HIDDEN
    }


def described(schema: TypeSchema) -> dict[str, Any]:
    """The schema as JSON-like data."""
    return {
        "resource_type": schema.name,
        "properties": {name: _property(each) for name, each in offered_properties(schema).items()},
        "attributes": {name: _attribute(each) for name, each in offered_attributes(schema).items()},
        "support_status": _support(schema.support),
    }


def constraint_data(constraint: Constraint) -> dict[str, Any]:
    """The constraint as template authors write it."""
    match constraint:
        case Range(minimum, maximum):
            return {"range": _limits(minimum, maximum)}
        case Length(minimum, maximum):
            return {"length": _limits(minimum, maximum)}
        case Modulo(step, offset):
            return {"modulo": {"step": step, "offset": offset}}
        case AllowedValues(values):
            return {"allowed_values": list(values)}
        case AllowedPattern(pattern):
            return {"allowed_pattern": pattern}
        case CustomConstraint(name):
            return {"custom_constraint": name}
    return {}


def _schema(services: Services, name: str) -> TypeSchema:
    schema = services.registry.lookup(name)
    if schema is None:
        raise EntityNotFound("Resource Type", name)
    return schema


def _name_filter(pattern: str | None) -> Callable[[str], bool]:
    """What is no pattern at all matches no name. The filter raises Invalid for a pattern
    that takes too long."""
    if pattern is None:
        return lambda _: True
    try:
        compile_pattern(pattern)
    except PatternError:
        return lambda _: False

    def matches(name: str) -> bool:
        try:
            return matches_start(pattern, name)
        except PatternError as error:
            raise Invalid(f"name: {error}") from None

    return matches


def _property(schema: PropertySchema) -> dict[str, Any]:
    data: dict[str, Any] = {"type": schema.type.value}
    if schema.description:
        data["description"] = schema.description
    if schema.default is not ABSENT:
        data["default"] = schema.default
    if schema.items is not None:
        data["schema"] = {"*": _property(schema.items)}
    elif schema.fields is not None:
        known = schema.fields.items()
        told = {name: _property(each) for name, each in known if each.told is not Told.NOT_AT_ALL}
        data["schema"] = told
    data["required"] = schema.required or schema.told is Told.AS_REQUIRED
    if schema.constraints:
        data["constraints"] = [_constraint(each) for each in schema.constraints]
    data["update_allowed"] = schema.update_allowed
    data["immutable"] = schema.immutable
    return data


def _constraint(constraint: Constraint) -> dict[str, Any]:
    data = constraint_data(constraint)
    if constraint.description:
        data["description"] = constraint.description
    return data


def _attribute(schema: AttributeSchema) -> dict[str, Any]:
    data: dict[str, Any] = {"description": schema.description}
    if schema.type is not None:
        data["type"] = schema.type.value
    return data


def _support(support: SupportStatus) -> dict[str, Any]:
    previous = support.previous
    return {
        "status": support.status,
        "message": support.message,
        "version": support.version,
        "previous_status": _support(previous) if previous else None,
    }


def _limits(minimum: float | None, maximum: float | None) -> dict[str, float]:
    data: dict[str, float] = {}
    if minimum is not None:
        data["min"] = minimum
    if maximum is not None:
        data["max"] = maximum
    return data
