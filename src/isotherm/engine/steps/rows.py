"""What is written into rows: new ones, and what every row takes over from the template."""

from __future__ import annotations

from isotherm.core.ids import new_id, new_token, physical_name
from isotherm.core.states import Action, DeletionPolicy, Status
from isotherm.engine.steps.run import Run
from isotherm.planning.decision import Want
from isotherm.planning.plan import Step
from isotherm.planning.removal import still_used
from isotherm.ports.records import Resource, replace


def new_row(run: Run, want: Want, attempt: int, replaces: Resource | None) -> Resource:
    """The row of a new attempt, not yet written; in place of one that was written before
    anything was begun."""
    now = run.tools.clock.now()
    resource_type = run.types[want.type]
    token = new_token()
    unbegun = replaces if replaces is not None and is_unbegun(replaces) else None
    return Resource(
        id=unbegun.id if unbegun is not None else new_id(),
        stack_id=run.ledger.stack.id,
        name=want.name,
        type=want.type,
        traversal=run.ledger.stack.traversal,
        action=Action.INIT,
        status=Status.COMPLETE,
        physical_name=physical_name(
            run.ledger.stack.name, want.name, token, resource_type.name_limit
        ),
        token=token,
        attempt=attempt,
        intent_at=now,
        properties=dict(want.properties),
        metadata=dict(want.metadata),
        dependencies=dependency_rows(run, want.name),
        deletion_policy=deletion_policy(run, want.name),
        replaces=replaces.id if replaces is not None and unbegun is None else None,
        created_at=now,
        updated_at=now,
    )


def unbegun_row(run: Run, step: Step) -> Resource:
    """The row of a resource with which nothing has been begun, not yet written."""
    return replace(new_row(run, Want(step.name, step.type, {}), 1, None), intent_at=None)


def is_unbegun(row: Resource) -> bool:
    return row.action is Action.INIT and row.status is Status.COMPLETE


def is_being_made(row: Resource) -> bool:
    return row.action in (Action.CREATE, Action.ADOPT) and row.status is Status.IN_PROGRESS


def dependency_rows(run: Run, name: str, row: Resource | None = None) -> tuple[str, ...]:
    """Ids of the current rows of what ``name`` waits for, and of what its ``row`` has used
    before as long as that is not removed."""
    used = (run.ledger.current(each) for each in sorted(run.waits_for(name)))
    ids = [each.id for each in used if each is not None]
    if row is not None and run.definition is not None:
        known = run.ledger.rows
        used_before = [known[each] for each in row.dependencies if each in known]
        former = still_used(row, used_before, run.definition.resources)
        ids += sorted(former.difference(ids))
    return tuple(ids)


def deletion_policy(run: Run, name: str) -> DeletionPolicy:
    assert run.definition is not None
    return run.definition.resources[name].deletion_policy
