"""Looks whether a recorded object is still there and sound."""

from __future__ import annotations

from isotherm.engine.driving import drive, read_attributes
from isotherm.engine.run import Run
from isotherm.engine.transitions import Trigger
from isotherm.ports.records import Resource


async def check(run: Run, row: Resource) -> None:
    """Raises StepFailed where the object is gone or in a failed state; also RemoteError."""
    row = await run.ledger.begin(row, Trigger.BEGIN_CHECK)
    resource_type = run.type_of(row)
    ctx = run.context(row)
    outcome = await run.ask(lambda: resource_type.check(ctx))
    row, remote = await drive(run, row, ctx, outcome)
    attributes = await read_attributes(run, row, ctx, remote)
    await run.ledger.end(row, Trigger.CHECKED, attributes=attributes)
