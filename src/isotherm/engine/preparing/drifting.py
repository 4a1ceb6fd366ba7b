"""Compares the objects of a stack with what is recorded of them; nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from isotherm.core.clock import Clock
from isotherm.core.errors import RemoteError
from isotherm.core.values import Value
from isotherm.engine.preparing.definitions import Definer
from isotherm.engine.steps.contexts import context_of
from isotherm.engine.waiting.poller import Poller
from isotherm.kit.changes import Change
from isotherm.kit.nested_stacks import NoNestedStacks
from isotherm.planning.drift import drift
from isotherm.planning.planner import is_observed
from isotherm.planning.replacement import current_rows
from isotherm.ports.records import Resource, Stack

_PATIENCE = 30.0
"""Seconds that looking at one object may take."""


class Sight(StrEnum):
    IN_SYNC = "IN_SYNC"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"
    NOT_CHECKED = "NOT_CHECKED"
    """There is no object, it tells nothing, or the cloud did not answer."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """A resource, and by name what its object has (``before``) and should have (``after``)."""

    row: Resource
    sight: Sight
    differences: Mapping[str, Change] = field(default_factory=dict)


class Drifting:
    def __init__(self, definer: Definer, clock: Clock) -> None:
        self._definer, self._clock = definer, clock
        self._poller = Poller(clock, 0.0)

    async def of(self, stack: Stack, names: frozenset[str] | None = None) -> list[Drifted]:
        """The resources of the stack itself, or those of these names. Raises RemoteError."""
        rows = current_rows(await self._definer.store.resources(stack.id))
        chosen = [row for name, row in rows.items() if names is None or name in names]
        return list(await asyncio.gather(*(self._look(stack, row) for row in chosen)))

    async def _look(self, stack: Stack, row: Resource) -> Drifted:
        resource_type = self._definer.types.get(row.type)
        if resource_type is None or row.physical_id is None or not is_observed(resource_type, row):
            return Drifted(row, Sight.NOT_CHECKED)
        api = await self._definer.cloud.connect(stack.credentials)
        ctx = context_of(
            stack, row, resource_type, api=api, now=self._clock.now(), stacks=NoNestedStacks()
        )
        try:
            async with asyncio.timeout(_PATIENCE):
                remote = await self._poller.observe(resource_type, ctx)
        except (RemoteError, TimeoutError):
            return Drifted(row, Sight.NOT_CHECKED)
        if remote is None:
            return Drifted(row, Sight.DELETED)
        live: Mapping[str, Value] = resource_type.live(remote)
        resolved = {**row.properties, **row.resolved}
        found = drift(resource_type, live, row.properties, resolved)
        return Drifted(row, Sight.MODIFIED if found else Sight.IN_SYNC, dict(found))
