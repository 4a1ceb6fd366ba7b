"""Two lines in the log for each action on a stack: that it begins, and how it ended."""

from __future__ import annotations

import logging

from isotherm.core.clock import Clock
from isotherm.core.states import Status
from isotherm.ports.records import Stack, Traversal
from isotherm.ports.store import Writes

_log = logging.getLogger("isotherm.actions")


def log_begin(stack: Stack, traversal: Traversal, *, taken_over: bool) -> None:
    how = "goes on after a worker was lost" if taken_over else "begins"
    _log.info("stack %s: %s %s", stack.name, traversal.operation.value, how)


def log_end(stack: Stack, traversal: Traversal, writes: Writes, clock: Clock) -> None:
    """How it ended, by the first event that is written: a roll-back has one of its own. What
    shows in resources alone writes none, and is over for whoever saw it begin."""
    seconds = (clock.now() - traversal.started_at).total_seconds()
    if not writes.events:
        _log.info("stack %s: %s ends after %.1f s", stack.name, traversal.operation.value, seconds)
        return
    outcome = writes.events[0]
    failed = outcome.status is Status.FAILED
    fields = {"action": outcome.action, "status": outcome.status, "seconds": round(seconds, 3)}
    _log.log(
        logging.WARNING if failed else logging.INFO,
        "stack %s: %s_%s after %.1f s%s",
        stack.name,
        outcome.action,
        outcome.status,
        seconds,
        f": {outcome.status_reason}" if failed else "",
        extra={"fields": fields},
    )


def log_break(stack: Stack, traversal: Traversal) -> None:
    _log.info("stack %s: %s ends for a newer action", stack.name, traversal.operation.value)


def log_passage(stack: Stack) -> None:
    """An action that has begun and ended at once."""
    fields = {"action": stack.action, "status": stack.status, "seconds": 0.0}
    _log.info(
        "stack %s: %s_%s, nothing in it changes",
        stack.name,
        stack.action,
        stack.status,
        extra={"fields": fields},
    )
