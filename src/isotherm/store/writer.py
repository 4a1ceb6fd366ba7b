"""Group commit: one thread that commits whatever has gathered since it last did."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from isotherm.ports.metrics import Metrics
from isotherm.ports.store import Fenced, NameTaken, StoreUnavailable
from isotherm.store.database import Database

_log = logging.getLogger(__name__)

T = TypeVar("T")

_LARGEST_BATCH = 512
_PATIENCE = 30.0
"""Seconds for which a change is tried again when the database is away."""

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


_Waiter = asyncio.Future[Any] | concurrent.futures.Future[Any]
_Entry = tuple[Change[Any], _Waiter]


class Writer:
    """The thread. A change that fails fails alone; the others of its batch are committed."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
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

    def _put(self, change: Change[T], waiter: _Waiter) -> None:
        with self._putting:
            if self._closing.is_set():
                raise StoreUnavailable("the store is closed")
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
                _settle(zip((waiter for _, waiter in entries), outcomes, strict=True))

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
        give_up_at = time.monotonic() + _PATIENCE
        pause = 0.01
        while True:
            try:
                return attempt(changes)
            except Exception as error:  # noqa: BLE001  (it belongs to whoever waits)
                if not self._is_transient(error):
                    if attempt == self._separately:
                        return [error] * len(changes)
                    attempt = self._separately
                elif time.monotonic() > give_up_at or self._closing.wait(pause):
                    _log.error("%s: giving up: %s", self._database, _cause(error))
                    reason = f"the database could not be reached: {_cause(error)}"
                    return [StoreUnavailable(reason) for _ in changes]
                else:
                    _log.warning("%s: trying again: %s", self._database, _cause(error))
                    pause = min(pause * 2, 1.0)

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
            if self._is_transient(error):
                raise
            return error

    def _is_transient(self, error: Exception) -> bool:
        return isinstance(error, DBAPIError) and self._database.backend.is_transient(error)


def _cause(error: Exception) -> str:
    """The driver's message, without the statement and its values."""
    return str(error.orig if isinstance(error, DBAPIError) else error)


def _settle(outcomes: Iterable[tuple[_Waiter, Any]]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Waiter, Any]]] = defaultdict(list)
    for waiter, outcome in outcomes:
        if isinstance(waiter, asyncio.Future):
            by_loop[waiter.get_loop()].append((waiter, outcome))
        else:
            _resolve(waiter, outcome)
    for loop, settled in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve_all, settled)
        except RuntimeError:
            # The loop was closed while they waited: nobody is there to be told.
            _log.debug("%d changes were committed for a loop that has ended", len(settled))


def _resolve_all(settled: list[tuple[_Waiter, Any]]) -> None:
    for waiter, outcome in settled:
        _resolve(waiter, outcome)


def _resolve(waiter: _Waiter, outcome: Any) -> None:
    if waiter.cancelled():
        return
    if isinstance(outcome, Exception):
        waiter.set_exception(outcome)
    else:
        waiter.set_result(outcome)
