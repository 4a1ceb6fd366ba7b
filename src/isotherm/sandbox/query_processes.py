"""A few processes that run queries; each is started when it is needed."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from isotherm.sandbox.channel import Channel, Ended
from isotherm.sandbox.messages import packed
from isotherm.template import QueryError, run_queries_by, run_query

_SPENT_KEPT = 100
_SPENT_SECONDS = 60.0
"""How long a query that took too much is refused at once: who evaluates a template evaluates it
more than once."""
_USES = 1000
"""Queries after which a process makes way for a fresh one, whatever it may have kept."""


class QueryProcesses:
    """Runs queries for all threads of this process. A query that takes too much ends the
    process that runs it, and nothing else.

    ``at_once``: most processes. ``seconds``: how long an answer may take, however busy the
    machine is. ``waiting``: how long a query waits for its turn.
    """

    def __init__(self, *, at_once: int = 2, seconds: float = 10.0, waiting: float = 60.0) -> None:
        self._seconds, self._waiting = seconds, waiting
        self._turns = threading.BoundedSemaphore(at_once)
        self._idle: list[tuple[Channel, int]] = []
        self._spent: dict[bytes, tuple[float, str]] = {}

    def run(self, expression: str, data: Any) -> Any:
        """What ``isotherm.template.run_query`` gives; raises QueryError."""
        try:
            question = packed([expression, data])
        except ValueError as error:
            raise QueryError(f"the data cannot be handed over: {error}") from None
        self._refuse_spent(question)
        if not self._turns.acquire(timeout=self._waiting):
            raise QueryError("too many other queries take too long")
        try:
            answer = self._asked(question)
        except Ended:
            answer = {"error": "the query takes too long, or too much memory", "spent": True}
        finally:
            self._turns.release()
        if answer.get("spent"):
            self._remember(question, answer["error"])
        if "error" in answer:
            raise QueryError(answer["error"])
        return answer["value"]

    def _asked(self, question: bytes) -> Any:
        channel, left = self._taken()
        answer = channel.ask(question, self._seconds)
        if answer.get("spent") or left <= 1:
            channel.close()
        else:
            self._idle.append((channel, left - 1))
        return answer

    def _remember(self, question: bytes, error: str) -> None:
        while len(self._spent) >= _SPENT_KEPT:
            self._spent.pop(next(iter(self._spent)), None)
        self._spent[_digest(question)] = (time.monotonic() + _SPENT_SECONDS, error)

    def _refuse_spent(self, question: bytes) -> None:
        until, error = self._spent.get(_digest(question), (0.0, ""))
        if time.monotonic() < until:
            raise QueryError(error)

    def _taken(self) -> tuple[Channel, int]:
        while self._idle:
            channel, left = self._idle.pop()
            if channel.is_alive:
                return channel, left
            channel.close()
        return Channel(), _USES

    def close(self) -> None:
        """End the processes; queries may begin new ones."""
        while self._idle:
            self._idle.pop()[0].close()


def _digest(question: bytes) -> bytes:
    return hashlib.sha256(question).digest()


@contextmanager
def queries_apart() -> Iterator[None]:
    """Meanwhile all queries of this process run in processes of their own."""
    processes = QueryProcesses()
    run_queries_by(processes.run)
    try:
        yield
    finally:
        run_queries_by(run_query)
        processes.close()
