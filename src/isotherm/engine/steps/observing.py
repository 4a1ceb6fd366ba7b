"""Looks at an object before it is kept or changed, and finds what somebody else has done to it."""

from __future__ import annotations

from isotherm.engine.steps.run import Run
from isotherm.engine.steps.translation import translate
from isotherm.kit.changes import Changes
from isotherm.kit.outcomes import Failed
from isotherm.planning.decision import Decision, Want
from isotherm.planning.drift import drift
from isotherm.planning.plan import Kind
from isotherm.planning.planner import is_observed
from isotherm.ports.records import Resource, replace


async def observed(
    run: Run, row: Resource, want: Want, decision: Decision
) -> tuple[Resource, Decision]:
    """The row with what the object has now, and what is to be done. Raises RemoteError."""
    resource_type = run.type_of(row)
    if decision.kind not in (Kind.KEEP, Kind.UPDATE) or not is_observed(resource_type, row):
        return row, decision
    ctx = run.context(row)
    remote = await run.ask(lambda: run.tools.poller.observe(resource_type, ctx))
    if remote is None:
        return row, Decision(Kind.REPLACE, decision.changes, reason="the object is gone")
    judged = resource_type.judge(remote)
    if isinstance(judged, Failed) and not resource_type.mends:
        return row, Decision(Kind.REPLACE, decision.changes, reason=judged.reason)
    if row.restored:
        return row, decision  # what a copy has put into it is not what the template says
    resolved = await translate(resource_type.Properties.lookups, want.properties, run.finder)
    found = drift(resource_type, resource_type.live(remote), want.properties, resolved)
    if not found:
        return row, decision
    seen = {name: change.before for name, change in found.items()}
    known = {name: value for name, value in row.resolved.items() if name not in found}
    row = replace(row, properties={**row.properties, **seen}, resolved=known)
    return row, Decision(Kind.UPDATE, Changes({**decision.changes, **found}))
