"""Drives a create or update that has been begun to its end, waiting where it must."""

from __future__ import annotations

import contextlib
from typing import Any

from isotherm.core.errors import Gone, RemoteError
from isotherm.core.values import Secret, Value
from isotherm.engine.concealing import conceal, secret_texts
from isotherm.engine.failures import IN_ERROR, StepFailed
from isotherm.engine.pauses import Pauses, pauses
from isotherm.engine.probe import Point
from isotherm.engine.run import Run
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, Started
from isotherm.kit.resource_type import GONE, SHOW, AnyType
from isotherm.ports.records import Resource


async def drive(
    run: Run, row: Resource, ctx: Context[Any], outcome: Outcome
) -> tuple[Resource, Remote]:
    """Follow ``outcome`` until the object is ready; the row as recorded, and the object.

    ``ctx`` is the verb's context; it is kept up to date. Raises StepFailed.
    """
    resource_type = run.type_of(row)
    with pauses(run, resource_type, ctx) as pause:
        return await _drive(run, row, ctx, outcome, pause)


async def _drive(
    run: Run, row: Resource, ctx: Context[Any], outcome: Outcome, pause: Pauses
) -> tuple[Resource, Remote]:
    resource_type = run.type_of(row)
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
                await pause.wait(poll_after)
                outcome = await _look(run, resource_type, ctx)


async def _look(run: Run, resource_type: AnyType, ctx: Context[Any]) -> Outcome:
    """Observe the object and let the type go on. A create without an object yet goes on
    by its own verb, which finds in ``stage`` how far it was."""
    ctx.now = run.tools.clock.now()
    if not ctx.physical_id and not resource_type.effectless:
        return await run.ask(lambda: resource_type.create(ctx), repeatable=False)
    try:
        remote = await run.ask(lambda: run.tools.poller.observe(resource_type, ctx))
        if remote is None:
            return Failed(GONE)
        return await run.ask(lambda: resource_type.advance(ctx, remote))
    except Gone as gone:
        return Failed(str(gone))


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


async def read_attributes(
    run: Run, row: Resource, ctx: Context[Any], remote: Remote
) -> dict[str, Value]:
    """All attributes that cost no call, and of the others those that a template reads.

    What a stack has no value for is left out; of other objects it is None.
    """
    resource_type = run.type_of(row)
    needed = run.needed.get(row.name, frozenset())
    values: dict[str, Value] = {}
    for attribute in resource_type.attributes:
        name = attribute.name
        if attribute.fetched and name not in needed and "" not in needed:
            continue
        with contextlib.suppress(LookupError):
            if attribute.fetched:
                value = await _fetch(run, resource_type, ctx, name)
            else:
                value = resource_type.attribute(ctx, remote, name)
            values[name] = Secret(value) if attribute.schema.secret else value
    if resource_type.nests:
        for name in needed - values.keys():
            with contextlib.suppress(LookupError):
                values[name] = await _fetch(run, resource_type, ctx, name)
    else:
        if remote:
            values[SHOW] = dict(remote)
        values |= dict.fromkeys(needed - values.keys() - {""})
    secrets = secret_texts(row.properties, row.applying)
    return conceal(values, secrets) if secrets else values


async def _fetch(run: Run, resource_type: AnyType, ctx: Context[Any], name: str) -> Value:
    """A value that cannot be had is None: an attribute never fails its resource."""
    try:
        return await run.ask(lambda: resource_type.fetch(ctx, name))
    except RemoteError:
        return None
