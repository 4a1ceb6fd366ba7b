"""Validate templates; list the template versions and their functions."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from isotherm.core.errors import NotFound
from isotherm.core.values import REDACTED
from isotherm.ports.cloud import Caller
from isotherm.template import (
    StackDefinition,
    bind,
    functions_of,
    load_environment,
    load_template,
    parameter_schemas,
    template_versions,
    validate,
)
from isotherm.usecases.definitions import hidden_parameters, pseudo_parameters
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
    pseudo = await pseudo_parameters(services, "None", "validated", caller.project_id)
    definition = bind(template, environment, pseudo=pseudo, files=source.files, complete=False)
    validate(definition, services.registry).raise_errors()
    answer: dict[str, Any] = {
        "Description": template.description or "No description",
        "Parameters": parameter_schemas(definition),
    }
    if template.parameter_groups:
        answer["ParameterGroups"] = [dict(each.written) for each in template.parameter_groups]
    answer["Environment"] = _environment(definition)
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


def _environment(definition: StackDefinition) -> dict[str, Any]:
    hidden = hidden_parameters(definition)
    environment = definition.environment

    def shown(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: REDACTED if name in hidden else each for name, each in values.items()}

    return {
        "resource_registry": {"resources": {}, **environment.registry.as_data()},
        "parameters": shown(environment.parameters),
        "parameter_defaults": shown(environment.parameter_defaults),
        "event_sinks": list(environment.event_sinks),
    }
