"""Drives a create or update that has been begun to its end, waiting where it must."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from isotherm.core.errors import Gone
from isotherm.engine.probe import Point
from isotherm.engine.steps.adoption import make_object
from isotherm.engine.steps.effects import advance
from isotherm.engine.steps.failures import IN_ERROR, StepFailed
from isotherm.engine.steps.run import Run
from isotherm.engine.waiting.looks import Looks
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, Started
from isotherm.kit.resource_type import GONE, AnyType
from isotherm.ports.records import Resource


async def drive(
    run: Run, row: Resource, ctx: Context[Any], outcome: Outcome
) -> tuple[Resource, Remote]:
    """Follow ``outcome`` until the object is ready; the row as recorded, and the object.

    ``ctx`` is the verb's context; it is kept up to date. Raises StepFailed.
    """
    resource_type = run.type_of(row)
    with looks_at(run, resource_type, ctx) as looks:
        while True:
            run.tools.probe.reached(Point.AFTER_CALL, row.name)
            match outcome:
                case Started(physical_id, remote):
                    row = await run.ledger.note(row, physical_id=physical_id, data=dict(ctx.data))
                    ctx.physical_id = physical_id
                    outcome = resource_type.judge(remote) if remote is not None else Pending(0)
                case Failed(reason, kind, inside):
                    raise StepFailed(reason, kind=kind, inside=inside)
                case Ready(remote):
                    row = await note_progress(run, row, ctx, None)
                    return row, await _final(run, ctx, resource_type, remote)
                case Pending(poll_after, stage):
                    row = await note_progress(run, row, ctx, stage)
                    await looks.wait(poll_after)
                    outcome = await _look(run, row, resource_type, ctx)


async def _look(run: Run, row: Resource, resource_type: AnyType, ctx: Context[Any]) -> Outcome:
    """Observe the object and let the type go on. A create without an object yet goes on
    by its own verb, which finds in ``stage`` how far it was."""
    if not ctx.physical_id and not resource_type.effectless:
        ctx.now = run.tools.clock.now()
        return await make_object(run, row, ctx)
    try:
        outcome = await advance(run, resource_type, ctx)
    except Gone as gone:
        return Failed(str(gone))
    return Failed(GONE) if outcome is None else outcome


@contextlib.contextmanager
def looks_at(run: Run, resource_type: AnyType, ctx: Context[Any]) -> Iterator[Looks]:
    """The looks of one verb; those at a stack come early when there is news of it."""
    first_poll = run.tools.settings.first_poll
    if not resource_type.nests:
        yield Looks(run.halt, first_poll)
        return
    with run.tools.news.of(ctx.physical_id or ctx.intent.uuid) as news:
        yield Looks(run.halt, first_poll, news)


async def note_progress(run: Run, row: Resource, ctx: Context[Any], stage: str | None) -> Resource:
    """Record how far the verb is, if that has changed: its stage (None: as before), its data."""
    if stage is not None:
        ctx.stage = stage
    if ctx.stage == row.stage and ctx.data == row.data:
        return row
    return await run.ledger.note(row, stage=ctx.stage, data=dict(ctx.data))


async def _final(
    run: Run, ctx: Context[Any], resource_type: AnyType, remote: Remote | None
) -> Remote:
    if remote is not None:
        return remote
    found = await run.ask(lambda: resource_type.observe(ctx))
    if found is None:
        raise StepFailed(GONE, kind=IN_ERROR)
    return found
