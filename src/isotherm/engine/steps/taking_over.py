"""Takes over the object that an adoption was given for a resource; nothing is changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.engine.probe import Point
from isotherm.engine.recording.parts import PHYSICAL_NAME
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.creation import finish
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.rows import new_row
from isotherm.engine.steps.run import Run
from isotherm.engine.transitions import Trigger
from isotherm.planning.decision import Want
from isotherm.ports.records import Resource, replace


async def take_over_given(run: Run, want: Want) -> Resource:
    """The row of a resource whose object is there already. Raises StepFailed, RemoteError,
    Overtaken, TimedOut."""
    resource_type, part = run.types[want.type], run.errand.kept.get(want.name) or {}
    row = new_row(run, want, 1, None)
    if not resource_type.made_when_adopted:
        given = part.get("resource_id")
        if not given:
            raise StepFailed("Resource ID was not provided.", kind="Exception")
        data, _ = run.errand.given(want.name)
        row = replace(
            row,
            physical_id=str(given),
            physical_name=part.get(PHYSICAL_NAME) or row.physical_name,
            adopted=True,
            data=dict(resource_type.adopted_data(data)),
        )
        await _require_unowned(run, row)
    run.tools.probe.reached(Point.BEFORE_INTENT, row.name)
    row = await run.ledger.begin(row, Trigger.BEGIN_ADOPT, signalled=_told(part, want))
    run.tools.probe.reached(Point.AFTER_INTENT, row.name)
    return await finish_taking_over(run, row)


async def finish_taking_over(run: Run, row: Resource) -> Resource:
    """From the written intent on. Raises what ``take_over_given`` raises."""
    resource_type = run.type_of(row)
    if resource_type.made_when_adopted and not row.external:
        return await finish(run, row)
    ctx = run.context(row)
    remote = await run.ask(lambda: resource_type.observe(ctx))
    if remote is None:
        raise StepFailed(f"there is no object {row.physical_id}", kind="NotFound")
    attributes = await read_attributes(run, row, ctx, remote)
    run.tools.probe.reached(Point.BEFORE_OUTCOME, row.name)
    reference = row.physical_id if row.external else resource_type.reference(ctx)
    row = await run.ledger.end(row, Trigger.ADOPTED, attributes=attributes, reference=reference)
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)
    if row.external:
        # Clients know it by the look that was taken at it.
        row = await run.ledger.leap(row, Trigger.BEGIN_CHECK, Trigger.CHECKED)
    return row


def _told(part: Mapping[str, Any], want: Want) -> dict[str, Any] | None:
    """What signals had made of the metadata."""
    metadata = part.get("metadata")
    given = isinstance(metadata, Mapping) and metadata and metadata != want.metadata
    return dict(metadata) if given else None  # type: ignore[arg-type]  # it is a Mapping


async def _require_unowned(run: Run, row: Resource) -> None:
    """Raises StepFailed where another stack would remove the object with itself."""
    if run.type_of(row).effectless:
        return
    owner = await run.kin.owner_elsewhere(row)
    if owner is not None:
        raise StepFailed(
            f"{row.physical_id} belongs to stack {owner}: abandon it there first", kind="Conflict"
        )
