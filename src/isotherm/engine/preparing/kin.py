"""Rows of the other stacks in a tree that stand for the same as one of a stack's own."""

from __future__ import annotations

from collections.abc import Sequence

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.states import Action
from isotherm.engine.preparing.definitions import Definer
from isotherm.ports.records import Resource, Stack


class Kin:
    """The stacks that are nested in each other with ``stack``."""

    def __init__(self, definer: Definer, stack: Stack) -> None:
        self._definer = definer
        self._stack = stack

    async def namesakes(self, row: Resource, *, desired: bool) -> Sequence[Resource]:
        """Current rows that name the row's object; with ``desired`` only those that their own
        template still asks for."""
        if row.physical_id is None:
            return []
        found = await self._definer.store.namesakes(row.physical_id)
        return [
            other
            for other in found
            if other.stack_id != self._stack.id
            and other.current
            and await self._counts(other, desired=desired)
        ]

    async def owner_elsewhere(self, row: Resource) -> str | None:
        for other in await self._definer.store.namesakes(row.physical_id or ""):
            if other.type == row.type and not other.external:
                home = await self._definer.store.stack(other.stack_id)
                if home is not None and _root(home) != _root(self._stack):
                    return home.name
        return None

    async def _counts(self, other: Resource, *, desired: bool) -> bool:
        home = await self._definer.store.stack(other.stack_id)
        if home is None or _root(home) != _root(self._stack):
            return False
        return not desired or await self._asks_for(home, other)

    async def _asks_for(self, home: Stack, other: Resource) -> bool:
        if Action.DELETE in (home.action, other.action):
            return False
        try:
            definition = await self._definer.define(home)
        except (InvalidDocument, RemoteError):
            return True  # nobody knows: what is not cut can still be cut
        return other.name in definition.resources


def _root(stack: Stack) -> str:
    return stack.root_id or stack.id
