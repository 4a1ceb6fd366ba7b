"""Brings to an end what is under way with a row, and begins nothing that was not begun."""

from __future__ import annotations

from isotherm.core.states import Action
from isotherm.engine.steps.adoption import look_up
from isotherm.engine.steps.creation import finish
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.removal import remove_object
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.updating import finish_update
from isotherm.planning.plan import Step
from isotherm.ports.records import Resource


async def see_out(run: Run, step: Step) -> None:
    """Raises StepFailed, RemoteError, Overtaken, TimedOut."""
    row = run.ledger.rows[step.row or ""]
    if row.action is Action.CREATE:
        await finish(run, await _made(run, row))
    elif row.action is Action.UPDATE:
        await finish_update(run, row)
    elif row.action is Action.DELETE:
        await remove_object(run, row)
    else:
        raise StepFailed(f"{row.action} aborted")


async def _made(run: Run, row: Resource) -> Resource:
    """``row`` with the object that its create has made; raises StepFailed where it has not."""
    if row.physical_id is not None or run.type_of(row).effectless:
        return row
    row = await look_up(run, row)
    if row.physical_id is None:
        raise StepFailed(f"{row.action} aborted")
    return row
