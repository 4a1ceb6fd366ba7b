"""Validate templates; list the template versions and their functions."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    CustomConstraint,
    Length,
    Modulo,
    Range,
)
from isotherm.core.errors import NotFound
from isotherm.core.schema import ABSENT
from isotherm.core.values import REDACTED
from isotherm.ports.cloud import Caller
from isotherm.template import (
    Environment,
    ParameterDeclaration,
    functions_of,
    load_environment,
    load_template,
    template_versions,
    validate_template,
)
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest, make_source


async def check_template(
    services: Services, caller: Caller, request: SourceRequest
) -> dict[str, Any]:
    """What the template asks of its user; values of parameters need not be given.

    Raises InvalidDocument or RequestError.
    """
    source = await make_source(services, request)
    template = load_template(source.template)
    environment = load_environment(source.environment)
    validate_template(
        template, environment, types=services.registry, files=source.files
    ).raise_errors()
    answer: dict[str, Any] = {
        "Description": template.description or "No description",
        "Parameters": {
            name: _parameter(declaration, environment)
            for name, declaration in template.parameters.items()
        },
    }
    if template.parameter_groups:
        answer["ParameterGroups"] = template.parameter_groups
    answer["Environment"] = _environment(environment, template.parameters)
    return answer


async def list_template_versions(services: Services, caller: Caller) -> list[dict[str, Any]]:
    """Every version with its kind (cfn, hot) and the other names it goes by."""
    versions = template_versions()
    return [
        {
            "version": version.key,
            "type": "hot" if version.is_hot else "cfn",
            "aliases": [
                other.key for other in versions if other.alias and other.hot_date == version.number
            ],
        }
        for version in versions
        if not version.alias
    ]


async def list_template_functions(
    services: Services, caller: Caller, version: str, *, with_conditions: bool = False
) -> list[dict[str, str]]:
    """Names and descriptions; raises NotFound for an unknown version."""
    try:
        functions = functions_of(version, with_conditions=with_conditions)
    except KeyError:
        raise NotFound(f"Template with version {version} not found") from None
    return [
        {"functions": name, "description": (inspect.getdoc(function) or "").split("\n\n")[0]}
        for name, function in functions.items()
    ]


def _parameter(declaration: ParameterDeclaration, environment: Environment) -> dict[str, Any]:
    name = declaration.name
    data: dict[str, Any] = {
        "Type": declaration.type.value,
        "Description": str(declaration.description or ""),
        "NoEcho": "true" if declaration.hidden else "false",
        "Label": str(declaration.label or name),
    }
    if declaration.default is not ABSENT:
        data["Default"] = declaration.default
    given = environment.parameters.get(name)
    if given is not None:
        data["Value"] = REDACTED if declaration.hidden else given
    for constraint in declaration.constraints:
        data |= _constraint(constraint)
        if constraint.description:
            data["ConstraintDescription"] = constraint.description
    if declaration.tags:
        data["Tags"] = list(declaration.tags)
    return data


def _constraint(constraint: Any) -> dict[str, Any]:
    match constraint:
        case Range(minimum, maximum):
            found: dict[str, Any] = {"MinValue": minimum, "MaxValue": maximum}
        case Length(minimum, maximum):
            found = {"MinLength": minimum, "MaxLength": maximum}
        case Modulo(step, offset):
            found = {"Step": step, "Offset": offset}
        case AllowedValues(values):
            found = {"AllowedValues": list(values)}
        case AllowedPattern(pattern):
            found = {"AllowedPattern": pattern}
        case CustomConstraint(name):
            found = {"CustomConstraint": name}
        case _:
            found = {}
    return {key: each for key, each in found.items() if each is not None}


def _environment(
    environment: Environment, declarations: Mapping[str, ParameterDeclaration]
) -> dict[str, Any]:
    hidden = {name for name, each in declarations.items() if each.hidden}

    def shown(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: REDACTED if name in hidden else each for name, each in values.items()}

    source = environment.source
    return {
        "resource_registry": {"resources": {}, **(source.get("resource_registry") or {})},
        "parameters": shown(source.get("parameters") or {}),
        "parameter_defaults": shown(source.get("parameter_defaults") or {}),
        "event_sinks": source.get("event_sinks") or [],
    }
