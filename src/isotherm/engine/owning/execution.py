"""One traversal carried out: its plan walked, in time, and nothing left in progress."""

from __future__ import annotations

from isotherm.core.states import Action, Status
from isotherm.engine.operations import OPERATIONS
from isotherm.engine.preparing.preparation import Prepared
from isotherm.engine.steps.closing import close_abandoned
from isotherm.engine.steps.executor import Executor, Result
from isotherm.engine.waiting.deadline import halted_at
from isotherm.planning.planner import make_removal_plan
from isotherm.ports.records import Resource, Traversal


async def execute(prepared: Prepared, traversal: Traversal) -> Result:
    """How the walk ended; raises Fenced or StoreUnavailable."""
    run, rule = prepared.run, OPERATIONS[traversal.operation]
    async with halted_at(traversal.deadline, run.halt, run.tools.clock):
        goes_on = rule.goes_on or prepared.plan.only_removes
        result = await Executor(run, prepared.plan, goes_on=goes_on).walk()
        unforeseen = _unforeseen_leftovers(prepared, traversal, result)
        if unforeseen:
            removal = await Executor(run, make_removal_plan(unforeseen), goes_on=True).walk()
            if result.went_well or removal.overtaken:
                result = removal
    result.timed_out |= run.halt.timed_out and not result.went_well
    if not result.overtaken and not result.went_well:
        await close_abandoned(run)
    return result


def _unforeseen_leftovers(
    prepared: Prepared, traversal: Traversal, result: Result
) -> list[Resource]:
    """Attempts that failed on the way, which no plan could foresee. Where the walk failed,
    other leftovers stay: a roll-back may return to them."""
    visits = OPERATIONS[traversal.operation].visit is not None
    if visits or result.overtaken or result.timed_out:
        return []
    leftovers = [row for row in prepared.run.ledger.rows.values() if not row.current]
    if result.went_well:
        return leftovers
    return [
        row
        for row in leftovers
        if (row.action, row.status, row.traversal)
        == (Action.CREATE, Status.FAILED, traversal.number)
    ]
