"""Keeps a resource that is as it should be, as far as what is recorded of it tells."""

from __future__ import annotations

from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.rows import deletion_policy, dependency_rows
from isotherm.engine.steps.run import Run
from isotherm.kit.changes import Change, Changes
from isotherm.kit.outcomes import Remote
from isotherm.kit.resource_type import UNLINKED
from isotherm.planning.decision import Decision, Want
from isotherm.planning.diff import sealed_otherwise
from isotherm.planning.links import linking_properties, whole_link
from isotherm.planning.plan import Kind
from isotherm.planning.planner import must_look
from isotherm.ports.records import Resource, replace


async def keep(run: Run, row: Resource, want: Want) -> Decision:
    """Nothing to change; attributes that a template newly reads, or that change by themselves,
    are fetched, what is secret now and what it depends on is recorded.

    What is to be done after all, where a look shows that somebody has cut its link.
    """
    decision, remote = await _look(run, row)
    if decision.kind is Kind.KEEP:
        await _keep(run, row, want, remote)
    return decision


async def _look(run: Run, row: Resource) -> tuple[Decision, Remote | None]:
    """What becomes of a row that nobody has changed, and its object where that was looked at:
    somebody may have cut its link."""
    resource_type = run.type_of(row)
    if not must_look(resource_type, row, run.passed_on_of(row.name)):
        return Decision(Kind.KEEP), None
    ctx = run.context(row)
    remote = await run.ask(lambda: resource_type.observe(ctx))
    if remote is not None and resource_type.joined(ctx, remote):
        return Decision(Kind.KEEP), remote
    if whole_link(resource_type, row) is not None:
        return Decision(Kind.REPLACE, reason=UNLINKED), None
    values = {**row.properties, **row.resolved}
    cut = linking_properties(resource_type, row.physical_id, values)
    if remote is None or not cut:
        return Decision(Kind.KEEP), remote
    return Decision(Kind.UPDATE, Changes({name: Change(None, values[name]) for name in cut})), None


async def _keep(run: Run, row: Resource, want: Want, remote: Remote | None) -> None:
    changes: dict[str, object] = {}
    resealed = sealed_otherwise(row, want.properties, want.metadata)
    if resealed:
        changes = {"properties": dict(want.properties), "metadata": dict(want.metadata)}
        row = replace(row, properties=dict(want.properties))
    ctx, resource_type = run.context(row), run.type_of(row)
    missing = run.needed_of(row.name) - row.attributes.keys() - {""}
    if remote is None and (resealed or missing):
        remote = await run.ask(lambda: resource_type.observe(ctx))
    if remote is not None:
        attributes = await read_attributes(run, row, ctx, remote)
        if attributes != row.attributes:
            changes["attributes"] = attributes
    dependencies = dependency_rows(run, row.name, row)
    if dependencies != row.dependencies:
        changes["dependencies"] = dependencies
    if (policy := deletion_policy(run, row.name)) is not row.deletion_policy:
        changes["deletion_policy"] = policy
    if changes:
        await run.ledger.note(row, **changes)
