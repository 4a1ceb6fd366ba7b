"""Brings one desired resource to what the template asks, whatever is recorded of it."""

from __future__ import annotations

import logging

from isotherm.core.errors import RemoteError
from isotherm.core.states import Action, Status
from isotherm.core.values import first_unknown
from isotherm.engine.heavy_work import worked_out
from isotherm.engine.steps.adoption import look_up
from isotherm.engine.steps.creation import create, finish
from isotherm.engine.steps.failures import FixedProperty, PlanBroken, StepFailed
from isotherm.engine.steps.handing_over import make_way, regains, shares_link, take_back
from isotherm.engine.steps.keeping import keep
from isotherm.engine.steps.observing import observed
from isotherm.engine.steps.passing_over import pass_over
from isotherm.engine.steps.restoring import put_back
from isotherm.engine.steps.restrictions import require_allowed
from isotherm.engine.steps.rows import (
    dependency_rows,
    is_being_made,
    is_unbegun,
    new_row,
    unbegun_row,
)
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.taking_over import finish_taking_over, take_over_given
from isotherm.engine.steps.updating import update
from isotherm.engine.transitions import ENDS, Trigger
from isotherm.kit.outcomes import Failed, ReplaceInstead
from isotherm.planning.decision import Decision, Want, decide, external_id_changes
from isotherm.planning.plan import Kind, Step, refines
from isotherm.planning.replacement import current_rows, row_to_revert_to
from isotherm.ports.records import Resource, replace

log = logging.getLogger(__name__)


async def converge(run: Run, step: Step) -> None:
    """One desired step, with the hooks before and after it. Raises InvalidDocument, StepFailed,
    RemoteError, PutOff, Overtaken, TimedOut."""
    await _pause_before(run, step)
    await _converge(run, step)
    await put_back(run, step.name)
    if (row := run.ledger.current(step.name)) is not None:
        await run.breakpoints.wait(row)


async def _pause_before(run: Run, step: Step) -> None:
    """Wait at the hook before a resource is made or changed. A creation that was begun before is
    not left alone meanwhile."""
    row = run.ledger.current(step.name)
    made = row is not None and not is_unbegun(row)
    hook = run.breakpoints.before(step.name, "update" if made else "create")
    if not hook:
        return
    row = row or unbegun_row(run, step)
    touched = row.traversal == run.ledger.stack.traversal
    if not made or not (touched or is_being_made(row)):
        await run.breakpoints.pause(row, hook)


async def _converge(run: Run, step: Step) -> None:
    want = await _want(run, step.name)
    row, decision = await _decided(run, step, want)
    if decision.kind is Kind.KEEP:
        return
    if (older := _older(run, decision, want)) is not None:
        await _revert(run, row, older)
        return
    if row is not None:
        await require_allowed(run, row, want, decision)
    if want.external_id and (row is None or decision.kind is Kind.REPLACE):
        await _adopt_external(run, row, want)
    elif row is None and run.errand.adopts:
        await take_over_given(run, want)
    elif row is None or decision.kind in (Kind.CREATE, Kind.REPLACE):
        await create(run, want, replacing=row)
    elif not await pass_over(run, row, want):
        try:
            await update(run, row, want, decision.changes)
        except ReplaceInstead:
            # The old side as it was: nothing has touched it, so a roll-back may return to it.
            await require_allowed(run, row, want, Decision(Kind.REPLACE))
            await create(run, want, replacing=row)


async def _decided(run: Run, step: Step, want: Want) -> tuple[Resource | None, Decision]:
    """What is to be done, now that everything is known, and the row that it is done with; what
    was begun before is finished by then. A row that is kept has been kept."""
    row = run.ledger.current(step.name)
    if row is not None and external_id_changes(row, want):
        raise FixedProperty("external_id", row.name, row.type)
    begun = row is not None and row.traversal == run.ledger.stack.traversal
    decision = decide(run.types[want.type], row, want)
    if run.types[want.type].renews and _older(run, decision, want) is not None:
        decision = Decision(Kind.REPLACE)
    if row is not None and decision.kind is Kind.FINISH and _older(run, decision, want) is None:
        row = await _finish_or_replace(run, row, want)
        decision = decide(run.types[want.type], row, want)
    if row is not None and decision.kind is Kind.UNDECIDED:
        decision = await _decide_by_looking(run, row, decision)
    if row is not None and run.errand.observes:
        row, decision = await observed(run, row, want, decision)
    if row is not None and begun and _stands(run, row, decision):
        decision = Decision(Kind.KEEP)
    _require_refinement(run, step, decision, want)
    stays = row is not None and decision.kind in (Kind.KEEP, Kind.UPDATE)
    # What an update says anew need not be taken back first; somebody else may have it now.
    if row is not None and stays and not regains(run.type_of(row), decision.changes):
        row = await take_back(run, row)
    if row is not None and decision.kind is Kind.KEEP:
        decision = await keep(run, row, want)
    return row, decision


