"""One traversal carried out: its plan walked, in time, and nothing left in progress."""

from __future__ import annotations

from isotherm.core.states import Action, Status
from isotherm.engine.interruptions import Overtaken
from isotherm.engine.operations import OPERATIONS, Discarding, Rule
from isotherm.engine.preparing.preparation import Prepared
from isotherm.engine.steps.closing import close_abandoned
from isotherm.engine.steps.discarding import discard_snapshots
from isotherm.engine.steps.executor import Executor, Result
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.settling import settle_unfinished, stop_overtaken_below
from isotherm.engine.waiting.deadline import halted_in_time
from isotherm.planning.plan import Plan
from isotherm.planning.removal import make_clean_up_plan, make_removal_plan
from isotherm.ports.records import Traversal


async def execute(prepared: Prepared, traversal: Traversal) -> Result:
    """How the walk ended; raises Fenced or StoreUnavailable."""
    run, rule = prepared.run, OPERATIONS[traversal.operation]
    async with halted_in_time(traversal, run.halt, run.tools.clock):
        if rule.stops:
            await run.stacks.stop()
        elif not rule.remedies:
            await stop_overtaken_below(run)
            await settle_unfinished(run)
        result = await _walk(prepared, rule)
        if rule.cleans_up:
            result = await _clear_failed_attempts(run, traversal, result)
        if result.went_well:
            result = await _remove(prepared, traversal)
    result.timed_out |= run.halt.timed_out and not result.went_well
    if not result.overtaken and not result.went_well:
        await close_abandoned(run.ledger)
    return result


async def _walk(prepared: Prepared, rule: Rule) -> Result:
    """What destroys nothing that is desired; snapshots go before what they are of."""
    run = prepared.run
    if rule.discards is not Discarding.NONE:
        result = await discard_snapshots(run, rule.discards)
        if not result.went_well:
            return result
    return await Executor(run, prepared.plan.making, goes_on=rule.goes_on).walk()


async def _clear_failed_attempts(run: Run, traversal: Traversal, result: Result) -> Result:
    """Remove what this traversal has tried to make in vain: nothing can return to it. Other
    leftovers stay until everything has succeeded: a roll-back may return to them."""
    if result.overtaken or result.timed_out:
        return result
    failed = [
        row
        for row in run.ledger.rows.values()
        if not row.current
        and (row.action, row.status, row.traversal)
        == (Action.CREATE, Status.FAILED, traversal.number)
    ]
    removal = await _walk_removals(run, make_removal_plan(failed))
    return removal if result.went_well or removal.overtaken else result


async def _remove(prepared: Prepared, traversal: Traversal) -> Result:
    """What destroys something, now that everything that makes something has succeeded; a
    stack that is changed with the one above it keeps it until that one has succeeded, too."""
    run, rule = prepared.run, OPERATIONS[traversal.operation]
    if run.definition is None:
        return await _walk_removals(run, prepared.plan)
    if not rule.cleans_up:
        return Result()
    rows = list(run.ledger.rows.values())
    nests = any(each.nests for each in map(run.types.get, {row.type for row in rows}) if each)
    untidy = await run.stacks.untidy() if nests else frozenset[str]()
    plan = make_clean_up_plan(rows, run.definition.resources, untidy)
    if traversal.keeps or not plan:
        return Result(keeps=bool(plan))
    if rule.settles_source:
        try:
            await run.ledger.settle()
        except Overtaken:
            return Result(overtaken=True)
    result = await _walk_removals(run, plan)
    result.settled = True
    return result


async def _walk_removals(run: Run, plan: Plan) -> Result:
    """What can go goes, whatever fails: no removal needs another that failed."""
    return await Executor(run, plan, goes_on=True).walk() if plan else Result()
