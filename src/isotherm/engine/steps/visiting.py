"""Calls one verb on a recorded object, whatever the template says: a check, say."""

from __future__ import annotations

from isotherm.engine.operations import VISITS
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.driving import drive
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import ENDS
from isotherm.planning.plan import Step


async def visit(run: Run, step: Step) -> None:
    """Raises StepFailed where the verb fails (a check: where the object is gone or in a failed
    state); also RemoteError, Overtaken, TimedOut."""
    called = VISITS[step.kind]
    row = run.ledger.rows[step.row or ""]
    # Before anything is written: what is not known must not be taken for broken.
    resource_type = run.type_of(row)
    row = await run.ledger.begin(row, called.begin)
    ctx = run.context(row)
    outcome = await run.ask(lambda: called.verb(resource_type, ctx))
    row, remote = await drive(run, row, ctx, outcome)
    attributes = await read_attributes(run, row, ctx, remote)
    await run.ledger.end(row, ENDS[row.action][0], attributes=attributes)
