"""Looks whether a recorded object is still there and sound."""

from __future__ import annotations

from isotherm.engine.recording.transitions import Trigger
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.driving import drive
from isotherm.engine.steps.run import Run
from isotherm.planning.plan import Step


async def check(run: Run, step: Step) -> None:
    """Raises StepFailed where the object is gone or in a failed state; also RemoteError."""
    row = run.ledger.rows[step.row or ""]
    resource_type = run.type_of(row)
    row = await run.ledger.begin(row, Trigger.BEGIN_CHECK)
    ctx = run.context(row)
    outcome = await run.ask(lambda: resource_type.check(ctx))
    row, remote = await drive(run, row, ctx, outcome)
    attributes = await read_attributes(run, row, ctx, remote)
    await run.ledger.end(row, Trigger.CHECKED, attributes=attributes)
