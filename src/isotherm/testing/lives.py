"""How workers die in tests: at a named point, or when somebody ends them."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from isotherm.engine.owning.worker import Worker
from isotherm.ports.store import Store


class Killed(BaseException):
    """The worker died at a named point."""


class Life:
    """Of a worker that a test may end from outside, like ``kill -9``: it does nothing any more."""

    def __init__(self) -> None:
        self.over = False
        self._task: asyncio.Task[None] | None = None

    def begin(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def end(self) -> None:
        self.over = True
        if self._task is not None:
            self._task.cancel()

    def store(self, store: Store) -> Store:
        """The store as far as the life reaches: the dead write nothing."""
        return cast(Store, _Mortal(store, self))


class _Mortal:
    def __init__(self, store: Store, life: Life) -> None:
        self._store = store
        self._life = life

    def __getattr__(self, name: str) -> Any:
        if self._life.over:
            raise Killed
        return getattr(self._store, name)


async def until_killed(worker: Worker, life: Life | None) -> None:
    try:
        await worker.run()
    except BaseException as end:
        if life is not None and life.over:
            return
        if not isinstance(end, BaseExceptionGroup):
            raise
        killed, rest = end.split(Killed)
        if rest is not None or killed is None:
            raise
