"""Stack definitions: bound templates, remembered by the content they come from."""

from __future__ import annotations

from collections import OrderedDict

from isotherm.core.states import Action
from isotherm.engine.preparing.definitions import FACADES, IMPORTS, ZONES
from isotherm.ports.records import Source, Stack
from isotherm.template import StackDefinition
from isotherm.usecases.services import Services

_MOST_PARTS = 2_000
"""Resources and outputs of all definitions that are remembered, but for the newest one: big
stacks are asked about while something happens to them, and take megabytes each."""
_FROM_OTHER_STACKS = {IMPORTS, *FACADES}


async def definition_of(services: Services, stack: Stack) -> StackDefinition:
    """What a recorded stack is working towards."""
    key = (stack.id, stack.source_id)
    found = _recent.get(key)
    if found is None:
        found = await services.definer.define(stack)
        calls = found.template.functions_called
        if ZONES in calls and stack.action is Action.DELETE:
            # What it may do in the cloud is given back with its last object.
            return found
        if ZONES in calls:
            api = await services.cloud.connect(stack.credentials)
            return await services.definer.define(stack, api)
        if calls.isdisjoint(_FROM_OTHER_STACKS):
            _recent.put(key, found)
    return found


async def source_of(services: Services, stack: Stack) -> Source:
    """The source a recorded stack is working towards."""
    return await services.store.source(stack.source_id)


def hidden_parameters(definition: StackDefinition) -> frozenset[str]:
    """Names whose values are never shown."""
    declared = definition.template.parameters
    return frozenset(name for name, each in declared.items() if each.hidden)


class RecentDefinitions:
    """By stack and source: both ids are never used again, so an entry cannot become wrong.
    What other stacks and the cloud have a say in is not remembered."""

    def __init__(self, parts: int = _MOST_PARTS) -> None:
        self._most = parts
        self._parts = 0
        self._held: OrderedDict[tuple[str, str], StackDefinition] = OrderedDict()

    def get(self, key: tuple[str, str]) -> StackDefinition | None:
        if (found := self._held.get(key)) is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: tuple[str, str], definition: StackDefinition) -> None:
        if key in self._held:
            return  # somebody else was faster
        self._held[key] = definition
        self._parts += _parts(definition)
        while self._parts > self._most and len(self._held) > 1:
            _, oldest = self._held.popitem(last=False)
            self._parts -= _parts(oldest)


def _parts(definition: StackDefinition) -> int:
    """How much memory a definition takes, in its biggest parts; all have some that are small."""
    return 10 + len(definition.resources) + len(definition.outputs)


_recent = RecentDefinitions()
