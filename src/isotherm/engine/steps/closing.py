"""Closes rows: none stays in progress when nothing works on it any more."""

from __future__ import annotations

from isotherm.core.failures import Failure
from isotherm.core.states import Action, Status
from isotherm.engine.operations import VISITS
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.steps.rows import is_unbegun, new_row
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import ENDS, Trigger
from isotherm.planning.decision import ABORTED, Want
from isotherm.planning.plan import REMOVALS, Kind, Step
from isotherm.ports.records import Resource, replace


async def close_failed(run: Run, step: Step, failure: Failure) -> Resource | None:
    """Put the row that the step worked on into the failed state of its action; the row, if it
    is in one."""
    of_row = step.kind in REMOVALS | {Kind.SEE_OUT}
    row = run.ledger.rows.get(step.row or "") if of_row else run.ledger.current(step.name)
    if row is not None and row.status is Status.IN_PROGRESS:
        return await run.ledger.end(row, ENDS[row.action][1], failure)
    if of_row or _recorded_already(run, row):
        return row
    return await _fail_unbegun(run, step, row, failure)


async def tell_refused(run: Run, step: Step, failure: Failure) -> None:
    """Tell that the step was not allowed; its row stays as it is, unless it was begun."""
    row = run.ledger.current(step.name)
    if row is not None and row.status is Status.IN_PROGRESS:
        await run.ledger.end(row, ENDS[row.action][1], failure)
    elif row is not None:
        await run.ledger.tell(row, Action.UPDATE, Status.FAILED, failure.text)


async def close_abandoned(ledger: Ledger) -> None:
    """An overtaken traversal leaves rows in progress; those that this one did not come to
    before it failed are worked on by nobody now."""
    for row in list(ledger.rows.values()):
        if row.status is Status.IN_PROGRESS:
            aborted = Failure(ABORTED, "", f"{row.action} aborted", row_id=row.id)
            await ledger.end(row, ENDS[row.action][1], aborted)


def _recorded_already(run: Run, row: Resource | None) -> bool:
    return (
        row is not None
        and row.status is Status.FAILED
        and row.traversal == run.ledger.stack.traversal
    )


async def _fail_unbegun(
    run: Run, step: Step, row: Resource | None, failure: Failure
) -> Resource | None:
    """The step failed before it wrote an intent: its inputs were wrong."""
    if row is None and step.kind in VISITS:
        return None  # there is nothing yet
    if row is None:
        row = replace(new_row(run, Want(step.name, step.type, {}), 1, None), intent_at=None)
        row = await run.ledger.begin(row, _begin_to_be(run))
    elif is_unbegun(row):
        row = await run.ledger.begin(row, _begin_to_be(run))
    elif row.action is Action.DELETE:
        return row  # its removal has failed before, and nothing but a removal can follow
    else:
        visit = VISITS.get(step.kind)
        row = await run.ledger.begin(row, visit.begin if visit else Trigger.BEGIN_UPDATE)
    return await run.ledger.end(row, ENDS[row.action][1], failure)


def _begin_to_be(run: Run) -> Trigger:
    return Trigger.BEGIN_ADOPT if run.errand.adopts else Trigger.BEGIN_CREATE
