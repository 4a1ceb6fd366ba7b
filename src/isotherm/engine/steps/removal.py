"""Removes the object of a row: idempotent, found again by its intent where no id is known."""

from __future__ import annotations

from datetime import datetime

from isotherm.core.errors import RemoteError
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.engine.probe import Point
from isotherm.engine.steps.driving import Drive
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.handing_over import found_again, is_handed_over
from isotherm.engine.steps.rows import is_unbegun
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import Trigger
from isotherm.kit.life import Verb
from isotherm.kit.outcomes import Ready
from isotherm.kit.resource_type import AnyType, ResourceType
from isotherm.planning.plan import Step
from isotherm.ports.records import Pause, Resource, replace


async def remove(run: Run, step: Step) -> None:
    """The object is gone (or left alone, where the template says so) and the row with it;
    a row that by now is what is desired stays.

    Raises StepFailed, RemoteError, Overtaken, TimedOut.
    """
    row = run.ledger.rows.get(step.row or "")
    if row is None or (row.current and run.desires(row.name)):
        return
    if row.external or (row.deletion_policy is DeletionPolicy.RETAIN and not failed_attempt(row)):
        await _leave_alone(run, row)
        return
    hook = run.breakpoints.before(row.name, "delete")
    if hook and row.action is not Action.DELETE and not never_begun(row):
        row = await run.breakpoints.pause(row, hook)
    await remove_object(run, row, run.breakpoints.following(row, "delete"))
    if (gone := run.ledger.rows.get(row.id)) is not None:
        await run.breakpoints.wait(gone)
        await run.ledger.forget(gone)


async def _leave_alone(run: Run, row: Resource) -> None:
    """The resource goes, and that is told, though its object stays."""
    if is_gone(row) or is_unbegun(row):
        await run.ledger.forget(row)
    else:
        await run.ledger.leap_away(row)


async def remove_failed_attempts(run: Run, name: str) -> None:
    """What earlier attempts at a resource left in the cloud, none of it ever in use, goes
    before the next attempt: it takes quota, names and addresses. What cannot be removed
    now stays a leftover.

    Raises Overtaken, TimedOut.
    """
    for row in filter(failed_attempt, run.ledger.of_name(name)):
        try:
            await remove_object(run, row)
        except (StepFailed, RemoteError) as error:
            present = run.ledger.rows[row.id]
            await run.ledger.end(present, Trigger.DELETE_FAILED, run.explain(name, error))


def failed_attempt(row: Resource) -> bool:
    """Whether the row's create has come to nothing, and nothing can have used its object."""
    over = row.status is Status.FAILED or row.action is Action.DELETE
    return over and row.reference is None and not row.external


async def remove_object(run: Run, row: Resource, pause: Pause | None = None) -> None:
    """``pause``: where the row, which is kept then, is to wait. Raises what ``remove`` raises."""
    if is_gone(row):
        return
    if is_unbegun(row):
        await run.ledger.forget(row)
        return
    if never_begun(row):
        await run.ledger.leap_away(row)
        return
    if run.errand.leaves_alone(row) and not run.type_of(row).nests:
        await run.ledger.leap_away(row, pause)
        return
    made_again = await found_again(run, row)
    row = made_again or row
    resource_type = run.type_of(row)
    at_once = resource_type.effectless and (
        not _has_own_delete(resource_type) or await _goes_at_once(run, _begun(run, row))
    )
    if made_again is None and (at_once or await is_handed_over(run, row)):
        await run.ledger.leap_away(row, pause)
        return
    row = await run.ledger.begin(_begun(run, row), Trigger.BEGIN_DELETE)
    run.tools.probe.reached(Point.AFTER_INTENT, row.name)
    await Drive(run, row, run.context(row), Verb.REMOVE).begin()
    run.tools.probe.reached(Point.BEFORE_OUTCOME, row.name)
    await run.ledger.remove(run.ledger.rows[row.id], pause)
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)


def is_gone(row: Resource) -> bool:
    """Whether only the row is left, because it has come to a hook."""
    return (row.action, row.status) == (Action.DELETE, Status.COMPLETE)


def never_begun(row: Resource) -> bool:
    """Whether nothing of the row can be in the cloud: no intent was ever written, or it was
    withdrawn and nothing else noted."""
    return row.intent_at is None and row.physical_id is None and not row.data


def _begun(run: Run, row: Resource) -> Resource:
    return replace(row, stage=_stage(row), intent_at=_begun_at(run, row))


def _begun_at(run: Run, row: Resource) -> datetime | None:
    """Now; but a resumed removal goes on counting, and an object that has yet to be found
    is found by the time of its create's intent."""
    unnamed = row.physical_id is None and not run.type_of(row).effectless
    return row.intent_at if _resumed(row) or unnamed else run.tools.clock.now()


def _stage(row: Resource) -> str:
    return row.stage if _resumed(row) else ""


def _resumed(row: Resource) -> bool:
    return (row.action, row.status) == (Action.DELETE, Status.IN_PROGRESS)


def _has_own_delete(resource_type: AnyType) -> bool:
    return type(resource_type).delete is not ResourceType.delete


async def _goes_at_once(run: Run, row: Resource) -> bool:
    """Whether a type without an object elsewhere has nothing to wait for or to fail at."""
    try:
        return isinstance(await run.type_of(row).delete(run.context(row)), Ready)
    except RemoteError:
        return False
