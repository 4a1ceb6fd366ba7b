"""Takes a nested stack through an update in which nothing of it, or of those in it, changes.

It is found out by planning, as the owner of each stack would; what is written is the same, but in
one commit, and nobody has to own them for it.
"""

from __future__ import annotations

from typing import Any

from isotherm.core.schema import Blueprint
from isotherm.core.tracing import tracing
from isotherm.engine.probe import Point
from isotherm.engine.recording.actions_log import log_passage
from isotherm.engine.recording.passages import Still
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.rows import deletion_policy, dependency_rows
from isotherm.engine.steps.run import NO_ERRAND, Run
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Ready
from isotherm.kit.resource_type import AnyType
from isotherm.kit.stack_type import StackType
from isotherm.planning.decision import Want
from isotherm.planning.standing import stands
from isotherm.ports.records import Resource


async def pass_over(run: Run, row: Resource, want: Want) -> bool:
    """Whether the stack of a row that is as wanted was all that an update would make of it, and
    has passed through that. Raises Overtaken."""
    resource_type = run.types[want.type]
    if run.errand != NO_ERRAND or run.tools.lifecycles:
        return False
    if not stands(resource_type, row, want) or row.stage or row.adopted:
        return False
    ctx = run.context(row, {**want.properties, **row.resolved})
    blueprint = await standing_blueprint(resource_type, ctx)
    if blueprint is None:
        return False
    still = await run.still(row.name, ctx.physical_id, blueprint)
    if still is None or not await is_ready(resource_type, ctx, still):
        return False
    run.tools.probe.reached(Point.BEFORE_INTENT, row.name)
    passed = await run.ledger.pass_over(
        row,
        still.passages,
        still.events,
        data=dict(ctx.data),
        attributes=await read_attributes(run, row, ctx, still.shown),
        reference=resource_type.reference(ctx),
        dependencies=dependency_rows(run, row.name, row),
        deletion_policy=deletion_policy(run, row.name),
        pause=run.breakpoints.following(row, "update"),
    )
    if passed is None:
        return False
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)
    for each in still.passages:
        stack = each.writes.stack
        assert stack is not None
        with tracing(stack_id=stack.id, traversal=str(stack.traversal)):
            log_passage(stack)
    return True


async def standing_blueprint(resource_type: AnyType, ctx: Context[Any]) -> Blueprint | None:
    """What an update would ask the stack to be; None where it would do more than that."""
    return await resource_type.standing(ctx) if isinstance(resource_type, StackType) else None


async def is_ready(resource_type: AnyType, ctx: Context[Any], still: Still) -> bool:
    """Whether nothing is left to be done once the stack has passed."""
    outcome = await resource_type.advance(ctx, still.shown)
    return isinstance(outcome, Ready) and not ctx.stage
