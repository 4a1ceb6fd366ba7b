"""Wake-ups within one process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class EmbeddedBus:
    """Implements ``ports.bus.Bus`` for listeners on the same event loop."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[asyncio.Queue[str]]] = defaultdict(set)

    async def wake(self, topic: str, key: str) -> None:
        for queue in self._listeners[topic]:
            queue.put_nowait(key)

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[AsyncIterator[str]]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners[topic].add(queue)
        try:
            yield _keys(queue)
        finally:
            self._listeners[topic].discard(queue)

    async def close(self) -> None:
        self._listeners.clear()


async def _keys(queue: asyncio.Queue[str]) -> AsyncIterator[str]:
    while True:
        yield await queue.get()
