"""The wish that a process may end, and the end of patience with its last work."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 4.5
"""Seconds that a process in a hurry may still take, whatever hangs."""


class Stopped(Exception):
    """The process was told to end before it was ready."""


class Stopping:
    """``asked`` is set by SIGTERM and SIGINT. SIGTERM leaves time for calls that are under way;
    after SIGINT the process is gone in a few seconds, even if the database has gone silent in
    the middle of a statement. A second SIGINT ends it at once."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.hurried = asyncio.Event()

    def listen(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.asked.set)
        loop.add_signal_handler(signal.SIGINT, self._interrupt)

    async def unless_asked(self, starting: Awaitable[T]) -> T:
        """The result of a part of the start. Raises Stopped, which waits for nothing."""
        work = asyncio.ensure_future(starting)
        asked = asyncio.ensure_future(self.asked.wait())
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if work.done():
            return work.result()
        self._hurry()
        raise Stopped

    def _interrupt(self) -> None:
        if self.hurried.is_set():
            _abandon("interrupted again")
        self.asked.set()
        self._hurry()

    def _hurry(self) -> None:
        self.hurried.set()
        # On a thread, because the loop may be what hangs.
        watchdog = threading.Timer(PATIENCE, _abandon, ["something does not end"])
        watchdog.daemon = True
        watchdog.start()


def _abandon(why: str) -> None:
    """What this process owned is free when its leases run out."""
    log.error("%s: the process ends where it is", why)
    os._exit(1)
