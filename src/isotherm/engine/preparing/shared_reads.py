"""What several steps want to know of stacks in the same turn of the loop, read at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

from isotherm.ports.records import Resource
from isotherm.ports.store import AtRest, Store

T = TypeVar("T")

_MOST = 50
"""Stacks that are read at once: their rows are in memory together."""

_Found = Mapping[str, T]
_Batch = tuple[list[str], "asyncio.Future[_Found[T] | None]"]


class SharedRead(Generic[T]):
    """One read of stacks by their ids. What goes wrong is not shared: it may be the first one's
    own trouble, so the others read for themselves."""

    def __init__(self, read: Callable[[Sequence[str]], Awaitable[_Found[T]]]) -> None:
        self._read = read
        self._open: _Batch[T] | None = None

    async def of(self, stack_ids: Sequence[str]) -> _Found[T]:
        """By id, perhaps with others. Raises StoreUnavailable."""
        batch = self._open
        if batch is None or len(batch[0]) + len(stack_ids) > _MOST:
            return await self._lead(stack_ids)
        batch[0].extend(stack_ids)
        found = await asyncio.shield(batch[1])
        return found if found is not None else await self._read(stack_ids)

    async def _lead(self, stack_ids: Sequence[str]) -> _Found[T]:
        batch: _Batch[T] = ([*stack_ids], asyncio.get_running_loop().create_future())
        self._open = batch
        found = None
        try:
            await asyncio.sleep(0)
            if self._open is batch:
                self._open = None
            found = await self._read(batch[0])
            return found
        finally:
            batch[1].set_result(found)


class StandingStacks:
    """Stacks at rest, and their rows."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.at_rest = SharedRead(self._at_rest)
        self.rows = SharedRead(self._rows)

    async def _at_rest(self, stack_ids: Sequence[str]) -> Mapping[str, AtRest]:
        return {each.stack.id: each for each in await self._store.at_rest(stack_ids)}

    async def _rows(self, stack_ids: Sequence[str]) -> Mapping[str, Sequence[Resource]]:
        rows: defaultdict[str, list[Resource]] = defaultdict(list)
        for row in await self._store.resources_of(stack_ids):
            rows[row.stack_id].append(row)
        return rows
