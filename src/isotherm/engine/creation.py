"""Creates the object of a resource: intent, call, wait, outcome. Never twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.errors import Lost
from isotherm.core.ids import new_id, new_token, physical_name
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.core.values import Value
from isotherm.engine.calls import backoff
from isotherm.engine.driving import drive, read_attributes
from isotherm.engine.failures import StepFailed
from isotherm.engine.probe import Point
from isotherm.engine.run import Run
from isotherm.engine.transitions import Trigger
from isotherm.engine.translation import translate
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Outcome, Pending, Ready, Remote, Started
from isotherm.kit.resource_type import AnyType
from isotherm.planning.decision import Want
from isotherm.ports.records import Resource, replace


async def create(run: Run, want: Want, *, replacing: Resource | None = None) -> Resource:
    """A new object for ``want``; ``replacing`` becomes its leftover.

    Where the object fails remotely, a fresh one is tried, up to the retry limit; each
    failed one stays recorded as a leftover. Raises StepFailed, RemoteError, Overtaken.
    """
    attempt = 1
    while True:
        row = new_row(run, want, attempt, replacing)
        try:
            return await _create_once(run, row, replacing)
        except StepFailed as failure:
            if not _worth_another(run, want, failure, attempt):
                raise
            row = run.ledger.rows[row.id]
            reason = run.explain(row.name, failure)
            replacing = await run.ledger.end(row, Trigger.CREATE_FAILED, reason)
            await run.halt.sleep(backoff(attempt, run.tools.settings))
            attempt += 1


def _worth_another(run: Run, want: Want, failure: StepFailed, attempt: int) -> bool:
    retried = run.types[want.type].create_retries
    return failure.transient and retried and attempt <= run.tools.settings.retry_limit


def new_row(run: Run, want: Want, attempt: int, replaces: Resource | None) -> Resource:
    """The row of a new attempt, not yet written."""
    now = run.tools.clock.now()
    resource_type = run.types[want.type]
    token = new_token()
    return Resource(
        id=new_id(),
        stack_id=run.ledger.stack.id,
        name=want.name,
        type=want.type,
        traversal=run.ledger.stack.traversal,
        action=Action.INIT,
        status=Status.COMPLETE,
        physical_name=physical_name(
            run.ledger.stack.name, want.name, token, resource_type.name_limit
        ),
        token=token,
        attempt=attempt,
        intent_at=now,
        properties=dict(want.properties),
        metadata=dict(want.metadata),
        dependencies=dependency_rows(run, want.name),
        deletion_policy=deletion_policy(run, want.name),
        replaces=replaces.id if replaces is not None else None,
        created_at=now,
        updated_at=now,
    )


def dependency_rows(run: Run, name: str) -> tuple[str, ...]:
    """Ids of the current rows of what ``name`` waits for."""
    rows = (run.ledger.current(each) for each in sorted(run.edges.get(name, ())))
    return tuple(row.id for row in rows if row is not None)


def deletion_policy(run: Run, name: str) -> DeletionPolicy:
    assert run.definition is not None
    return run.definition.resources[name].deletion_policy


async def _create_once(run: Run, row: Resource, replacing: Resource | None) -> Resource:
    resource_type = run.type_of(row)
    old = [replace(replacing, current=False, replaced_by=row.id)] if replacing else []
    if resource_type.effectless and not old:
        return await _create_in_store(run, row, resource_type)
    run.tools.probe.reached(Point.BEFORE_INTENT, row.name)
    row = await run.ledger.begin(row, Trigger.BEGIN_CREATE, *old)
    run.tools.probe.reached(Point.AFTER_INTENT, row.name)
    return await carry_out(run, row)


async def _create_in_store(run: Run, row: Resource, resource_type: AnyType) -> Resource:
    """A type without an object elsewhere needs no intent: begin and end are one commit."""
    ctx = run.context(row)
    outcome = await resource_type.create(ctx)
    if isinstance(outcome, Ready):
        ready = replace(row, data=dict(ctx.data))
        changes = await _completed(run, ready, ctx, outcome.remote or {})
        return await run.ledger.leap(ready, Trigger.BEGIN_CREATE, Trigger.CREATED, **changes)
    row = await run.ledger.begin(row, Trigger.BEGIN_CREATE)
    row, remote = await drive(run, row, ctx, outcome)
    return await _complete(run, row, ctx, remote)


async def carry_out(run: Run, row: Resource) -> Resource:
    """Make the call that the written intent announces, and wait for the object."""
    await _make_way(run, row)
    resolved = await translate(run.type_of(row).Properties.lookups, row.properties, run.finder)
    if resolved != row.resolved:
        row = await run.ledger.note(row, resolved=resolved)
    ctx = run.context(row)
    outcome = await _call(run, row, ctx)
    row, remote = await drive(run, row, ctx, outcome)
    return await _complete(run, row, ctx, remote)


async def _make_way(run: Run, row: Resource) -> None:
    replaced = run.ledger.rows.get(row.replaces or "")
    if replaced is not None and replaced.physical_id:
        await make_way(run, replaced)


async def make_way(run: Run, row: Resource) -> None:
    """The row's object gives up what only one can have; it may take its time."""
    ctx = run.context(row)
    await run.ask(lambda: run.type_of(row).make_way(ctx))


