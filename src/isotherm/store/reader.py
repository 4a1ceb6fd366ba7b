"""Reads, on a few threads with connections of their own."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from isotherm.ports.store import StoreUnavailable
from isotherm.store.backend import READERS
from isotherm.store.database import Database
from isotherm.store.obstacles import REFUSES, cause, is_refusal, unavailable

_log = logging.getLogger(__name__)

T = TypeVar("T")

_PATIENCE = 10.0
"""Seconds for which a read is tried again when the database is away."""


class Reader:
    """Runs functions of a connection; each sees every change that has been committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._closing = threading.Event()

    async def read(self, query: Callable[[Connection], T]) -> T:
        """What ``query`` returns; StoreUnavailable if the database stays away."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._attempt, query)

    def close(self) -> None:
        """End the threads. Blocking."""
        self._closing.set()
        self._threads.shutdown(cancel_futures=True)

    def _attempt(self, query: Callable[[Connection], T]) -> T:
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
