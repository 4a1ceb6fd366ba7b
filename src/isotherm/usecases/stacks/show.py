"""Show a stack, and the source it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.core.schema import ValueType
from isotherm.core.values import REDACTED, Secret, Value
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source, Stack
from isotherm.template import StackDefinition, load_template
from isotherm.usecases.access import find_stack, stack_of
from isotherm.usecases.definitions import definition_of, source_of
from isotherm.usecases.outputs import Output, evaluated_outputs
from isotherm.usecases.services import Services


@dataclass(frozen=True, slots=True)
class StackDetail:
    """``outputs`` is None where they were not asked for or the stack is deleted."""

    stack: Stack
    description: str
    parameters: Mapping[str, str]
    outputs: list[Output] | None


async def lookup_stack(services: Services, caller: Caller, name_or_id: str) -> Stack:
    """The stack that a name or an id alone means; raises EntityNotFound."""
    return await find_stack(services, caller, name_or_id)


async def show_stack(
    services: Services, caller: Caller, name: str, stack_id: str, *, resolve_outputs: bool = True
) -> StackDetail:
    """Raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    definition = await definition_of(services, stack)
    outputs = None
    if resolve_outputs and stack.deleted_at is None:
        outputs = await evaluated_outputs(services, stack, definition)
    return StackDetail(
        stack=stack,
        description=definition.description or "No description",
        parameters=shown_parameters(definition, stack),
        outputs=outputs,
    )


async def show_template(
    services: Services, caller: Caller, name: str, stack_id: str
) -> Mapping[str, Any]:
    """The template as parsed data; raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    template = load_template((await source_of(services, stack)).template)
    return template.data


async def show_environment(
    services: Services, caller: Caller, name: str, stack_id: str
) -> dict[str, Any]:
    """The environment, values of hidden parameters left out; raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    definition = await definition_of(services, stack)
    return _redacted(await source_of(services, stack), definition)


async def show_files(
    services: Services, caller: Caller, name: str, stack_id: str
) -> dict[str, str]:
    """Contents by name; raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    return (await source_of(services, stack)).files


def shown_parameters(definition: StackDefinition, stack: Stack) -> dict[str, str]:
    """Every parameter as text, the pseudo parameters first, hidden ones as asterisks."""
    shown = {
        "OS::stack_id": stack.id,
        "OS::project_id": stack.project_id,
        "OS::stack_name": stack.name,
    }
    for name, parameter in definition.parameters.items():
        if parameter.schema.hidden or isinstance(parameter.value, Secret):
            shown[name] = REDACTED
        else:
            shown[name] = _as_text(parameter.schema.type, parameter.value)
    return shown


def _as_text(kind: ValueType, value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and kind is ValueType.LIST:
        return ",".join(str(each) for each in value)
    if isinstance(value, Mapping | list):
        return json.dumps(value)
    return str(value)


def _redacted(source: Source, definition: StackDefinition) -> dict[str, Any]:
    hidden = {name for name, each in definition.parameters.items() if each.schema.hidden}
    environment = dict(source.environment)
    for section in ("parameters", "parameter_defaults"):
        given = environment.get(section) or {}
        environment[section] = {k: REDACTED if k in hidden else v for k, v in given.items()}
    registry = dict(environment.get("resource_registry") or {})
    registry.setdefault("resources", {})
    return {
        **environment,
        "resource_registry": registry,
        "event_sinks": environment.get("event_sinks") or [],
        "encrypted_param_names": environment.get("encrypted_param_names") or [],
    }
