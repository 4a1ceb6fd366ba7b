"""Requests of one project at a time: who sends many waits behind himself, not others behind him."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

AT_ONCE = 8


class Turns:
    def __init__(self) -> None:
        self._of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, project_id: str) -> asyncio.Semaphore:
        """To be held while a request of the project is worked on."""
        return self._of.setdefault(project_id, asyncio.Semaphore(AT_ONCE))
