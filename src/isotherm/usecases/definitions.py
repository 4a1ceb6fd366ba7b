"""Stack definitions: bound templates, remembered by the content they come from."""

from __future__ import annotations

from collections import OrderedDict

from isotherm.ports.records import Source, Stack
from isotherm.template import (
    PseudoParameters,
    StackDefinition,
    bind,
    load_environment,
    load_template,
)
from isotherm.usecases.services import Services

_REMEMBERED = 256


def define(
    source: Source, stack: PseudoParameters, previous: StackDefinition | None = None
) -> StackDefinition:
    """The definition of ``source`` for a stack; raises InvalidDocument.

    ``previous`` is what the stack was so far: immutable parameters must not change.
    """
    return bind(
        load_template(source.template),
        load_environment(source.environment),
        pseudo=stack,
        files=source.files,
        previous=previous.parameters if previous else None,
    )


async def definition_of(services: Services, stack: Stack) -> StackDefinition:
    """What a recorded stack is working towards."""
    key = (stack.id, stack.source_id)
    found = _definitions.get(key)
    if found is None:
        source = await source_of(services, stack)
        pseudo = await pseudo_parameters(services, stack.id, stack.name, stack.project_id)
        found = define(source, pseudo)
        _remember(key, found)
    return found


async def source_of(services: Services, stack: Stack) -> Source:
    """The source a recorded stack is working towards."""
    return await services.store.source(stack.source_id)


async def pseudo_parameters(
    services: Services, stack_id: str, name: str, project_id: str
) -> PseudoParameters:
    return PseudoParameters(
        stack_id=stack_id,
        stack_name=name,
        region=await services.cloud.region(),
        project_id=project_id,
    )


def hidden_parameters(definition: StackDefinition) -> frozenset[str]:
    """Names whose values are never shown."""
    declared = definition.template.parameters
    return frozenset(name for name, each in declared.items() if each.hidden)


_definitions: OrderedDict[tuple[str, str], StackDefinition] = OrderedDict()
"""By stack and source: both ids are never used again, so an entry cannot become wrong."""


def _remember(key: tuple[str, str], definition: StackDefinition) -> None:
    _definitions[key] = definition
    while len(_definitions) > _REMEMBERED:
        _definitions.popitem(last=False)