async def finish(run: Run, row: Resource) -> Resource:
    """Go on with a create that an earlier owner began: adopt its object, or make it now.

    Raises what ``create`` raises.
    """
    if row.physical_id is None and not run.type_of(row).effectless:
        row = await look_up(run, row)
    if row.physical_id is None:
        return await carry_out(run, row)
    ctx = run.context(row)
    row, remote = await drive(run, row, ctx, Pending(0))
    return await _complete(run, row, ctx, remote)


async def look_up(run: Run, row: Resource) -> Resource:
    """Find the object that the row's intent may have made; its id is recorded if it is there.

    What an earlier owner began and did not end well is looked for until nothing of it can
    come to be any more.
    """
    looks = 1
    while True:
        # One at a time, so that two rows with objects of one name do not take the same.
        async with run.adopting:
            found = await _find(run, row)
            if found is not None:
                return await run.ledger.note(row, physical_id=found)
        left = run.aftermath.left
        if left <= 0 or row.id not in run.inherited:
            return row
        await run.halt.sleep(min(left, backoff(looks, run.tools.settings)))
        looks += 1


async def _find(run: Run, row: Resource) -> str | None:
    """The id of the object made under the row's intent, or None if there is none.

    Objects that another row names, or that are older than the intent, are not it.
    """
    ctx = run.context(row)
    candidates = await run.ask(lambda: run.type_of(row).find(ctx))
    since = ctx.intent.written_at.strftime("%Y-%m-%dT%H:%M:%S")
    young = [c for c in candidates if not c.created_at or c.created_at[:19] >= since]
    if not young:
        return None
    owned = await run.tools.store.owners([c.physical_id for c in young if c.exclusive])
    return next((c.physical_id for c in young if c.physical_id not in owned), None)


async def _call(run: Run, row: Resource, ctx: Context[Any]) -> Outcome:
    """The create call; where its answer is lost, look for the object before calling again."""
    resource_type, settings = run.type_of(row), run.tools.settings
    for attempt in range(1, settings.call_patience + 1):
        try:
            return await run.ask(lambda: resource_type.create(ctx), repeatable=False)
        except Lost:
            row = await look_up(run, row)
            if row.physical_id is not None:
                return Started(row.physical_id)
            await run.halt.sleep(backoff(attempt, settings))
    raise StepFailed(f"no answer from the cloud in {settings.call_patience} attempts to create it")


async def _complete(run: Run, row: Resource, ctx: Context[Any], remote: Remote) -> Resource:
    changes = await _completed(run, row, ctx, remote)
    run.tools.probe.reached(Point.BEFORE_OUTCOME, row.name)
    row = await run.ledger.end(row, Trigger.CREATED, **changes)
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)
    return row


async def _completed(
    run: Run, row: Resource, ctx: Context[Any], remote: Remote
) -> Mapping[str, Value]:
    """The fields that a ready object brings: attributes, reference, and no stage any more."""
    attributes = await read_attributes(run, row, ctx, remote)
    reference = run.type_of(row).reference(ctx)
    return {
        "attributes": attributes,
        "reference": reference,
        "stage": "",
        "physical_id": ctx.physical_id or None,
    }
