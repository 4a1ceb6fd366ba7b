"""Brings the object of a resource back to the copy that a snapshot has of it."""

from __future__ import annotations

from isotherm.engine.probe import Point
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.creation import create
from isotherm.engine.steps.driving import Drive
from isotherm.engine.steps.effects import carefully
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import Trigger
from isotherm.kit.life import Verb
from isotherm.kit.outcomes import ReplaceInstead
from isotherm.planning.decision import Want
from isotherm.ports.records import Resource


async def put_back(run: Run, name: str) -> None:
    """Nothing where the snapshot has no copy, or where that was put back already. The object is
    as wanted by now. Raises StepFailed, RemoteError, Overtaken, TimedOut."""
    row = run.ledger.current(name)
    desired = run.desired
    if row is None or desired is None or name not in desired.restores:
        return
    if row.restored == _mark(run):
        return
    try:
        await _put_back(run, row)
    except ReplaceInstead:
        wanted = Want(name, row.type, row.properties, row.metadata)
        row = await create(run, wanted, replacing=run.ledger.rows[row.id])
        await _put_back(run, row)


async def _put_back(run: Run, row: Resource) -> None:
    resource_type = run.type_of(row)
    # Nothing else is to be applied: what an interrupted attempt has begun is begun again.
    row = await run.ledger.begin(
        row,
        Trigger.BEGIN_UPDATE,
        applying=dict(row.properties),
        stage="",
        intent_at=run.tools.clock.now(),
    )
    run.tools.probe.reached(Point.AFTER_INTENT, row.name)
    ctx = run.context(row)
    row, remote = await Drive(run, row, ctx, Verb.CHANGE).call(
        lambda: carefully(run, resource_type, ctx, lambda: resource_type.restore(ctx))
    )
    attributes = await read_attributes(run, row, ctx, remote)
    run.tools.probe.reached(Point.BEFORE_OUTCOME, row.name)
    await run.ledger.end(
        row,
        Trigger.UPDATED,
        applying=None,
        stage="",
        attributes=attributes,
        restored=_mark(run),
    )
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)


def _mark(run: Run) -> str:
    """A snapshot may be restored more than once."""
    return f"{run.errand.snapshot_id}/{run.ledger.stack.traversal}"
