"""Calls what plug-ins do before and after an operation; nothing of theirs stops a worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from isotherm.engine.operations import OPERATIONS
from isotherm.engine.steps.executor import Result
from isotherm.kit.lifecycle import Lifecycle, OperationRefused, StackOperation
from isotherm.ports.records import Stack, Traversal

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds that one call may take."""


class OperationLifecycle:
    """The plug-ins during one operation. Those that a refusal kept from being asked before it
    are not told of its end."""

    def __init__(self, lifecycles: Sequence[Lifecycle], stack: Stack, traversal: Traversal) -> None:
        # What shows in resources alone is no operation of anybody's.
        seen = OPERATIONS[traversal.operation].begin is not None
        self._lifecycles = tuple(lifecycles) if seen else ()
        self._asked: list[Lifecycle] = []
        self._operation = StackOperation(
            stack_id=stack.id,
            stack_name=stack.name,
            project_id=stack.project_id,
            user_id=stack.user_id,
            operation=traversal.operation.value,
            number=traversal.number,
            parent_id=stack.parent_id or "",
        )

    async def before(self) -> str:
        """Why the operation may not begin; empty where it may."""
        for each in self._lifecycles:
            self._asked.append(each)
            try:
                async with asyncio.timeout(PATIENCE):
                    await each.before(self._operation)
            except OperationRefused as refusal:
                return str(refusal)
            except Exception as error:
                log.exception("plug-in %s failed before an operation", _name(each))
                return f"The plug-in {_name(each)} failed: {type(error).__name__}: {error}"
        return ""

    async def after(self, result: Result) -> None:
        """The last asked is told first."""
        for each in reversed(self._asked):
            try:
                async with asyncio.timeout(PATIENCE):
                    await each.after(self._operation, _failure(result))
            except Exception:
                log.exception("plug-in %s failed after an operation", _name(each))


def _failure(result: Result) -> str:
    if result.failures:
        return str(result.failures[0])
    return "the stack's time was over" if result.timed_out else ""


def _name(plugin: Lifecycle) -> str:
    return f"{type(plugin).__module__}.{type(plugin).__qualname__}"
