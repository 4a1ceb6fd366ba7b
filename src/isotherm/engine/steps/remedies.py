"""Carries out what somebody has ordered for a row before a step does anything else with it."""

from __future__ import annotations

from contextlib import suppress

from isotherm.core.errors import RemoteError
from isotherm.core.failures import Failure
from isotherm.core.ids import new_id
from isotherm.core.states import Status
from isotherm.core.values import Value
from isotherm.engine.operations import VISITS
from isotherm.engine.probe import Point
from isotherm.engine.recording.remedies import RemedyVerb, can_go_on_with, is_stuck
from isotherm.engine.steps.adoption import look_up
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import ENDS, Trigger
from isotherm.planning.decision import ABORTED
from isotherm.planning.plan import REMOVALS, Kind, Step
from isotherm.ports.records import Remedy, Resource, replace

_OF_ROWS = REMOVALS | {Kind.SEE_OUT, Kind.REMEDY, *VISITS}


def row_of(run: Run, step: Step) -> Resource | None:
    """The row that a step works on."""
    if step.kind in _OF_ROWS:
        return run.ledger.rows.get(step.row or "")
    return run.ledger.current(step.name)


async def carry_out_remedy(run: Run, step: Step) -> bool:
    """Whether there was an order that leaves the step nothing to do. Raises Overtaken, TimedOut."""
    row = row_of(run, step)
    if row is None or row.remedy is None:
        return step.kind is Kind.REMEDY
    begun_here = row.traversal == run.ledger.stack.traversal
    run.tools.probe.reached(Point.BEFORE_INTENT, row.name)
    try:
        settled = await _carry_out(run, row, row.remedy) and begun_here
    except (StepFailed, RemoteError) as error:
        settled = False
        await _tell_refused(run, run.ledger.rows[row.id], row.remedy, error)
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)
    forgotten = row.id not in run.ledger.rows
    # What is desired and has no row is made by the step, as it is by whoever takes over.
    return step.kind is Kind.REMEDY or (step.kind in _OF_ROWS if forgotten else settled)


async def _carry_out(run: Run, row: Resource, remedy: Remedy) -> bool:
    """Whether the resource is to be left at that. Raises StepFailed, RemoteError."""
    match remedy.verb:
        case RemedyVerb.SKIP if can_go_on_with(row):
            await _skip(run, row, remedy)
        case RemedyVerb.SKIP | RemedyVerb.FORGET:
            stays = f"; its object {row.physical_id} stays" if row.physical_id else ""
            await run.ledger.forget(row, f"forgotten as ordered by {remedy.by}{stays}")
        case RemedyVerb.ADOPT:
            await _adopt(run, row, remedy)
        case _:
            await _give_up(run, row, remedy)
            return False
    return True


async def _give_up(run: Run, row: Resource, remedy: Remedy) -> None:
    """What was under way counts as failed; the step then does what follows a failure."""
    if row.status is Status.IN_PROGRESS:
        why = Failure(ABORTED, "", f"{row.action} given up for a {remedy.verb}", row_id=row.id)
        row = await run.ledger.end(row, ENDS[row.action][1], why, stage="")
    if remedy.verb == RemedyVerb.REPLACE and can_go_on_with(row):
        await run.ledger.end(row, Trigger.MARKED_UNHEALTHY, f"replace ordered by {remedy.by}")


async def _skip(run: Run, row: Resource, remedy: Remedy) -> None:
    """The row counts as what it was to become, with whatever object there is."""
    if not is_stuck(row):
        raise StepFailed(f"nothing of it is left to be skipped: it is {row.action}_{row.status}")
    if row.physical_id is None and row.intent_at and not run.type_of(row).effectless:
        row = await look_up(run, row)
    became = dict(row.properties if row.applying is None else row.applying)
    row = replace(row, properties=became)
    seen = await _seen(run, row)
    reason = f"taken as it is, as ordered by {remedy.by}"
    await run.ledger.end(row, Trigger.SETTLED, reason, applying=None, stage="", **seen)


async def _adopt(run: Run, row: Resource, remedy: Remedy) -> None:
    """The row gets another object; the one that it had is removed as a leftover later."""
    if not can_go_on_with(row):
        raise StepFailed("it is on its way out")
    if row.physical_id is None and row.intent_at:
        row = await look_up(run, row)
    if row.physical_id != remedy.physical_id:
        owned = await run.tools.store.owners([remedy.physical_id])
        if owned:
            raise StepFailed(f"{remedy.physical_id} belongs to a resource already")
    became = dict(row.properties if row.applying is None else row.applying)
    heir = replace(row, physical_id=remedy.physical_id, properties=became, data={})
    remote = await run.type_of(heir).observe(run.context(heir))
    if remote is None:
        raise StepFailed(f"there is no object {remedy.physical_id}")
    if row.status is Status.IN_PROGRESS:
        why = Failure(ABORTED, "", f"{row.action} given up for an adoption", row_id=row.id)
        row = await run.ledger.end(row, ENDS[row.action][1], why, stage="", remedy=remedy)
        heir = replace(heir, action=row.action, status=row.status, remedy=remedy)
    seen = await _seen(run, heir)
    reason = f"took {remedy.physical_id}, as ordered by {remedy.by}"
    await run.ledger.end(
        heir, Trigger.SETTLED, reason, *_leftovers(row, heir), applying=None, stage="", **seen
    )


def _leftovers(row: Resource, heir: Resource) -> list[Resource]:
    """What the row had so far, under a row of its own."""
    if row.physical_id is None or row.physical_id == heir.physical_id:
        return []
    return [replace(row, id=new_id(), current=False, replaced_by=heir.id, remedy=None)]


async def _seen(run: Run, row: Resource) -> dict[str, Value]:
    """What a look at the object tells of the row, if it can be looked at."""
    resource_type, ctx = run.type_of(row), run.context(row)
    found: dict[str, Value] = {"reference": resource_type.reference(ctx)}
    with suppress(RemoteError):
        remote = await resource_type.observe(ctx) if row.physical_id else None
        if remote is not None:
            found["attributes"] = await read_attributes(run, row, ctx, remote)
    return found


async def _tell_refused(run: Run, row: Resource, remedy: Remedy, error: Exception) -> None:
    text = run.explain(row.name, error).text
    row = await run.ledger.note(row, remedy=None)
    reason = f"{remedy.verb} ordered by {remedy.by} was refused: {text}"
    await run.ledger.tell(row, row.action, row.status, reason)
