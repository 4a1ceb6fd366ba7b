"""Has a nested stack remove what it has kept for the case that something outside fails."""

from __future__ import annotations

from isotherm.engine.steps.driving import looks_at
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.run import Run
from isotherm.kit.outcomes import Failed, Pending
from isotherm.planning.plan import Step


async def tidy(run: Run, step: Step) -> None:
    """Raises StepFailed where something could not be removed; also RemoteError."""
    row = run.ledger.rows[step.row or ""]
    stack_id = row.physical_id or ""
    with looks_at(run, run.type_of(row), run.context(row)) as looks:
        while True:
            outcome = await run.ask(lambda: run.stacks.tidy(stack_id))
            if isinstance(outcome, Failed):
                raise StepFailed.of(outcome)
            if not isinstance(outcome, Pending):
                return
            await looks.wait(outcome.poll_after)
