"""Validate templates; list the template versions and their functions."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from msgspec import Struct

from isotherm.core.errors import NotFound
from isotherm.core.ids import ProjectId, StackId
from isotherm.core.values import REDACTED
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source
from isotherm.template import (
    NestedStack,
    StackDefinition,
    functions_of,
    is_template,
    load_environment,
    parameter_schemas,
    template_versions,
)
from isotherm.usecases.definitions import hidden_parameters
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest, make_source
from isotherm.usecases.validation import INQUIRY, examine


class TemplateRequest(Struct, frozen=True, kw_only=True):
    """``show_nested``: tell of templates inside, too. ``any_service``: resource types whose
    service the cloud lacks are fine."""

    source: SourceRequest
    show_nested: bool = False
    any_service: bool = False


async def check_template(
    services: Services, caller: Caller, request: TemplateRequest
) -> dict[str, Any]:
    """What the template asks of its user; values of parameters need not be given.

    Raises InvalidDocument or RequestError.
    """
    source = await make_source(services, caller, request.source)
    pseudo = await services.definer.pseudo_parameters(
        StackId("None"), "validated", ProjectId(caller.project_id)
    )
    purpose = replace(INQUIRY, any_service=request.any_service)
    examined = await examine(services, caller, source, pseudo, purpose=purpose)
    examined.require_valid()
    answer = _described(examined.definition)
    if request.show_nested and examined.tree.children:
        answer["NestedParameters"] = _nested(examined.tree.children)
    return {**answer, "Environment": _environment(examined.definition, source)}


async def summarise_template(
    services: Services, caller: Caller, request: TemplateRequest
) -> dict[str, Any]:
    """The same, with the version, the types of resources by name, and the metadata.

    Raises InvalidDocument or RequestError.
    """
    source = await make_source(services, caller, request.source)
    return await summarised(services, caller, source)


async def summarised(services: Services, caller: Caller, source: Source) -> dict[str, Any]:
    """Of a source that there is already."""
    pseudo = await services.definer.pseudo_parameters(
        StackId("None"), "summarised", ProjectId(caller.project_id)
    )
    examined = await examine(services, caller, source, pseudo, purpose=INQUIRY)
    examined.require_valid()
    template = examined.definition.template
    resources = examined.definition.resources
    types = {name: each.declared_type for name, each in resources.items()}
    return {**_described(examined.definition), "Version": template.version.key, "Types": types}


def _described(definition: StackDefinition) -> dict[str, Any]:
    template = definition.template
    answer: dict[str, Any] = {
        "Description": template.description or "No description",
        "Parameters": parameter_schemas(definition),
    }
    if template.parameter_groups:
        answer["ParameterGroups"] = [dict(each.written) for each in template.parameter_groups]
    return answer


def _nested(children: Mapping[str, NestedStack]) -> dict[str, Any]:
    """Each nested template with the type that names it, and those inside it."""
    found = {}
    for name, child in children.items():
        answer = {"Type": child.resource.declared_type, **_described(child.definition)}
        if child.children:
            answer["NestedParameters"] = _nested(child.children)
        found[name] = answer
    return found


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


def _environment(definition: StackDefinition, source: Source) -> dict[str, Any]:
    """The environment of the request, with the templates that resources name directly."""
    hidden = hidden_parameters(definition)
    environment = load_environment(source.environment)
    direct = {
        each.declared_type: each.declared_type
        for each in definition.resources.values()
        if is_template(each.declared_type)
    }

    def shown(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: REDACTED if name in hidden else each for name, each in values.items()}

    return {
        "resource_registry": {"resources": {}, **direct, **environment.registry.as_data()},
        "parameters": shown(environment.parameters),
        "parameter_defaults": shown(environment.parameter_defaults),
        "event_sinks": list(environment.event_sinks),
    }
