"""Removes the object of a row: idempotent, found again by its intent where no id is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isotherm.core.errors import Gone, RemoteError
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.engine.probe import Point
from isotherm.engine.steps.adoption import look_up
from isotherm.engine.steps.driving import looks_at, note_progress
from isotherm.engine.steps.effects import advance_delete, carefully
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.handing_over import is_handed_over
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import Trigger
from isotherm.engine.waiting.looks import Looks
from isotherm.engine.waiting.patience import backoff
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready
from isotherm.kit.resource_type import AnyType
from isotherm.planning.plan import Step
from isotherm.ports.records import Resource, replace


async def remove(run: Run, step: Step) -> None:
    """The object is gone (or left alone, where the template says so) and the row with it;
    a row that by now is what is desired stays.

    Raises StepFailed, RemoteError, Overtaken, TimedOut.
    """
    row = run.ledger.rows.get(step.row or "")
    if row is None or (row.current and run.desires(row.name)):
        return
    if row.external or (row.deletion_policy is DeletionPolicy.RETAIN and not failed_attempt(row)):
        await run.ledger.forget(row)
        return
    await remove_object(run, row)


async def remove_failed_attempts(run: Run, name: str) -> None:
    """What earlier attempts at a resource left in the cloud, none of it ever in use, goes
    before the next attempt: it takes quota, names and addresses. What cannot be removed
    now stays a leftover.

    Raises Overtaken, TimedOut.
    """
    for row in list(run.ledger.rows.values()):
        if row.name != name or not failed_attempt(row):
            continue
        try:
            await remove_object(run, row)
        except (StepFailed, RemoteError) as error:
            present = run.ledger.rows[row.id]
            await run.ledger.end(present, Trigger.DELETE_FAILED, run.explain(name, error))


def failed_attempt(row: Resource) -> bool:
    """Whether the row's create has come to nothing, and nothing can have used its object."""
    over = row.status is Status.FAILED or row.action is Action.DELETE
    return over and row.reference is None and not row.external


async def remove_object(run: Run, row: Resource) -> None:
    """Raises what ``remove`` raises."""
    if never_begun(row):
        await run.ledger.leap_away(row)
        return
    begun = replace(row, stage=_stage(row), intent_at=_begun_at(run, row))
    at_once = run.type_of(row).effectless and await _goes_at_once(run, begun)
    if at_once or is_handed_over(run, row):
        await run.ledger.leap_away(begun)
        return
    row = await run.ledger.begin(begun, Trigger.BEGIN_DELETE)
    run.tools.probe.reached(Point.AFTER_INTENT, row.name)
    await _make_gone(run, row)
    run.tools.probe.reached(Point.BEFORE_OUTCOME, row.name)
    await run.ledger.remove(run.ledger.rows[row.id])
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)


def never_begun(row: Resource) -> bool:
    """Whether nothing of the row can be in the cloud: no intent was ever written."""
    return row.intent_at is None and row.physical_id is None


def _begun_at(run: Run, row: Resource) -> datetime | None:
    """Now; but a resumed removal goes on counting, and an object that has yet to be found
    is found by the time of its create's intent."""
    unnamed = row.physical_id is None and not run.type_of(row).effectless
    return row.intent_at if _resumed(row) or unnamed else run.tools.clock.now()


def _stage(row: Resource) -> str:
    return row.stage if _resumed(row) else ""


def _resumed(row: Resource) -> bool:
    return (row.action, row.status) == (Action.DELETE, Status.IN_PROGRESS)


async def _goes_at_once(run: Run, row: Resource) -> bool:
    """Whether a type without an object elsewhere has nothing to wait for or to fail at."""
    try:
        return isinstance(await run.type_of(row).delete(run.context(row)), Ready)
    except RemoteError:
        return False


async def _make_gone(run: Run, row: Resource) -> None:
    resource_type = run.type_of(row)
    if row.physical_id is None and not resource_type.effectless:
        row = await look_up(run, row)
        if row.physical_id is None:
            return await _remove_traces(run, row, resource_type)
    attempt = 0
    while True:
        try:
            return await _delete_once(run, row, resource_type)
        except StepFailed as failure:
            attempt += 1
            if not failure.transient or attempt > run.tools.settings.retry_limit:
                raise
            await run.halt.sleep(backoff(attempt, run.tools.settings))


async def _remove_traces(run: Run, row: Resource, resource_type: AnyType) -> None:
    """There is no main object; what else the type recorded in ``data`` is still removed."""
    if row.data:
        await _delete_once(run, row, resource_type)


async def _delete_once(run: Run, row: Resource, resource_type: AnyType) -> None:
    ctx = run.context(row)
    try:
        with looks_at(run, resource_type, ctx) as looks:
            outcome = await carefully(run, resource_type, ctx, lambda: resource_type.delete(ctx))
            run.tools.probe.reached(Point.AFTER_CALL, row.name)
            await _until_gone(run, row, ctx, outcome, looks)
    except Gone:
        return


async def _until_gone(
    run: Run, row: Resource, ctx: Context[Any], outcome: Outcome, looks: Looks
) -> None:
    resource_type = run.type_of(row)
    while not isinstance(outcome, Ready):
        if isinstance(outcome, Failed):
            raise StepFailed(outcome.reason, kind=outcome.kind, inside=outcome.inside)
        assert isinstance(outcome, Pending), "a delete starts nothing"
        row = await note_progress(run, row, ctx, outcome.stage)
        await looks.wait(outcome.poll_after)
        following = await advance_delete(run, resource_type, ctx)
        if following is None:
            return
        outcome = following