def _require_refinement(run: Run, step: Step, decision: Decision, want: Want) -> None:
    """Made of the same facts, a decision is the plan's or one that the plan had left open. Any
    other is a fault of ours; better to stop than to do what nobody was told of.

    Raises PlanBroken.
    """
    decided = Kind.REVERT if _older(run, decision, want) is not None else decision.kind
    if refines(decided, step.kind) or _facts_have_changed(run, step.name):
        return
    log.error("resource %s: planned %s, decided %s", step.name, step.kind, decided)
    raise PlanBroken(step.kind, decided)


def _facts_have_changed(run: Run, name: str) -> bool:
    """Whether the row of a resource, or one that it reads, is not what the plan was made of: a
    user has marked it, say, or what was to be changed in place had to be replaced."""
    planned = current_rows(run.inherited.values())
    return any(
        run.ledger.current(each) != planned.get(each) for each in (name, *run.waits_for(name))
    )


def _stands(run: Run, row: Resource, decision: Decision) -> bool:
    """Whether a nested stack is what this traversal wants, as far as an earlier owner of it
    began that: its update is planned whatever is recorded."""
    planned = decision.kind is Kind.UPDATE and not decision.changes
    return planned and row.status is Status.COMPLETE and run.type_of(row).nests


async def _want(run: Run, name: str) -> Want:
    desired, project_id = run.desired, run.ledger.stack.project_id
    assert desired is not None
    heavy = desired.definition.template.runs_queries or run.sizes.are_heavy
    want = await worked_out(heavy, project_id, desired.want, name, run.scope)
    run.sizes.note(name, want.properties, want.metadata)
    if unknown := first_unknown(want.properties):
        raise StepFailed(f"a value that {name} needs from {unknown.after} is not there")
    return want


async def _finish_or_replace(run: Run, row: Resource, want: Want) -> Resource:
    """The finished row, or where its create failed that of a fresh object in its place.

    A stack that failed stays: it can be mended. What an older traversal began and turns out
    failed is made anew as this one wants it; so is what it had not come to make.
    """
    of = run.types[want.type]
    mends = of.mends
    older = row.traversal != run.ledger.stack.traversal
    try:
        if older and row.properties != want.properties:
            if row.physical_id is None:
                row = await look_up(run, row)
            if row.physical_id is None or (mends and not of.nests) or of.awaits_reports:
                # It is not made, or it can be changed or made anew while it is made.
                raise StepFailed("a newer operation came first")
        if row.action is Action.ADOPT:
            return await finish_taking_over(run, row)
        return await finish(run, row)
    except (StepFailed, RemoteError) as failure:
        transient = isinstance(failure, StepFailed) and (failure.transient or mends)
        if not (transient or older) or run.errand.adopts:
            raise
        failed = run.ledger.rows[row.id]
        why = run.explain(row.name, failure)
        failed = await run.ledger.end(failed, ENDS[failed.action][1], why)
        mendable = mends and failed.physical_id is not None
        return failed if mendable else await create(run, want, replacing=failed)


async def _decide_by_looking(run: Run, row: Resource, decision: Decision) -> Decision:
    """The last action on the object did not end well: in place if it is sound, else replace."""
    resource_type = run.type_of(row)
    ctx = run.context(row)
    remote = await run.ask(lambda: resource_type.observe(ctx))
    if remote is None:
        return Decision(Kind.REPLACE, decision.changes, reason="the object is gone")
    if isinstance(judged := resource_type.judge(remote), Failed) and not resource_type.mends:
        return Decision(Kind.REPLACE, decision.changes, reason=judged.reason)
    return Decision(Kind.UPDATE, decision.changes)


def _older(run: Run, decision: Decision, want: Want) -> Resource | None:
    rows = run.ledger.of_name(want.name)
    return row_to_revert_to(rows, decision, want, run.types) if rows else None


async def _revert(run: Run, row: Resource | None, older: Resource) -> None:
    """The older object becomes current again; the newer one is a leftover from now on."""
    if row is not None and not shares_link(run, row, older):
        await make_way(run, row)
        row = run.ledger.rows[row.id]
    older = await take_back(run, older)
    newer = [replace(row, current=False, replaced_by=older.id)] if row is not None else []
    await run.ledger.note(
        older,
        *newer,
        current=True,
        replaced_by=None,
        dependencies=dependency_rows(run, older.name, older),
    )


async def _adopt_external(run: Run, row: Resource | None, want: Want) -> None:
    """An object that somebody else made and keeps: it is looked at, never changed or removed."""
    old = [replace(row, current=False)] if row is not None and not is_unbegun(row) else []
    new = replace(
        new_row(run, want, 1, row), external=True, physical_id=want.external_id, properties={}
    )
    new = await run.ledger.begin(new, Trigger.BEGIN_ADOPT, *old)
    await finish_taking_over(run, new)
