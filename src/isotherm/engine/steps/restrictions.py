"""Keeps the actions away from a resource that its stack's environment forbids."""

from __future__ import annotations

from isotherm.engine.steps.failures import Restricted
from isotherm.engine.steps.run import Run
from isotherm.kit.stack_type import StackType
from isotherm.planning.decision import Decision, Want
from isotherm.planning.plan import Kind
from isotherm.planning.restrictions import UPDATE, forbidden
from isotherm.ports.records import Resource


async def require_allowed(run: Run, row: Resource, want: Want, decision: Decision) -> None:
    """Raises Restricted."""
    assert run.definition is not None
    restricted = run.definition.environment.registry.restricted_actions(row.name)
    if not restricted:
        return
    action = forbidden(restricted, row, want, decision)
    if action is None and UPDATE in restricted and await _inside_differs(run, row, want, decision):
        action = UPDATE
    if action is not None:
        raise Restricted(action)


async def _inside_differs(run: Run, row: Resource, want: Want, decision: Decision) -> bool:
    """Whether the template of a stack inside has changed, though its parameters have not."""
    resource_type = run.types[want.type]
    if decision.kind is not Kind.UPDATE or not isinstance(resource_type, StackType):
        return False
    wanted = resource_type.blueprint(run.context(row, want.properties))
    present = await run.stacks.blueprint(row.physical_id or "")
    return present is not None and present.template != wanted.template
