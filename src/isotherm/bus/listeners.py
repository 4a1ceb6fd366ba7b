"""Handing wake-ups to whoever listens in this process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Listeners:
    """All listeners of this process, by topic."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[_Listener]] = defaultdict(set)
        self._closed = False

    def deliver(self, topic: str, key: str) -> None:
        """Give the key to every listener of the topic; each takes it in its own time."""
        for listener in self._by_topic.get(topic, ()):
            listener.put(key)

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[AsyncIterator[str]]:
        """Keys delivered while the context is open."""
        listener = _Listener()
        self._by_topic[topic].add(listener)
        if self._closed:
            listener.end()
        try:
            yield listener
        finally:
            self._by_topic[topic].discard(listener)

    def close(self) -> None:
        """End the iteration of every listener."""
        self._closed = True
        for listeners in self._by_topic.values():
            for listener in listeners:
                listener.end()


class _Listener(AsyncIterator[str]):
    """Keys in the order of their first wake-up; one that waits already is not added again."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}
        self._changed = asyncio.Event()
        self._ended = False

    def put(self, key: str) -> None:
        self._keys[key] = None
        self._changed.set()

    def end(self) -> None:
        self._ended = True
        self._changed.set()

    async def __anext__(self) -> str:
        while not self._keys:
            if self._ended:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        key = next(iter(self._keys))
        del self._keys[key]
        return key
