"""Wake-ups within one process and one event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from isotherm.bus.listeners import Listeners


class EmbeddedBus:
    """Implements ``ports.bus.Bus``."""

    def __init__(self) -> None:
        self._listeners = Listeners()

    async def wake(self, topic: str, key: str) -> None:
        self._listeners.deliver(topic, key)

    def listen(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        return self._listeners.listen(topic)

    async def close(self) -> None:
        self._listeners.close()
