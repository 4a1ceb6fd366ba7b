"""A bus between processes that outlives the loss of what carries it."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

from isotherm.bus.listeners import Listeners
from isotherm.bus.outbox import Outbox, WakeUp

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_PATIENCE_AT_START = 5.0
_PATIENCE_AT_END = 1.0


class Connection(Protocol):
    """An open connection, on which this process hears all others."""

    async def send(self, wake_ups: list[WakeUp]) -> None:
        """Tell the other processes."""
        ...

    async def lost(self) -> None:
        """Returns, or raises, when the connection is over."""
        ...


class Carrier(ABC):
    """What carries wake-ups from process to process."""

    errors: tuple[type[Exception], ...]
    """What its connections raise when they cannot be made or are lost."""

    @abstractmethod
    def connect(self, listeners: Listeners) -> AbstractAsyncContextManager[Connection]:
        """A connection that hands what the other processes send to ``listeners``."""

    @abstractmethod
    def __str__(self) -> str:
        """Where it connects to, fit to be logged."""


class RemoteBus:
    """Implements ``ports.bus.Bus``. Listeners in this process hear its own wake-ups at once,
    whatever becomes of the connection; that one is made when it is first needed."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._listeners = Listeners()
        self._outbox = Outbox()
        self._tried = asyncio.Event()
        self._connected = False
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def wake(self, topic: str, key: str) -> None:
        self._listeners.deliver(topic, key)
        self._outbox.put((topic, key))
        self._start()

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[AsyncIterator[str]]:
        async with self._listeners.listen(topic) as keys:
            self._start()
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_AT_START):
                    await self._tried.wait()
            yield keys

    async def close(self) -> None:
        """Send what is waiting, if that is quickly done, and end the connection."""
        self._closed = True
        self._listeners.close()
        if self._task is None:
            return
        if self._connected:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_AT_END):
                    await self._outbox.all_sent()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None

    def _start(self) -> None:
        if self._task is None and not self._closed:
            self._task = asyncio.create_task(self._stay_connected(), name=f"bus {self._carrier}")

    async def _stay_connected(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._carry()
            except* self._carrier.errors as lost:
                pause = _FIRST_PAUSE if self._connected else min(pause * 2, _LONGEST_PAUSE)
                _log.warning("%s: no wake-ups from others: %s", self._carrier, _first(lost))
            self._connected = False
            self._tried.set()
            await asyncio.sleep(pause)

    async def _carry(self) -> None:
        async with self._carrier.connect(self._listeners) as connection:
            _log.info("%s: connected", self._carrier)
            self._connected = True
            self._tried.set()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send(connection))
                tasks.create_task(_watch(connection))

    async def _send(self, connection: Connection) -> None:
        while True:
            wake_ups = await self._outbox.take()
            try:
                await connection.send(wake_ups)
            except self._carrier.errors:
                self._outbox.give_back(wake_ups)
                raise
            self._outbox.confirm()


async def _watch(connection: Connection) -> None:
    await connection.lost()
    raise ConnectionError("the connection was closed")


def _first(group: BaseExceptionGroup[Exception]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
