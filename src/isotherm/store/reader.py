"""Reads, on a few threads with connections of their own."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from isotherm.ports.store import StoreUnavailable
from isotherm.store.backend import READERS
from isotherm.store.database import Database
from isotherm.store.obstacles import REFUSES, cause, is_refusal, unavailable
from isotherm.store.waiters import Waiter, settle

_log = logging.getLogger(__name__)

T = TypeVar("T")

_PATIENCE = 10.0
"""Seconds for which a read is tried again when the database is away."""


_MOST_AT_ONCE = 8
"""Reads that a thread takes at a time where there are more than threads: to tell those who wait
of all of them together costs much less."""

_Query = Callable[[Connection], Any]
_Entry = tuple[_Query, Waiter]


class Reader:
    """Runs functions of a connection; each sees every change that has been committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"store-reader-{number}", daemon=True)
            for number in range(READERS)
        ]
        for thread in self._threads:
            thread.start()

    async def read(self, query: Callable[[Connection], T]) -> T:
        """What ``query`` returns; StoreUnavailable if the database stays away."""
        if self._closing.is_set():
            raise StoreUnavailable("the service is about to end")
        waiter: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((query, waiter))
        return await waiter

    def close(self) -> None:
        """End the threads when they have answered. Blocking."""
        if not self._closing.is_set():
            self._closing.set()
            for _ in self._threads:
                self._queue.put(None)
        for thread in self._threads:
            thread.join()

    # -- in the threads --------------------------------------------------------------

    def _run(self) -> None:
        while (entry := self._queue.get()) is not None:
            entries = [entry, *self._more()]
            settle([(waiter, self._answer(query)) for query, waiter in entries])

    def _more(self) -> Iterator[_Entry]:
        """This thread's share of what is waiting."""
        for _ in range(min(self._queue.qsize() // READERS, _MOST_AT_ONCE - 1)):
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                return
            if entry is None:
                self._queue.put(None)  # the end is another thread's, and comes again
                return
            yield entry

    def _answer(self, query: _Query) -> Any:
        try:
            return self._attempt(query)
        except Exception as error:  # noqa: BLE001  (it belongs to whoever waits)
            return error

    def _attempt(self, query: _Query) -> Any:
        give_up_at = time.monotonic() + _PATIENCE
        pause = 0.01
        while True:
            try:
                with self._database.reading.connect() as connection:
                    return query(connection)
            except DBAPIError as error:
                obstacle = self._database.backend.obstacle(error)
                if obstacle is None:
                    raise _as_told(error) from error
                if time.monotonic() > give_up_at or self._closing.wait(pause):
                    _log.error("%s: giving up: %s", self._database, cause(error))
                    raise unavailable(obstacle) from error
                pause = min(pause * 2, 1.0)


def _as_told(error: DBAPIError) -> Exception:
    if not is_refusal(error):
        return error
    _log.error("the database refuses a read: %s", cause(error))
    return StoreUnavailable(REFUSES)
