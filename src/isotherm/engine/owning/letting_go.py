"""Ends an operation that hangs: nothing of it is waited for, here and in the stacks below."""

from __future__ import annotations

from isotherm.core.errors import ActionInProgress
from isotherm.engine.leasing.hold import Hold
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.recording.starting import Begun, Starter, begin
from isotherm.engine.steps.closing import close_abandoned
from isotherm.engine.steps.executor import Result
from isotherm.engine.tools import Tools
from isotherm.ports.bus import Bus
from isotherm.ports.records import Operation, Stack, Traversal, replace


async def let_go(tools: Tools, bus: Bus, hold: Hold, stack: Stack, traversal: Traversal) -> Result:
    """No row stays in progress. Raises Fenced, StoreUnavailable."""
    await hold.tenure.secure()
    starter = Starter(tools.store, bus, tools.clock)
    for child in await tools.store.children(stack.id):
        await _release(tools, starter, child, traversal.cause)
    rows = await tools.store.resources(stack.id)
    await close_abandoned(Ledger(tools.store, tools.clock, hold.lease, stack, rows))
    return Result()


async def _release(tools: Tools, starter: Starter, stack: Stack, cause: str) -> None:
    async def decide(present: Stack) -> Begun | None:
        going = await tools.store.traversal(present.id)
        if going is None or going.finished or going.operation is Operation.RELEASE:
            return None
        begun, traversal = begin(
            present,
            Operation.RELEASE,
            number=present.traversal + 1,
            now=tools.clock.now(),
            deadline=None,
        )
        return begun, replace(traversal, cause=cause)

    try:
        await starter.start_over(stack, decide)
    except ActionInProgress:
        return  # it does something new all the time, so it does not hang
