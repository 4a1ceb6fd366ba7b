"""Group commit: one thread that commits whatever has gathered since it last did."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from isotherm.ports.metrics import Metrics
from isotherm.ports.store import Fenced, NameTaken, StoreUnavailable
from isotherm.store.database import Database
from isotherm.store.obstacles import REFUSES, Obstacle, cause, is_refusal, unavailable
from isotherm.store.waiters import Waiter, settle

_log = logging.getLogger(__name__)

T = TypeVar("T")

_LARGEST_BATCH = 512
_PATIENCE = 30.0
"""Seconds for which a change is tried again when the database is away."""
_SHORT_PATIENCE = 2.0
"""The same where the database is there and says no: that lasts, and others are waiting."""

REFUSALS = (Fenced, NameTaken)
"""What a change may raise before it has written anything, and only then."""


class Change(ABC, Generic[T]):
    """One atomic change. It may be applied more than once, of which one is committed; if
    that one was committed without our learning of it, applying it again must do no harm."""

    @abstractmethod
    def apply(self, connection: Connection) -> T:
        """Make the change within the transaction of the connection."""

    @classmethod
    def apply_all(cls, connection: Connection, changes: Sequence[Any]) -> list[Any]:
        """Apply changes of this class, in order; for each its result or its refusal."""
        return [_outcome(connection, change) for change in changes]


def _outcome(connection: Connection, change: Change[Any]) -> Any:
    try:
        return change.apply(connection)
    except REFUSALS as refusal:
        return refusal


def _class(change: Change[Any]) -> type[Change[Any]]:
    return type(change)


_Entry = tuple[Change[Any], Waiter]


class Writer:
    """The thread. A change that fails fails alone; the others of its batch are committed."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self.trouble = ""
        """Why the last changes could not be made; empty when they could."""
        self._database = database
        self._metrics = metrics
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._putting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def write(self, change: Change[T]) -> T:
        """The change's result, once it is durable; else what it raised, or StoreUnavailable."""
        waiter: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._put(change, waiter)
        return await waiter

    def write_blocking(self, change: Change[T]) -> T:
        """The same from a thread that has no event loop."""
        waiter: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._put(change, waiter)
        return waiter.result()

    def close(self) -> None:
        """Commit what is waiting, then end. Blocking."""
        with self._putting:
            if not self._closing.is_set():
                self._closing.set()
                self._queue.put(None)
        self._thread.join()

    def _put(self, change: Change[T], waiter: Waiter) -> None:
        with self._putting:
            if self._closing.is_set():
                raise StoreUnavailable("the service is about to end")
            self._queue.put((change, waiter))

    # -- in the thread ---------------------------------------------------------------

    def _run(self) -> None:
        ending = False
        while not ending:
            entries: list[_Entry] = []
            ending = self._gather(entries)
            if entries:
                began = time.monotonic()
                outcomes = self._commit([change for change, _ in entries])
                self._metrics.committed(len(entries), time.monotonic() - began)
                settle(zip((waiter for _, waiter in entries), outcomes, strict=True))

    def _gather(self, entries: list[_Entry]) -> bool:
        """Wait for the first entry and take all that are there; whether the end was among them."""
        entry = self._queue.get()
        while entry is not None:
            entries.append(entry)
            if len(entries) == _LARGEST_BATCH or self._queue.empty():
                return False
            entry = self._queue.get()
        return True

    def _commit(self, changes: Sequence[Change[Any]]) -> list[Any]:
        attempt = self._together
        begun = time.monotonic()
        pause = 0.01
        while True:
            try:
                outcomes = attempt(changes)
            except Exception as error:  # noqa: BLE001  (it belongs to whoever waits)
                obstacle = self._obstacle(error)
                if obstacle is None and attempt == self._separately:
                    return [_as_told(error)] * len(changes)
                if obstacle is None:
                    attempt = self._separately
                    continue
                if obstacle is Obstacle.READ_ONLY:
                    # Behind the same address there may be another server by now.
                    self._database.writing.dispose()
                if self._is_enough(obstacle, time.monotonic() - begun) or self._closing.wait(pause):
                    _log.error("%s: giving up: %s", self._database, cause(error))
                    return [unavailable(obstacle) for _ in changes]
                _log.warning("%s: trying again: %s", self._database, cause(error))
                pause = min(pause * 2, 1.0)
            else:
                self._recover()
                return outcomes

    def _is_enough(self, obstacle: Obstacle, seconds: float) -> bool:
        """Whether it was tried for long enough."""
        if seconds > _SHORT_PATIENCE:
            self.trouble = f"the database {obstacle.value}"
        return seconds > (_PATIENCE if obstacle.passes_soon else _SHORT_PATIENCE)

    def _recover(self) -> None:
        if self.trouble:
            _log.warning("%s: changes are made again", self._database)
            self.trouble = ""

    def _together(self, changes: Sequence[Change[Any]]) -> list[Any]:
        outcomes: list[Any] = []
        with self._database.writing.begin() as connection:
            for kind, alike in groupby(changes, key=_class):
                outcomes += kind.apply_all(connection, list(alike))
        return outcomes

    def _separately(self, changes: Sequence[Change[Any]]) -> list[Any]:
        with self._database.writing.begin() as connection:
            return [self._under_savepoint(connection, change) for change in changes]

    def _under_savepoint(self, connection: Connection, change: Change[Any]) -> Any:
        try:
            with connection.begin_nested():
                (outcome,) = change.apply_all(connection, [change])
                return outcome
        except Exception as error:
            if self._obstacle(error):
                raise
            return _as_told(error)

    def _obstacle(self, error: Exception) -> Obstacle | None:
        return self._database.backend.obstacle(error) if isinstance(error, DBAPIError) else None


def _as_told(error: Exception) -> Exception:
    """What is at fault: the change, or the database, which refuses it whatever it is."""
    if is_refusal(error):
        _log.error("the database refuses a change: %s", cause(error))
        return StoreUnavailable(REFUSES)
    return error
