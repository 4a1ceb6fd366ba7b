"""Ends what an older traversal began and left under way, before a newer one changes anything."""

from __future__ import annotations

import asyncio
import logging

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.states import Action, Status
from isotherm.core.values import Value, first_unknown
from isotherm.engine.interruptions import Overtaken, TimedOut
from isotherm.engine.steps.effects import bring_to_rest
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.translation import translate
from isotherm.ports.records import Resource
from isotherm.ports.store import Fenced
from isotherm.template import is_template

log = logging.getLogger(__name__)


async def settle_unfinished(run: Run) -> None:
    """Bring every object to rest whose update an older traversal did not end well.

    Not only its own resource is held up by one that is not: others are refused when they
    attach to it or let go of it.
    """
    unfinished = [row for row in run.ledger.rows.values() if _unfinished(run, row)]
    async with asyncio.TaskGroup() as tasks:
        for row in unfinished:
            tasks.create_task(_settle(run, row))


async def stop_overtaken_below(run: Run) -> None:
    """Have the stacks below end what an older traversal began in them, also where the newer one
    does not want them any more or has other things to do first. What this one has begun in
    an earlier life goes on. Raises Fenced, StoreUnavailable."""
    below = [row for row in run.ledger.rows.values() if _is_stack(run, row)]
    if any(row.status is Status.IN_PROGRESS and _is_older(run, row) for row in below):
        ours = {_stack_id(run, row) for row in below if not _is_older(run, row)}
        await run.stacks.stop(but=ours)


def _is_stack(run: Run, row: Resource) -> bool:
    known = run.types.get(row.type)
    return is_template(row.type) if known is None else known.nests


def _stack_id(run: Run, row: Resource) -> str:
    return row.physical_id or run.context(row).intent.uuid


def _is_older(run: Run, row: Resource) -> bool:
    return row.traversal != run.ledger.stack.traversal


def _unfinished(run: Run, row: Resource) -> bool:
    known = run.types.get(row.type)
    return (
        known is not None
        and not known.nests
        and row.action is Action.UPDATE
        and row.status is not Status.COMPLETE
        and row.physical_id is not None
        and row.traversal != run.ledger.stack.traversal
    )


async def _settle(run: Run, row: Resource) -> None:
    """Whatever goes wrong is told by the step that comes to the object, and halts that."""
    try:
        ctx = run.context(row, await _desired(run, row))
        await bring_to_rest(run, run.type_of(row), ctx)
    except (Overtaken, TimedOut, Fenced, RemoteError):
        return
    except Exception:
        log.exception("resource %s (%s) could not be brought to rest", row.name, row.type)


async def _desired(run: Run, row: Resource) -> dict[str, Value] | None:
    """What the object is to be now, names as ids; None where it is to go, or that is not
    known yet."""
    if run.desired is None or not run.desires(row.name):
        return None
    if run.desired.definition.resources[row.name].type != row.type:
        return None
    try:
        properties = run.desired.want(row.name, run.scope).properties
        if first_unknown(properties) is not None:
            return None
        resolved = await translate(run.type_of(row).Properties.lookups, properties, run.finder)
    except (InvalidDocument, RemoteError):
        return None
    return {**properties, **resolved}
