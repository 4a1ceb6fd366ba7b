"""Creates the object of a resource: intent, call, wait, outcome. Never twice."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from isotherm.core.errors import RemoteError
from isotherm.core.values import Value
from isotherm.engine.probe import Point
from isotherm.engine.steps.adoption import look_up
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.driving import Drive
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.handing_over import make_room, take_over, take_over_from_kin
from isotherm.engine.steps.hearing import await_signals
from isotherm.engine.steps.removal import failed_attempt, remove_failed_attempts
from isotherm.engine.steps.rows import new_row
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.translation import translate
from isotherm.engine.steps.witnessing import Witness
from isotherm.engine.transitions import ENDS, Trigger
from isotherm.engine.waiting.patience import backoff
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.context import Context
from isotherm.kit.life import Verb
from isotherm.kit.outcomes import Ready, Remote
from isotherm.planning.decision import Want
from isotherm.ports.records import Resource, replace

log = logging.getLogger(__name__)


async def create(run: Run, want: Want, *, replacing: Resource | None = None) -> Resource:
    """A new object for ``want``; ``replacing`` becomes its leftover.

    Where the object fails remotely, it is removed and a fresh one tried, up to the retry
    limit. Raises StepFailed, RemoteError, Overtaken; of several failures the first.
    """
    attempt, first = 1, None
    while True:
        await remove_failed_attempts(run, want.name)
        replaced = _replaced(run, want.name, replacing)
        row = new_row(run, want, attempt, replaced)
        old = _left_over(replaced, row)
        try:
            at_once = run.type_of(row).effectless and run.creation_policy(row) is None
            if at_once and not old:
                return await _create_in_store(run, row)
            run.tools.probe.reached(Point.BEFORE_INTENT, row.name)
            row = await run.ledger.begin(row, Trigger.BEGIN_CREATE, *old)
            run.tools.probe.reached(Point.AFTER_INTENT, row.name)
            return await _witnessed(run, row)
        except StepFailed as failure:
            if not failure.again:
                if first is None:
                    raise
                raise first from failure
            first = first or failure
            row = run.ledger.rows[row.id]
            reason = run.explain(row.name, failure)
            log.info("resource %s (%s): attempt %d failed: %s", row.name, row.type, attempt, reason)
            await run.ledger.end(row, Trigger.CREATE_FAILED, reason)
            await run.halt.sleep(backoff(attempt, run.tools.settings))
            attempt += 1
        except RemoteError as error:
            if first is None:
                raise
            raise first from error


def _left_over(replaced: Resource | None, row: Resource) -> list[Resource]:
    """What ``row`` leaves over of what was there before."""
    if replaced is None or replaced.id == row.id:
        return []
    return [replace(replaced, current=False, replaced_by=row.id)]


def _replaced(run: Run, name: str, given: Resource | None) -> Resource | None:
    """What a new row takes the place of: the attempt that failed before it where that could
    not be removed, or else the old side as it was given."""
    current = run.ledger.current(name)
    if current is not None and (given is None or current.id != given.id or failed_attempt(current)):
        return current
    present = run.ledger.rows.get(given.id) if given is not None else None
    if given is None or present is None:
        return None
    return replace(given, gave_way=present.gave_way)


async def _create_in_store(run: Run, row: Resource) -> Resource:
    """A type without an object elsewhere needs no intent: begin and end are one commit."""
    ctx = run.context(row)
    outcome = await run.type_of(row).create(ctx)
    if isinstance(outcome, Ready):
        ready = replace(row, data=dict(ctx.data))
        changes = await _fields_of_ready(run, ready, ctx, outcome.remote or {})
        return await run.ledger.leap(ready, Trigger.BEGIN_CREATE, Trigger.CREATED, **changes)
    row = await run.ledger.begin(row, Trigger.BEGIN_CREATE)
    row, remote = await Drive(run, row, ctx, Verb.MAKE).follow(outcome)
    return await _record_ready(run, row, ctx, remote)


async def _witnessed(run: Run, row: Resource) -> Resource:
    """``carry_out`` of an intent that was written just now. It is withdrawn where nothing was
    made: then nothing has to be looked for either, in a service that may be gone."""
    witness = Witness(run.api.connection)
    try:
        return await carry_out(run, row, witness)
    except (StepFailed, RemoteError):
        present = run.ledger.rows[row.id]
        may_be_there = witness.saw_effect or present.physical_id is not None
        if run.type_of(row).service and not may_be_there:
            await run.ledger.note(present, intent_at=None)
        raise


async def carry_out(run: Run, row: Resource, witness: Witness | None = None) -> Resource:
    """Make the call that the written intent announces, and wait for the object."""
    resolved = await translate(run.type_of(row).Properties.lookups, row.properties, run.finder)
    if resolved != row.resolved:
        row = await run.ledger.note(row, resolved=resolved)
    row = await take_over(run, row)
    if row.physical_id is not None:
        return await finish(run, row)
    await make_room(run, row)
    ctx = run.context(row)
    if witness is not None:
        ctx.api = CloudApi(witness)
    try:
        row, remote = await Drive(run, row, ctx, Verb.MAKE).begin()
    except RemoteError:
        heir = await take_over_from_kin(run, run.ledger.rows[row.id])
        if heir is None:
            raise
        return await finish(run, heir)
    return await _record_ready(run, row, ctx, remote)


async def finish(run: Run, row: Resource) -> Resource:
    """Go on with a create that an earlier owner began: adopt its object, or make it now.

    Raises what ``create`` raises.
    """
    if row.physical_id is None and not run.type_of(row).effectless:
        row = await look_up(run, row)
    if row.physical_id is None:
        return await carry_out(run, row)
    ctx = run.context(row)
    row, remote = await Drive(run, row, ctx, Verb.CHANGE).go_on()
    return await _record_ready(run, row, ctx, remote)


async def _record_ready(run: Run, row: Resource, ctx: Context[Any], remote: Remote) -> Resource:
    row = await await_signals(run, row)
    changes = await _fields_of_ready(run, row, ctx, remote)
    run.tools.probe.reached(Point.BEFORE_OUTCOME, row.name)
    row = await run.ledger.end(row, ENDS[row.action][0], **changes)
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)
    return row


async def _fields_of_ready(
    run: Run, row: Resource, ctx: Context[Any], remote: Remote
) -> Mapping[str, Value]:
    """The fields that a ready object brings: attributes, reference, and no stage any more."""
    attributes = await read_attributes(run, row, ctx, remote)
    reference = run.type_of(row).reference(ctx)
    return {
        "pause": run.breakpoints.following(row, "create"),
        "attributes": attributes,
        "reference": reference,
        "stage": "",
        "physical_id": ctx.physical_id or None,
    }
