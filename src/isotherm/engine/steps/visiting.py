"""Calls one verb on a recorded object, whatever the template says: a check, say."""

from __future__ import annotations

from typing import Any

from isotherm.core.states import Action, Status
from isotherm.engine.operations import ADJUST, VISITS, Visit
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.driving import Drive
from isotherm.engine.steps.failures import StepFailed, UnfitState
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import ENDS, RESOURCE
from isotherm.kit.life import Verb
from isotherm.kit.outcomes import Pending
from isotherm.kit.resource_type import AnyType
from isotherm.planning.plan import Kind, Step
from isotherm.ports.records import Resource


async def visit(run: Run, step: Step) -> None:
    """Raises UnfitState, StepFailed where the object was never made and where the verb fails (a
    check: where it is gone or in a failed state), RemoteError, Overtaken, TimedOut."""
    called = VISITS[step.kind]
    row = run.ledger.rows.get(step.row or "")
    if row is None:
        raise StepFailed("it was never made")
    # Before anything is written: what is not known must not be taken for broken.
    resource_type = run.type_of(row)
    if step.kind is not Kind.ADJUST and _is_adjusting(row):
        # A signal has set it to work; it is at rest, or sound, when that has come to its end.
        row = await _call(run, row, VISITS[Kind.ADJUST])
    unfit = (row.action, row.status) not in RESOURCE[called.begin].before
    never_made = _never_made(row, resource_type)
    if called.spares and (unfit or never_made):
        return
    if unfit:
        raise UnfitState(row.action, row.status, step.kind.value)
    if never_made:
        raise StepFailed("it was never made as a whole")
    await _call(run, row, called)


async def _call(run: Run, row: Resource, called: Visit) -> Resource:
    resource_type = run.type_of(row)
    resumed = (row.action, row.status) == (RESOURCE[called.begin].action, Status.IN_PROGRESS)
    stage = row.stage if resumed else ""
    row = await run.ledger.begin(row, called.begin, stage=stage)
    ctx = run.context(row)
    drive = Drive(run, row, ctx, Verb.CHANGE)
    if stage:
        row, remote = await drive.follow(Pending(0))
    else:
        row, remote = await drive.call(lambda: run.ask(lambda: called.verb(resource_type, ctx)))
    seen: dict[str, Any] = {}
    if called.looks:
        seen["attributes"] = await read_attributes(run, row, ctx, remote)
        if row.reference is None:
            # Its creation failed before it had one, and it has come right since.
            seen["reference"] = resource_type.reference(ctx)
    return await run.ledger.end(row, ENDS[row.action][0], stage="", **seen)


def _is_adjusting(row: Resource) -> bool:
    """Whether a signal has set the object to work: a visit never comes upon another update."""
    return (row.action, row.status) == (Action.UPDATE, Status.IN_PROGRESS) or row.stage == ADJUST


def _never_made(row: Resource, resource_type: AnyType) -> bool:
    """What a look finds whole now may still lack what its create did not come to."""
    if row.physical_id is not None and resource_type.mends:
        return False  # what is inside tells
    failed = row.action in (Action.CREATE, Action.ADOPT) and row.status is Status.FAILED
    return failed or (row.physical_id is None and not resource_type.effectless)
