"""List and show the outputs of a stack."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import NotFound
from isotherm.core.states import Status
from isotherm.core.values import Secret, Unknown, Value, redact, reveal, transform
from isotherm.engine.heavy_work import worked_out
from isotherm.engine.recording.scopes import RecordedScope
from isotherm.planning.attributes_needed import attributes_in_outputs
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.replacement import current_rows
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Resource, Stack
from isotherm.template import MAX_TEXT, Scope, StackDefinition, weight
from isotherm.usecases.access import live_stack
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services

_NO_DESCRIPTION = "No description given"
_MANY = 50
"""Outputs that may take long to evaluate."""


@dataclass(frozen=True, slots=True)
class Output:
    """``value`` is None while it is not known; ``error`` says why it cannot be evaluated."""

    key: str
    description: str
    value: Value = None
    error: str | None = None


async def list_outputs(
    services: Services, caller: Caller, name: str, stack_id: str
) -> list[Output]:
    """Keys and descriptions, without values; raises EntityNotFound."""
    stack = await live_stack(services, caller, name, stack_id)
    definition = await definition_of(services, stack)
    return [
        Output(key, str(output.description or _NO_DESCRIPTION))
        for key, output in definition.template.outputs.items()
    ]


async def show_output(
    services: Services, caller: Caller, name: str, stack_id: str, key: str
) -> Output:
    """Raises EntityNotFound, and NotFound for an unknown key."""
    stack = await live_stack(services, caller, name, stack_id)
    definition = await definition_of(services, stack)
    if key not in definition.template.outputs:
        raise NotFound(f"Specified output key {key} not found.")
    rows = await services.store.resources(stack.id)
    scope = await _scope(services, stack, definition, rows, key)
    heavy = definition.template.runs_queries
    return _told(await worked_out(heavy, stack.project_id, _evaluated, definition, key, scope))


async def evaluated_outputs(
    services: Services,
    stack: Stack,
    definition: StackDefinition,
    rows: Sequence[Resource] | None = None,
) -> list[Output]:
    """All outputs with their values as far as they are known; ``rows`` are those of the stack,
    if they are read already."""
    if not definition.template.outputs:
        return []
    template = definition.template
    heavy = template.runs_queries or len(template.outputs) > _MANY
    if rows is None:
        rows = await services.store.resources(stack.id)
    scope = await _scope(services, stack, definition, rows)
    found = await worked_out(heavy, stack.project_id, outputs_in, definition, scope)
    return [_told(each) for each in found]


def foreseen_outputs(definition: StackDefinition) -> list[Output]:
    """All outputs as far as they are known before anything runs, secrets as asterisks."""
    return [
        dataclasses.replace(each, value=redact(each.value))
        for each in outputs_in(definition, AllUnknown())
    ]


def outputs_in(definition: StackDefinition, scope: Scope) -> list[Output]:
    """All outputs, evaluated against ``scope``; what is secret is wrapped."""
    found, size = [], 0
    for key in definition.template.outputs:
        output = _evaluated(definition, key, scope)
        size += weight(output.value)
        if size > MAX_TEXT:
            text = f"All outputs together have more than {MAX_TEXT} characters."
            output = Output(key, output.description, error=text)
        found.append(output)
    return found


async def _scope(
    services: Services,
    stack: Stack,
    definition: StackDefinition,
    rows: Sequence[Resource],
    *keys: str,
) -> Scope:
    """What the outputs see: attributes as they are now, unless they are about to change."""
    current = current_rows(rows)
    if stack.status is Status.IN_PROGRESS:
        return RecordedScope(current, services.registry)
    chosen = keys or tuple(definition.outputs)
    wanted = attributes_in_outputs(definition, services.registry, chosen)
    return await services.present.scope(stack, definition, current, wanted)


def _evaluated(definition: StackDefinition, key: str, scope: Scope) -> Output:
    """An output whose condition does not hold is there, without a value."""
    description = str(definition.template.outputs[key].description or _NO_DESCRIPTION)
    output = definition.outputs.get(key)
    if output is None:
        return Output(key, description)
    try:
        value = definition.evaluate(output.value, scope)
    except InvalidDocument as problem:
        return Output(key, description, error=str(problem))
    return Output(key, description, transform(value, _settled))


def _settled(marker: Unknown | Secret) -> Value:
    return marker if isinstance(marker, Secret) else None


def _told(output: Output) -> Output:
    """The output as it was asked for: in clear, whatever was secret on the way."""
    return dataclasses.replace(output, value=reveal(output.value))
