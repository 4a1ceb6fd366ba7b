"""Who waits for the threads of the store: tasks of event loops, and other threads."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

_log = logging.getLogger(__name__)

Waiter = asyncio.Future[Any] | concurrent.futures.Future[Any]


def settle(outcomes: Iterable[tuple[Waiter, Any]]) -> None:
    """Tell each its result, or raise the error that stands for it there; from any thread."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Waiter, Any]]] = defaultdict(list)
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
            _log.debug("%d results came for a loop that has ended", len(settled))


def _resolve_all(settled: list[tuple[Waiter, Any]]) -> None:
    for waiter, outcome in settled:
        _resolve(waiter, outcome)


def _resolve(waiter: Waiter, outcome: Any) -> None:
    if waiter.cancelled():
        return
    if isinstance(outcome, Exception):
        waiter.set_exception(outcome)
    else:
        waiter.set_result(outcome)
