"""Show a stack, and the source it was made from."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isotherm.core.values import REDACTED
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource, Stack
from isotherm.template import UNLIMITED_SIZE, StackDefinition, load_template
from isotherm.usecases.access import find_stack, stack_of
from isotherm.usecases.definitions import definition_of, hidden_parameters, source_of
from isotherm.usecases.outputs import Output, evaluated_outputs
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.environments import own_environment
from isotherm.usecases.stacks.notifications import notified_by


@dataclass(frozen=True, slots=True)
class StackDetail:
    """``outputs`` is None where they were not asked for or the stack is deleted. ``notified``
    are the addresses that are told of events."""

    stack: Stack
    description: str
    parameters: Mapping[str, str]
    outputs: list[Output] | None
    notified: tuple[str, ...] = ()


async def lookup_stack(services: Services, caller: Caller, name_or_id: str) -> Stack:
    """The stack that a name or an id alone means; raises EntityNotFound."""
    return await find_stack(services, caller, name_or_id)


async def show_stack(
    services: Services, caller: Caller, name: str, stack_id: str, *, resolve_outputs: bool = True
) -> StackDetail:
    """Raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    return await detail_of(services, stack, resolve_outputs=resolve_outputs)


async def details_of(services: Services, stacks: Sequence[Stack]) -> list[StackDetail]:
    """Of stacks that the caller has been given; the store is asked about all of them at once."""
    definitions = await asyncio.gather(*(definition_of(services, each) for each in stacks))
    defined = list(zip(stacks, definitions, strict=True))
    showing = [s.id for s, d in defined if s.deleted_at is None and d.template.outputs]
    rows: dict[str, list[Resource]] = {stack_id: [] for stack_id in showing}
    for each in await services.store.resources_of(showing) if showing else ():
        rows[each.stack_id].append(each)
    return await asyncio.gather(
        *(_told(services, stack, each, rows.get(stack.id, ())) for stack, each in defined)
    )


async def detail_of(
    services: Services, stack: Stack, *, resolve_outputs: bool = True
) -> StackDetail:
    """Of a stack that the caller has been given."""
    definition = await definition_of(services, stack)
    if resolve_outputs:
        return await _told(services, stack, definition)
    return _detail(stack, definition, None)


async def _told(
    services: Services,
    stack: Stack,
    definition: StackDefinition,
    rows: Sequence[Resource] | None = None,
) -> StackDetail:
    """With outputs; ``rows`` are those of the stack, if they are read already."""
    outputs = None
    if stack.deleted_at is None:
        outputs = await evaluated_outputs(services, stack, definition, rows)
    return _detail(stack, definition, outputs)


def _detail(stack: Stack, definition: StackDefinition, outputs: list[Output] | None) -> StackDetail:
    return StackDetail(
        stack=stack,
        description=description_of(definition),
        parameters=shown_parameters(definition),
        outputs=outputs,
        notified=tuple(notified_by({"event_sinks": [*definition.environment.event_sinks]})),
    )


async def show_template(
    services: Services, caller: Caller, name: str, stack_id: str
) -> Mapping[str, Any]:
    """The template as parsed data; raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    source = await source_of(services, stack)
    template = load_template(source.template, limits=UNLIMITED_SIZE)
    return template.data


async def show_environment(
    services: Services, caller: Caller, name: str, stack_id: str
) -> dict[str, Any]:
    """The environment, values of hidden parameters left out; raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    definition = await definition_of(services, stack)
    own = await own_environment(services, stack, await source_of(services, stack))
    return shown_environment(own, definition)


async def show_files(
    services: Services, caller: Caller, name: str, stack_id: str
) -> dict[str, str]:
    """Contents by name; raises EntityNotFound."""
    stack = await stack_of(services, caller, name, stack_id)
    return (await source_of(services, stack)).files


def shown_parameters(definition: StackDefinition) -> dict[str, str]:
    """Every parameter as text, hidden ones as asterisks; the region is not shown."""
    shown = definition.shown_parameters()
    shown.pop("OS::region", None)
    return shown


def description_of(definition: StackDefinition) -> str:
    return str(definition.description or "No description")


def shown_environment(given: Mapping[str, Any], definition: StackDefinition) -> dict[str, Any]:
    """The environment of a source, values of hidden parameters left out."""
    hidden = hidden_parameters(definition)
    environment = dict(given)
    for section in ("parameters", "parameter_defaults"):
        given = environment.get(section) or {}
        environment[section] = {k: REDACTED if k in hidden else v for k, v in given.items()}
    return {
        "resource_registry": {"resources": {}, **(environment.get("resource_registry") or {})},
        "parameters": environment["parameters"],
        "parameter_defaults": environment["parameter_defaults"],
        "event_sinks": environment.get("event_sinks") or [],
        "encrypted_param_names": environment.get("encrypted_param_names") or [],
    }
