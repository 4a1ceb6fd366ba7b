"""Changes the object of a resource in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.states import Status
from isotherm.core.values import Value, reveal
from isotherm.engine.probe import Point
from isotherm.engine.steps.attributes import read_attributes
from isotherm.engine.steps.driving import Drive
from isotherm.engine.steps.effects import carefully
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.handing_over import make_room, move_on, without_handed_over
from isotherm.engine.steps.rows import deletion_policy, dependency_rows
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.translation import translate
from isotherm.engine.transitions import Trigger
from isotherm.kit.changes import Change, Changes
from isotherm.kit.life import Verb
from isotherm.kit.outcomes import Pending, Ready
from isotherm.kit.resource_type import SHOW
from isotherm.planning.decision import Want
from isotherm.planning.diff import compare, immutable_changes
from isotherm.ports.records import Resource, replace

_WAITING = "waiting"
"""The stage of an update whose object goes on by itself."""


async def update(run: Run, row: Resource, want: Want, changes: Changes) -> Resource:
    """Bring the object from ``row`` to ``want``.

    Raises StepFailed, RemoteError, ReplaceInstead, Overtaken, TimedOut.
    """
    resource_type = run.types[want.type]
    if fixed := immutable_changes(resource_type, changes):
        raise StepFailed(f"Update to properties {', '.join(fixed)} of {row.name} is not supported")
    row = await move_on(run, row, want.properties)
    run.tools.probe.reached(Point.BEFORE_INTENT, row.name)
    # What is inside a stack can have failed, or been stopped because its operation was
    # overtaken: then the stack is asked again, not waited for.
    ours = row.traversal == run.ledger.stack.traversal
    going_on = (ours and row.status is not Status.FAILED) or not resource_type.mends
    before, resumed = row, bool(row.stage) and row.applying == want.properties and going_on
    row = await run.ledger.begin(
        row,
        Trigger.BEGIN_UPDATE,
        type=want.type,
        applying=dict(want.properties),
        stage=row.stage if resumed else "",
        heard=row.heard if resumed else {},
        intent_at=row.intent_at if resumed else run.tools.clock.now(),
    )
    run.tools.probe.reached(Point.AFTER_INTENT, row.name)
    row, applied = await _apply(run, before, row, changes)
    run.tools.probe.reached(Point.BEFORE_OUTCOME, row.name)
    row = await run.ledger.end(
        row,
        Trigger.UPDATED,
        **applied,
        gave_way=False,
        metadata=dict(want.metadata),
        # What signals have told stays, unless the template has something new to say.
        signalled=row.signalled if row.metadata == want.metadata else None,
        dependencies=dependency_rows(run, row.name, row),
        deletion_policy=deletion_policy(run, row.name),
        pause=run.breakpoints.following(row, "update"),
    )
    run.tools.probe.reached(Point.AFTER_OUTCOME, row.name)
    return row


async def finish_update(run: Run, row: Resource) -> None:
    """Go on with an update that an earlier traversal began, whatever the template says now.
    A stack is only waited for: what is under way in it has been told to come to an end.

    Raises StepFailed, RemoteError, Overtaken, TimedOut.
    """
    resource_type = run.type_of(row)
    changes = compare(resource_type, row.properties, row.applying or {}).changes
    if resource_type.nests:
        changes = Changes()
        row = replace(row, stage=row.stage or _WAITING)
    row, applied = await _apply(run, row, row, changes)
    await run.ledger.end(row, Trigger.UPDATED, **applied)


async def _apply(
    run: Run, before: Resource, row: Resource, changes: Changes
) -> tuple[Resource, dict[str, Any]]:
    """Bring the object to what is being applied; the fields of the row that tell so."""
    resource_type, properties = run.type_of(row), row.applying or {}
    resolved = await translate(resource_type.Properties.lookups, properties, run.finder)
    desired = {**properties, **resolved}
    ctx = run.context(row, desired)
    effective = without_handed_over(run, before, _effective(changes, before, desired), desired)
    await make_room(run, replace(row, properties=desired, resolved={}))
    drive = Drive(run, row, ctx, Verb.CHANGE)
    if row.stage:
        row, remote = await drive.follow(Pending(0))
    elif effective or resource_type.nests or (resource_type.mends and not _is_sound(before)):
        row, remote = await drive.call(
            lambda: carefully(run, resource_type, ctx, lambda: resource_type.update(ctx, effective))
        )
    else:
        row, remote = await drive.follow(Ready(_recorded_object(row)))
    return row, {
        "properties": dict(properties),
        "applying": None,
        "resolved": resolved,
        "attributes": await read_attributes(run, row, ctx, remote),
        "reference": resource_type.reference(ctx),
        "stage": "",
    }


def _effective(changes: Changes, row: Resource, desired: Mapping[str, Value]) -> Changes:
    """The changes as the type sees them: ids for names, and none where only the name differs
    while no unfinished update may have touched it."""
    result: dict[str, Change] = {}
    for name, change in changes.items():
        before = row.resolved.get(name, change.before) if change.before is not None else None
        after = desired.get(name)
        if before != after or row.applying is not None:
            result[name] = Change(reveal(before), reveal(after))
    return Changes(result)


def _is_sound(row: Resource) -> bool:
    return row.status is Status.COMPLETE


def _recorded_object(row: Resource) -> Mapping[str, Value] | None:
    shown = row.attributes.get(SHOW)
    return shown if isinstance(shown, Mapping) else None
