"""Stack definitions: bound templates, remembered by the content they come from."""

from __future__ import annotations

from collections import OrderedDict

from isotherm.engine.preparing.definitions import FACADES, IMPORTS, ZONES
from isotherm.ports.records import Source, Stack
from isotherm.template import StackDefinition
from isotherm.usecases.services import Services

_REMEMBERED = 256
_FROM_OTHER_STACKS = {IMPORTS, *FACADES}


async def definition_of(services: Services, stack: Stack) -> StackDefinition:
    """What a recorded stack is working towards."""
    key = (stack.id, stack.source_id)
    found = _definitions.get(key)
    if found is None:
        found = await services.definer.define(stack)
        calls = found.template.functions_called
        if ZONES in calls:
            api = await services.cloud.connect(stack.credentials)
            return await services.definer.define(stack, api)
        if calls.isdisjoint(_FROM_OTHER_STACKS):
            _remember(key, found)
    return found


async def source_of(services: Services, stack: Stack) -> Source:
    """The source a recorded stack is working towards."""
    return await services.store.source(stack.source_id)


def hidden_parameters(definition: StackDefinition) -> frozenset[str]:
    """Names whose values are never shown."""
    declared = definition.template.parameters
    return frozenset(name for name, each in declared.items() if each.hidden)


_definitions: OrderedDict[tuple[str, str], StackDefinition] = OrderedDict()
"""By stack and source: both ids are never used again, so an entry cannot become wrong.
What other stacks and the cloud have a say in is not remembered."""


def _remember(key: tuple[str, str], definition: StackDefinition) -> None:
    _definitions[key] = definition
    while len(_definitions) > _REMEMBERED:
        _definitions.popitem(last=False)
