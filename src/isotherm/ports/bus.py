"""The bus port: wake-ups, hints that something may be ready; never the truth."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Bus(Protocol):
    """Losing a wake-up costs at most the engine's polling interval; no method raises for it."""

    async def wake(self, topic: str, key: str) -> None:
        """Tell every listener of ``topic`` about ``key`` (a stack id)."""
        ...

    def listen(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Keys that are woken from now on, for as long as the context is open."""
        ...

    async def close(self) -> None: ...


TRAVERSALS = "traversals"
"""Keys are stacks with a new traversal: somebody should claim, or notice being overtaken."""

MESSAGES = "messages"
"""Keys are stacks that a message came for: somebody should claim, or its owner look."""

EVENTS = "events"
"""Keys are stacks of which a traversal is over, or a message has been taken in."""
